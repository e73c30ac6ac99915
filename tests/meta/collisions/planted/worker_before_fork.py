"""The worker's id is drawn at import, before the workers are forked."""

from __future__ import annotations

import secrets

WORKER = secrets.token_hex(4)
_count = 0


def mint() -> str:
    global _count
    _count += 1
    return f"session_{WORKER}_{_count}"
