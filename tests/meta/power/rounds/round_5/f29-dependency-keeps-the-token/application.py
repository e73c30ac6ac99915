"""A chat over a WebSocket, in the manner of FastAPI's documentation: OAuth2 bearer tokens and a connection manager.

Everything is kept in this process. Run it with `uvicorn application:app`.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, WebSocket, WebSocketDisconnect, status
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel

app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="token")

passwords: dict[str, str] = {}
tokens: dict[str, str] = {}
threads: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}


class Account(BaseModel):
    username: str
    password: str


class ConnectionManager:
    """Who is connected, by room; each user has a room of its own."""

    def __init__(self) -> None:
        self.rooms: dict[str, list[WebSocket]] = {}

    async def connect(self, user: str, websocket: WebSocket) -> None:
        await websocket.accept()
        self.rooms.setdefault(self.room_of(user), []).append(websocket)

    def disconnect(self, user: str, websocket: WebSocket) -> None:
        room = self.rooms[self.room_of(user)]
        room.remove(websocket)
        if not room:
            del self.rooms[self.room_of(user)]

    def room_of(self, user: str) -> str:
        return user

    async def send(self, user: str, message: dict[str, Any]) -> None:
        for websocket in list(self.rooms.get(self.room_of(user), [])):
            await websocket.send_json(message)

    async def end(self, user: str, token: str) -> None:
        for websocket in list(self.rooms.get(self.room_of(user), [])):
            if websocket.query_params.get("token") == token:
                await websocket.close(status.WS_1008_POLICY_VIOLATION)


manager = ConnectionManager()


def state() -> dict[str, Any]:
    sockets = {id(socket): room for room, some in manager.rooms.items() for socket in some}
    return {"connections": sockets, "sessions": tokens, "runs": runs}


class CurrentUser:
    """Who asks, by the token; revoked ones are told by the session store."""

    async def __call__(self, token: Annotated[str, Depends(bearer)]) -> str:
        self.token = token
        await self.look_up()
        if self.token not in tokens:
            raise HTTPException(status.HTTP_401_UNAUTHORIZED)
        return tokens[self.token]

    async def look_up(self) -> None:
        """The round trip to the store."""
        await asyncio.sleep(0.001)


User = Annotated[str, Depends(CurrentUser())]


@app.post("/users", status_code=201)
async def register(account: Account) -> None:
    if account.username in passwords:
        raise HTTPException(status.HTTP_409_CONFLICT)
    passwords[account.username] = account.password


@app.post("/token")
async def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    if passwords.get(form.username) != form.password:
        raise HTTPException(status.HTTP_400_BAD_REQUEST)
    token = secrets.token_urlsafe(24)
    tokens[token] = form.username
    return {"access_token": token, "token_type": "bearer"}


@app.get("/users/me")
async def me(user: User) -> dict[str, str]:
    return {"username": user}


@app.post("/logout", status_code=204)
async def log_out(user: User, token: Annotated[str, Depends(bearer)]) -> None:
    tokens.pop(token, None)
    await manager.end(user, token)


@app.get("/threads/{thread_id}")
async def read_thread(thread_id: str, user: User) -> dict[str, Any]:
    return own_thread(thread_id, user)


@app.delete("/threads/{thread_id}", status_code=204)
async def delete_thread(thread_id: str, user: User) -> None:
    own_thread(thread_id, user)
    del threads[thread_id]


def own_thread(thread_id: str, user: str) -> dict[str, Any]:
    thread = threads.get(thread_id)
    if thread is None or thread["user"] != user:
        raise HTTPException(status.HTTP_404_NOT_FOUND)
    return thread


@app.websocket("/ws")
async def talk(websocket: WebSocket, token: str = "") -> None:
    user = tokens.get(token)
    if user is None:
        await websocket.close(status.WS_1008_POLICY_VIOLATION)
        return
    await manager.connect(user, websocket)
    working: set[asyncio.Task[None]] = set()
    try:
        while True:
            message = await websocket.receive_json()
            task = asyncio.create_task(answer(user, message))
            working.add(task)
            task.add_done_callback(working.discard)
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        for task in working:
            task.cancel()
        manager.disconnect(user, websocket)


async def answer(user: str, message: dict[str, Any]) -> None:
    thread_id = message.get("thread_id") or secrets.token_hex(8)
    if thread_id in threads and threads[thread_id]["user"] != user:
        await manager.send(user, {"type": "error", "detail": "no such thread"})
        return
    run_id = secrets.token_hex(8)
    runs[run_id] = user
    try:
        thread = threads.setdefault(thread_id, {"user": user, "messages": []})
        thread["messages"].append(message["text"])
        ids = {"run_id": run_id, "thread_id": thread_id, "user": user}
        await manager.send(user, {"type": "started", **ids})
        for word in f"You said {message['text']}".split():
            await asyncio.sleep(0.001)
            await manager.send(user, {"type": "token", "text": word, **ids})
        await manager.send(user, {"type": "done", **ids})
    finally:
        del runs[run_id]
