"""A chat whose users may meet any of several workers: accounts, tokens and threads are in Redis, events are published.

Run it with `uvicorn application:app --workers 2`, beside a Redis at REDIS_URL.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from typing import Annotated, Any

import redis.asyncio as redis
from fastapi import Depends, FastAPI, HTTPException, WebSocket, WebSocketDisconnect, status
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel

app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="token")
url = os.environ.get("REDIS_URL", "redis://localhost:6379")
# Who finds no free connection waits for one; a pool that does not wait raises where more than a hundred work at once.
store = redis.Redis.from_pool(redis.BlockingConnectionPool.from_url(url, decode_responses=True, timeout=None))
# A subscription keeps its connection for as long as its socket lives.
listening = redis.from_url(url, decode_responses=True, max_connections=10_000)

connections: dict[str, str] = {}
runs: dict[str, str] = {}


class Account(BaseModel):
    username: str
    password: str


def state() -> dict[str, Any]:
    return {"connections": connections, "runs": runs}


async def current_user(token: Annotated[str, Depends(bearer)]) -> str:
    user = await user_of(token)
    if user is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)
    return user


User = Annotated[str, Depends(current_user)]


async def user_of(token: str) -> str | None:
    return await store.get(f"token:{token}")


@app.post("/users", status_code=201)
async def register(account: Account) -> None:
    if not await store.set(f"password:{account.username}", account.password, nx=True):
        raise HTTPException(status.HTTP_409_CONFLICT)


@app.post("/token")
async def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    if await store.get(f"password:{form.username}") != form.password:
        raise HTTPException(status.HTTP_400_BAD_REQUEST)
    token = secrets.token_urlsafe(24)
    await store.set(f"token:{token}", form.username, ex=3600)
    return {"access_token": token, "token_type": "bearer"}


@app.get("/users/me")
async def me(user: User) -> dict[str, str]:
    return {"username": user}


@app.post("/logout", status_code=204)
async def log_out(user: User, token: Annotated[str, Depends(bearer)]) -> None:
    await store.delete(f"token:{token}")
    await publish(user, {"type": "logged_out", "token": token})


@app.get("/threads/{thread_id}")
async def read_thread(thread_id: str, user: User) -> dict[str, Any]:
    await own_thread(thread_id, user)
    return {"user": user, "messages": await store.lrange(f"messages:{thread_id}", 0, -1)}


@app.delete("/threads/{thread_id}", status_code=204)
async def delete_thread(thread_id: str, user: User) -> None:
    await own_thread(thread_id, user)
    await store.delete(f"thread:{thread_id}", f"messages:{thread_id}")


async def own_thread(thread_id: str, user: str) -> None:
    if await store.get(f"thread:{thread_id}") != user:
        raise HTTPException(status.HTTP_404_NOT_FOUND)


def channel_of(user: str) -> str:
    return f"events:{user}"


async def publish(user: str, message: dict[str, Any]) -> None:
    await store.publish(channel_of(user), json.dumps(message))


@app.websocket("/ws")
async def talk(websocket: WebSocket, token: str = "") -> None:
    user = await user_of(token)
    if user is None:
        await websocket.close(status.WS_1008_POLICY_VIOLATION)
        return
    connection = secrets.token_hex(8)
    working: set[asyncio.Task[None]] = set()
    async with listening.pubsub() as events:
        await events.subscribe(channel_of(user))
        await websocket.accept()
        connections[connection] = user
        forwarding = asyncio.create_task(forward(events, websocket, token))
        try:
            while True:
                message = await websocket.receive_json()
                task = asyncio.create_task(answer(user, message))
                working.add(task)
                task.add_done_callback(working.discard)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            for task in (*working, forwarding):
                task.cancel()
            del connections[connection]


async def forward(events: redis.client.PubSub, websocket: WebSocket, token: str) -> None:
    async for told in events.listen():
        if told["type"] != "message":
            continue
        message = json.loads(told["data"])
        if message["type"] != "logged_out":
            await websocket.send_json(message)
        elif message["token"] == token:
            await websocket.close(status.WS_1008_POLICY_VIOLATION)


async def answer(user: str, message: dict[str, Any]) -> None:
    thread_id = message.get("thread_id") or secrets.token_hex(8)
    if not await store.set(f"thread:{thread_id}", user, nx=True) and await store.get(f"thread:{thread_id}") != user:
        await publish(user, {"type": "error", "detail": "no such thread"})
        return
    run_id = secrets.token_hex(8)
    runs[run_id] = user
    try:
        await store.rpush(f"messages:{thread_id}", message["text"])
        ids = {"run_id": run_id, "thread_id": thread_id}
        await publish(user, {"type": "started", **ids})
        for word in f"You said {message['text']}".split():
            await publish(user, {"type": "token", "text": word, **ids})
        await publish(user, {"type": "done", **ids})
    finally:
        del runs[run_id]
