"""Tests of A2: tokens meet where one's record becomes another's, and not where a record is made late."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, Session
from id_isolation.checks.a2_wide_session_keys import session_keys_are_wide
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Surface
from id_isolation.world.simulated_auth import SimulatedAuthService

from ..bare import Bare, context_on, findings_of


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass
class _LogIn:
    """Records by a key of the token, made at the use with this number; `told` says if there is a session before."""

    tokens: SimulatedAuthService
    key: Callable[[str], str] = _digest
    made_at: int = 1
    told: bool = True
    uses: dict[str, int] = field(default_factory=dict)
    kept: dict[str, Session] = field(default_factory=dict)

    async def log_in(self, token: str) -> Session:
        user, key = str(self.tokens.user_of(token)), self.key(token)
        self.uses[token] = self.uses.get(token, 0) + 1
        session = Session(user, f"session of {user}, {self.uses[token]}", key)
        if self.uses[token] >= self.made_at:
            known = self.kept.get(key)
            self.kept[key] = known if known is not None and known.user == user else session
            # As a driver that knows a record by the whole digest, or by its being new, and by nothing else.
            if known is None or key == _digest(token):
                return self.kept[key]
        elif self.told:
            return session
        raise BackendBroke("accepted, and there is no record that is the token's")

    async def records(self) -> list[Session]:
        return list(self.kept.values())


def _found(**options: Any) -> list[Finding]:
    tokens = SimulatedAuthService()
    world = context_on(Bare(tokens=tokens, sessions=_LogIn(tokens, **options)), "A2", Surface.AUTH)
    return findings_of(session_keys_are_wide, world)


@pytest.mark.parametrize(
    "options",
    [{}, {"made_at": 2}, {"made_at": 2, "told": False}, {"made_at": 99}],
    ids=["at once", "at the second use", "at the second use, and told late", "never"],
)
def test_when_a_record_is_made_is_a_policy(options: dict[str, Any]) -> None:
    """Sessions without a record meet on none."""
    assert _found(**options) == []


def test_a_token_that_takes_anothers_record_is_a_finding() -> None:
    """Whose record it was is told."""
    (finding,) = _found(key=lambda token: _digest(token[:72]))
    assert finding.symptom == "tokens-meet"
    assert "of 'naba0.moreno' is gone" in finding.evidence[0]
