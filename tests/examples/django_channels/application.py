"""A chat with Django and Channels, in the manner of their tutorials, in one file.

Users log in through Django's own authentication, by a form with a token against forgery, and a session cookie. Each
user's consumers are one group of the channel layer. Users, sessions and threads are in memory or in a database file
that is made anew. Run it with `uvicorn application:application`.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import django
from asgiref.sync import async_to_sync
from django.conf import settings

settings.configure(
    SECRET_KEY=secrets.token_urlsafe(),
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "channels"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(tempfile.mkdtemp(prefix="chat-")) / "db.sqlite3",
            "OPTIONS": {"timeout": 30, "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"},
        }
    },
    CACHES={
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100000}}
    },
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
    # What Django's documentation advises for tests: an ordinary hasher is slow on purpose.
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
)
django.setup()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.contrib.auth import authenticate, login, logout  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.cache import never_cache  # noqa: E402
from django.views.decorators.csrf import ensure_csrf_cookie  # noqa: E402

# A server may import this while its event loop runs, where Django's database refuses to be used.
with ThreadPoolExecutor() as pool:
    pool.submit(call_command, "migrate", verbosity=0).result()

threads: dict[str, dict[str, Any]] = {}
runs: dict[str, str] = {}
connected: dict[str, str] = {}


def state() -> dict[str, Any]:
    return {"connections": connected, "runs": runs}


def sign_up(request: HttpRequest) -> HttpResponse:
    name, password = request.POST["username"], request.POST["password"]
    if User.objects.filter(username=name).exists():
        return HttpResponse(status=409)
    User.objects.create_user(name, password=password)
    return HttpResponse(status=201)


@ensure_csrf_cookie
def log_in(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return HttpResponse("Log in, please.")
    user = authenticate(request, username=request.POST["username"], password=request.POST["password"])
    if user is None:
        return HttpResponse(status=401)
    login(request, user)
    return HttpResponse()


def log_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        session = request.session.session_key
        logout(request)
        async_to_sync(get_channel_layer().group_send)(f"session_{session}", {"type": "session.ended"})
    return HttpResponse(status=204)


@never_cache
def me(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    return JsonResponse({"username": request.user.username})


@never_cache
def thread(request: HttpRequest, name: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    found = own_thread(name, request.user)
    if request.method == "DELETE":
        del threads[name]
        return HttpResponse(status=204)
    return JsonResponse(found)


def own_thread(name: str, user: User) -> dict[str, Any]:
    found = threads.get(name)
    if found is None or found["user"] != user.username:
        raise Http404
    return found


class ChatConsumer(AsyncJsonWebsocketConsumer):
    """One connection; what is sent to its user's group comes to all connections of that user."""

    async def connect(self) -> None:
        self.working: set[asyncio.Task[None]] = set()
        self.groups_joined: list[str] = []
        self.user = self.scope["user"]
        if not self.user.is_authenticated:
            await self.close(code=4401)
            return
        self.group = self.group_of(self.user)
        self.groups_joined = [self.group, f"session_{self.scope['session'].session_key}"]
        for group in self.groups_joined:
            await self.channel_layer.group_add(group, self.channel_name)
        connected[self.channel_name] = self.user.username
        await self.accept()

    def group_of(self, user: User) -> str:
        return f"user_{user.pk}"

    async def disconnect(self, code: int) -> None:
        for task in self.working:
            task.cancel()
        for group in self.groups_joined:
            await self.channel_layer.group_discard(group, self.channel_name)
        connected.pop(self.channel_name, None)

    async def receive_json(self, content: dict[str, Any]) -> None:
        task = asyncio.create_task(self.answer(content))
        self.working.add(task)
        task.add_done_callback(self.working.discard)

    async def answer(self, asked: dict[str, Any]) -> None:
        name = asked.get("thread") or secrets.token_hex(8)
        if name in threads and threads[name]["user"] != self.user.username:
            await self.send_json({"type": "error", "detail": "no such thread"})
            return
        run = secrets.token_hex(8)
        runs[run] = self.user.username
        try:
            threads.setdefault(name, {"user": self.user.username, "messages": []})["messages"].append(asked["text"])
            ids = {"run": run, "thread": name}
            await self.tell({"type": "chat.started", **ids})
            for word in f"You said {asked['text']}".split():
                await asyncio.sleep(0.001)
                await self.tell({"type": "chat.token", "text": word, **ids})
            await self.tell({"type": "chat.done", **ids})
        finally:
            del runs[run]

    async def tell(self, event: dict[str, Any]) -> None:
        await self.channel_layer.group_send(self.group, event)

    async def chat_started(self, event: dict[str, Any]) -> None:
        # Channels ends a consumer that fails, and never calls its `disconnect` then; a client may be gone by now.
        with suppress(OSError, RuntimeError):
            await self.send_json(event)

    chat_token = chat_done = chat_started

    async def session_ended(self, event: dict[str, Any]) -> None:
        await self.close(code=4401)


urlpatterns = [
    path("signup", sign_up),
    path("login", log_in),
    path("logout", log_out),
    path("me", me),
    path("threads/<str:name>", thread),
]

application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(URLRouter([path("ws/chat", ChatConsumer.as_asgi())]))
        ),
    }
)
