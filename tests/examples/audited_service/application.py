"""A small Starlette service that logs for `id-isolation audit`: users log in, ask, and log out.

It has one fault of a common kind: the answer goes to the user whom the module remembers as the current one, and while
one question is being thought about, another one changes that.

    EVENTS=events.jsonl uvicorn application:app
    id-isolation audit events.jsonl
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import secrets
import time
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from id_isolation.history.handler import EventHandler

log = logging.getLogger("audit")
log.setLevel(logging.INFO)
log.propagate = False

sessions: dict[str, str] = {}
counter = itertools.count(1)
current_user = ""


def record(act: str, user: str, **ids: str) -> None:
    """One event; the handler takes its fields from the record."""
    log.info(act, extra={"act": act, "user": user, **{f"{kind}_id": text for kind, text in ids.items()}})


def tail() -> str:
    return f"{int(time.time() * 1000)}_{next(counter):03d}_{secrets.token_hex(4)}"


async def log_in(request: Request) -> Response:
    user = (await request.json())["user"]
    session = f"session_web_{user[:8]}_{tail()}"
    sessions[session] = user
    record("log-in", user, session=session)
    return JSONResponse({"session": session})


async def ask(request: Request) -> Response:
    global current_user
    session = request.headers.get("x-session", "")
    user = sessions.get(session)
    if user is None:
        raise HTTPException(401)
    current_user = user
    shared = tail()
    ids = {"thread": f"thread_ask_{shared}", "run": f"run_ask_{shared}", "request": f"req_ask_{shared}"}
    record("open", user, session=session, **ids)
    record("start", user, session=session, **ids)
    await asyncio.sleep(0)
    # The fault: `user` is right here, and `current_user` is whoever asked last.
    record("receive", current_user, **ids)
    record("release", user, session=session, **ids)
    return JSONResponse({"for": current_user, "run": ids["run"]})


async def log_out(request: Request) -> Response:
    session = request.headers.get("x-session", "")
    user = sessions.pop(session, "")
    record("invalidate", user, session=session)
    return JSONResponse({})


def service(events: str) -> Starlette:
    """The service, which records into a file."""
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()
    log.addHandler(EventHandler(events))
    routes: list[Any] = [
        Route("/log-in", log_in, methods=["POST"]),
        Route("/ask", ask, methods=["POST"]),
        Route("/log-out", log_out, methods=["POST"]),
    ]
    return Starlette(routes=routes)


if "EVENTS" in os.environ:
    app = service(os.environ["EVENTS"])
