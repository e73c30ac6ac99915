"""A chat whose names are of small letters and digits, and which takes five log-ins a minute of each account."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections import deque
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, WebSocket, WebSocketDisconnect
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel

app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="token")

NAME = re.compile(r"[a-z0-9]{3,20}")
LOG_INS, WINDOW_SECONDS = 5, 60.0

passwords: dict[str, str] = {}
tokens: dict[str, str] = {}
attempts: dict[str, deque[float]] = {}
threads: dict[str, dict[str, Any]] = {}
sockets: dict[str, set[WebSocket]] = {}
runs: dict[str, str] = {}


class Account(BaseModel):
    username: str
    password: str


def state() -> dict[str, Any]:
    return {
        "connections": {id(one): tokens.get(token) for token, some in sockets.items() for one in some},
        "sessions": tokens,
        "runs": runs,
    }


def current_user(token: Annotated[str, Depends(bearer)]) -> str:
    if token not in tokens:
        raise HTTPException(401)
    return tokens[token]


User = Annotated[str, Depends(current_user)]


@app.post("/users", status_code=201)
async def register(account: Account) -> None:
    if not NAME.fullmatch(account.username):
        raise HTTPException(422, "a name has 3 to 20 small letters and digits")
    if account.username in passwords:
        raise HTTPException(409)
    passwords[account.username] = account.password


def count_attempt(name: str) -> None:
    """Of right log-ins alone: guessing at somebody's password must not keep the owner out."""
    now = time.monotonic()
    recent = attempts.setdefault(name, deque())
    while recent and now - recent[0] >= WINDOW_SECONDS:
        recent.popleft()
    if len(recent) >= LOG_INS:
        wait = int(WINDOW_SECONDS - (now - recent[0])) + 1
        raise HTTPException(429, "too many log-ins", {"Retry-After": str(wait)})
    recent.append(now)


@app.post("/token")
async def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    if passwords.get(form.username) != form.password:
        await asyncio.sleep(0.05)
        raise HTTPException(400)
    count_attempt(form.username)
    token = secrets.token_urlsafe(24)
    tokens[token] = form.username
    return {"access_token": token, "token_type": "bearer"}


@app.get("/users/me")
async def me(user: User) -> dict[str, str]:
    return {"username": user}


@app.post("/logout", status_code=204)
async def log_out(user: User, token: Annotated[str, Depends(bearer)]) -> None:
    tokens.pop(token, None)
    for socket in list(sockets.get(token, ())):
        await socket.close(1008)


def own_thread(thread_id: str, user: str) -> dict[str, Any]:
    thread = threads.get(thread_id)
    if thread is None or thread["user"] != user:
        raise HTTPException(404)
    return thread


@app.get("/threads/{thread_id}")
async def read_thread(thread_id: str, user: User) -> dict[str, Any]:
    return own_thread(thread_id, user)


@app.delete("/threads/{thread_id}", status_code=204)
async def delete_thread(thread_id: str, user: User) -> None:
    own_thread(thread_id, user)
    del threads[thread_id]


@app.websocket("/ws")
async def talk(socket: WebSocket, token: str = "") -> None:
    user = tokens.get(token)
    if user is None:
        await socket.close(1008)
        return
    await socket.accept()
    if token not in tokens:
        # Logged out while the handshake was under way.
        await socket.close(1008)
        return
    sockets.setdefault(token, set()).add(socket)
    working: set[asyncio.Task[None]] = set()
    try:
        while True:
            message = await socket.receive_json()
            task = asyncio.create_task(answer(socket, user, message))
            working.add(task)
            task.add_done_callback(working.discard)
    except (WebSocketDisconnect, RuntimeError, ValueError):
        pass
    finally:
        for task in working:
            task.cancel()
        sockets[token].discard(socket)
        if not sockets[token]:
            del sockets[token]


async def answer(socket: WebSocket, user: str, message: dict[str, Any]) -> None:
    thread_id = message.get("thread_id") or secrets.token_hex(8)
    thread = threads.get(thread_id)
    if (thread is None and message.get("thread_id")) or (thread is not None and thread["user"] != user):
        await socket.send_json({"type": "error", "detail": "no such thread"})
        return
    thread = threads.setdefault(thread_id, {"user": user, "messages": []})
    run_id = secrets.token_hex(8)
    runs[run_id] = user
    try:
        thread["messages"].append(message["text"])
        ids = {"run_id": run_id, "thread_id": thread_id}
        await socket.send_json({"type": "started", **ids})
        for word in f"You said {message['text']}".split():
            await asyncio.sleep(0.001)
            await socket.send_json({"type": "token", "text": word, **ids})
        await socket.send_json({"type": "done", **ids})
    finally:
        del runs[run_id]
