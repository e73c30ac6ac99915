"""Jobs over plain HTTP, polled; one worker does the jobs of all users one after the other. Nothing but the standard library."""

from __future__ import annotations

import hashlib
import json
import queue
import re
import secrets
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEPT_SECONDS = 300.0


class Refused(Exception):
    def __init__(self, code, why=""):
        self.code, self.why = code, why


class Desk:
    """All state, under one lock; versions make answers cacheable by (user, version)."""

    def __init__(self):
        self.lock = threading.RLock()
        self.passwords, self.sessions, self.folders, self.jobs = {}, {}, {}, {}
        self.todo = queue.Queue()
        threading.Thread(target=self.work, daemon=True).start()
        threading.Thread(target=self.tidy, daemon=True).start()

    def work(self):
        while True:
            job = self.todo.get()
            for word in f"You said {job['input']}".split():
                time.sleep(0.002)
                self.tell(job, "working", text=word)
            self.tell(job, "finished")

    def tidy(self):
        """Every few seconds: finished jobs that nobody may want any more."""
        while True:
            time.sleep(3)
            oldest = time.monotonic() - KEPT_SECONDS
            with self.lock:
                for name in [name for name, job in self.jobs.items() if job["ended"] and job["ended"] < oldest]:
                    del self.jobs[name]

    def tell(self, job, kind, **data):
        with self.lock:
            event = {"kind": kind, "job": job["job"], "folder": job["folder"], "number": len(job["events"]), **data}
            job["events"].append(event)
            if kind == "finished":
                job["ended"] = time.monotonic()

    def own(self, shelf, name, user):
        thing = shelf.get(name)
        if thing is None or thing["user"] != user:
            raise Refused(404)
        return thing


desk = Desk()


def sign_up(user, asked):
    if asked["name"] in desk.passwords:
        raise Refused(409)
    desk.passwords[asked["name"]] = asked["password"]
    return 201, {}


def log_in(user, asked):
    if desk.passwords.get(asked["name"]) != asked["password"]:
        raise Refused(401)
    token = secrets.token_urlsafe(24)
    desk.sessions[token] = asked["name"]
    return 201, {"token": token}


def me(user, asked):
    return 200, {"name": user}


def start(user, asked):
    folder = asked.get("folder")
    if folder is None:
        folder = secrets.token_hex(8)
        desk.folders[folder] = {"user": user, "inputs": [], "version": 0}
    kept = desk.own(desk.folders, folder, user)
    kept["inputs"].append(asked["input"])
    kept["version"] += 1
    job = {"job": secrets.token_hex(8), "folder": folder, "user": user, "input": asked["input"], "events": [], "ended": None}
    desk.jobs[job["job"]] = job
    desk.tell(job, "queued", place=desk.todo.qsize())
    desk.todo.put(job)
    return 202, {"job": job["job"]}


def events(user, asked, name):
    return 200, {"events": list(desk.own(desk.jobs, name, user)["events"])}


def folder(user, asked, name):
    return 200, dict(desk.own(desk.folders, name, user))


def drop_folder(user, asked, name):
    desk.own(desk.folders, name, user)
    del desk.folders[name]
    return 204, None


ROUTES = [
    ("POST", r"/accounts", sign_up, False),
    ("POST", r"/sessions", log_in, False),
    ("GET", r"/me", me, True),
    ("POST", r"/jobs", start, True),
    ("GET", r"/jobs/(\w+)/events", events, True),
    ("GET", r"/folders/(\w+)", folder, True),
    ("DELETE", r"/folders/(\w+)", drop_folder, True),
]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def answer(self, code, told, **headers):
        body = b"" if told is None else json.dumps(told).encode()
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if code not in (204, 304):
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if code not in (204, 304):
            self.wfile.write(body)

    def handle_one(self):
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length) if length else b"{}"
        try:
            asked = json.loads(raw or b"{}")
            if not isinstance(asked, dict):
                raise Refused(400)
            code, told, user = self.route(asked)
        except Refused as refused:
            return self.answer(refused.code, {"why": refused.why})
        except (ValueError, KeyError, TypeError):
            return self.answer(400, {"why": "that is no such request"})
        if self.command != "GET":
            return self.answer(code, told)
        # The tag is of this user's answer alone: two users who read alike have other tags.
        tag = '"' + hashlib.sha256(json.dumps([user, told]).encode()).hexdigest()[:24] + '"'
        if self.headers.get("If-None-Match") == tag:
            return self.answer(304, None, ETag=tag)
        return self.answer(code, told, ETag=tag, Cache_Control="private, no-cache", Vary="Authorization")

    def route(self, asked):
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        with desk.lock:
            user = desk.sessions.get(token)
            if self.command == "DELETE" and self.path == "/sessions/mine":
                if desk.sessions.pop(token, None) is None:
                    raise Refused(401)
                return 204, None, user
            for method, pattern, act, known in ROUTES:
                match = re.fullmatch(pattern, self.path.partition("?")[0])
                if match and method == self.command:
                    if known and user is None:
                        raise Refused(401)
                    return *act(user, asked, *match.groups()), user
        raise Refused(404)

    do_GET = do_POST = do_DELETE = handle_one


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


if __name__ == "__main__":
    Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
