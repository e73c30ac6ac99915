"""A socket with heartbeats of its own, closed when idle; runs of one user go one after the other; a cache by (user, version)."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from typing import Annotated, Any

from fastapi import Cookie, Depends, FastAPI, HTTPException, Response, WebSocket, WebSocketDisconnect
from pydantic import BaseModel

app = FastAPI()
BEAT_SECONDS, IDLE_SECONDS, WAITING_AT_MOST = 0.5, 120.0, 20

passwords: dict[str, str] = {}
sessions: dict[str, str] = {}
threads: dict[str, dict[str, Any]] = {}
lines: dict[WebSocket, tuple[str, str]] = {}
runs: dict[str, str] = {}
exports: dict[tuple[str, str, int], bytes] = {}
# One lock a user, for as long as any line of the user is there.
turns: dict[str, asyncio.Lock] = {}


class Account(BaseModel):
    name: str
    password: str


class Title(BaseModel):
    title: str


def state() -> dict[str, Any]:
    return {"connections": {id(line): user for line, (user, _) in lines.items()}, "sessions": sessions, "runs": runs}


def current_user(id: Annotated[str, Cookie()] = "") -> str:
    if id not in sessions:
        raise HTTPException(401)
    return sessions[id]


User = Annotated[str, Depends(current_user)]


@app.post("/users", status_code=201)
async def register(account: Account) -> None:
    if account.name in passwords:
        raise HTTPException(409)
    passwords[account.name] = account.password


@app.post("/login", status_code=204)
async def log_in(account: Account, response: Response, id: Annotated[str, Cookie()] = "") -> None:
    if passwords.get(account.name) != account.password:
        raise HTTPException(401)
    # Whoever logs in again on this browser leaves the session that was there, and never goes on with it.
    if id in sessions:
        await end(id)
    new = secrets.token_urlsafe(24)
    sessions[new] = account.name
    response.set_cookie("id", new, httponly=True, samesite="lax")


async def end(session: str) -> None:
    sessions.pop(session, None)
    for line in [line for line, (_, its) in lines.items() if its == session]:
        try:
            await line.close(1008)
        except RuntimeError:
            pass


@app.post("/logout", status_code=204)
async def log_out(user: User, id: Annotated[str, Cookie()] = "") -> None:
    await end(id)


@app.get("/me")
async def me(user: User, response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = "private, no-store"
    return {"user": {"name": user}}


@app.post("/threads", status_code=201)
async def open_thread(user: User) -> dict[str, str]:
    name = secrets.token_hex(8)
    threads[name] = {"user": user, "title": "", "messages": [], "version": 1}
    return {"id": name}


def own(name: str, user: str) -> dict[str, Any]:
    thread = threads.get(name)
    if thread is None or thread["user"] != user:
        raise HTTPException(404)
    return thread


@app.get("/threads/{name}")
async def read(name: str, user: User, response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = "private, no-store"
    return own(name, user)


@app.get("/threads/{name}/export")
async def export(name: str, user: User) -> Response:
    """Made once for each version, as it is long; the reader is looked at each time, before the cache is."""
    thread = own(name, user)
    key = user, name, thread["version"]
    if key not in exports:
        for old in [one for one in exports if one[:2] == key[:2]]:
            del exports[old]
        exports[key] = json.dumps({"title": thread["title"], "messages": thread["messages"]}).encode()
    return Response(exports[key], media_type="application/json", headers={"Cache-Control": "private, no-store"})


@app.patch("/threads/{name}", status_code=204)
async def entitle(name: str, title: Title, user: User) -> None:
    thread = own(name, user)
    thread["title"] = title.title
    thread["version"] += 1


@app.delete("/threads/{name}", status_code=204)
async def delete(name: str, user: User) -> None:
    own(name, user)
    del threads[name]
    for old in [one for one in exports if one[1] == name]:
        del exports[old]


@app.websocket("/ws")
async def talk(line: WebSocket) -> None:
    session = line.cookies.get("id", "")
    user = sessions.get(session)
    if user is None:
        await line.close(1008)
        return
    await line.accept()
    if session not in sessions:
        await line.close(1008)
        return
    lines[line] = user, session
    turns.setdefault(user, asyncio.Lock())
    working: set[asyncio.Task[None]] = set()
    used = time.monotonic()

    async def beat() -> None:
        while time.monotonic() - used < IDLE_SECONDS:
            await asyncio.sleep(BEAT_SECONDS)
            await line.send_json({"type": "beat", "at": time.time(), "waiting": len(working)})
        await line.close(4000, "idle")

    heart = asyncio.create_task(beat())
    try:
        await line.send_json({"type": "hello", "connection": secrets.token_hex(8)})
        while True:
            message = await line.receive_json()
            used = time.monotonic()
            if message.get("op") != "say":
                continue
            if len(working) >= WAITING_AT_MOST:
                await line.send_json({"type": "error", "detail": "too much at once"})
                continue
            task = asyncio.create_task(answer(line, user, message))
            working.add(task)
            task.add_done_callback(working.discard)
    except (WebSocketDisconnect, RuntimeError, ValueError, AttributeError):
        pass
    finally:
        del lines[line]
        for task in [heart, *working]:
            task.cancel()
        if all(other != user for other, _ in lines.values()):
            turns.pop(user, None)


async def answer(line: WebSocket, user: str, message: dict[str, Any]) -> None:
    name = message.get("thread")
    if name is None:
        name = secrets.token_hex(8)
        threads[name] = {"user": user, "title": "", "messages": [], "version": 1}
    # A user's own runs go one after the other, on whatever line they were started.
    async with turns[user]:
        thread = threads.get(name)
        if thread is None or thread["user"] != user:
            await line.send_json({"type": "error", "detail": "no such thread"})
            return
        run = secrets.token_hex(8)
        runs[run] = user
        ids = {"run": run, "thread": name}
        try:
            thread["messages"].append(message["text"])
            thread["version"] += 1
            await line.send_json({"type": "started", **ids})
            for word in f"You said {message['text']}".split():
                await asyncio.sleep(0.001)
                await line.send_json({"type": "token", "text": word, **ids})
            await line.send_json({"type": "done", **ids})
        finally:
            del runs[run]
