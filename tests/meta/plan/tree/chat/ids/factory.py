"""Mints every ID of the backend, once the plan is carried out."""

from __future__ import annotations

import hashlib
import itertools
import re
import secrets
import time
from typing import NamedTuple

_numbers = itertools.count(1)
_FORM = re.compile(r"(?P<prefix>[a-z]\S*)_(?P<timestamp>\d{13})_(?P<counter>\d+)_(?P<random>[0-9a-f]{12})")


class Parts(NamedTuple):
    """An ID taken apart."""

    prefix: str
    timestamp: int
    counter: int
    random: str
    full_id: str


class IdFactory:
    """Mints IDs that name their user, and contexts whose IDs belong together."""

    @staticmethod
    def login_for(scope: str, user: str) -> str:
        return f"login_{scope}_{_short(user)}_{_tail()}"

    @staticmethod
    def line_for(user: str) -> str:
        return f"line_{_short(user)}_{_tail()}"

    @staticmethod
    def context_for(user: str, purpose: str) -> tuple[str, str, str]:
        _short(user)
        tail = _tail()
        return f"job_{purpose}_{tail}", f"talk_{purpose}_{tail}", f"ask_{purpose}_{tail}"

    @staticmethod
    def plain(prefix: str) -> str:
        return f"{prefix}_{_tail()}"

    @staticmethod
    def take_apart(text: object) -> Parts | None:
        match = _FORM.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            return None
        return Parts(match["prefix"], int(match["timestamp"]), int(match["counter"]), match["random"], match[0])

    @staticmethod
    def is_ours(text: object) -> bool:
        return IdFactory.take_apart(text) is not None

    @staticmethod
    def age(text: str) -> int:
        parts = IdFactory.take_apart(text)
        return -1 if parts is None else time.time_ns() // 1_000_000 - parts.timestamp


def _tail() -> str:
    return f"{time.time_ns() // 1_000_000}_{next(_numbers)}_{secrets.token_hex(6)}"


def _short(user: str) -> str:
    if not isinstance(user, str) or not user.strip():
        raise ValueError("a user must have a name")
    return hashlib.sha256(user.encode("utf-8", "surrogatepass")).hexdigest()[:20]
