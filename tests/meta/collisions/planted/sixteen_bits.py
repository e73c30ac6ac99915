"""Sixteen random bits, written so that they look like more."""

from __future__ import annotations

import hashlib
import secrets


def mint() -> str:
    return f"session_{hashlib.sha256(secrets.token_bytes(2)).hexdigest()[:8]}"
