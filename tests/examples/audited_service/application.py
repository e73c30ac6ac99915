"""A small FastAPI service that logs for `id-isolation audit`: users log in, ask, and log out.

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
from typing import Annotated

from fastapi import APIRouter, Body, FastAPI, Header, HTTPException

from id_isolation.history.handler import EventHandler

log = logging.getLogger("audit")
log.setLevel(logging.INFO)
log.propagate = False

sessions: dict[str, str] = {}
counter = itertools.count(1)
current_user = ""
router = APIRouter()
Session = Annotated[str, Header(alias="x-session")]


def record(act: str, user: str, **ids: str) -> None:
    """One event; the handler takes its fields from the record."""
    log.info(act, extra={"act": act, "user": user, **{f"{kind}_id": text for kind, text in ids.items()}})


def tail() -> str:
    return f"{int(time.time() * 1000)}_{next(counter):03d}_{secrets.token_hex(4)}"


@router.post("/log-in")
async def log_in(user: Annotated[str, Body(embed=True)]) -> dict[str, str]:
    session = f"session_web_{user[:8]}_{tail()}"
    sessions[session] = user
    record("log-in", user, session=session)
    return {"session": session}


@router.post("/ask")
async def ask(session: Session) -> dict[str, str]:
    global current_user
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
    return {"for": current_user, "run": ids["run"]}


@router.post("/log-out")
async def log_out(session: Session) -> None:
    user = sessions.pop(session, "")
    record("invalidate", user, session=session)


def service(events: str) -> FastAPI:
    """The service, which records into a file."""
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()
    log.addHandler(EventHandler(events))
    app = FastAPI()
    app.include_router(router)
    return app


if "EVENTS" in os.environ:
    app = service(os.environ["EVENTS"])
