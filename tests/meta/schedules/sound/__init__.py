"""Minting code without that fault: the twins that no exploration may flag. Each has `mint` and `reset`."""
