"""Minting code with one concurrency fault each, as it is found in the field. Each has `mint` and `reset`."""
