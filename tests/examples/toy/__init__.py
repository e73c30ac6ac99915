"""The smallest example: a chat backend of 60 lines, and its adapter."""
