"""Jobs, and the context that each works in."""
