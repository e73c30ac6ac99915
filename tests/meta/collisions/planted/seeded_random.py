"""The random part comes from `random`, which anybody in the process may seed."""

from __future__ import annotations

import random


def mint() -> str:
    return "session_" + "".join(random.choice("0123456789abcdef") for _ in range(16))
