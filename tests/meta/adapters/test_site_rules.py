"""A site's `held` counts a connection that was opened, and no longer counts one that was closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.drivers import conformance
from id_isolation.drivers.conformance import RULES

RULE = {rule.name: rule for rule in RULES if "site" in rule.ports}


class Served:
    """A site that counts connections as `counts` says: opened and closed ones, or neither."""

    def __init__(self, opened: int = 1, closed: int = -1, shown: dict[str, int] | None = None) -> None:
        self.connections = 0
        self.opened = opened
        self.closed = closed
        self.shown = shown

    async def held(self) -> dict[str, int] | None:
        return {"connections": self.connections} if self.shown is None else (self.shown or None)

    async def open_line(self, site: Any, token: str, user: str) -> tuple[Any, dict[str, str]]:
        self.connections += self.opened

        async def close() -> None:
            self.connections += self.closed

        return SimpleNamespace(close=close), {}


@asynccontextmanager
async def backend_of(site: Served) -> AsyncIterator[Any]:
    async def issue(user: str) -> str:
        return f"token of {user}"

    yield SimpleNamespace(site=site, tokens=SimpleNamespace(issue=issue))


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What never happens need not be waited for."""
    monkeypatch.setattr(conformance, "_PATIENCE", 0.05)


def sentence(name: str, site: Served, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a rule says of a site."""
    monkeypatch.setattr(conformance, "open_line", site.open_line)

    async def asked() -> str:
        async with backend_of(site) as backend:
            return await RULE[name].broken(backend)

    return asyncio.run(asked())


@pytest.mark.parametrize("name", RULE)
def test_a_site_that_counts_its_connections_keeps_the_rule(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is left with as many as before."""
    site = Served()
    assert sentence(name, site, monkeypatch) == ""
    assert site.connections == 0


def test_a_connection_that_is_not_counted_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With where the count belongs."""
    said = sentence("site", Served(opened=0, closed=0), monkeypatch)
    assert said.startswith("site.held does not count a connection that was just opened")


def test_a_connection_that_is_counted_for_ever_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be the system that really forgets to."""
    assert "counts it as before" in sentence("disconnect", Served(closed=0), monkeypatch)
    assert RULE["disconnect"].perhaps_the_systems


def test_a_site_that_holds_something_else_is_told_what(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks ask for `connections` by that name."""
    assert sentence("site", Served(shown={"sockets": 1}), monkeypatch) == "site.held names sockets and no `connections`"


@pytest.mark.parametrize("name", RULE)
def test_a_site_that_shows_nothing_breaks_no_rule(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks that ask are not applicable there."""
    assert sentence(name, Served(shown={}), monkeypatch) == ""
