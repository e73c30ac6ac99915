"""A served site shows what it was told to show, and breaks with its server."""

from __future__ import annotations

from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke
from id_isolation.drivers.adapter import ServedSite


class _Server:
    def __init__(self, ended: bool) -> None:
        self.ended = ended

    def check(self) -> None:
        if self.ended:
            raise BackendBroke("the server ended")


async def _held() -> dict[str, int]:
    return {"connections": 3}


async def test_a_site_that_can_be_looked_into_says_what_it_holds() -> None:
    """It is not outside."""
    site = ServedSite("ws://127.0.0.1:1/ws", _held)
    assert (site.address, site.outside) == ("ws://127.0.0.1:1/ws", False)
    assert await site.held() == {"connections": 3}


async def test_a_site_that_cannot_is_outside() -> None:
    """And holds nothing that anybody knows of."""
    site = ServedSite("ws://127.0.0.1:1/ws")
    assert site.outside
    assert await site.held() is None


def test_a_server_that_ended_breaks_the_site() -> None:
    """One that runs, or that somebody else started, does not."""
    server: Any = _Server(ended=False)
    ServedSite("ws://x", server=server).check()
    ServedSite("ws://x").check()
    server.ended = True
    with pytest.raises(BackendBroke, match="the server ended"):
        ServedSite("ws://x", server=server).check()
