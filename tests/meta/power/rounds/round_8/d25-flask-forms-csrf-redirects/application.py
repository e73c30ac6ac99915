"""HTML forms with a double-submitted CSRF token; strangers are sent to the log-in page; messages are in the visitor's language."""

from __future__ import annotations

import functools
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask, Response, abort, g, jsonify, redirect, request

app = Flask(__name__)

WORDS = {
    "en": {"denied": "This is not yours.", "missing": "Not found.", "form": "The form is too old. Please load it again."},
    "de": {"denied": "Das gehört Ihnen nicht.", "missing": "Nicht gefunden.", "form": "Das Formular ist veraltet."},
}
PAGE = "<!doctype html><title>Login</title><form method=post action=/login><input name=username><input name=password type=password></form>"

lock = threading.RLock()
users: dict[str, str] = {}
sessions: dict[str, str] = {}
notes: dict[str, dict[str, Any]] = {}
threads: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}


def state() -> dict[str, Any]:
    return {"sessions": dict(sessions), "runs": dict(runs)}


def say(word: str) -> str:
    return WORDS[request.accept_languages.best_match(WORDS) or "en"][word]


@app.before_request
def who_asks() -> Any:
    g.user = sessions.get(request.cookies.get("sid", ""))
    if request.method in ("POST", "DELETE", "PUT"):
        sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
        kept = request.cookies.get("csrf", "")
        if not kept or not hmac.compare_digest(sent.encode(), kept.encode()):
            return say("form"), 403
    return None


@app.after_request
def keep_to_oneself(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response


def known(view: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def wrapped(**kwargs: Any) -> Any:
        if g.user is None:
            return redirect("/login?next=" + request.path, 303)
        return view(**kwargs)

    return wrapped


@app.get("/login")
def log_in_page() -> Response:
    response = Response(PAGE)
    if not request.cookies.get("csrf"):
        response.set_cookie("csrf", secrets.token_urlsafe(16), samesite="Lax")
    return response


@app.post("/join")
def join() -> Any:
    with lock:
        if request.form["username"] in users:
            abort(409)
        users[request.form["username"]] = request.form["password"]
    return redirect("/login", 303)


@app.post("/login")
def log_in() -> Any:
    name = request.form["username"]
    if name not in users or users[name] != request.form["password"]:
        return PAGE, 401
    sid = secrets.token_urlsafe(24)
    sessions[sid] = name
    response = redirect("/account", 303)
    response.set_cookie("sid", sid, httponly=True, samesite="Lax")
    # A new session has a new form token.
    response.set_cookie("csrf", secrets.token_urlsafe(16), samesite="Lax")
    return response


@app.post("/logout")
def log_out() -> Any:
    sessions.pop(request.cookies.get("sid", ""), None)
    response = redirect("/login", 303)
    response.delete_cookie("sid")
    return response


@app.get("/account")
@known
def account() -> Any:
    return jsonify(username=g.user)


def own(shelf: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    thing = shelf.get(name)
    if thing is None:
        abort(Response(say("missing"), 404))
    if thing["user"] != g.user:
        abort(Response(say("denied"), 403))
    return thing


@app.post("/notes")
@known
def create() -> Any:
    name = secrets.token_hex(8)
    notes[name] = {"id": name, "user": g.user, "title": request.form["title"], "body": request.form["body"]}
    return jsonify(notes[name])


@app.get("/notes/<name>")
@known
def read(name: str) -> Any:
    return jsonify(own(notes, name))


@app.post("/notes/<name>")
@known
def change(name: str) -> Any:
    own(notes, name)["body"] = request.form["body"]
    return "", 204


@app.post("/notes/<name>/delete")
@known
def delete(name: str) -> Any:
    own(notes, name)
    notes.pop(name, None)
    return "", 204


@app.get("/threads/<name>")
@known
def read_thread(name: str) -> Any:
    return jsonify(own(threads, name))


@app.delete("/threads/<name>")
@known
def delete_thread(name: str) -> Any:
    own(threads, name)
    threads.pop(name, None)
    return "", 204


@app.post("/ask")
@known
def ask() -> Any:
    asked = request.get_json()
    name = asked.get("thread")
    if name is None:
        name = secrets.token_hex(8)
        threads[name] = {"user": g.user, "messages": []}
    own(threads, name)["messages"].append(asked["text"])
    return Response(answer(g.user, name, asked["text"]), mimetype="text/event-stream")


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
