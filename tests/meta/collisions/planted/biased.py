"""A random part in which one digit comes up twice as often as any other."""

from __future__ import annotations

import secrets

_DIGITS = "0" + "0123456789abcdef"


def mint() -> str:
    return "session_" + "".join(secrets.choice(_DIGITS) for _ in range(8))
