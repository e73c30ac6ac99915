"""The live line."""
