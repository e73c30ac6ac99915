"""A line that breaks is waited for: three seconds long its run goes on, and what was missed comes on the user's next line, by number."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, WebSocket, WebSocketDisconnect
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel

app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="token")
GRACE_SECONDS = 3.0
KEPT_AT_MOST = 500

passwords: dict[str, str] = {}
tokens: dict[str, str] = {}
threads: dict[str, dict[str, Any]] = {}
desks: dict[str, Desk] = {}


class Account(BaseModel):
    username: str
    password: str


class Desk:
    """One log-in's place: its line, if it has one, its runs, and what it has not been sent yet. It goes with the grace time."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.line: WebSocket | None = None
        self.number = 0
        self.unsent: deque[dict[str, Any]] = deque(maxlen=KEPT_AT_MOST)
        self.runs: dict[str, asyncio.Task[None]] = {}
        self.turn = asyncio.Lock()
        self.timer: asyncio.TimerHandle | None = None

    async def tell(self, kind: str, **data: Any) -> None:
        self.number += 1
        self.unsent.append({"type": kind, "n": self.number, **data})
        await self.flush()

    async def flush(self) -> None:
        async with self.turn:
            while self.line is not None and self.unsent:
                line, event = self.line, self.unsent.popleft()
                try:
                    await line.send_json(event)
                except (RuntimeError, WebSocketDisconnect):
                    if self.line is line:
                        self.line = None
                    self.unsent.appendleft(event)

    def end(self) -> None:
        for task in self.runs.values():
            task.cancel()
        self.unsent.clear()
        for token in [token for token, desk in desks.items() if desk is self]:
            del desks[token]


def state() -> dict[str, Any]:
    return {
        "connections": {id(desk.line): desk.user for desk in desks.values() if desk.line is not None},
        "sessions": tokens,
        "runs": {run: desk.user for desk in desks.values() for run in desk.runs},
    }


def current_token(token: Annotated[str, Depends(bearer)]) -> str:
    if token not in tokens:
        raise HTTPException(401)
    return token


Token = Annotated[str, Depends(current_token)]


@app.post("/users", status_code=201)
async def register(account: Account) -> None:
    if account.username in passwords:
        raise HTTPException(409)
    passwords[account.username] = account.password


@app.post("/token")
async def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    if passwords.get(form.username) != form.password:
        raise HTTPException(400)
    token = secrets.token_urlsafe(24)
    tokens[token] = form.username
    return {"access_token": token, "token_type": "bearer"}


@app.get("/users/me")
async def me(token: Token) -> dict[str, str]:
    return {"username": tokens[token]}


@app.post("/logout", status_code=204)
async def log_out(token: Token) -> None:
    tokens.pop(token, None)
    desk = desks.get(token)
    if desk is not None:
        line, desk.line = desk.line, None
        desk.end()
        if line is not None:
            await line.close(1008)


def own_thread(name: str, user: str) -> dict[str, Any]:
    thread = threads.get(name)
    if thread is None or thread["user"] != user:
        raise HTTPException(404)
    return thread


@app.get("/threads/{name}")
async def read_thread(name: str, token: Token) -> dict[str, Any]:
    return own_thread(name, tokens[token])


@app.delete("/threads/{name}", status_code=204)
async def delete_thread(name: str, token: Token) -> None:
    own_thread(name, tokens[token])
    del threads[name]


@app.websocket("/ws")
async def talk(line: WebSocket) -> None:
    token = line.headers.get("authorization", "").removeprefix("Bearer ")
    user = tokens.get(token)
    if user is None:
        await line.close(1008)
        return
    await line.accept()
    if token not in tokens:
        await line.close(1008)
        return
    desk = desks.setdefault(token, Desk(user))
    if desk.timer is not None:
        desk.timer.cancel()
        desk.timer = None
    try:
        await line.send_json({"type": "ready", "line": secrets.token_hex(8), "missed": len(desk.unsent)})
        if token not in tokens:
            await line.close(1008)
            return
        desk = desks.setdefault(token, desk)
        older, desk.line = desk.line, line
        if older is not None:
            try:
                await older.close(4001, "the same log-in has a newer line")
            except RuntimeError:
                pass
        await desk.flush()
        while True:
            message = await line.receive_json()
            run = secrets.token_hex(8)
            task = asyncio.create_task(answer(desk, run, message))
            desk.runs[run] = task
            task.add_done_callback(lambda _, run=run: desk.runs.pop(run, None))
    except (WebSocketDisconnect, RuntimeError, ValueError):
        pass
    finally:
        if desk.line is line:
            desk.line = None
        if desk.line is None and desks.get(token) is desk and desk.timer is None:
            # Nobody is there any more: the desk is kept for a moment where there is anything to wait for.
            if desk.runs or desk.unsent:
                desk.timer = asyncio.get_running_loop().call_later(GRACE_SECONDS, desk.end)
            else:
                desk.end()


async def answer(desk: Desk, run: str, message: dict[str, Any]) -> None:
    name = message.get("thread")
    if name is None:
        name = secrets.token_hex(8)
        threads[name] = {"user": desk.user, "messages": []}
    try:
        own_thread(name, desk.user)["messages"].append(message["text"])
    except HTTPException:
        await desk.tell("error", detail="no such thread")
        return
    ids = {"run": run, "thread": name}
    await desk.tell("started", **ids)
    for word in f"You said {message['text']}".split():
        await asyncio.sleep(0.001)
        await desk.tell("token", text=word, **ids)
    await desk.tell("done", **ids)
