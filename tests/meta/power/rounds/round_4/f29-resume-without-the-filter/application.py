"""Threads that are continued by their ID; a run goes on by itself, and its events can be read and resumed at any time.

A server-sent event has the ID at which a reader whose line was lost goes on (`Last-Event-ID`). Everything is kept in
this process. Run it with `uvicorn application:app`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, status
from fastapi.responses import StreamingResponse
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel

app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="token")


@dataclass
class Thread:
    user: str
    messages: list[str] = field(default_factory=list)


@dataclass
class Run:
    user: str
    events: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, name: str, data: dict[str, str]) -> None:
        event = (next(numbers), name, data)
        self.events.append(event)
        recent.append(event)
        del recent[:-2000]
        self.grown.set()
        self.grown = asyncio.Event()


# Events are numbered through the whole server; what was sent lately is kept for readers that come back.
numbers = itertools.count()
recent: list[tuple[int, str, dict[str, str]]] = []

passwords: dict[str, str] = {}
tokens: dict[str, str] = {}
threads: dict[str, Thread] = {}
runs: dict[str, Run] = {}
working: set[asyncio.Task[None]] = set()


class Account(BaseModel):
    username: str
    password: str


class Prompt(BaseModel):
    text: str


def state() -> dict[str, Any]:
    going = {run_id: run.user for run_id, run in runs.items() if not run.events or run.events[-1][1] != "done"}
    return {"sessions": tokens, "runs": going}


def current_user(token: Annotated[str, Depends(bearer)]) -> str:
    if token not in tokens:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)
    return tokens[token]


User = Annotated[str, Depends(current_user)]


@app.post("/users", status_code=201)
async def register(account: Account) -> None:
    if account.username in passwords:
        raise HTTPException(status.HTTP_409_CONFLICT)
    passwords[account.username] = account.password


@app.post("/token")
async def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    if passwords.get(form.username) != form.password:
        raise HTTPException(status.HTTP_400_BAD_REQUEST)
    token = secrets.token_urlsafe(24)
    tokens[token] = form.username
    return {"access_token": token, "token_type": "bearer"}


@app.get("/users/me")
async def me(user: User) -> dict[str, str]:
    return {"username": user}


@app.post("/threads", status_code=201)
async def open_thread(user: User) -> dict[str, str]:
    thread_id = secrets.token_hex(8)
    threads[thread_id] = Thread(user)
    return {"thread_id": thread_id}


def own_thread(thread_id: str, user: str) -> Thread:
    thread = threads.get(thread_id)
    if thread is None or thread.user != user:
        raise HTTPException(status.HTTP_404_NOT_FOUND)
    return thread


@app.get("/threads/{thread_id}")
async def read_thread(thread_id: str, user: User) -> dict[str, Any]:
    return {"messages": own_thread(thread_id, user).messages}


@app.delete("/threads/{thread_id}", status_code=204)
async def delete_thread(thread_id: str, user: User) -> None:
    own_thread(thread_id, user)
    del threads[thread_id]


@app.post("/threads/{thread_id}/runs", status_code=202)
async def start(thread_id: str, prompt: Prompt, user: User) -> dict[str, str]:
    thread = own_thread(thread_id, user)
    thread.messages.append(prompt.text)
    run_id = secrets.token_hex(8)
    runs[run_id] = Run(user)
    task = asyncio.create_task(answer(runs[run_id], {"run_id": run_id, "thread_id": thread_id}, prompt.text))
    working.add(task)
    task.add_done_callback(working.discard)
    return {"run_id": run_id}


async def answer(run: Run, ids: dict[str, str], text: str) -> None:
    run.add("started", ids)
    for word in f"You said {text}".split():
        await asyncio.sleep(0.001)
        run.add("word", {**ids, "text": word})
    run.add("done", ids)


def own_run(run_id: str, user: str) -> Run:
    run = runs.get(run_id)
    if run is None or run.user != user:
        raise HTTPException(status.HTTP_404_NOT_FOUND)
    return run


@app.get("/runs/{run_id}/events")
async def events(run_id: str, user: User, last_event_id: Annotated[str, Header()] = "") -> StreamingResponse:
    run = own_run(run_id, user)
    last = int(last_event_id) if last_event_id.isdecimal() else None
    return StreamingResponse(follow(run, last), media_type="text/event-stream")


async def follow(run: Run, last: int | None) -> AsyncIterator[str]:
    number = 0
    if last is not None:
        # What the reader missed comes from the server's log; the rest as it happens.
        for event_id, name, data in [event for event in recent if event[0] > last]:
            yield f"id: {event_id}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
        number = len(run.events)
        if run.events and run.events[-1][1] == "done":
            return
    while True:
        while number < len(run.events):
            event_id, name, data = run.events[number]
            yield f"id: {event_id}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
            if name == "done":
                return
            number += 1
        await run.grown.wait()
