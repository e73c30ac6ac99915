"""The example service: what it records, audited, shows its one leak."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from id_isolation.cli.main import main

pytest.importorskip("fastapi", reason="the example needs the extra `examples`")

from id_isolation.tests.examples.audited_service import application

STORED = Path(application.__file__).with_name("events.jsonl")


async def _post(app: Any, path: str, body: object = None, session: str = "") -> Any:
    """One request to an ASGI application."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"x-session", session.encode()), (b"content-type", b"application/json")],
    }
    await app(scope, receive, send)
    return json.loads(b"".join(message.get("body", b"") for message in sent))


async def _day(app: Any, together: bool) -> None:
    """Two users log in, ask one after the other or at once, and log out."""
    users = ("ana.lopez", "bob.smith")
    sessions = [(await _post(app, "/log-in", {"user": user}))["session"] for user in users]
    for _ in range(3):
        for session in sessions:
            await _post(app, "/ask", session=session)
    if together:
        await asyncio.gather(*(_post(app, "/ask", session=session) for session in sessions))
    for session in sessions:
        await _post(app, "/log-out", session=session)


@pytest.mark.parametrize("together", [False, True])
def test_the_leak_is_found_where_two_ask_at_once(tmp_path: Path, together: bool) -> None:
    """One after the other they are kept apart; at once, one is answered as the other."""
    events = tmp_path / "events.jsonl"
    asyncio.run(_day(application.service(str(events)), together))
    for handler in application.log.handlers:
        handler.close()
    assert main(["audit", str(events), "--json", f"{tmp_path}/found"]) == int(together)
    found = [json.loads(line) for line in (tmp_path / "found").read_text().splitlines()][1:]
    assert [finding["symptom"] for finding in found] == ["swapped-answers"] * together


def test_the_log_that_stands_beside_it_shows_the_same(tmp_path: Path) -> None:
    """What the service once recorded: one leak."""
    assert main(["audit", str(STORED), "--json", f"{tmp_path}/found"]) == 1
    found = [json.loads(line) for line in (tmp_path / "found").read_text().splitlines()][1:]
    assert [finding["symptom"] for finding in found] == ["swapped-answers"]
