"""Tokens, and the logins that they open."""
