"""Systems of somebody else, and the adapters through which the suite judges them."""
