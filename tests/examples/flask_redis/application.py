"""A small Flask application whose sessions Flask-Session keeps in Redis, as its own documentation shows it."""

from __future__ import annotations

import hashlib

from flask import Flask, abort, request, session
from flask_session import Session
from redis import Redis


def token_key(token: str) -> str:
    """Where the user of a token is written down; the token itself is stored nowhere."""
    return f"token:{hashlib.sha256(token.encode('utf-8', 'surrogatepass')).hexdigest()}"


def create_app(redis: Redis) -> Flask:
    app = Flask(__name__)
    app.config.update(SESSION_TYPE="redis", SESSION_REDIS=redis, SESSION_PERMANENT=False)
    Session(app)

    @app.post("/login")
    def log_in() -> dict[str, str]:
        user = redis.get(token_key(request.headers.get("Authorization", "").removeprefix("Bearer ")))
        if user is None:
            abort(401, "unknown token")
        session["user"] = user.decode("utf-8", "surrogatepass")
        return {"user": session["user"], "session": session.sid}

    @app.get("/me")
    def me() -> dict[str, str]:
        if "user" not in session:
            abort(401, "not logged in")
        return {"user": session["user"]}

    return app
