"""A Starlette application with sessions and a WebSocket, in the manner of the framework's documentation.

Log-in makes a session; a WebSocket belongs to its token's user; a run sends five events to the socket that started
it. Run it with uvicorn, one worker. `ADMIN_KEY` opens what only its operator may see and do.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
import uuid
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

EVENTS = ("agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed")

tokens: dict[str, str] = {}
sessions: dict[str, dict[str, str]] = {}
connections: dict[str, str] = {}
runs: dict[str, str] = {}


def user_of(connection: HTTPConnection) -> str | None:
    token = connection.headers.get("authorization", "").removeprefix("Bearer ")
    for name in connection.scope.get("subprotocols", ()):
        token = name.removeprefix("jwt.") if name.startswith("jwt.") else token
    return tokens.get(token)


async def log_in(request: Request) -> Response:
    user = user_of(request)
    if user is None:
        raise HTTPException(401)
    session = str(uuid.uuid4())
    sessions[session] = {"user": user}
    return JSONResponse({"session": session, "user": user})


async def talk(socket: WebSocket) -> None:
    user = user_of(socket)
    await socket.accept("jwt-auth" if "jwt-auth" in socket.scope["subprotocols"] else None)
    if user is None:
        await socket.close(1008)
        return
    connection = str(uuid.uuid4())
    connections[connection] = user
    working: set[asyncio.Task[None]] = set()
    try:
        await socket.send_json({"type": "connection_established", "connection_id": connection, "features": ["sync"]})
        while True:
            try:
                message = json.loads(await socket.receive_text())
            except ValueError:
                await socket.send_json({"type": "error", "code": "bad_message"})
                continue
            if message["type"] == "start_run":
                task = asyncio.create_task(work(socket, user, message.get("payload")))
                working.add(task)
                task.add_done_callback(working.discard)
            elif message["type"] == "sync":
                await asyncio.gather(*working, return_exceptions=True)
                await socket.send_json({"type": "synced", "number": message["number"]})
            else:
                await socket.send_json({"type": "error", "code": "unknown_type"})
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        del connections[connection]
        for task in working:
            task.cancel()


async def work(socket: WebSocket, user: str, payload: Any) -> None:
    thread, run = str(uuid.uuid4()), str(uuid.uuid4())
    runs[run] = user
    try:
        for step, type_ in enumerate(EVENTS):
            await asyncio.sleep(0)
            ids = {"user_id": user, "thread_id": thread, "run_id": run, "timestamp": time.time()}
            await socket.send_json({"type": type_, **ids, "payload": {"step": step, "input": payload}})
    finally:
        del runs[run]


def guard(request: Request) -> None:
    if request.headers.get("x-admin-key") != os.environ["ADMIN_KEY"]:
        raise HTTPException(403)


async def state(request: Request) -> Response:
    guard(request)
    # In ASCII, whatever a user is called: the operator must see even what a client has broken.
    text = json.dumps({"sessions": sessions, "connections": connections, "runs": runs})
    return Response(text, media_type="application/json")


async def set_token(request: Request) -> Response:
    guard(request)
    order = await request.json()
    if order["user"] is None:
        tokens.pop(order["token"], None)
    else:
        tokens[order["token"]] = order["user"]
    return Response(status_code=204)


app = Starlette(
    routes=[
        Route("/login", log_in, methods=["POST"]),
        Route("/state", state),
        Route("/token", set_token, methods=["POST"]),
        WebSocketRoute("/ws", talk),
    ]
)
