"""What users of a web application do at once is judged by as much work, however long one log-in takes."""

from __future__ import annotations

import itertools
import re

from id_isolation.backend.protocol import BackendRefused, Session
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.judging.judge import judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

from ..bare import Bare


class _LogIns:
    """Tokens and sessions at once: whoever has a token that was not withdrawn is let in."""

    def __init__(self) -> None:
        self._users: dict[str, str] = {}
        self._numbers = itertools.count()

    async def issue(self, user: str) -> str:
        token = f"token-{next(self._numbers)}-of-{user}"
        self._users[token] = user
        return token

    async def withdraw(self, token: str) -> None:
        self._users.pop(token, None)

    async def reassign(self, token: str, user: str) -> None:
        raise BackendRefused("no token changes its user")

    async def log_in(self, token: str) -> Session:
        if token not in self._users:
            raise BackendRefused("nobody's")
        return Session(self._users[token], token, token)

    async def records(self) -> list[Session]:
        return []


def _judged(affordable: float) -> Verdict:
    backend = Bare(opaque_ids=True, tokens=(log_ins := _LogIns()), sessions=log_ins)
    backend.remote = True  # type: ignore[attr-defined]
    backend.affordable = affordable  # type: ignore[attr-defined]
    backend.unsaid = "nothing is said of it"  # type: ignore[attr-defined]
    return judge(backend, "C7", Surface.AUTH, Level.STRICT, 1, Effort())


def test_the_floor_does_not_shrink_with_what_a_log_in_takes() -> None:
    """Slow log-ins make less of what time buys, and of nothing else."""
    verdict = _judged(affordable=0.05)
    assert verdict.outcome is Outcome.PASSED
    played = re.search(r"(\d+) programs", " ".join(verdict.notes))
    assert played is not None
    assert int(played[1]) >= 15
