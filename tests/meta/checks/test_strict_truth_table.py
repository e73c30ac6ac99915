"""What every check says of the three embedded backends at strict level."""

from __future__ import annotations

import pytest

from id_isolation.drivers.spec import on_disk, resolve
from id_isolation.history.finding import Outcome
from id_isolation.judging.client import Judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.certificate import all_pairs

from ..judged import verdicts
from ..verdicts.test_truth_table import LEGACY as NAMED_REASONS

_GENERATOR, _AUTH, _DISPATCHER, _WEBSOCKET, _MANAGER = (
    Surface.GENERATOR,
    Surface.AUTH,
    Surface.DISPATCHER,
    Surface.WEBSOCKET,
    Surface.MANAGER,
)

WEAKNESSES = {
    ("F2", _GENERATOR),  # context IDs and IDs without a random part do not parse
    ("U2", _GENERATOR),  # the user is cut to eight characters
    ("U2", _AUTH),
    ("U2", _WEBSOCKET),
    ("U4", _DISPATCHER),  # one shared migration_compat_user
    ("U4", _WEBSOCKET),  # one shared unknown
    ("A5", _WEBSOCKET),  # a foreign preliminary ID is adopted
    ("A3", _GENERATOR),  # the session key is joined with a colon
    ("A7", _GENERATOR),
    ("C8", _GENERATOR),  # the matcher goes by kind and operation alone
    ("C3", _GENERATOR),  # the same, where clean-up asks it
    ("C4", _GENERATOR),
    ("C9", _WEBSOCKET),  # the WebSocket path mints thread and run one by one
    ("C7", _WEBSOCKET),  # a history meets the foreign preliminary ID and the joined session key
    ("E1", _MANAGER),  # another user's connection is served
    ("E2", _MANAGER),  # a thread is taken for a user
    ("E3", _MANAGER),  # the abrupt path misses a map
    ("C2", _MANAGER),
    ("C5", _MANAGER),
    ("C7", _MANAGER),
}
"""Where `remediated` fails, and nowhere else."""

# A raw ID names no user at all, so it pools nobody; and each caller without a context has a user of its own there.
LEGACY = WEAKNESSES - {("U4", _DISPATCHER), ("U4", _WEBSOCKET)}
LEGACY |= {(check, Surface(surface)) for check, surface, *_ in NAMED_REASONS}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("backend", "failing"),
    [("hardened", set()), ("remediated", WEAKNESSES), ("legacy", LEGACY)],
    ids=["hardened", "remediated", "legacy"],
)
def test_strict_fails_on_exactly_the_known_weaknesses(backend: str, failing: set[tuple[str, Surface]]) -> None:
    """`hardened` passes every check; the other two fail on their weaknesses and pass the rest."""
    # None of them answers requests.
    told = verdicts(backend, [pair for pair in all_pairs() if pair[1] is not Surface.HTTP], Level.STRICT, scale=0.25)
    assert {pair for pair, verdict in told.items() if verdict.outcome is Outcome.FAILED} == failing
    others = {verdict.outcome for pair, verdict in told.items() if pair not in failing}
    assert others == {Outcome.PASSED}


@pytest.mark.slow
def test_the_lives_on_the_remediated_backend_meet_two_weaknesses() -> None:
    """What C7 finds there is the adopted preliminary ID and the joined session key, and nothing else."""
    with on_disk(resolve("remediated")) as target, Judge(target, Level.STRICT, 1) as judge:
        verdict = judge.verdict("C7", _WEBSOCKET)
    symptoms = {finding.symptom for finding in verdict.findings}
    of_the_key = {"foreign-stored-session", "shared-stored-session", "taken-from-another"}
    assert "foreign-id-adopted" in symptoms
    assert symptoms - {"foreign-id-adopted"} <= of_the_key
