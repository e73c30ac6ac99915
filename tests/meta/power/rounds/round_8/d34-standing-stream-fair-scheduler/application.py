"""One stream for each client, opened first and kept; one scheduler gives every user a turn, word by word."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

BEAT_SECONDS = 1.0
IDLE_BEATS = 120


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    scheduler = asyncio.create_task(schedule())
    yield
    scheduler.cancel()


app = FastAPI(lifespan=lifespan)
passwords: dict[str, str] = {}
tokens: dict[str, str] = {}
threads: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}
# Who waits, in the order of their turns; each with their own runs.
waiting: OrderedDict[str, deque[dict[str, Any]]] = OrderedDict()
work = asyncio.Event()
streams: dict[asyncio.Queue[str | None], str] = {}


class Account(BaseModel):
    name: str
    password: str


class Question(BaseModel):
    text: str
    thread: str | None = None


def state() -> dict[str, Any]:
    return {"connections": {id(queue): tokens.get(token) for queue, token in streams.items()}, "sessions": tokens, "runs": runs}


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
    del tokens[token]
    for queue, its in list(streams.items()):
        if its == token:
            queue.put_nowait(None)


@app.get("/me")
async def me(token: Token) -> dict[str, str]:
    return {"name": tokens[token]}


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


@app.get("/events")
async def events(token: Token) -> StreamingResponse:
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    streams[queue] = token
    return StreamingResponse(listen(queue), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def listen(queue: asyncio.Queue[str | None]) -> AsyncIterator[str]:
    idle = 0
    try:
        yield ": open\n\n"
        while idle < IDLE_BEATS:
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    text = await queue.get()
            except TimeoutError:
                idle += 1
                yield ": beat\n\n"
                continue
            if text is None:
                return
            idle = 0
            yield text
    finally:
        streams.pop(queue, None)


@app.post("/ask", status_code=202)
async def ask(question: Question, token: Token) -> dict[str, str]:
    user, name = tokens[token], question.thread
    if name is None:
        name = secrets.token_hex(8)
        threads[name] = {"user": user, "messages": []}
    own_thread(name, user)["messages"].append(question.text)
    run = secrets.token_hex(8)
    runs[run] = user
    steps = deque([("started", {}), *(("token", {"text": word}) for word in f"You said {question.text}".split()), ("done", {})])
    waiting.setdefault(user, deque()).append({"run": run, "thread": name, "steps": steps})
    work.set()
    return {"run": run}


async def schedule() -> None:
    """A step of the one whose turn it is, who then goes to the end of the row."""
    while True:
        while not waiting:
            work.clear()
            await work.wait()
        user, jobs = waiting.popitem(last=False)
        job = jobs[0]
        kind, data = job["steps"].popleft()
        tell(user, kind, run=job["run"], thread=job["thread"], **data)
        if not job["steps"]:
            jobs.popleft()
            runs.pop(job["run"], None)
        if jobs:
            waiting[user] = jobs
        await asyncio.sleep(0.0005)


def tell(user: str, kind: str, **data: str) -> None:
    text = f"event: {kind}\ndata: {json.dumps(data)}\n\n"
    for queue, token in streams.items():
        if tokens.get(token) == user:
            queue.put_nowait(text)
