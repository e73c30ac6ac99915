"""A service that knows whose a token is, and whatever else a test has it take for one."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from id_isolation.backend.protocol import BackendRefused, Connection, ContextIds, Handshake, Session
from id_isolation.checks.context import CheckContext
from id_isolation.plan.kinds import Level, Surface

from ..bare import Bare, context_on, findings_of

VICTIM = "kira.moreno"
Opens = Callable[["Service", str], "str | None"]


class Service:
    """Asks for every token whose it is; `opens` gives the user of another text as well."""

    def __init__(self, opens: Opens | None = None) -> None:
        self.opens = opens
        self.numbers = count(1)
        self.users: dict[str, str] = {}
        self.kept: dict[str, Session] = {}
        self.runs: dict[str, str] = {}

    def tail(self) -> str:
        number = next(self.numbers)
        return f"{1726234567890 + number}_{number}_0badcafe"

    async def issue(self, user: str) -> str:
        token = f"secret{next(self.numbers)}"
        self.users[token] = user
        return token

    async def withdraw(self, token: str) -> None:
        self.users.pop(token, None)
        self.kept.pop(token, None)

    def user_of(self, token: str) -> str:
        user = self.users.get(token) or (self.opens and self.opens(self, token))
        if not user:
            raise BackendRefused("not a token")
        return user

    async def log_in(self, token: str) -> Session:
        user = self.user_of(token)
        session = Session(user, f"session_auth_{user}_{self.tail()}", f"auth of {user}")
        return self.kept.setdefault(token, session)

    async def records(self) -> list[Session]:
        return list(self.kept.values())

    async def connect(self, handshake: Handshake) -> Connection:
        user = self.user_of(handshake.token)
        return Connection(f"ws_conn_{user}_{self.tail()}", user)

    def mint_context(self, user: str, operation: str) -> ContextIds:
        tail = f"{operation}_{self.tail()}"
        self.runs[f"run_{tail}"] = user
        return ContextIds(user, f"thread_{tail}", f"run_{tail}", f"req_{tail}")


def judged(
    carry_out: Callable[[CheckContext], None], service: Service, surface: Surface
) -> tuple[CheckContext, dict[str, str]]:
    """The evidence of what A4 finds at a service, by symptom."""
    backend = Bare(minting=service, tokens=service, sessions=service, sockets=service)
    world = context_on(backend, "A4", surface, Level.STRICT)
    found = findings_of(carry_out, world)
    assert world.judged_count > 0
    return world, {finding.symptom: finding.evidence[0] for finding in found}
