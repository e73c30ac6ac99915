"""A trial judges a changed backend in a process of its own, and tells every verdict or why there is none.

Trials run in processes of their own, report what they judged, and leave nothing behind. The progress bar shows on a
terminal, from one second on, and leaves nothing behind.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from id_isolation.backend.protocol import Backend, Session
from id_isolation.checks.check import judged_pairs
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.plan.kinds import Surface
from id_isolation.power.certificate import Preparing
from id_isolation.power.fault import all_faults, on
from id_isolation.power.trial import Told, Trial, Tried, try_all, work
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.effort import Effort

from ..bare import context_on
from ..own_children import own_children

PAIRS = (*on(Surface.AUTH, "A6"), *on(Surface.GENERATOR, "F6"))

_QUICK = on(Surface.AUTH, "U1", "A6", "U2")


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    """Every check, once: what forks need not import them again."""
    judged_pairs()


def _tried(trial: Trial) -> list[dict[str, Any]]:
    """The lines that a trial writes, in a fork as whoever proves makes it."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        work(trial, 1, Effort(0.1), write)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as stream:
        lines = [json.loads(line) for line in stream]
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return lines


def _opaque(root: Path) -> tuple[Any, Path | None]:
    assert list(root.iterdir()) == []
    return OpaqueBackend(), None


class _LetsAnybodyIn(OpaqueBackend):
    async def log_in(self, token: str) -> Session:
        return Session("somebody", "s")


class _EndsItsProcess(OpaqueBackend):
    async def log_in(self, token: str) -> Session:
        await asyncio.sleep(0.2)
        os._exit(3)


def test_every_pair_has_its_verdict_in_their_order() -> None:
    """Passed, or not applicable with the reason."""
    first, second = (Told.from_json(line) for line in _tried(Trial("sound", _opaque, PAIRS)))
    assert (first.pair, first.outcome) == (PAIRS[0], Outcome.PASSED)
    assert (second.pair, second.outcome) == (PAIRS[1], Outcome.NOT_APPLICABLE)
    assert "opaque" in second.sentence


@pytest.mark.parametrize(("until_caught", "count"), [(True, 1), (False, 2)])
def test_a_trial_may_end_at_the_first_verdict_that_is_not_green(until_caught: bool, count: int) -> None:
    """Or go on to the last."""
    lines = _tried(Trial("faulty", lambda root: (_LetsAnybodyIn(), None), PAIRS, until_caught))
    assert len(lines) == count
    assert lines[0]["outcome"] == "failed"
    assert lines[0]["symptoms"]


def test_a_check_whose_process_ends_took_until_then() -> None:
    """It cannot say itself for how long it went on."""
    (line,) = _tried(Trial("ending", lambda root: (_EndsItsProcess(), None), on(Surface.AUTH, "A6")))
    told = Told.from_json(line)
    assert told.outcome is Outcome.ERRORED
    assert "exit code 3" in told.sentence
    assert told.seconds >= 0.2


def test_a_backend_that_cannot_be_opened_is_told_as_trouble() -> None:
    """In one line, and nothing that it printed."""

    def prepare(root: Path) -> Any:
        print("half way")
        raise ImportError("no such module")

    assert _tried(Trial("broken", prepare, PAIRS)) == [{"trouble": "ImportError: no such module"}]


def test_nothing_is_left_of_the_place_in_which_it_was_tried(tmp_path: Path) -> None:
    """And whoever proves stays where they are."""
    before, note = os.getcwd(), tmp_path / "note"

    def prepare(root: Path) -> tuple[Any, Path | None]:
        note.write_text(f"{root}\n{os.getcwd()}")
        return OpaqueBackend(), None

    _tried(Trial("sound", prepare, ()))
    root, place = note.read_text().split("\n")
    assert Path(root).parent == Path(place).resolve()
    assert not Path(root).exists()
    assert not Path(place).exists()
    assert os.getcwd() == before


@pytest.fixture
def verdict() -> Callable[..., Verdict]:
    """A failed verdict with findings of these symptoms."""

    def make(*symptoms: str, **changes: Any) -> Verdict:
        world = context_on(check="X3")
        found = tuple(world.finding(symptom, f"About {symptom}.", ["First.", "Second."]) for symptom in symptoms)
        parts = {"outcome": Outcome.FAILED, "findings": found, "seconds": 1.5, **changes}
        return Verdict("X1", Surface.GENERATOR, **parts)

    return make


def test_a_verdict_is_told_by_its_first_finding_and_all_symptoms(verdict: Callable[..., Verdict]) -> None:
    """Each symptom once; a verdict without findings by its reason."""
    told = Told.of(verdict("repeated-id", "repeated-between-workers", "repeated-id"))
    assert told.symptoms == ("repeated-id", "repeated-between-workers")
    assert told.sentence == "About repeated-id. First."
    assert Told.of(verdict(reason="it stopped", outcome=Outcome.ERRORED)).sentence == "it stopped"
    assert Told.from_json(json.loads(json.dumps(told.to_json()))) == told


def test_only_what_is_not_green_is_red(verdict: Callable[..., Verdict]) -> None:
    """A check that had nothing to judge is."""
    told = tuple(Told.of(verdict(outcome=outcome)) for outcome in Outcome)
    assert {one.outcome for one in Tried("x", told, 1.0).red} == {
        Outcome.FAILED,
        Outcome.INCONCLUSIVE,
        Outcome.ERRORED,
    }


def _tried_in_forks(*trials: Trial, jobs: int = 2) -> list[Tried]:
    return try_all(trials, jobs=jobs, seed=1, effort=Effort(0.1))


def _fault(name: str) -> Preparing:
    return Preparing(next(fault for fault in all_faults() if fault.name == name))


def _broken(root: Path) -> tuple[Backend, Path | None]:
    raise RuntimeError("this backend cannot be opened")


def _dying(root: Path) -> tuple[Backend, Path | None]:
    os._exit(7)


def test_each_trial_has_its_own_backend() -> None:
    """Two faults tried at once are each seen by their own checks, and the results come in the order asked for."""
    role, refusal = _tried_in_forks(
        Trial("role", _fault("role-for-the-user"), _QUICK),
        Trial("refusal", _fault("refusal-clears-everything"), _QUICK),
    )
    assert {told.check for told in role.red} == {"U1", "U2"}
    assert {told.check for told in refusal.red} == {"A6"}
    assert all(told.sentence for told in (*role.red, *refusal.red))


def test_a_trial_may_end_at_the_first_check_that_notices() -> None:
    """What is tried until it is caught is judged no further."""
    (tried,) = _tried_in_forks(Trial("role", _fault("role-for-the-user"), _QUICK, until_caught=True))
    assert [told.outcome for told in tried.verdicts] == [Outcome.FAILED]


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [(_broken, "RuntimeError: this backend cannot be opened"), (_dying, "its process ended with status 7")],
    ids=["raises", "dies"],
)
def test_a_backend_that_cannot_be_tried_is_told(prepare: object, sentence: str) -> None:
    """A trial without verdicts says why, and the others go on."""
    broken, sound = _tried_in_forks(
        Trial("broken", prepare, _QUICK),  # type: ignore[arg-type]
        Trial("sound", _fault("context-dropped"), _QUICK[:1]),
    )
    assert broken.trouble == sentence
    assert not broken.verdicts
    assert [told.outcome for told in sound.verdicts] == [Outcome.PASSED]


def test_an_interrupted_matrix_leaves_no_process_behind() -> None:
    """Whoever interrupts the zygote gets all its processes ended and waited for."""

    def interrupt(done: int, total: int, name: str) -> None:
        raise KeyboardInterrupt

    before = own_children()
    with pytest.raises(KeyboardInterrupt):
        try_all(
            [Trial(f"{number}", _fault("context-dropped"), _QUICK) for number in range(3)],
            jobs=2,
            seed=1,
            effort=Effort(0.1),
            watch=interrupt,
        )
    assert own_children() <= before
