"""A generator whose IDs have the plan's shape, and show a user by what a test says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from id_isolation.backend.protocol import BackendRefused, ContextIds
from id_isolation.plan.kinds import Kind

from .small import Minting

Show = Callable[[Any], str]

_HEADS = {Kind.SESSION: "session_auth", Kind.CONNECTION: "ws_conn"}


def safe(user: Any) -> str:
    """The user escaped; what is no text, blank or long is refused."""
    if not isinstance(user, str) or not user.strip():
        raise BackendRefused("a user is a text that is not blank")
    shown = quote(user[:65], safe="", errors="surrogatepass").replace("_", "%5F")
    if len(user) > 64 or len(shown) > 128:
        raise BackendRefused("the user is too long")
    return shown


class Shaped(Minting):
    """IDs by `show`; a context shows its operation alone, and `check` says whose it can be."""

    def __init__(self, show: Show = safe, check: Show | None = None) -> None:
        super().__init__()
        self.show = show
        self.check = check or show

    def kinds(self) -> list[Kind]:
        return [*_HEADS]

    def mint(self, kind: Kind, user: str) -> str:
        return f"{_HEADS[kind]}_{self.show(user)}_{self.tail()}"

    def mint_context(self, user: str, operation: str) -> ContextIds:
        self.check(user)
        return ContextIds(user, *(f"{kind}_{operation}_{self.tail()}" for kind in ("thread", "run", "req")))

    def tail(self) -> str:
        number = next(self.numbers)
        return f"1726234567890_{number}_{number:08x}"
