"""A blog with an assistant, in the manner of Flask's tutorial: the session is a signed cookie, `g.user` is who asks.

Everything is kept in this process. Run it with `flask --app application run`.
"""

from __future__ import annotations

import functools
import itertools
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask, Response, abort, g, jsonify, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.config["SECRET_KEY"] = secrets.token_hex()

users: dict[str, str] = {}
posts: dict[int, dict[str, Any]] = {}
threads: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}
numbers = itertools.count(1)
lock = threading.Lock()


def state() -> dict[str, Any]:
    return {"runs": runs}


@app.before_request
def load_logged_in_user() -> None:
    g.user = session.get("user")


@app.after_request
def keep_to_oneself(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def login_required(view: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def wrapped_view(**kwargs: Any) -> Any:
        if g.user is None:
            abort(401)
        return view(**kwargs)

    return wrapped_view


kept: dict[tuple[str, str | None], tuple[float, Any]] = {}


def cached(view: Callable[..., Any]) -> Callable[..., Any]:
    """Keeps what a page says for two seconds, for each caller."""

    @functools.wraps(view)
    def wrapped_view(**kwargs: Any) -> Any:
        key = request.full_path, request.headers.get("Authorization")
        made, body = kept.get(key, (0.0, None))
        if time.monotonic() - made > 2 or body is None:
            body = view(**kwargs).get_json()
            kept[key] = time.monotonic(), body
        return jsonify(body)

    return wrapped_view


@app.post("/auth/register")
def register() -> tuple[str, int]:
    with lock:
        if request.form["username"] in users:
            abort(409)
        users[request.form["username"]] = generate_password_hash(request.form["password"], method="pbkdf2:sha256:1")
    return "", 201


@app.post("/auth/login")
def log_in() -> str:
    name = request.form["username"]
    if name not in users or not check_password_hash(users[name], request.form["password"]):
        abort(401)
    session.clear()
    session["user"] = name
    return ""


@app.post("/auth/logout")
def log_out() -> str:
    session.clear()
    return ""


@app.get("/auth/me")
@login_required
@cached
def me() -> Any:
    return jsonify(username=g.user)


@app.post("/posts")
@login_required
def create() -> Any:
    number = next(numbers)
    posts[number] = {"id": number, "author": g.user, "title": request.form["title"], "body": request.form["body"]}
    return jsonify(posts[number])


def get_post(number: int) -> dict[str, Any]:
    post = posts.get(number)
    if post is None or post["author"] != g.user:
        abort(404)
    return post


@app.get("/posts/<int:number>")
@login_required
def read(number: int) -> Any:
    return jsonify(get_post(number))


@app.post("/posts/<int:number>/update")
@login_required
def update(number: int) -> Any:
    get_post(number)["body"] = request.form["body"]
    return ""


@app.delete("/posts/<int:number>")
@login_required
def delete(number: int) -> Any:
    get_post(number)
    del posts[number]
    return ""


def get_thread(name: str) -> dict[str, Any]:
    thread = threads.get(name)
    if thread is None or thread["user"] != g.user:
        abort(404)
    return thread


@app.get("/threads/<name>")
@login_required
@cached
def read_thread(name: str) -> Any:
    return jsonify(get_thread(name))


@app.post("/ask")
@login_required
def ask() -> Response:
    prompt = request.get_json()
    name = prompt.get("thread")
    if name is None:
        name = secrets.token_hex(8)
        threads[name] = {"user": g.user, "messages": []}
    get_thread(name)["messages"].append(prompt["text"])
    return Response(answer(g.user, name, prompt["text"]), mimetype="text/event-stream")


def answer(user: str, thread: str, text: str) -> Iterator[str]:
    run = secrets.token_hex(8)
    runs[run] = user
    try:
        yield event("started", run=run, thread=thread)
        for word in f"You said {text}".split():
            time.sleep(0.001)
            yield event("token", run=run, thread=thread, text=word)
        yield event("done", run=run, thread=thread)
    finally:
        del runs[run]


def event(kind: str, **data: str) -> str:
    return f"data: {json.dumps({'type': kind, **data})}\n\n"
