"""A generator of its own, seeded well, and copied by every fork."""

from __future__ import annotations

import random
import secrets

_random = random.Random(secrets.randbits(128))


def mint() -> str:
    return f"session_{_random.getrandbits(64):016x}"
