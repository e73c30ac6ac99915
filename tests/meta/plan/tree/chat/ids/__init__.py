"""The one source of IDs."""
