"""The adapter of the toy. Judge it with: id-isolation run --backend adapter:ToyBackend"""

import chat

from id_isolation.adapters import (
    AdapterBackend,
    BackendRefused,
    Connection,
    ContextIds,
    Kind,
    Session,
    files_below,
)


class ToyBackend(AdapterBackend):
    # Several of its processes may run side by side, though each keeps its sessions to itself.
    one_process = False

    def __init__(self):
        self.lacks = {"contexts": "the toy has no dispatcher", "stored": "the toy stores no session by thread"}
        self.chat = chat.Chat()
        self.owns = files_below(chat)
        # One object may carry several ports; their methods have different names.
        self.minting = self.tokens = self.sessions = self.sockets = self.cleanup = self

    # minting
    def kinds(self):
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind, user):
        return self.chat.new_id(kind)

    def mint_context(self, user, operation):
        work = self.chat.begin(user, operation)
        return ContextIds(user, work["thread"], work["run"], self.chat.new_id("request"))

    def restart(self):
        self.chat._count = 0

    # tokens
    async def issue(self, user):
        return self.chat.sign_up(user)

    async def withdraw(self, token):
        self.chat.sign_off(token)

    async def reassign(self, token, user):
        raise BackendRefused("a token of the toy never changes its user")

    # sessions
    async def log_in(self, token):
        try:
            session = await self.chat.log_in(token)
        except chat.Denied as error:
            raise BackendRefused(str(error)) from error
        return Session(session["user"], session["id"], token, {"user_id": session["user"]})

    async def records(self):
        return [Session(session["user"], session["id"], token) for token, session in self.chat.sessions.items()]

    # sockets
    async def connect(self, handshake):
        try:
            connection, user = await self.chat.connect(handshake.token)
        except chat.Denied as error:
            raise BackendRefused(str(error)) from error
        return Connection(connection, user)

    # cleanup
    async def register(self, context, resource):
        self.chat.attach({"user": context.user, "run": context.run, "context": context}, resource)

    async def release(self, user, run):
        return self.chat.finish(user, run)

    async def held(self):
        return {thing: work["context"] for held in self.chat.open_work.values() for thing, work in held}
