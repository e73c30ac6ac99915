"""A service that records what it does with its users' IDs, and the audit of it."""
