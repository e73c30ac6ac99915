"""The adapters' base class, servers and conformance check."""
