"""An OpenAPI page gives the requests that bear IDs, called as the application's data calls them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.drivers.openapi import by_id, page_in
from id_isolation.drivers.web_app import WebApp
from id_isolation.drivers.web_data import described

TEXT = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
SAID: dict[str, Any] = {
    "url": "http://localhost",
    "log_in": 'POST /login {"name": "{user}"} -> token',
    "users": ["noor", "timo"],
    "makes": ['POST /notes {"text": "{canary}"} -> note=id', "POST /keys -> key=data.secret_id"],
    "reads": ["GET /chats/{thread}"],
}


def found(paths: dict[str, Any], **page: Any) -> list[tuple[str, bool]]:
    """The requests of a page besides those of the data, and whether each is a stream."""
    app = described(type("App", (WebApp,), SAID), "App", Path())
    return [(str(one), streams) for one, streams in by_id({"paths": paths, **page}, app)]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/notes/{note_id}", "/notes/{note}"),
        ("/notes/{id}", "/notes/{note}"),
        ("/notes/{noteId}/lines/{line}", "/notes/{note}/lines/{line}"),
        ("/chats/{chat_id}/title", "/chats/{thread}/title"),
        ("/secrets/{secret_id}", "/secrets/{key}"),
        ("/runs/{run_id}", "/runs/{run}"),
        ("/others/{id}", "/others/{id}"),
        ("/people/{username}", "/people/{user}"),
    ],
)
def test_an_id_is_called_as_the_data_calls_it(path: str, told: str) -> None:
    """By its name, by the path up to it, or by what makes it."""
    assert found({path: {"get": {}}}) == [(f"GET {told}", False)]


def test_what_the_data_says_already_is_not_said_again() -> None:
    """Nor is what bears no ID, nor what ends a user."""
    assert found({"/chats/{chat_id}": {"get": {}}, "/notes": {"get": {}}, "/users/{user}": {"delete": {}}}) == []


def test_a_request_is_whole() -> None:
    """With what its body and its address must have, below the path at which the application is."""
    asked = {"content": {"application/json": {"schema": TEXT}}}
    query = {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}}
    stream: dict[str, Any] = {"200": {"content": {"text/event-stream": {}}}}
    paths = {"/notes/{note_id}": {"post": {"requestBody": asked}, "get": {"parameters": [query], "responses": stream}}}
    assert found(paths, servers=[{"url": "https://here/api/"}]) == [
        ("GET /api/notes/{note}?limit=1", True),
        ("POST /api/notes/{note}", False),
    ]


@pytest.mark.parametrize("text", ["no page", "[]", '{"openapi": "3.1"}'])
def test_what_is_no_page_is_the_users_error(text: str, tmp_path: Path) -> None:
    """With the file's name."""
    file = tmp_path / "page.json"
    file.write_text(text)
    with pytest.raises(UsageError, match=r"page\.json"):
        page_in(file)
    with pytest.raises(UsageError, match="no_such"):
        page_in(tmp_path / "no_such.json")
