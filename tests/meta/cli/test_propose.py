"""`id-isolation init --asgi` proposes the data of a web application."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.cli.main import main
from id_isolation.cli.propose import from_page, proposed
from id_isolation.drivers.web_app import WebApp
from id_isolation.drivers.web_data import from_toml

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.skipif(find_spec("fastapi") is None, reason="the extra `examples` is not installed")
def test_what_an_application_shows_is_proposed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page gives the requests, the routes the socket; what is read can be read back, and nothing is overwritten."""
    monkeypatch.chdir(EXAMPLES / "fastapi_socket")
    file = tmp_path / "app.toml"
    assert main(["init", "--asgi", "application:app", str(file)]) == 0
    said, right = from_toml(file), from_toml(Path("app.toml"))
    for key in ("sign_up", "log_in", "log_out", "socket", "reads", "writes"):
        assert getattr(said, key) == getattr(right, key)
    assert main(["init", "--asgi", "application:app", str(file)]) == 4
    assert "there already" in capsys.readouterr().err


def test_log_in_and_sign_up_may_stand_below_one_prefix() -> None:
    """What both are about says nothing of which of them is which."""
    text: dict[str, str] = {"type": "string"}
    asked = {"properties": {"name": text, "password": text}, "required": ["name", "password"]}
    post = {"post": {"requestBody": {"content": {"application/json": {"schema": asked}}}}}
    page = from_page("a:b", {"paths": {"/auth/register": post, "/auth/login": post}}, [])
    assert re.search(r"^sign_up = 'POST /auth/register ", page, re.MULTILINE)
    assert re.search(r"^log_in = 'POST /auth/login ", page, re.MULTILINE)


@pytest.mark.skipif(find_spec("fastapi") is None, reason="the extra `examples` is not installed")
def test_a_socket_of_an_included_router_is_proposed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the prefix that it is included, or mounted, under."""
    (tmp_path / "application.py").write_text(
        "from fastapi import APIRouter, FastAPI, WebSocket\n"
        "app, router = FastAPI(), APIRouter()\n\n\n"
        '@router.websocket("/ws/{token}")\n'
        "async def talk(socket: WebSocket, token: str) -> None: ...\n\n\n"
        'app.include_router(router, prefix="/chat")\n',
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    assert 'socket = "/chat/ws/{token}"' in proposed("application:app")


def test_a_module_that_cannot_be_imported_is_the_users_error() -> None:
    """In one sentence, with what was raised."""
    with pytest.raises(UsageError, match="no_such_module"):
        proposed("no_such_module:app")


def test_what_a_page_does_not_show_stands_as_a_comment(tmp_path: Path) -> None:
    """An empty page gives a file in which one line is no comment: how the application starts."""
    file = tmp_path / "app.toml"
    file.write_text(from_page("a:b", {}, []), "utf-8")
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines == ['asgi = "a:b"']
    assert from_toml(file).log_in is None


def test_every_field_is_said_or_stands_as_a_comment_and_in_the_docstring() -> None:
    """Nobody has to look for what may be said."""
    text = from_page("a:b", {}, [])
    for name in WebApp.__annotations__:
        assert re.search(rf"^(# )?{name} = ", text, re.MULTILINE), name
        assert f"`{name}`" in (WebApp.__doc__ or ""), name


def test_what_makes_something_with_an_id_is_proposed() -> None:
    """A collection and what stands below it; a key in a header says where the token goes."""
    note: dict[str, Any] = {"type": "object", "properties": {"id": {"type": "integer"}, "text": {"type": "string"}}}
    asked = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
    page = {
        "components": {
            "schemas": {"Note": note, "Asked": asked},
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        },
        "paths": {
            "/notes": {
                "post": {
                    "requestBody": {"content": {"application/json": {"schema": asked}}},
                    "responses": {
                        "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}}
                    },
                }
            },
            "/notes/{note_id}": {"get": {}, "patch": {}},
            "/notes/{note_id}/lines": {"post": {"requestBody": {"content": {"application/json": {"schema": asked}}}}},
        },
    }
    text = from_page("a:b", page, [])
    assert 'POST /notes {"text": "{canary}"} -> note=id' in text
    assert '"GET /notes/{note}"' in text
    assert '"PATCH /notes/{note}"' in text
    assert 'POST /notes/{note}/lines {"text": "{canary}"}' in text
    assert 'send_token = "X-Key: {token}"' in text
