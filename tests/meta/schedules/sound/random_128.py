"""128 random bits and no counter."""

from __future__ import annotations

import secrets


def mint() -> str:
    return f"session_{secrets.token_hex(16)}"


def reset() -> None:
    """Nothing is kept."""
