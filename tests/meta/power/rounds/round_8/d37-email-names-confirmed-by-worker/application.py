"""Users are e-mail addresses; a new account is confirmed by a mail worker, and a log-in waits for that for a moment."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Cookie, Depends, FastAPI, HTTPException, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

ADDRESS = re.compile(r"[a-z0-9._+-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")
PATIENCE_SECONDS = 2.0
SESSION_SECONDS = 12 * 3600.0


class Account(BaseModel):
    email: str
    password: str


class Text(BaseModel):
    text: str
    thread: str | None = None


class Person:
    def __init__(self, email: str, password: str) -> None:
        self.email, self.password, self.code = email, password, secrets.token_urlsafe(12)
        self.confirmed = asyncio.Event()


people: dict[str, Person] = {}
outgoing: asyncio.Queue[Person] = asyncio.Queue()
sessions: dict[str, tuple[str, float]] = {}
threads: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}


async def mail() -> None:
    """Stands for the mailbox: on this deployment the link in the mail is followed by the worker itself."""
    while True:
        person = await outgoing.get()
        await asyncio.sleep(0.05)
        await confirm(person.email, person.code)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    workers = [asyncio.create_task(mail()) for _ in range(4)]
    yield
    for worker in workers:
        worker.cancel()


app = FastAPI(lifespan=lifespan)


def state() -> dict[str, Any]:
    return {"sessions": {sid: email for sid, (email, _) in sessions.items()}, "runs": runs}


def address(text: str) -> str:
    """As it is, in small letters: an address in capitals is refused, rather than taken for the other one."""
    if not ADDRESS.fullmatch(text):
        raise HTTPException(422, "that is no e-mail address in small letters")
    return text


def current_user(session: Annotated[str, Cookie(alias="__session")] = "") -> str:
    email, until = sessions.get(session, ("", 0.0))
    if until < time.monotonic():
        sessions.pop(session, None)
        raise HTTPException(401)
    return email


User = Annotated[str, Depends(current_user)]


@app.post("/sign-up", status_code=202)
async def sign_up(account: Account) -> dict[str, str]:
    email = address(account.email)
    if email in people:
        raise HTTPException(409)
    people[email] = Person(email, account.password)
    outgoing.put_nowait(people[email])
    return {"message": "We have sent you a link."}


@app.get("/confirm", status_code=204)
async def confirm(email: str, code: str) -> None:
    person = people.get(email)
    if person is None or not secrets.compare_digest(person.code.encode(), code.encode()):
        raise HTTPException(404)
    person.confirmed.set()


@app.post("/log-in", status_code=204)
async def log_in(account: Account, response: Response) -> None:
    person = people.get(account.email)
    if person is None or person.password != account.password:
        raise HTTPException(401)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await person.confirmed.wait()
    except TimeoutError:
        raise HTTPException(403, "please follow the link first", {"Retry-After": "5"}) from None
    sid = secrets.token_urlsafe(32)
    sessions[sid] = person.email, time.monotonic() + SESSION_SECONDS
    response.set_cookie("__session", sid, httponly=True, samesite="lax", max_age=int(SESSION_SECONDS))


@app.post("/log-out", status_code=204)
async def log_out(user: User, response: Response, session: Annotated[str, Cookie(alias="__session")] = "") -> None:
    sessions.pop(session, None)
    response.delete_cookie("__session")


@app.get("/me")
async def me(user: User, response: Response) -> dict[str, str]:
    response.headers["Cache-Control"] = "no-store"
    return {"email": user}


def own(name: str, user: str) -> dict[str, Any]:
    thread = threads.get(name)
    if thread is None or thread["user"] != user:
        raise HTTPException(404)
    return thread


@app.get("/threads/{name}")
async def read(name: str, user: User, response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = "no-store"
    return own(name, user)


@app.post("/threads/{name}/messages", status_code=201)
async def add(name: str, text: Text, user: User) -> None:
    own(name, user)["messages"].append(text.text)


@app.delete("/threads/{name}", status_code=204)
async def delete(name: str, user: User) -> None:
    own(name, user)
    del threads[name]


@app.post("/chat")
async def chat(text: Text, user: User) -> StreamingResponse:
    name = text.thread
    if name is None:
        name = secrets.token_hex(8)
        threads[name] = {"user": user, "messages": []}
    own(name, user)["messages"].append(text.text)
    return StreamingResponse(answer(user, name, text.text), media_type="text/event-stream")


async def answer(user: str, thread: str, text: str) -> AsyncIterator[str]:
    run = secrets.token_hex(8)
    runs[run] = user
    ids = {"run": run, "thread": thread}
    try:
        yield f"data: {json.dumps({'type': 'started', **ids})}\n\n"
        for word in f"You said {text}".split():
            await asyncio.sleep(0.001)
            yield f"data: {json.dumps({'type': 'token', 'text': word, **ids})}\n\n"
        yield f"data: {json.dumps({'type': 'done', **ids})}\n\n"
    finally:
        del runs[run]
