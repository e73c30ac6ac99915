"""A chat with an outbox for each line, flushed every 20 ms; a lobby, where everybody sees how many are there, and who wants to be seen."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, WebSocket, WebSocketDisconnect
from pydantic import BaseModel

FLUSH_SECONDS, LOBBY_SECONDS = 0.02, 0.5


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    herald = asyncio.create_task(tell_lobby())
    yield
    herald.cancel()


app = FastAPI(lifespan=lifespan)

passwords: dict[str, str] = {}
tokens: dict[str, str] = {}
threads: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}
visible: set[str] = set()


class Account(BaseModel):
    name: str
    password: str


class Wish(BaseModel):
    visible: bool


class Line:
    """One WebSocket; whatever is put into its outbox goes out by one writer, some at a time."""

    def __init__(self, user: str, token: str, socket: WebSocket) -> None:
        self.id, self.user, self.token, self.socket = secrets.token_hex(8), user, token, socket
        self.outbox: deque[dict[str, Any]] = deque()
        self.filled = asyncio.Event()

    def put(self, message: dict[str, Any]) -> None:
        self.outbox.append(message)
        self.filled.set()

    async def write(self) -> None:
        while True:
            await self.filled.wait()
            await asyncio.sleep(FLUSH_SECONDS)
            self.filled.clear()
            while self.outbox:
                await self.socket.send_json(self.outbox.popleft())


lines: dict[str, Line] = {}


def state() -> dict[str, Any]:
    return {"connections": {line.id: line.user for line in lines.values()}, "sessions": tokens, "runs": runs}


def current_token(authorization: Annotated[str, Header()] = "") -> str:
    token = authorization.removeprefix("Bearer ")
    if token not in tokens:
        raise HTTPException(401)
    return token


Token = Annotated[str, Depends(current_token)]


@app.post("/users", status_code=201)
async def register(account: Account) -> None:
    if account.name in passwords:
        raise HTTPException(409)
    passwords[account.name] = account.password


@app.post("/login")
async def log_in(account: Account) -> dict[str, str]:
    if passwords.get(account.name) != account.password:
        raise HTTPException(401)
    token = secrets.token_urlsafe(24)
    tokens[token] = account.name
    return {"token": token}


@app.post("/logout", status_code=204)
async def log_out(token: Token) -> None:
    tokens.pop(token, None)
    for line in [line for line in lines.values() if line.token == token]:
        await line.socket.close(1008)


@app.get("/me")
async def me(token: Token) -> dict[str, str]:
    return {"name": tokens[token]}


@app.put("/me/visible", status_code=204)
async def be_seen(wish: Wish, token: Token) -> None:
    (visible.add if wish.visible else visible.discard)(tokens[token])


@app.get("/lobby")
async def lobby() -> dict[str, Any]:
    """Public, and on the start page: how many are there, and those who asked to be seen."""
    there = {line.user for line in lines.values()}
    return {"online": len(there), "seen": sorted(there & visible), "accounts": len(passwords)}


async def tell_lobby() -> None:
    """Twice a second, where anything has changed: however many come and go, a line gets no more of it."""
    told = None
    while True:
        await asyncio.sleep(LOBBY_SECONDS)
        there = {line.user for line in lines.values()}
        news = len(there), sorted(there & visible)
        if news != told:
            told = news
            for line in lines.values():
                line.put({"type": "lobby", "online": news[0], "seen": news[1]})


def own_thread(name: str, token: str) -> dict[str, Any]:
    thread = threads.get(name)
    if thread is None or thread["user"] != tokens[token]:
        raise HTTPException(404)
    return thread


@app.get("/threads/{name}")
async def read_thread(name: str, token: Token) -> dict[str, Any]:
    return own_thread(name, token)


@app.delete("/threads/{name}", status_code=204)
async def delete_thread(name: str, token: Token) -> None:
    own_thread(name, token)
    del threads[name]


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
    line = Line(user, token, socket)
    lines[line.id] = line
    writer = asyncio.create_task(line.write())
    line.put({"type": "welcome", "line": line.id})
    working: set[asyncio.Task[None]] = set()
    try:
        while True:
            message = await socket.receive_json()
            task = asyncio.create_task(answer(line, message))
            working.add(task)
            task.add_done_callback(working.discard)
    except (WebSocketDisconnect, RuntimeError, ValueError):
        pass
    finally:
        for task in [writer, *working]:
            task.cancel()
        del lines[line.id]


async def answer(line: Line, message: dict[str, Any]) -> None:
    name = message.get("thread")
    if name is None:
        name = secrets.token_hex(8)
        threads[name] = {"user": line.user, "messages": []}
    thread = threads.get(name)
    if thread is None or thread["user"] != line.user:
        line.put({"type": "error", "detail": "no such thread"})
        return
    run = secrets.token_hex(8)
    runs[run] = line.user
    try:
        thread["messages"].append(message["text"])
        ids = {"run": run, "thread": name}
        line.put({"type": "started", **ids})
        for word in f"You said {message['text']}".split():
            await asyncio.sleep(0.001)
            line.put({"type": "token", "text": word, **ids})
        line.put({"type": "done", **ids})
    finally:
        del runs[run]
