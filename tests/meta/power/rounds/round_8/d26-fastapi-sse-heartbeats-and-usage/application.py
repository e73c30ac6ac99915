"""A stream with heartbeats, comments, retry hints and a usage record between; sessions slide and expire with jitter; a reaper tidies up."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Cookie, Depends, FastAPI, HTTPException, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

SESSION_SECONDS = 3600.0
REAP_EVERY_SECONDS = 2.0
BEAT_EVERY = 3


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    reaper = asyncio.create_task(reap())
    yield
    reaper.cancel()


app = FastAPI(lifespan=lifespan)
passwords: dict[str, str] = {}
sessions: dict[str, dict[str, Any]] = {}
chats: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}
used: dict[str, int] = {}


class Account(BaseModel):
    name: str
    password: str


class Prompt(BaseModel):
    prompt: str
    chat: str | None = None


class Title(BaseModel):
    title: str


def state() -> dict[str, Any]:
    return {"sessions": {sid: session["user"] for sid, session in sessions.items()}, "runs": runs}


async def reap() -> None:
    """Every two seconds: what is over goes, a few at a time, so that nobody waits for it."""
    while True:
        await asyncio.sleep(REAP_EVERY_SECONDS)
        now = time.monotonic()
        for sid in [sid for sid, session in sessions.items() if session["until"] < now][:100]:
            sessions.pop(sid, None)


def in_an_hour() -> float:
    """With jitter, so that the users of one morning do not all log in again in the same minute."""
    return time.monotonic() + SESSION_SECONDS * random.uniform(0.9, 1.1)


def current_user(sid: Annotated[str, Cookie()] = "") -> str:
    session = sessions.get(sid)
    if session is None or session["until"] < time.monotonic():
        raise HTTPException(401)
    session["until"] = in_an_hour()
    return session["user"]


User = Annotated[str, Depends(current_user)]


@app.post("/signup", status_code=201)
async def sign_up(account: Account) -> None:
    if account.name in passwords:
        raise HTTPException(409)
    passwords[account.name] = account.password


@app.post("/login")
async def log_in(account: Account, response: Response) -> None:
    await asyncio.sleep(random.uniform(0, 0.02))
    if passwords.get(account.name) != account.password:
        raise HTTPException(401)
    sid = secrets.token_urlsafe(24)
    sessions[sid] = {"user": account.name, "until": in_an_hour()}
    response.set_cookie("sid", sid, httponly=True, samesite="lax")


@app.post("/logout", status_code=204)
async def log_out(user: User, sid: Annotated[str, Cookie()] = "") -> None:
    sessions.pop(sid, None)


@app.get("/me")
async def me(user: User, response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = "private, no-store"
    return {"name": user, "words_used": used.get(user, 0)}


def own_chat(chat_id: str, user: str) -> dict[str, Any]:
    chat = chats.get(chat_id)
    if chat is None or chat["user"] != user:
        raise HTTPException(404)
    return chat


@app.get("/chats/{chat_id}")
async def read_chat(chat_id: str, user: User, response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = "private, no-store"
    return own_chat(chat_id, user)


@app.patch("/chats/{chat_id}", status_code=204)
async def entitle(chat_id: str, title: Title, user: User) -> None:
    own_chat(chat_id, user)["title"] = title.title


@app.delete("/chats/{chat_id}", status_code=204)
async def delete_chat(chat_id: str, user: User) -> None:
    own_chat(chat_id, user)
    del chats[chat_id]


@app.post("/ask")
async def ask(prompt: Prompt, user: User) -> StreamingResponse:
    chat_id = prompt.chat
    if chat_id is None:
        # The moment in microseconds is for people who read logs; the rest is what makes it unique.
        chat_id = f"{time.time_ns() // 1000}-{secrets.token_hex(8)}"
        chats[chat_id] = {"user": user, "title": "", "messages": []}
    own_chat(chat_id, user)["messages"].append(prompt.prompt)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(answer(user, chat_id, prompt.prompt), media_type="text/event-stream", headers=headers)


async def answer(user: str, chat_id: str, prompt: str) -> AsyncIterator[str]:
    run_id = secrets.token_hex(8)
    runs[run_id] = user
    ids = {"run": run_id, "chat": chat_id}
    number = 0
    try:
        yield "retry: 1500\n\n: hello\n\n"
        yield event("start", 0, **ids)
        for number, word in enumerate(f"You said {prompt}".split(), 1):
            await asyncio.sleep(random.uniform(0.0005, 0.004))
            if number % BEAT_EVERY == 0:
                yield ": still here\n\n"
                yield event("heartbeat", None, at=int(time.time()))
            yield event("delta", number, text=word, **ids)
        used[user] = used.get(user, 0) + number
        yield event("usage", number + 1, words=number, so_far=used[user], **ids)
        yield event("end", number + 2, **ids)
    finally:
        del runs[run_id]


def event(name: str, number: int | None, **data: Any) -> str:
    line = "" if number is None else f"id: {number}\n"
    return f"{line}event: {name}\ndata: {json.dumps(data)}\n\n"
