"""Every user has eight slots for runs, which are used again by the same user; twenty threads, of which the oldest own one goes."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections import OrderedDict
from typing import Any

from flask import Flask, Response, abort, g, jsonify, request

app = Flask(__name__)
SLOTS, THREADS, IDLE_SECONDS = 8, 20, 1800.0


class User:
    """All that belongs to one user, under one lock of their own."""

    def __init__(self, number: int, password: str) -> None:
        self.number, self.password, self.lock = number, password, threading.RLock()
        self.handle = secrets.token_hex(6)
        self.threads: OrderedDict[str, list[str]] = OrderedDict()
        self.slots: OrderedDict[int, dict[str, Any]] = OrderedDict()

    def open_thread(self) -> str:
        with self.lock:
            while len(self.threads) >= THREADS:
                self.threads.popitem(last=False)
            name = f"{self.handle}.{secrets.token_hex(6)}"
            self.threads[name] = []
            return name

    def take_slot(self, thread: str) -> tuple[int, dict[str, Any]]:
        """The first slot that is free, or else the one whose run ended first; its old events go."""
        with self.lock:
            free = [slot for slot in range(1, SLOTS + 1) if slot not in self.slots]
            over = [slot for slot, run in self.slots.items() if run["over"]]
            if not free and not over:
                abort(Response("all of your runs are busy", 429, {"Retry-After": "1"}))
            slot = (free or over)[0]
            self.slots.pop(slot, None)
            self.slots[slot] = run = {"thread": thread, "events": [], "over": False}
            return slot, run


lock = threading.Lock()
numbers = itertools.count(1)
users: dict[str, User] = {}
handles: dict[str, User] = {}
sessions: dict[str, dict[str, Any]] = {}


def state() -> dict[str, Any]:
    names = {id(user): name for name, user in list(users.items())}
    going = {
        f"{user.handle}:{slot}": names[id(user)]
        for user in list(users.values())
        for slot, run in list(user.slots.items())
        if not run["over"]
    }
    return {"sessions": {sid: names[id(one["user"])] for sid, one in list(sessions.items())}, "runs": going}


@app.before_request
def who_asks() -> None:
    now = time.monotonic()
    session = sessions.get(request.cookies.get("session_id", ""))
    if session is not None and now - session["used"] > IDLE_SECONDS:
        sessions.pop(request.cookies["session_id"], None)
        session = None
    g.user = None if session is None else session["user"]
    if session is not None:
        session["used"] = now
    elif request.endpoint not in ("register", "log_in"):
        abort(401)


@app.after_request
def keep_to_oneself(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


@app.post("/register")
def register() -> Any:
    with lock:
        if request.form["username"] in users:
            abort(409)
        user = User(next(numbers), request.form["password"])
        users[request.form["username"]] = handles[user.handle] = user
    return "", 201


@app.post("/login")
def log_in() -> Any:
    user = users.get(request.form["username"])
    if user is None or user.password != request.form["password"]:
        abort(401)
    sid = secrets.token_urlsafe(24)
    sessions[sid] = {"user": user, "used": time.monotonic()}
    response = jsonify(number=user.number)
    response.set_cookie("session_id", sid, httponly=True, samesite="Lax")
    return response


@app.post("/logout")
def log_out() -> Any:
    sessions.pop(request.cookies["session_id"], None)
    return "", 204


@app.get("/whoami")
def whoami() -> Any:
    return jsonify(user={"number": g.user.number})


@app.post("/threads")
def open_thread() -> Any:
    return jsonify(thread=g.user.open_thread()), 201


def own_thread(name: str) -> list[str]:
    texts = g.user.threads.get(name)
    if texts is None:
        abort(404)
    return texts


@app.get("/threads/<name>")
def read_thread(name: str) -> Any:
    return jsonify(thread=name, texts=list(own_thread(name)))


@app.delete("/threads/<name>")
def delete_thread(name: str) -> Any:
    own_thread(name)
    g.user.threads.pop(name, None)
    return "", 204


@app.post("/threads/<name>/runs")
def start(name: str) -> Any:
    text = request.get_json()["text"]
    own_thread(name).append(text)
    slot, run = g.user.take_slot(name)
    full = f"{g.user.handle}:{slot}"
    threading.Thread(target=work, args=(g.user, full, run, text), daemon=True).start()
    return jsonify(run=full), 202


def work(user: User, name: str, run: dict[str, Any], text: str) -> None:
    def tell(kind: str, **data: str) -> None:
        with user.lock:
            run["events"].append({"type": kind, "run": name, "thread": run["thread"], **data})

    tell("started")
    for word in f"You said {text}".split():
        time.sleep(0.002)
        tell("token", text=word)
    tell("done")
    run["over"] = True


@app.get("/runs/<handle>:<int:slot>")
def events(handle: str, slot: int) -> Any:
    if handles.get(handle) is not g.user:
        abort(404)
    with g.user.lock:
        run = g.user.slots.get(slot)
        if run is None:
            abort(404)
        return jsonify(events=list(run["events"]), over=run["over"])
