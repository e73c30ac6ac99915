"""A chat over Socket.IO beside a FastAPI application, in the manner of python-socketio's documentation.

Each user has a room of its own. Everything is kept in this process. Run it with `uvicorn application:app`.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import Annotated, Any

import socketio
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

api = FastAPI()
sio = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
app = socketio.ASGIApp(sio, other_asgi_app=api)

passwords: dict[str, str] = {}
tokens: dict[str, str] = {}
threads: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}
connected: dict[str, str] = {}
working: dict[str, set[asyncio.Task[None]]] = {}


class Account(BaseModel):
    name: str
    password: str


def state() -> dict[str, Any]:
    return {"connections": connected, "sessions": tokens, "runs": runs}


def bearer(given: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> str:
    return given.credentials


def current_user(token: Annotated[str, Depends(bearer)]) -> str:
    if token not in tokens:
        raise HTTPException(401)
    return tokens[token]


User = Annotated[str, Depends(current_user)]


@api.post("/users", status_code=201)
async def sign_up(account: Account) -> None:
    if account.name in passwords:
        raise HTTPException(409)
    passwords[account.name] = account.password


@api.post("/login")
async def log_in(account: Account) -> dict[str, str]:
    if passwords.get(account.name) != account.password:
        raise HTTPException(401)
    token = secrets.token_urlsafe(24)
    tokens[token] = account.name
    return {"token": token}


@api.post("/logout", status_code=204)
async def log_out(user: User, token: Annotated[str, Depends(bearer)]) -> None:
    tokens.pop(token, None)
    for sid in list(connected):
        if (await sio.get_session(sid)).get("token") == token:
            await sio.disconnect(sid)


@api.get("/me")
async def me(user: User) -> dict[str, str]:
    return {"name": user}


@api.get("/threads/{thread_id}")
async def read_thread(thread_id: str, user: User) -> dict[str, Any]:
    return own_thread(thread_id, user)


@api.delete("/threads/{thread_id}", status_code=204)
async def delete_thread(thread_id: str, user: User) -> None:
    own_thread(thread_id, user)
    del threads[thread_id]


def own_thread(thread_id: str, user: str) -> dict[str, Any]:
    thread = threads.get(thread_id)
    if thread is None or thread["user"] != user:
        raise HTTPException(404)
    return thread


def room_of(user: str) -> str:
    # Names of rooms go into Redis channels and logs: plain letters, not too long.
    return "user-" + re.sub(r"[^A-Za-z0-9]", "", user).lower()[:24]


@sio.event
async def connect(sid: str, environ: dict[str, Any], auth: dict[str, str] | None) -> None:
    token = (auth or {}).get("token", "")
    user = tokens.get(token)
    if user is None:
        raise socketio.exceptions.ConnectionRefusedError("log in first")
    await sio.save_session(sid, {"user": user, "token": token})
    await sio.enter_room(sid, room_of(user))
    connected[sid] = user


@sio.event
async def disconnect(sid: str, reason: str) -> None:
    connected.pop(sid, None)
    for task in working.pop(sid, ()):
        task.cancel()


@sio.event
async def ask(sid: str, message: dict[str, Any]) -> None:
    user = (await sio.get_session(sid))["user"]
    task = asyncio.create_task(answer(user, message))
    working.setdefault(sid, set()).add(task)
    task.add_done_callback(lambda done: working.get(sid, set()).discard(done))


async def answer(user: str, message: dict[str, Any]) -> None:
    thread_id = message.get("thread") or secrets.token_hex(8)
    if thread_id in threads and threads[thread_id]["user"] != user:
        await sio.emit("refused", {"reason": "no such thread"}, to=room_of(user))
        return
    run_id = secrets.token_hex(8)
    runs[run_id] = user
    try:
        thread = threads.setdefault(thread_id, {"user": user, "messages": []})
        thread["messages"].append(message["text"])
        ids = {"run": run_id, "thread": thread_id}
        await sio.emit("started", ids, to=room_of(user))
        for word in f"You said {message['text']}".split():
            await asyncio.sleep(0.001)
            await sio.emit("token", {"text": word, **ids}, to=room_of(user))
        await sio.emit("done", ids, to=room_of(user))
    finally:
        del runs[run_id]
