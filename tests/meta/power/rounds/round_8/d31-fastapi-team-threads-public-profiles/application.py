"""Threads with members, whom the owner invites; members read, write and hear; profiles are public; a receipt tells who has read."""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, WebSocket, WebSocketDisconnect
from pydantic import BaseModel

app = FastAPI()
passwords: dict[str, str] = {}
tokens: dict[str, str] = {}
threads: dict[str, dict[str, Any]] = {}
drafts: dict[str, dict[str, Any]] = {}
profiles: dict[str, dict[str, Any]] = {}
lines: dict[WebSocket, tuple[str, str]] = {}
runs: dict[str, str] = {}


class Account(BaseModel):
    name: str
    password: str


class Text(BaseModel):
    body: str


class About(BaseModel):
    about: str


class Invitation(BaseModel):
    name: str


def state() -> dict[str, Any]:
    return {"connections": {id(line): user for line, (user, _) in lines.items()}, "sessions": tokens, "runs": runs}


def current_token(authorization: Annotated[str, Header()] = "") -> str:
    token = authorization.removeprefix("Bearer ")
    if token not in tokens:
        raise HTTPException(401)
    return token


Token = Annotated[str, Depends(current_token)]


def current_user(token: Token) -> str:
    return tokens[token]


User = Annotated[str, Depends(current_user)]


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
    for line in [line for line, (_, its) in lines.items() if its == token]:
        await line.close(1008)


@app.get("/me")
async def me(user: User) -> dict[str, str]:
    return {"name": user}


@app.post("/profile")
async def set_profile(about: About, user: User) -> dict[str, str]:
    """Everybody's page; its ID is random, so that a page can be linked without telling the name."""
    for name, profile in profiles.items():
        if profile["user"] == user:
            profile["about"] = about.about
            return {"id": name}
    name = secrets.token_hex(8)
    profiles[name] = {"user": user, "about": about.about}
    return {"id": name}


@app.get("/profiles/{name}")
async def profile(name: str) -> dict[str, str]:
    if name not in profiles:
        raise HTTPException(404)
    return {"about": profiles[name]["about"]}


@app.post("/drafts", status_code=201)
async def draft(text: Text, user: User) -> dict[str, str]:
    name = secrets.token_hex(8)
    drafts[name] = {"user": user, "body": text.body}
    return {"id": name}


def own_draft(name: str, user: str) -> dict[str, Any]:
    if name not in drafts or drafts[name]["user"] != user:
        raise HTTPException(404)
    return drafts[name]


@app.get("/drafts/{name}")
async def read_draft(name: str, user: User) -> dict[str, str]:
    return {"body": own_draft(name, user)["body"]}


@app.put("/drafts/{name}", status_code=204)
async def change_draft(name: str, text: Text, user: User) -> None:
    own_draft(name, user)["body"] = text.body


def shared_thread(name: str, user: str) -> dict[str, Any]:
    thread = threads.get(name)
    if thread is None or user not in thread["members"]:
        raise HTTPException(404)
    return thread


@app.get("/threads/{name}")
async def read_thread(name: str, user: User) -> dict[str, Any]:
    thread = shared_thread(name, user)
    thread["read_by"][user] = len(thread["texts"])
    return {"owner": thread["owner"], "members": sorted(thread["members"]), "texts": thread["texts"], "read_by": thread["read_by"]}


@app.post("/threads/{name}/members", status_code=204)
async def invite(name: str, invitation: Invitation, user: User) -> None:
    thread = shared_thread(name, user)
    if thread["owner"] != user:
        raise HTTPException(403)
    if invitation.name not in passwords:
        raise HTTPException(404)
    thread["members"].add(invitation.name)


@app.delete("/threads/{name}", status_code=204)
async def delete_thread(name: str, user: User) -> None:
    """The owner ends the thread; a member merely leaves it."""
    thread = shared_thread(name, user)
    if thread["owner"] == user:
        del threads[name]
    else:
        thread["members"].discard(user)
        thread["read_by"].pop(user, None)


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
    lines[line] = user, token
    working: set[asyncio.Task[None]] = set()
    try:
        while True:
            message = await line.receive_json()
            task = asyncio.create_task(answer(user, line, message))
            working.add(task)
            task.add_done_callback(working.discard)
    except (WebSocketDisconnect, RuntimeError, ValueError):
        pass
    finally:
        del lines[line]
        for task in working:
            task.cancel()


async def tell(thread: dict[str, Any], message: dict[str, Any]) -> None:
    """To all members who are there now; one whose line breaks just then is no trouble to the others."""
    hearers = [line for line, (user, _) in lines.items() if user in thread["members"]]
    await asyncio.gather(*(line.send_json(message) for line in hearers), return_exceptions=True)


async def answer(user: str, line: WebSocket, message: dict[str, Any]) -> None:
    name = message.get("thread")
    if name is None:
        name = secrets.token_hex(8)
        threads[name] = {"owner": user, "members": {user}, "texts": [], "read_by": {}}
    try:
        thread = shared_thread(name, user)
    except HTTPException:
        await line.send_json({"type": "error", "detail": "no such thread"})
        return
    run = secrets.token_hex(8)
    runs[run] = user
    ids = {"run": run, "thread": name, "by": user}
    try:
        thread["texts"].append(message["text"])
        await tell(thread, {"type": "started", **ids})
        for word in f"You said {message['text']}".split():
            await asyncio.sleep(0.001)
            await tell(thread, {"type": "token", "text": word, **ids})
        await tell(thread, {"type": "done", **ids})
    finally:
        del runs[run]
