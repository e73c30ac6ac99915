"""A chat on Socket.IO: each log-in has a random room of its own; receipts and a heartbeat come between, under their own names."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any

import socketio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins=[])
passwords: dict[str, str] = {}
# By token: whose it is, and the room of this log-in; a room is never used again.
log_ins: dict[str, dict[str, str]] = {}
lines: dict[str, str] = {}
threads: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}
working: dict[str, set[asyncio.Task[None]]] = {}


def state() -> dict[str, Any]:
    return {
        "connections": {sid: log_ins[token]["user"] for sid, token in lines.items() if token in log_ins},
        "sessions": {token: one["user"] for token, one in log_ins.items()},
        "runs": runs,
    }


def token_of(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def user_of(request: Request) -> str:
    one = log_ins.get(token_of(request))
    if one is None:
        raise HTTPException(401)
    return one["user"]


async def sign_up(request: Request) -> Response:
    asked = await request.json()
    if asked["name"] in passwords:
        raise HTTPException(409)
    passwords[asked["name"]] = asked["password"]
    return Response(status_code=201)


async def log_in(request: Request) -> Response:
    asked = await request.json()
    if passwords.get(asked["name"]) != asked["password"]:
        raise HTTPException(401)
    token = secrets.token_urlsafe(24)
    log_ins[token] = {"user": asked["name"], "room": secrets.token_hex(16)}
    return JSONResponse({"token": token})


async def log_out(request: Request) -> Response:
    user_of(request)
    token = token_of(request)
    del log_ins[token]
    for sid in [sid for sid, its in lines.items() if its == token]:
        await server.disconnect(sid)
    return Response(status_code=204)


async def me(request: Request) -> Response:
    return JSONResponse({"name": user_of(request)})


def own(name: str, user: str) -> dict[str, Any] | None:
    thread = threads.get(name)
    return thread if thread is not None and thread["user"] == user else None


async def read(request: Request) -> Response:
    thread = own(request.path_params["name"], user_of(request))
    if thread is None:
        raise HTTPException(404)
    return JSONResponse(thread)


async def delete(request: Request) -> Response:
    if own(request.path_params["name"], user_of(request)) is None:
        raise HTTPException(404)
    del threads[request.path_params["name"]]
    return Response(status_code=204)


@server.event
async def connect(sid: str, environ: dict[str, Any], auth: Any) -> None:
    token = auth.get("token") if isinstance(auth, dict) else None
    one = log_ins.get(token) if isinstance(token, str) else None
    if one is None:
        raise socketio.exceptions.ConnectionRefusedError("who are you?")
    lines[sid] = token
    await server.enter_room(sid, one["room"])


@server.event
async def disconnect(sid: str, *_: Any) -> None:
    lines.pop(sid, None)
    for task in working.pop(sid, ()):
        task.cancel()


@server.event
async def ask(sid: str, message: Any) -> None:
    one = log_ins.get(lines.get(sid, ""))
    if one is None or not isinstance(message, dict):
        return
    task = asyncio.create_task(answer(one["user"], one["room"], message))
    working.setdefault(sid, set()).add(task)
    task.add_done_callback(lambda done: working.get(sid, set()).discard(done))


@server.event
async def seen(sid: str, message: Any) -> None:
    """A receipt: the other devices of the same log-in hear that this one has read on."""
    one = log_ins.get(lines.get(sid, ""))
    if one is not None and isinstance(message, dict) and own(str(message.get("thread")), one["user"]) is not None:
        await server.emit("receipt", {"thread": message["thread"], "at": time.time()}, room=one["room"], skip_sid=sid)


async def answer(user: str, room: str, message: dict[str, Any]) -> None:
    name = message.get("thread")
    if name is None:
        name = secrets.token_hex(8)
        threads[name] = {"user": user, "messages": []}
    thread = own(name, user)
    if thread is None:
        await server.emit("error", {"detail": "no such thread"}, room=room)
        return
    run = secrets.token_hex(8)
    runs[run] = user
    ids = {"run": run, "thread": name}
    try:
        thread["messages"].append(message.get("text"))
        await server.emit("started", ids, room=room)
        await server.emit("typing", {"thread": name}, room=room)
        for word in f"You said {message.get('text')}".split():
            await asyncio.sleep(0.001)
            await server.emit("token", {**ids, "text": word}, room=room)
        await server.emit("done", ids, room=room)
    finally:
        del runs[run]


web = Starlette(
    routes=[
        Route("/users", sign_up, methods=["POST"]),
        Route("/login", log_in, methods=["POST"]),
        Route("/logout", log_out, methods=["POST"]),
        Route("/me", me),
        Route("/threads/{name}", read),
        Route("/threads/{name}", delete, methods=["DELETE"]),
    ]
)
app = socketio.ASGIApp(server, web)
