"""The identity provider, which runs elsewhere, and the service that live lines ask."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any


class IdentityProvider:
    """Says whose a token is; without a provider every token is refused."""

    async def look_up(self, token: str) -> dict[str, Any]:
        return {"known": False, "person": None}


class Gatekeeper:
    """Says whose a live line is."""

    async def identify(self, line: Any, reserved_id: str | None = None) -> tuple[Any, Any]:
        return SimpleNamespace(success=False, user_id=None, error="no provider", error_code="NO_PROVIDER"), None


provider = IdentityProvider()


def gatekeeper() -> Gatekeeper:
    return Gatekeeper()


class Refused(Exception):
    """A token that opens nothing."""

    status_code = 401
