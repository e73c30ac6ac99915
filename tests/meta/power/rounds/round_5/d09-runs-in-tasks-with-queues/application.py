"""A chat that answers each prompt by a stream of server-sent events; a cookie holds the session.

Everything is kept in this process. Run it with `uvicorn application:app`.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Cookie, Depends, FastAPI, HTTPException, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

app = FastAPI()

passwords: dict[str, str] = {}
sessions: dict[str, str] = {}
chats: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}
places = asyncio.Semaphore(64)  # so many runs speak to the model at once; the others wait for their turn


class Account(BaseModel):
    name: str
    password: str


class Prompt(BaseModel):
    prompt: str
    chat: str | None = None


def state() -> dict[str, Any]:
    return {"sessions": sessions, "runs": runs}


def current_user(sid: Annotated[str, Cookie()] = "") -> str:
    if sid not in sessions:
        raise HTTPException(401)
    return sessions[sid]


User = Annotated[str, Depends(current_user)]


@app.post("/signup", status_code=201)
async def sign_up(account: Account) -> None:
    if account.name in passwords:
        raise HTTPException(409)
    passwords[account.name] = account.password


@app.post("/login")
async def log_in(account: Account, response: Response) -> None:
    if passwords.get(account.name) != account.password:
        raise HTTPException(401)
    sid = secrets.token_urlsafe(24)
    sessions[sid] = account.name
    response.set_cookie("sid", sid, httponly=True, samesite="lax")


@app.post("/logout", status_code=204)
async def log_out(user: User, sid: Annotated[str, Cookie()] = "") -> None:
    sessions.pop(sid, None)


@app.get("/me")
async def me(user: User, response: Response) -> dict[str, str]:
    response.headers["Cache-Control"] = "private, no-store"
    return {"name": user}


@app.get("/chats/{chat_id}")
async def read_chat(chat_id: str, user: User, response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = "private, no-store"
    return own_chat(chat_id, user)


@app.delete("/chats/{chat_id}", status_code=204)
async def delete_chat(chat_id: str, user: User) -> None:
    own_chat(chat_id, user)
    del chats[chat_id]


def own_chat(chat_id: str, user: str) -> dict[str, Any]:
    chat = chats.get(chat_id)
    if chat is None or chat["user"] != user:
        raise HTTPException(404)
    return chat


@app.post("/ask")
async def ask(prompt: Prompt, user: User) -> StreamingResponse:
    if prompt.chat is None:
        chat_id = secrets.token_hex(8)
        chats[chat_id] = {"user": user, "messages": []}
    else:
        chat_id = prompt.chat
        own_chat(chat_id, user)
    chats[chat_id]["messages"].append(prompt.prompt)
    run_id = secrets.token_hex(8)
    pages: asyncio.Queue[str | None] = asyncio.Queue()
    runs[run_id] = user
    task = asyncio.create_task(answer(pages, {"run": run_id, "chat": chat_id}, prompt.prompt))
    task.add_done_callback(lambda done: runs.pop(run_id, None))
    return StreamingResponse(follow(pages, task), media_type="text/event-stream")


async def follow(pages: asyncio.Queue[str | None], task: asyncio.Task[None]) -> AsyncIterator[str]:
    """What a run says, as it comes; a reader who leaves ends the run that was for nobody else."""
    try:
        while (page := await pages.get()) is not None:
            yield page
    finally:
        task.cancel()


async def answer(pages: asyncio.Queue[str | None], ids: dict[str, str], prompt: str) -> None:
    async with places:
        await pages.put(event("start", **ids))
        for word in f"You said {prompt}".split():
            await asyncio.sleep(0.001)
            await pages.put(event("delta", text=word, **ids))
        await pages.put(event("end", **ids))
    await pages.put(None)


def event(name: str, **data: str) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
