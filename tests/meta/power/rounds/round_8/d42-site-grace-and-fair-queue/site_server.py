"""The server: `start_run` is answered by five events on the line that asked, and all runs take turns, user by user."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import secrets
import time
from collections import OrderedDict, deque
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

EVENTS = ("agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed")

tokens: dict[str, str] = {}
sessions: dict[str, tuple[str, str]] = {}
numbers = itertools.count(1)


class Line:
    def __init__(self, socket: WebSocket, token: str, user: str) -> None:
        self.id = f"{next(numbers)}-{secrets.token_hex(8)}"
        self.socket, self.token, self.user = socket, token, user
        self.outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def write(self) -> None:
        while True:
            await self.socket.send_json(await self.outbox.get())


class Run:
    def __init__(self, line: Line, payload: Any) -> None:
        self.id, self.line, self.payload = secrets.token_hex(12), line, payload
        self.thread, self.steps = secrets.token_hex(12), deque(enumerate(EVENTS))


lines: dict[str, Line] = {}
rows: OrderedDict[str, deque[Run]] = OrderedDict()
filled = asyncio.Event()


async def take_turns() -> None:
    while True:
        while not rows:
            filled.clear()
            await filled.wait()
        user, row = rows.popitem(last=False)
        run = row.popleft()
        step, kind = run.steps.popleft()
        ids = {"user_id": run.line.user, "thread_id": run.thread, "run_id": run.id, "timestamp": time.time()}
        run.line.outbox.put_nowait({"type": kind, **ids, "payload": {"step": step, "input": run.payload}})
        if run.steps:
            row.append(run)
        if row:
            rows[user] = row
        await asyncio.sleep(0)


@asynccontextmanager
async def lifespan(_: Any) -> Any:
    task = asyncio.create_task(take_turns())
    yield
    task.cancel()


def token_of(connection: HTTPConnection) -> str:
    token = connection.headers.get("authorization", "").removeprefix("Bearer ")
    for name in connection.scope.get("subprotocols", ()):
        token = name.removeprefix("jwt.") if name.startswith("jwt.") else token
    return token


async def log_in(request: Request) -> Response:
    token = token_of(request)
    if token not in tokens:
        raise HTTPException(401)
    name, user = sessions.setdefault(token, (secrets.token_hex(16), tokens[token]))
    return JSONResponse({"session": name, "user": user})


async def talk(socket: WebSocket) -> None:
    token = token_of(socket)
    await socket.accept("jwt-auth" if "jwt-auth" in socket.scope["subprotocols"] else None)
    user = tokens.get(token)
    if user is None:
        await socket.close(1008)
        return
    line = Line(socket, token, user)
    lines[line.id] = line
    line.outbox.put_nowait({"type": "connection_established", "connection_id": line.id, "features": []})
    writer = asyncio.create_task(line.write())
    try:
        while True:
            try:
                message = json.loads(await socket.receive_text())
                if not isinstance(message, dict):
                    raise ValueError
            except (ValueError, KeyError):
                line.outbox.put_nowait({"type": "error", "code": "bad_message"})
                continue
            if message.get("type") == "start_run":
                rows.setdefault(user, deque()).append(Run(line, message.get("payload")))
                filled.set()
            else:
                line.outbox.put_nowait({"type": "error", "code": "unknown_type"})
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        del lines[line.id]
        writer.cancel()
        for name in list(rows):
            rows[name] = deque(run for run in rows[name] if run.line is not line)
            if not rows[name]:
                del rows[name]


def guard(request: Request) -> None:
    if request.headers.get("x-admin-key") != os.environ["ADMIN_KEY"]:
        raise HTTPException(403)


async def state(request: Request) -> Response:
    guard(request)
    held = {
        "sessions": {name: {"user": user} for name, user in sessions.values()},
        "connections": {line.id: line.user for line in lines.values()},
        "runs": {run.id: run.line.user for row in rows.values() for run in row},
    }
    return Response(json.dumps(held), media_type="application/json")


async def set_token(request: Request) -> Response:
    guard(request)
    order = await request.json()
    sessions.pop(order["token"], None)
    tokens.pop(order["token"], None)
    if order["user"] is not None:
        tokens[order["token"]] = order["user"]
    for line in [line for line in lines.values() if line.token == order["token"]]:
        await line.socket.close(1008)
    return Response(status_code=204)


app = Starlette(
    lifespan=lifespan,
    routes=[
        Route("/login", log_in, methods=["POST"]),
        Route("/state", state),
        Route("/token", set_token, methods=["POST"]),
        WebSocketRoute("/ws", talk),
    ],
)
