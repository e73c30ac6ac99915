"""Eight digits of a UUID."""

from __future__ import annotations

import uuid


def mint() -> str:
    return f"session_{uuid.uuid4().hex[:8]}"
