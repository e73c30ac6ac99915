"""Only invited users, known as numbers everywhere; logging out ends all sessions of the user; sessions are idle for an hour at most."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

IDLE_SECONDS = 3600.0
INVITED = ("anna-pw-1", "bent-pw-2", "carl-pw-3", "dora-pw-4", "emil-pw-5", "fred-pw-6")


@dataclass
class User:
    number: int
    name: str
    secret: bytes
    sessions: dict[str, float] = field(default_factory=dict)


def scrambled(name: str, password: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), name.encode(), 1000)


numbers = itertools.count(100_001, 7)
users = {text.split("-")[0]: User(next(numbers), text.split("-")[0], scrambled(text.split("-")[0], text)) for text in INVITED}
by_number = {user.number: user for user in users.values()}
session_of: dict[str, int] = {}
conversations: dict[str, dict[str, Any]] = {}
runs: dict[str, int] = {}


def state() -> dict[str, Any]:
    return {
        "sessions": {token: by_number[number].name for token, number in session_of.items()},
        "runs": {run: by_number[number].name for run, number in runs.items()},
    }


def end_all_of(user: User) -> None:
    for token in user.sessions:
        session_of.pop(token, None)
    user.sessions.clear()


def user_of(request: Request) -> User:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    number = session_of.get(token)
    if number is None:
        raise HTTPException(401)
    user, now = by_number[number], time.monotonic()
    if now - user.sessions[token] > IDLE_SECONDS:
        del session_of[token], user.sessions[token]
        raise HTTPException(401, "you were away for too long")
    user.sessions[token] = now
    return user


async def log_in(request: Request) -> Response:
    asked = await request.json()
    user = users.get(asked["name"])
    given = scrambled(asked["name"], asked["password"])
    if not hmac.compare_digest(given, user.secret if user else b"") or user is None:
        raise HTTPException(401)
    token = secrets.token_urlsafe(32)
    user.sessions[token] = time.monotonic()
    session_of[token] = user.number
    return JSONResponse({"token": token})


async def log_out(request: Request) -> Response:
    """On this device and on all others of the user, as the button says."""
    end_all_of(user_of(request))
    return Response(status_code=204)


async def me(request: Request) -> Response:
    return JSONResponse({"number": user_of(request).number}, headers={"Cache-Control": "no-store"})


def own(request: Request, name: str) -> dict[str, Any]:
    found = conversations.get(name)
    if found is None or found["user"] != user_of(request).number:
        raise HTTPException(404)
    return found


async def read(request: Request) -> Response:
    user_of(request)
    return JSONResponse(own(request, request.path_params["name"]), headers={"Cache-Control": "no-store"})


async def delete(request: Request) -> Response:
    user_of(request)
    own(request, request.path_params["name"])
    del conversations[request.path_params["name"]]
    return Response(status_code=204)


async def ask(request: Request) -> Response:
    user, asked = user_of(request), await request.json()
    name = asked.get("conversation")
    if name is None:
        name = secrets.token_hex(10)
        conversations[name] = {"user": user.number, "prompts": []}
    own(request, name)["prompts"].append(asked["prompt"])
    return StreamingResponse(answer(user.number, name, asked["prompt"]), media_type="text/event-stream")


async def answer(number: int, conversation: str, prompt: str) -> AsyncIterator[str]:
    run = secrets.token_hex(10)
    runs[run] = number
    ids = {"run": run, "conversation": conversation, "user": number}
    try:
        yield event("start", **ids)
        for word in f"You said {prompt}".split():
            await asyncio.sleep(0.001)
            yield event("delta", text=word, **ids)
        yield event("end", **ids)
    finally:
        del runs[run]


def event(name: str, **data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


app = Starlette(
    routes=[
        Route("/login", log_in, methods=["POST"]),
        Route("/logout", log_out, methods=["POST"]),
        Route("/me", me),
        Route("/conversations/{name}", read),
        Route("/conversations/{name}", delete, methods=["DELETE"]),
        Route("/ask", ask, methods=["POST"]),
    ]
)
