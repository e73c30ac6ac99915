"""One session a user, and the newest wins: an older one ends with its sockets, told why. Forms in, JSON out."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

SUPERSEDED, LOGGED_OUT = 4001, 4002
ABSOLUTE_SECONDS = 12 * 3600.0


class Session:
    def __init__(self, user: str) -> None:
        self.id, self.user, self.began = secrets.token_urlsafe(24), user, time.monotonic()
        self.lines: set[WebSocket] = set()

    async def end(self, code: int, why: str) -> None:
        lines, self.lines = self.lines, set()
        for line in lines:
            try:
                await line.send_json({"event": "session_over", "why": why})
                await line.close(code)
            except RuntimeError:
                pass


passwords: dict[str, str] = {}
by_user: dict[str, Session] = {}
rooms: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}


def state() -> dict[str, Any]:
    return {
        "connections": {id(line): session.user for session in by_user.values() for line in session.lines},
        "sessions": {session.id: session.user for session in by_user.values()},
        "runs": runs,
    }


def session_of(connection: HTTPConnection) -> Session:
    """The session's ID names its user, as the user's own record is the only place where it is kept."""
    sid = connection.cookies.get("sid", "")
    for session in by_user.values():
        if secrets.compare_digest(session.id.encode(), sid.encode()):
            if time.monotonic() - session.began > ABSOLUTE_SECONDS:
                break
            return session
    raise HTTPException(401)


async def join(request: Request) -> Response:
    async with request.form() as form:
        name, password = str(form["name"]), str(form["password"])
    if name in passwords:
        raise HTTPException(409)
    passwords[name] = password
    return Response(status_code=201)


async def log_in(request: Request) -> Response:
    async with request.form() as form:
        name, password = str(form["name"]), str(form["password"])
    if passwords.get(name) != password:
        raise HTTPException(401)
    older, session = by_user.get(name), Session(name)
    by_user[name] = session
    if older is not None:
        await older.end(SUPERSEDED, "you logged in elsewhere")
    response = Response(status_code=204)
    response.set_cookie("sid", session.id, httponly=True, samesite="strict")
    return response


async def log_out(request: Request) -> Response:
    session = session_of(request)
    del by_user[session.user]
    await session.end(LOGGED_OUT, "you logged out")
    response = Response(status_code=204)
    response.delete_cookie("sid")
    return response


async def me(request: Request) -> Response:
    return JSONResponse({"name": session_of(request).user}, headers={"Cache-Control": "no-store"})


def own(name: str, user: str) -> dict[str, Any]:
    room = rooms.get(name)
    if room is None or room["user"] != user:
        raise HTTPException(404)
    return room


async def read(request: Request) -> Response:
    return JSONResponse(own(request.path_params["name"], session_of(request).user), headers={"Cache-Control": "no-store"})


async def delete(request: Request) -> Response:
    own(request.path_params["name"], session_of(request).user)
    del rooms[request.path_params["name"]]
    return Response(status_code=204)


async def live(line: WebSocket) -> None:
    try:
        session = session_of(line)
    except HTTPException:
        await line.close(1008)
        return
    await line.accept()
    if by_user.get(session.user) is not session:
        # Logged out, or superseded, while the handshake was under way.
        await line.close(SUPERSEDED)
        return
    session.lines.add(line)
    working: set[asyncio.Task[None]] = set()
    try:
        while True:
            message = await line.receive_json()
            task = asyncio.create_task(answer(line, session.user, message))
            working.add(task)
            task.add_done_callback(working.discard)
    except (WebSocketDisconnect, RuntimeError, ValueError):
        pass
    finally:
        session.lines.discard(line)
        for task in working:
            task.cancel()


async def answer(line: WebSocket, user: str, message: dict[str, Any]) -> None:
    name = message.get("room")
    if name is None:
        name = secrets.token_hex(8)
        rooms[name] = {"user": user, "said": []}
    try:
        own(name, user)["said"].append(message["say"])
    except HTTPException:
        await line.send_json({"event": "error", "why": "no such room"})
        return
    run = secrets.token_hex(8)
    runs[run] = user
    ids = {"run": run, "room": name, "for": user}
    try:
        await line.send_json({"event": "begin", **ids})
        for word in f"You said {message['say']}".split():
            await asyncio.sleep(0.001)
            await line.send_json({"event": "word", "word": word, **ids})
        await line.send_json({"event": "finish", **ids})
    finally:
        del runs[run]


app = Starlette(
    routes=[
        Route("/join", join, methods=["POST"]),
        Route("/login", log_in, methods=["POST"]),
        Route("/logout", log_out, methods=["POST"]),
        Route("/me", me),
        Route("/rooms/{name}", read),
        Route("/rooms/{name}", delete, methods=["DELETE"]),
        WebSocketRoute("/live", live),
    ]
)
