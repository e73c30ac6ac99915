"""Two workers over one SQLite file; each worker trusts a token for a second without asking again. Answers are JSON lines.

Run it with `python application.py PORT`.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import secrets
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

# A log-out takes effect in the other worker when its memory of the token ends.
TRUSTED_SECONDS = 1.0
SCHEMA = """
create table users (name text primary key, password text not null);
create table tokens (digest text primary key, user text not null, issued real not null);
create table threads (id text primary key, user text not null);
create table messages (id integer primary key, thread text not null, body text not null);
create index by_thread on messages (thread);
"""


@contextlib.contextmanager
def store() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(os.environ["CHAT_DATABASE"], timeout=20, isolation_level=None)
    try:
        connection.execute("pragma synchronous = off")
        yield connection
    finally:
        connection.close()


trusted: dict[str, tuple[str, float]] = {}


def digest_of(request: Request) -> str:
    return hashlib.sha256(request.headers.get("authorization", "").encode()).hexdigest()


def user_of(request: Request) -> str:
    """A token never changes its user, so that what is remembered of it can be late, but not wrong about who it is."""
    digest, now = digest_of(request), time.monotonic()
    user, until = trusted.get(digest, ("", 0.0))
    if until > now:
        return user
    trusted.pop(digest, None)
    with store() as db:
        row = db.execute("select user from tokens where digest = ?", (digest,)).fetchone()
    if row is None:
        raise HTTPException(401)
    for old in [one for one, (_, until) in trusted.items() if until <= now]:
        del trusted[old]
    trusted[digest] = row[0], now + TRUSTED_SECONDS
    return row[0]


async def sign_up(request: Request) -> Response:
    asked = await request.json()
    with store() as db:
        try:
            db.execute("insert into users values (?, ?)", (asked["name"], asked["password"]))
        except sqlite3.IntegrityError as error:
            raise HTTPException(409) from error
    return Response(status_code=201)


async def log_in(request: Request) -> Response:
    asked = await request.json()
    token = secrets.token_urlsafe(24)
    digest = hashlib.sha256(f"Bearer {token}".encode()).hexdigest()
    with store() as db:
        row = db.execute("select password from users where name = ?", (asked["name"],)).fetchone()
        if row is None or row[0] != asked["password"]:
            raise HTTPException(401)
        db.execute("insert into tokens values (?, ?, ?)", (digest, asked["name"], time.time()))
    return JSONResponse({"token": token})


async def log_out(request: Request) -> Response:
    user_of(request)
    trusted.pop(digest_of(request), None)
    with store() as db:
        db.execute("delete from tokens where digest = ?", (digest_of(request),))
    return Response(status_code=204)


async def me(request: Request) -> Response:
    return JSONResponse({"name": user_of(request)}, headers={"Cache-Control": "no-store"})


def own(db: sqlite3.Connection, thread: str, user: str) -> None:
    if db.execute("select 1 from threads where id = ? and user = ?", (thread, user)).fetchone() is None:
        raise HTTPException(404)


async def read(request: Request) -> Response:
    user, thread = user_of(request), request.path_params["thread"]
    with store() as db:
        own(db, thread, user)
        texts = [body for (body,) in db.execute("select body from messages where thread = ? order by id", (thread,))]
    return JSONResponse({"thread": thread, "messages": texts}, headers={"Cache-Control": "no-store"})


async def delete(request: Request) -> Response:
    user, thread = user_of(request), request.path_params["thread"]
    with store() as db:
        db.execute("begin immediate")
        try:
            own(db, thread, user)
            db.execute("delete from messages where thread = ?", (thread,))
            db.execute("delete from threads where id = ?", (thread,))
        finally:
            db.execute("commit")
    return Response(status_code=204)


async def ask(request: Request) -> Response:
    user, asked = user_of(request), await request.json()
    thread = asked.get("thread")
    with store() as db:
        if thread is None:
            thread = secrets.token_hex(10)
            db.execute("insert into threads values (?, ?)", (thread, user))
        own(db, thread, user)
        db.execute("insert into messages (thread, body) values (?, ?)", (thread, asked["text"]))
    return StreamingResponse(answer(thread, asked["text"]), media_type="application/x-ndjson")


async def answer(thread: str, text: str) -> AsyncIterator[str]:
    ids = {"run": secrets.token_hex(10), "thread": thread, "worker": os.getpid()}
    yield line(type="started", **ids)
    for word in f"You said {text}".split():
        await asyncio.sleep(0.001)
        yield line(type="token", text=word, **ids)
    yield line(type="done", **ids)


def line(**data: Any) -> str:
    return json.dumps(data) + "\n"


app = Starlette(
    routes=[
        Route("/users", sign_up, methods=["POST"]),
        Route("/login", log_in, methods=["POST"]),
        Route("/logout", log_out, methods=["POST"]),
        Route("/me", me),
        Route("/threads/{thread}", read),
        Route("/threads/{thread}", delete, methods=["DELETE"]),
        Route("/ask", ask, methods=["POST"]),
    ]
)

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as room:
        os.environ["CHAT_DATABASE"] = str(Path(room, "chat.db"))
        with store() as fresh:
            fresh.execute("pragma journal_mode = wal")
            fresh.executescript(SCHEMA)
        uvicorn.run("application:app", port=int(sys.argv[1]), workers=2, log_level="warning")
