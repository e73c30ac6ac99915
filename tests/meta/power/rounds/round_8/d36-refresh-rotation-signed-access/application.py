"""Signed access tokens for 15 minutes, refresh tokens that rotate in families; the socket's first message is the token."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, WebSocket, WebSocketDisconnect
from pydantic import BaseModel

app = FastAPI()
KEY = secrets.token_bytes(32)
ACCESS_SECONDS, REFRESH_SECONDS, HELLO_SECONDS = 900, 14 * 24 * 3600, 5.0


@dataclass
class Family:
    """One log-in, and the refresh tokens that came of it: the last one is good, an earlier one ends the family."""

    user: str
    id: str = field(default_factory=lambda: secrets.token_hex(12))
    current: str = ""
    spent: set[str] = field(default_factory=set)
    until: float = field(default_factory=lambda: time.time() + REFRESH_SECONDS)
    lines: set[WebSocket] = field(default_factory=set)


passwords: dict[str, str] = {}
families: dict[str, Family] = {}
threads: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}


class Account(BaseModel):
    name: str
    password: str


class Refresh(BaseModel):
    refresh_token: str


def state() -> dict[str, Any]:
    return {
        "connections": {id(line): family.user for family in families.values() for line in family.lines},
        "sessions": {family.id: family.user for family in families.values()},
        "runs": runs,
    }


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(claims: dict[str, Any]) -> str:
    body = packed(json.dumps(claims).encode())
    return f"{body}.{packed(hmac.digest(KEY, body.encode(), 'sha256'))}"


def family_of(token: str) -> Family | None:
    body, _, proof = token.partition(".")
    if not hmac.compare_digest(proof.encode(), packed(hmac.digest(KEY, body.encode(), "sha256")).encode()):
        return None
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    family = families.get(claims["fam"])
    return family if family is not None and claims["exp"] > time.time() and family.user == claims["sub"] else None


def both(family: Family) -> dict[str, Any]:
    refresh = f"{family.id}.{secrets.token_urlsafe(24)}"
    if family.current:
        family.spent.add(family.current)
    family.current = digest(refresh)
    claims = {"sub": family.user, "fam": family.id, "jti": secrets.token_hex(8), "exp": time.time() + ACCESS_SECONDS}
    return {"access_token": signed(claims), "refresh_token": refresh, "expires_in": ACCESS_SECONDS}


async def end(family: Family) -> None:
    families.pop(family.id, None)
    for line in list(family.lines):
        try:
            await line.close(1008)
        except RuntimeError:
            pass


def current_family(authorization: Annotated[str, Header()] = "") -> Family:
    family = family_of(authorization.removeprefix("Bearer "))
    if family is None:
        raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    return family


Known = Annotated[Family, Depends(current_family)]


@app.post("/accounts", status_code=201)
async def register(account: Account) -> None:
    if account.name in passwords:
        raise HTTPException(409)
    passwords[account.name] = account.password


@app.post("/auth/token")
async def log_in(account: Account) -> dict[str, Any]:
    if passwords.get(account.name) != account.password:
        raise HTTPException(401)
    for old in [one for one in families.values() if one.until < time.time()]:
        families.pop(old.id, None)
    family = Family(account.name)
    families[family.id] = family
    return both(family)


@app.post("/auth/refresh")
async def refresh(asked: Refresh) -> dict[str, Any]:
    family = families.get(asked.refresh_token.partition(".")[0])
    if family is None or family.until < time.time():
        raise HTTPException(401)
    if digest(asked.refresh_token) in family.spent:
        # Somebody has a copy: the thief and the owner are both sent to the log-in page.
        await end(family)
        raise HTTPException(401)
    if digest(asked.refresh_token) != family.current:
        raise HTTPException(401)
    return both(family)


@app.post("/auth/revoke", status_code=204)
async def log_out(family: Known) -> None:
    await end(family)


@app.get("/auth/userinfo")
async def userinfo(family: Known) -> dict[str, str]:
    return {"sub": family.user}


def own_thread(name: str, user: str) -> dict[str, Any]:
    thread = threads.get(name)
    if thread is None or thread["user"] != user:
        raise HTTPException(404)
    return thread


@app.get("/threads/{name}")
async def read_thread(name: str, family: Known) -> dict[str, Any]:
    return own_thread(name, family.user)


@app.delete("/threads/{name}", status_code=204)
async def delete_thread(name: str, family: Known) -> None:
    own_thread(name, family.user)
    del threads[name]


@app.websocket("/ws")
async def talk(line: WebSocket) -> None:
    await line.accept()
    try:
        async with asyncio.timeout(HELLO_SECONDS):
            hello = await line.receive_json()
        family = family_of(str(hello.get("token", ""))) if hello.get("type") == "auth" else None
    except (TimeoutError, ValueError, AttributeError, WebSocketDisconnect):
        family = None
    if family is None:
        try:
            await line.close(1008)
        except RuntimeError:
            pass
        return
    family.lines.add(line)
    working: set[asyncio.Task[None]] = set()
    try:
        while True:
            message = await line.receive_json()
            if message.get("type") != "ask":
                continue
            task = asyncio.create_task(answer(line, family.user, message))
            working.add(task)
            task.add_done_callback(working.discard)
    except (WebSocketDisconnect, RuntimeError, ValueError, AttributeError):
        pass
    finally:
        family.lines.discard(line)
        for task in working:
            task.cancel()


async def answer(line: WebSocket, user: str, message: dict[str, Any]) -> None:
    name = message.get("thread")
    if name is None:
        name = secrets.token_hex(8)
        threads[name] = {"user": user, "messages": []}
    try:
        own_thread(name, user)["messages"].append(message["text"])
    except HTTPException:
        await line.send_json({"type": "error", "code": "no_such_thread"})
        return
    run = secrets.token_hex(8)
    runs[run] = user
    ids = {"run": run, "thread": name}
    try:
        await line.send_json({"type": "started", **ids})
        for word in f"You said {message['text']}".split():
            await asyncio.sleep(0.001)
            await line.send_json({"type": "token", "text": word, **ids})
        await line.send_json({"type": "done", **ids})
    finally:
        del runs[run]
