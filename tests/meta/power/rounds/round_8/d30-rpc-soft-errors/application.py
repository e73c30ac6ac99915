"""One endpoint for everything, as JSON-RPC has it: the status is always 200, and what went wrong is in `error`."""

from __future__ import annotations

import asyncio
import contextvars
import secrets
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

passwords: dict[str, str] = {}
tokens: dict[str, str] = {}
threads: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}
lines: dict[WebSocket, str] = {}
caller: contextvars.ContextVar[str] = contextvars.ContextVar("caller")


class Soft(Exception):
    """Told in the answer's body; a browser's console and the proxies' alarms stay quiet."""


def state() -> dict[str, Any]:
    return {"connections": {id(one): user for one, user in lines.items()}, "sessions": tokens, "runs": runs}


def token_of(connection: HTTPConnection) -> str:
    return connection.headers.get("authorization", "").removeprefix("Bearer ")


def join(asked: dict[str, Any]) -> Any:
    if asked["name"] in passwords:
        raise Soft("name_taken")
    passwords[asked["name"]] = asked["password"]
    return {}


def enter(asked: dict[str, Any]) -> Any:
    if passwords.get(asked["name"]) != asked["password"]:
        raise Soft("wrong_password")
    token = secrets.token_urlsafe(24)
    tokens[token] = asked["name"]
    return {"token": token}


def own(asked: dict[str, Any]) -> dict[str, Any]:
    thread = threads.get(asked["thread"])
    if thread is None or thread["user"] != caller.get():
        raise Soft("not_found")
    return thread


def whoami(asked: dict[str, Any]) -> Any:
    return {"name": caller.get()}


def read(asked: dict[str, Any]) -> Any:
    # A copy: the answer is written later, and must be what was read now.
    thread = own(asked)
    return {"title": thread["title"], "texts": list(thread["texts"])}


def rename(asked: dict[str, Any]) -> Any:
    own(asked)["title"] = asked["title"]
    return {}


def drop(asked: dict[str, Any]) -> Any:
    own(asked)
    del threads[asked["thread"]]
    return {}


OPEN: dict[str, Callable[..., Any]] = {"join": join, "enter": enter}
KNOWN: dict[str, Callable[..., Any]] = {"whoami": whoami, "read": read, "rename": rename, "drop": drop}


async def rpc(request: Request) -> Response:
    try:
        asked = await request.json()
        method = asked["method"]
        if method in OPEN:
            return JSONResponse({"result": OPEN[method](asked)})
        token = token_of(request)
        if token not in tokens:
            raise Soft("who_are_you")
        caller.set(tokens[token])
        if method == "leave":
            await end_lines_of(token)
            tokens.pop(token, None)
            return JSONResponse({"result": {}})
        if method not in KNOWN:
            raise Soft("no_such_method")
        return JSONResponse({"result": KNOWN[method](asked)})
    except Soft as soft:
        return JSONResponse({"error": {"code": str(soft)}})
    except (ValueError, KeyError, TypeError):
        return JSONResponse({"error": {"code": "bad_request"}})


async def end_lines_of(token: str) -> None:
    for line in [line for line in lines if token_of(line) == token]:
        await line.close(1008)


async def events(line: WebSocket) -> None:
    user = tokens.get(token_of(line))
    if user is None:
        await line.close(1008)
        return
    await line.accept()
    if token_of(line) not in tokens:
        await line.close(1008)
        return
    lines[line] = user
    caller.set(user)
    working: set[asyncio.Task[None]] = set()
    try:
        while True:
            asked = await line.receive_json()
            task = asyncio.create_task(work(line, user, asked))
            working.add(task)
            task.add_done_callback(working.discard)
    except (WebSocketDisconnect, RuntimeError, ValueError):
        pass
    finally:
        del lines[line]
        for task in working:
            task.cancel()


async def work(line: WebSocket, user: str, asked: dict[str, Any]) -> None:
    try:
        if asked.get("thread") is None:
            asked["thread"] = secrets.token_hex(8)
            threads[asked["thread"]] = {"user": user, "title": "", "texts": []}
        own(asked)["texts"].append(asked["text"])
    except (Soft, KeyError) as error:
        await line.send_json({"method": "error", "error": {"code": str(error)}})
        return
    run = secrets.token_hex(8)
    runs[run] = user
    params = {"run": run, "thread": asked["thread"]}
    try:
        await line.send_json({"jsonrpc": "2.0", "method": "run.started", "params": params})
        for word in f"You said {asked['text']}".split():
            await asyncio.sleep(0.001)
            await line.send_json({"jsonrpc": "2.0", "method": "run.word", "params": {**params, "word": word}})
        await line.send_json({"jsonrpc": "2.0", "method": "run.done", "params": params})
    finally:
        del runs[run]


app = Starlette(routes=[Route("/rpc", rpc, methods=["POST"]), WebSocketRoute("/events", events)])
