"""UUIDv7 (RFC 9562 section 5.7): milliseconds, then 74 bits from the operating system."""

from __future__ import annotations

import secrets
import time
import uuid


def mint() -> str:
    milliseconds = time.time_ns() // 1_000_000 & (1 << 48) - 1
    value = milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))


def reset() -> None:
    """Nothing is kept."""
