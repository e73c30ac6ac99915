"""One application that speaks every dialect that the data of a web application can describe, each at a path."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import secrets
import sys
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

tokens: dict[str, str] = {}
people: set[str] = set()
runs: dict[str, dict[str, Any]] = {}
queues: dict[str, list[asyncio.Queue[dict[str, Any]]]] = {}
threads: dict[str, str] = {}
numbers = itertools.count(1)


def user_of(token: str | None) -> str:
    if token is None or token not in tokens:
        raise HTTPException(401)
    return tokens[token]


def bearer(request: HTTPConnection) -> str:
    given = request.headers.get("authorization", "").removeprefix("Bearer ") or request.query_params.get("key")
    return user_of(given or request.headers.get("x-key") or request.cookies.get("sid"))


async def log_in(request: Request) -> Response:
    asked = await request.json()
    token = secrets.token_hex(12)
    tokens[token] = asked["name"]
    answer = JSONResponse({"data": [{"token": token}]}, headers={"x-key": token})
    answer.set_cookie("sid", token)
    return answer


async def sign_up(request: Request) -> Response:
    """Takes the names that a pattern fits, as many applications do; log-in knows those alone."""
    name, pattern = (await request.json())["name"], request.path_params["pattern"]
    patterns = {"letters": "[a-z][a-z0-9]{2,15}", "dots": r"[a-z0-9.]{3,20}", "mail": r"[a-z0-9]+@[a-z.]+"}
    if not re.fullmatch(patterns[pattern], name):
        return Response(status_code=422)
    people.add(name)
    return Response(status_code=201)


async def log_in_of_people(request: Request) -> Response:
    return await log_in(request) if (await request.json())["name"] in people else Response(status_code=401)


async def log_out(request: Request) -> Response:
    """Takes a while to have effect, as where what is known of a token is kept for a moment."""
    token = request.headers["authorization"].removeprefix("Bearer ")
    asyncio.get_running_loop().call_later(request.path_params["after"], tokens.pop, token)
    return Response(status_code=204)


async def form(request: Request) -> Response:
    forged = secrets.token_hex(8)
    answer = HTMLResponse(f'<form><input type="hidden" name="csrf_token" value="{forged}"></form>')
    answer.set_cookie("csrf", forged)
    return answer


async def log_in_by_form(request: Request) -> Response:
    async with request.form() as asked:
        sent = asked.get("csrf_token") or request.headers.get("x-csrftoken")
        if not sent or sent != request.cookies.get("csrf"):
            raise HTTPException(403)
        token = secrets.token_hex(12)
        tokens[token] = str(asked["name"])
    answer = Response(status_code=302, headers={"location": "/"})
    answer.set_cookie("sid", token)
    return answer


async def me(request: Request) -> Response:
    return JSONResponse({"id": bearer(request)})


async def open_thread(request: Request) -> Response:
    thread = str(next(numbers))
    threads[thread] = bearer(request)
    return JSONResponse({"thread": {"id": int(thread)}})


async def events(text: str, **ids: Any) -> AsyncIterator[dict[str, Any]]:
    yield {"type": "start", **ids}
    for word in text.split():
        await asyncio.sleep(0.001)
        yield {"type": "word", "word": word, **ids}
    yield {"type": "stop", **ids}


async def ask(request: Request) -> Response:
    """Answered by JSON lines, by server-sent events, or at once."""
    user, asked = bearer(request), await request.json()
    if threads.get(str(asked.get("thread", "")), user) != user:
        raise HTTPException(404)
    how = request.path_params["how"]

    async def lines() -> AsyncIterator[str]:
        async for event in events("a b c", run=secrets.token_hex(4)):
            yield f"{json.dumps(event)}\n" if how == "lines" else f"data: {json.dumps(event)}\n\n"
        if how == "openai":
            yield "data: [DONE]\n\n"

    if how == "once":
        return JSONResponse({"answer": asked["text"]})
    return StreamingResponse(lines(), media_type="application/x-ndjson" if how == "lines" else "text/event-stream")


async def begin(request: Request) -> Response:
    """Starts a run whose events are to be had elsewhere."""
    user, asked, run = bearer(request), await request.json(), secrets.token_hex(4)
    runs[run] = {"user": user, "events": [], "queue": asyncio.Queue()}

    async def work() -> None:
        async for event in events(asked["text"], run=run):
            runs[run]["events"].append(event)
            for queue in (runs[run]["queue"], *queues.get(user, ())):
                queue.put_nowait(event)

    runs[run]["task"] = asyncio.create_task(work())
    return JSONResponse({"run": {"id": run}}, 202)


async def drop(request: Request) -> Response:
    bearer(request)
    return Response(status_code=204 if runs.pop(request.path_params["run"], None) is not None else 404)


async def look(request: Request) -> Response:
    run = runs.get(request.path_params["run"])
    if run is None or run["user"] != bearer(request):
        raise HTTPException(404)
    status = "done" if run["task"].done() else "running"
    return JSONResponse(
        run["events"] if "bare" in request.query_params else {"status": status, "events": run["events"]}
    )


async def follow(request: Request) -> Response:
    """The events of one run, or of all of a user's."""
    user, run = bearer(request), request.query_params.get("run")
    queue: asyncio.Queue[dict[str, Any]] = runs[run]["queue"] if run else asyncio.Queue()
    if not run:
        queues.setdefault(user, []).append(queue)

    async def sent() -> AsyncIterator[str]:
        try:
            while True:
                event = await queue.get()
                yield f"event: {event.pop('type') if run else event['type']}\ndata: {json.dumps(event)}\n\n"
        finally:
            if not run:
                queues[user].remove(queue)

    return StreamingResponse(sent(), media_type="text/event-stream")


async def beat(request: Request) -> Response:
    """Events that never end, each with its ID; what was asked comes letter by letter, whoever asks."""
    text = request.query_params["text"]

    async def sent() -> AsyncIterator[str]:
        for number in itertools.count():
            letter = text[number : number + 1]
            yield f"id: beat-{number}\ndata: {json.dumps({'type': 'word', 'word': letter})}\n\n"
            await asyncio.sleep(0)

    return StreamingResponse(sent(), media_type="text/event-stream")


async def busy(request: Request) -> Response:
    """Asked too often every second time, or always."""
    refused = request.path_params["how"] == "always" or next(numbers) % 2
    return Response(status_code=429 if refused else 200, headers={"retry-after": "0"})


async def answered(request: Request) -> Response:
    return Response(status_code=request.path_params["status"])


async def done(request: Request) -> Response:
    """Leads on after a form, and whoever is nobody to the log-in."""
    known = request.headers.get("authorization", "").removeprefix("Bearer ") in tokens
    return Response(status_code=303, headers={"location": "/list" if known else "/form"})


async def talk(socket: WebSocket) -> None:
    """A socket that takes its token from its path or the first message; its events name neither run nor thread."""
    await socket.accept()
    working: set[asyncio.Task[None]] = set()
    try:
        user = tokens.get(socket.path_params.get("token") or (await socket.receive_json())["token"])
        if user is None:
            await socket.close(1008)
            return
        await socket.send_json({"type": "welcome", "connection": secrets.token_hex(4)})
        while True:
            asked = await socket.receive_json()
            async for event in events("a b c"):
                await socket.send_json(event)
            assert asked["text"]
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        for task in working:
            task.cancel()


web = Starlette(
    routes=[
        Route("/login", log_in, methods=["POST"]),
        Route("/people/{pattern}", sign_up, methods=["POST"]),
        Route("/people", log_in_of_people, methods=["POST"]),
        Route("/out/{after:float}", log_out, methods=["POST"]),
        Route("/form", form),
        Route("/form", log_in_by_form, methods=["POST"]),
        Route("/me", me),
        Route("/threads", open_thread, methods=["POST"]),
        Route("/ask/{how}", ask, methods=["POST"]),
        Route("/runs", begin, methods=["POST"]),
        Route("/runs/{run}", look),
        Route("/runs/{run}", drop, methods=["DELETE"]),
        Route("/events", follow),
        Route("/beat", beat),
        Route("/busy/{how}", busy),
        Route("/answered/{status:int}", answered),
        Route("/done", done, methods=["POST"]),
        WebSocketRoute("/ws", talk),
        WebSocketRoute("/ws/{token}", talk),
    ]
)

try:
    import socketio
except ImportError:
    app: Any = web
else:
    server = socketio.AsyncServer(async_mode="asgi")
    app = socketio.ASGIApp(server, web)

    @server.event
    async def connect(sid: str, environ: dict[str, Any], auth: dict[str, str] | None) -> None:
        user = tokens.get((auth or {}).get("token", ""))
        if user is None:
            raise ConnectionRefusedError("no")
        await server.save_session(sid, {"user": user})

    @server.event
    async def say(sid: str, data: dict[str, str]) -> None:
        async for event in events(data["text"], run=secrets.token_hex(4)):
            await server.emit(event.pop("type"), event, to=sid)


def wsgi(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The smallest WSGI application that lets anybody in."""
    body = environ["wsgi.input"].read()
    token = environ.get("HTTP_X_KEY", "")
    if environ["PATH_INFO"] == "/login":
        token = secrets.token_hex(12)
        tokens[token] = json.loads(body)["name"]
        start_response("200 OK", [("X-Key", token)])
        return [b"{}"]
    start_response("200 OK" if token in tokens else "401 Unauthorized", [("Content-Type", "application/json")])
    return [json.dumps({"id": tokens.get(token)}).encode()]


def state() -> dict[str, Any]:
    return {"sessions": tokens, "runs": {key: run["user"] for key, run in runs.items()}, "workers": 1}


if __name__ == "__main__":
    import uvicorn

    from id_isolation.adapters import open_door

    open_door(state)
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning")
