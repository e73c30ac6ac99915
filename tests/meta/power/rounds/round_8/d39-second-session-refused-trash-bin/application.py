"""One session a user, and a second log-in is refused while the first is in use; deleted files wait in their owner's bin for a reaper."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, abort, g, jsonify, request

app = Flask(__name__)
IN_USE_SECONDS = 900.0
BIN_SECONDS = 30.0
REAP_SECONDS = 5.0

lock = threading.RLock()
passwords: dict[str, str] = {}
sessions: dict[str, dict[str, Any]] = {}
files: dict[str, dict[str, Any]] = {}
threads: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}
# Equal contents are kept once, as they are large; who may read them is said by the files alone.
contents: dict[str, tuple[str, int]] = {}


def state() -> dict[str, Any]:
    with lock:
        return {"sessions": {session["token"]: user for user, session in sessions.items()}, "runs": dict(runs)}


def keep(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    _, count = contents.get(digest, ("", 0))
    contents[digest] = text, count + 1
    return digest


def let_go(digest: str) -> None:
    text, count = contents[digest]
    if count > 1:
        contents[digest] = text, count - 1
    else:
        del contents[digest]


def reap() -> None:
    while True:
        time.sleep(REAP_SECONDS)
        oldest = time.monotonic() - BIN_SECONDS
        with lock:
            for name in [name for name, file in files.items() if file["deleted"] and file["deleted"] < oldest]:
                let_go(files.pop(name)["content"])


threading.Thread(target=reap, daemon=True).start()


@app.before_request
def who_asks() -> None:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    now = time.monotonic()
    g.user = None
    with lock:
        for user, session in sessions.items():
            if secrets.compare_digest(session["token"].encode(), token.encode()) and now - session["used"] < IN_USE_SECONDS:
                session["used"] = now
                g.user = user
    if g.user is None and request.endpoint not in ("sign_up", "log_in"):
        abort(401)


@app.after_request
def keep_to_oneself(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


@app.post("/api/accounts")
def sign_up() -> Any:
    asked = request.get_json()
    with lock:
        if asked["name"] in passwords:
            abort(409)
        passwords[asked["name"]] = asked["password"]
    return "", 201


@app.put("/api/session")
def log_in() -> Any:
    """Refused while the user's own session is in use elsewhere; the password comes first, so that nobody else learns of that."""
    asked = request.get_json()
    if passwords.get(asked["name"]) != asked["password"]:
        abort(401)
    now = time.monotonic()
    with lock:
        session = sessions.get(asked["name"])
        if session is not None and now - session["used"] < IN_USE_SECONDS:
            return jsonify(why="you are logged in elsewhere; log out there first"), 423
        sessions[asked["name"]] = session = {"token": secrets.token_urlsafe(24), "used": now}
    return jsonify(token=session["token"])


@app.get("/api/session")
def whoami() -> Any:
    return jsonify(name=g.user)


@app.delete("/api/session")
def log_out() -> Any:
    with lock:
        sessions.pop(g.user, None)
    return "", 204


def own(shelf: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    thing = shelf.get(name)
    if thing is None or thing["user"] != g.user or thing.get("deleted"):
        abort(404)
    return thing


@app.post("/api/files")
def create() -> Any:
    asked = request.get_json()
    name = secrets.token_hex(8)
    with lock:
        files[name] = {"user": g.user, "name": asked["name"], "content": keep(asked["text"]), "deleted": None}
    return jsonify(id=name), 201


@app.get("/api/files/<name>")
def read(name: str) -> Any:
    with lock:
        file = own(files, name)
        return jsonify(name=file["name"], text=contents[file["content"]][0])


@app.patch("/api/files/<name>")
def change(name: str) -> Any:
    text = request.get_json()["text"]
    with lock:
        file = own(files, name)
        old, file["content"] = file["content"], keep(text)
        let_go(old)
    return "", 204


@app.delete("/api/files/<name>")
def delete(name: str) -> Any:
    with lock:
        own(files, name)["deleted"] = time.monotonic()
    return "", 204


@app.get("/api/bin")
def bin_of_mine() -> Any:
    with lock:
        return jsonify(files=[{"id": name, "name": file["name"]} for name, file in files.items() if file["user"] == g.user and file["deleted"]])


@app.get("/api/threads/<name>")
def read_thread(name: str) -> Any:
    with lock:
        return jsonify(own(threads, name))


@app.delete("/api/threads/<name>")
def delete_thread(name: str) -> Any:
    with lock:
        own(threads, name)
        del threads[name]
    return "", 204


@app.post("/api/ask")
def ask() -> Any:
    asked = request.get_json()
    name = asked.get("thread")
    with lock:
        if name is None:
            name = secrets.token_hex(8)
            threads[name] = {"user": g.user, "messages": []}
        own(threads, name)["messages"].append(asked["text"])
    return Response(answer(g.user, name, asked["text"]), mimetype="text/event-stream")


def answer(user: str, thread: str, text: str) -> Iterator[str]:
    run = secrets.token_hex(8)
    with lock:
        runs[run] = user
    try:
        yield event("started", run=run, thread=thread)
        for word in f"You said {text}".split():
            time.sleep(0.001)
            yield event("token", run=run, thread=thread, text=word)
        yield event("done", run=run, thread=thread)
    finally:
        with lock:
            del runs[run]


def event(kind: str, **data: str) -> str:
    return f"data: {json.dumps({'type': kind, **data})}\n\n"
