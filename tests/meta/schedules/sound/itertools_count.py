"""`next` of an `itertools.count` is one step of the interpreter."""

from __future__ import annotations

import itertools

_numbers = itertools.count(1)


def mint() -> str:
    return f"session_{next(_numbers):03d}"


def reset() -> None:
    global _numbers
    _numbers = itertools.count(1)
