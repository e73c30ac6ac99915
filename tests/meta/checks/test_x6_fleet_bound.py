"""Tests of X6: the risk that a fleet mints one ID twice, held against the accepted one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from random import Random

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.checks.context import CheckContext
from id_isolation.checks.x6_fleet_bound import risk_of_a_fleet_is_accepted
from id_isolation.plan.kinds import Kind
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ..bare import Bare, context_on, findings_of

BOTH = (Kind.SESSION, Kind.CONNECTION)
LARGE = "workers=1000,rate=1000,years=10"
Draw = Callable[[Random], str]


def _hex(digits: int) -> Draw:
    return lambda random: f"{random.getrandbits(4 * digits):0{digits}x}"


EIGHT = _hex(8)


class _Minting:
    """IDs of the plan's grammar, ten a millisecond; `drawn` gives the random part of a kind, where that is its own."""

    def __init__(
        self, kinds: Sequence[Kind] = BOTH, drawn: dict[Kind, Draw] | None = None, others: Draw = EIGHT
    ) -> None:
        self.minted = kinds
        self.drawn = drawn or {}
        self.others = others
        self.numbers = count()
        self.random = Random(1)

    def kinds(self) -> Sequence[Kind]:
        return self.minted

    def tail(self, kind: Kind) -> str:
        number = next(self.numbers)
        return f"{1726234567890 + number // 10}_{number}_{self.drawn.get(kind, self.others)(self.random)}"

    def mint(self, kind: Kind, user: str) -> str:
        head = {Kind.SESSION: "session_auth", Kind.CONNECTION: "ws_conn"}[kind]
        return f"{head}_{user}_{self.tail(kind)}"

    def mint_context(self, user: str, operation: str) -> ContextIds:
        tail = f"{operation}_{self.tail(Kind.THREAD)}"
        return ContextIds(user, f"thread_{tail}", f"run_{tail}", f"req_{tail}")


def _judged(minting: _Minting, fleet: str = "", accepted: str = "") -> tuple[CheckContext, set[tuple[str, str]]]:
    """The symptoms that are found, each with the kind of ID."""
    stated = {"fleet": fleet, "accepted_risk": accepted}
    effort = Effort(0.2, tuple((name, value) for name, value in stated.items() if value))
    world = context_on(Bare(minting=minting), "X6", effort=effort)
    found = findings_of(risk_of_a_fleet_is_accepted, world)
    return world, {(finding.symptom, str(finding.kind)) for finding in found}


@pytest.mark.parametrize(
    "drawn",
    [EIGHT, lambda random: f"0badcafe{EIGHT(random)}", _hex(16)],
    ids=["eight digits", "behind a prefix of the process", "sixteen digits"],
)
def test_random_parts_of_32_bits_do_for_the_smallest_fleet(drawn: Draw) -> None:
    """Beside clock and counter; all three kinds are judged."""
    world, found = _judged(_Minting(others=drawn))
    assert (world.judged_count, found) == (3, set())


@pytest.mark.parametrize(
    "drawn",
    [lambda random: "0badcafe", lambda random: f"0000{_hex(4)(random)}", _hex(4), lambda random: ""],
    ids=["the same for all", "four digits of eight", "four digits", "none"],
)
@pytest.mark.parametrize("kind", [*BOTH, Kind.THREAD])
def test_ids_that_a_second_worker_repeats_are_too_risky(kind: Kind, drawn: Draw) -> None:
    """Each kind is judged by itself."""
    world, found = _judged(_Minting(drawn={kind: drawn}))
    assert (world.judged_count, found) == (3, {("risk-too-high", kind)})
    assert world.findings[0].evidence[-1].startswith("No fleet was stated with --fleet")


@pytest.mark.parametrize("kinds", [(), (Kind.SESSION,), (Kind.MESSAGE, Kind.CONNECTION)])
def test_a_kind_that_is_not_minted_is_not_judged(kinds: tuple[Kind, ...]) -> None:
    """Nor is one that the fleet's figures are not for; threads always are."""
    assert _judged(_Minting(kinds))[0].judged_count == 1 + len({*kinds} & {*BOTH})


@pytest.mark.parametrize(
    ("others", "accepted", "is_found"),
    [(EIGHT, "", True), (EIGHT, "1", False), (_hex(24), "", False), (_hex(24), "1e-30", True)],
    ids=["32 bits", "32 bits where it may happen", "96 bits", "96 bits where it may never"],
)
def test_a_stated_fleet_and_an_accepted_risk_decide(others: Draw, accepted: str, is_found: bool) -> None:
    """Both are the user's, and the finding no longer says that nothing was stated."""
    world, found = _judged(_Minting(others=others), LARGE, accepted)
    assert {symptom for symptom, _ in found} == ({"risk-too-high"} if is_found else set())
    assert not any("No fleet was stated" in sentence for finding in world.findings for sentence in finding.evidence)


@pytest.mark.parametrize(("fleet", "whose"), [("", "even the smallest fleet"), (LARGE, "your fleet")])
def test_the_first_note_is_short_and_the_others_say_it_of_each_kind(fleet: str, whose: str) -> None:
    """Whether or not the risk is accepted."""
    notes = _judged(_Minting(), fleet)[0].notes
    assert notes[0].startswith(f"The chance that {whose} ")
    assert [kind for note in notes[1:] for kind in (*BOTH, Kind.THREAD) if f"{kind} ID" in note] == [
        *BOTH,
        Kind.THREAD,
    ]


def test_opaque_ids_have_no_structure_to_measure() -> None:
    """They are not judged by it."""
    with pytest.raises(NotApplicable, match="opaque"):
        risk_of_a_fleet_is_accepted(context_on(Bare(minting=_Minting(), opaque_ids=True), "X6"))
