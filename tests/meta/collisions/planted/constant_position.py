"""One position of the random part never changes."""

from __future__ import annotations

import secrets


def mint() -> str:
    return f"session_{secrets.token_hex(4)[:7]}0"
