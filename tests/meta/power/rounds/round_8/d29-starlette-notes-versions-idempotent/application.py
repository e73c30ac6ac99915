"""Notes with versions, idempotency keys, tags and pages; a deleted note stays in its owner's bin for a while."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import json
import secrets
import time
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

BIN_SECONDS = 600.0
KEY_SECONDS = 300.0
PAGE = 10

passwords: dict[str, str] = {}
tokens: dict[str, str] = {}
# By owner and number: every user has a note 1 of their own; its ID says whose it is by the owner's random handle.
handles: dict[str, str] = {}
counters: dict[str, itertools.count[int]] = {}
notes: dict[tuple[str, int], dict[str, Any]] = {}
done_before: dict[tuple[str, str], tuple[float, str, int, Any]] = {}
threads: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}


def state() -> dict[str, Any]:
    return {"sessions": tokens, "runs": runs}


def token_of(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def user_of(request: Request) -> str:
    user = tokens.get(token_of(request))
    if user is None:
        raise HTTPException(401)
    return user


async def sign_up(request: Request) -> Response:
    asked = await request.json()
    if asked["name"] in passwords:
        raise HTTPException(409)
    passwords[asked["name"]] = asked["password"]
    handles[asked["name"]] = secrets.token_hex(4)
    counters[asked["name"]] = itertools.count(1)
    return Response(status_code=201)


async def log_in(request: Request) -> Response:
    asked = await request.json()
    if passwords.get(asked["name"]) != asked["password"]:
        raise HTTPException(401)
    token = secrets.token_urlsafe(24)
    tokens[token] = asked["name"]
    return JSONResponse({"token": token})


async def log_out(request: Request) -> Response:
    user_of(request)
    tokens.pop(token_of(request), None)
    return Response(status_code=204)


async def me(request: Request) -> Response:
    return JSONResponse({"name": user_of(request)})


def tidy() -> None:
    now = time.monotonic()
    for key in [key for key, note in notes.items() if note["deleted"] and now - note["deleted"] > BIN_SECONDS]:
        del notes[key]
    for key in [key for key, (at, *_) in done_before.items() if now - at > KEY_SECONDS]:
        del done_before[key]


async def create(request: Request) -> Response:
    user, asked = user_of(request), await request.json()
    tidy()
    key = request.headers.get("idempotency-key")
    mark = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    if key is not None and (user, key) in done_before:
        _, known, status, told = done_before[user, key]
        if known != mark:
            raise HTTPException(422, "this key was used for another note")
        return JSONResponse(told, status, {"Idempotent-Replay": "true"})
    number = next(counters[user])
    note = {"title": asked["title"], "body": asked["body"], "version": 1, "deleted": None}
    notes[user, number] = note
    told = shown(user, number, note)
    if key is not None:
        done_before[user, key] = time.monotonic(), mark, 201, told
    return JSONResponse(told, 201)


def shown(user: str, number: int, note: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"{number}-{handles[user]}", "title": note["title"], "body": note["body"], "version": note["version"]}


def own(request: Request) -> tuple[str, int, dict[str, Any]]:
    user = user_of(request)
    number, _, handle = request.path_params["note"].partition("-")
    if handle != handles[user]:
        raise HTTPException(403)
    note = notes.get((user, int(number))) if number.isdecimal() else None
    if note is None:
        raise HTTPException(404)
    if note["deleted"]:
        raise HTTPException(410)
    return user, int(number), note


def tag(user: str, note: dict[str, Any]) -> str:
    return f'"{handles[user]}.{note["version"]}"'


async def read(request: Request) -> Response:
    user, number, note = own(request)
    headers = {"ETag": tag(user, note), "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return JSONResponse(shown(user, number, note), headers=headers)


async def change(request: Request) -> Response:
    """With `If-Match`, 412 where the note has moved on; with a version, 409; without either the last one wins."""
    own(request)
    asked = await request.json()
    user, number, note = own(request)
    if request.headers.get("if-match", tag(user, note)) != tag(user, note):
        raise HTTPException(412)
    if asked.get("version", note["version"]) != note["version"]:
        raise HTTPException(409)
    notes[user, number] = {**note, "body": asked["body"], "version": note["version"] + 1}
    return JSONResponse(shown(user, number, notes[user, number]))


async def delete(request: Request) -> Response:
    user, number, note = own(request)
    notes[user, number] = {**note, "deleted": time.monotonic()}
    return Response(status_code=204)


async def restore(request: Request) -> Response:
    user = user_of(request)
    number, _, handle = request.path_params["note"].partition("-")
    note = notes.get((user, int(number))) if number.isdecimal() and handle == handles[user] else None
    if note is None:
        raise HTTPException(404)
    notes[user, int(number)] = {**note, "deleted": None}
    return Response(status_code=204)


async def listing(request: Request) -> Response:
    """A page; the cursor is a place in the reader's own list, whatever it says of others."""
    user = user_of(request)
    try:
        after = int(base64.urlsafe_b64decode(request.query_params.get("cursor", "MA==")))
    except ValueError as error:
        raise HTTPException(400) from error
    mine = sorted(number for owner, number in notes if owner == user and number > after and not notes[owner, number]["deleted"])
    page, more = mine[:PAGE], mine[PAGE:]
    cursor = base64.urlsafe_b64encode(str(page[-1]).encode()).decode() if more else None
    return JSONResponse({"notes": [shown(user, number, notes[user, number]) for number in page], "next": cursor})


def own_thread(request: Request, name: str) -> dict[str, Any]:
    thread = threads.get(name)
    if thread is None or thread["user"] != user_of(request):
        raise HTTPException(404)
    return thread


async def read_thread(request: Request) -> Response:
    user_of(request)
    return JSONResponse(own_thread(request, request.path_params["thread"]))


async def delete_thread(request: Request) -> Response:
    user_of(request)
    own_thread(request, request.path_params["thread"])
    del threads[request.path_params["thread"]]
    return Response(status_code=204)


async def ask(request: Request) -> Response:
    user, asked = user_of(request), await request.json()
    name = asked.get("thread")
    if name is None:
        name = secrets.token_hex(8)
        threads[name] = {"user": user, "messages": []}
    own_thread(request, name)["messages"].append(asked["text"])
    return StreamingResponse(answer(user, name, asked["text"]), media_type="text/event-stream")


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


app = Starlette(
    routes=[
        Route("/users", sign_up, methods=["POST"]),
        Route("/login", log_in, methods=["POST"]),
        Route("/logout", log_out, methods=["POST"]),
        Route("/me", me),
        Route("/notes", create, methods=["POST"]),
        Route("/notes", listing),
        Route("/notes/{note}", read),
        Route("/notes/{note}", change, methods=["PUT"]),
        Route("/notes/{note}", delete, methods=["DELETE"]),
        Route("/notes/{note}/restore", restore, methods=["POST"]),
        Route("/threads/{thread}", read_thread),
        Route("/threads/{thread}", delete_thread, methods=["DELETE"]),
        Route("/ask", ask, methods=["POST"]),
    ]
)
