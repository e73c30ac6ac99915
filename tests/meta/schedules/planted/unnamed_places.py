"""Counters that no instruction names: the length of a list, an attribute by its text, the calls of a function."""

from __future__ import annotations

import functools

_made: list[None] = []


class _State:
    count = 0


@functools.lru_cache(maxsize=4)
def _look(_: str) -> None:
    return None


def mint_by_length() -> int:
    _made.extend([None])
    return len(_made)


def mint_by_attribute() -> int:
    value = getattr(_State, _name()) + 1
    setattr(_State, _name(), value)
    return value


def _name() -> str:
    return "count"


def mint_by_calls() -> int:
    _look("anew")
    found = _look.cache_info()
    return found.hits + found.misses


def reset() -> None:
    _made.clear()
    _State.count = 0
    _look.cache_clear()
