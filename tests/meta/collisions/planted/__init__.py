"""Minting code whose IDs repeat, or whose random part is not random, one fault each. Each has `mint`."""
