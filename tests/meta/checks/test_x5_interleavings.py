"""X5 as a check: what it finds in whole backends, how it tells of it, and that it can be run again."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from id_isolation.drivers.spec import Target, TargetKind, on_disk, resolve
from id_isolation.embedded import compose
from id_isolation.history.finding import Outcome
from id_isolation.judging.client import Judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.fault import in_generator, in_log_in
from id_isolation.schedules.shrinking import NARROW
from id_isolation.world.effort import Effort

from .planted import subject

_RECORDS = "_active_token_sessions: dict[str, dict[str, Any]] = {}\n"
_ASK = "    validation = await auth_client.validate_token_jwt(token) if token.strip() else None\n"
_COUNTING = "    with _counter_lock:\n        _counter += 1\n        return _counter\n"

NO_LOCK = in_generator((_COUNTING, "    _counter += 1\n    return _counter\n"))
SINGLETON = in_log_in(
    (_RECORDS, f"{_RECORDS}_current: dict[str, str] = {{}}\n"),
    (_ASK, f'    _current["token"] = token\n{_ASK}    token_hash = _token_key(_current["token"])\n'),
)
GLOBAL_USER = subject("connecting-user-in-a-global").layer
ONE_AT_A_TIME = in_log_in(
    (_RECORDS, f"{_RECORDS}_lock = asyncio.Lock()\n"),
    (_ASK, f"    async with _lock:\n    {_ASK}"),
    imports="import asyncio",
)


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Failing schedules are saved below the working directory."""
    monkeypatch.chdir(tmp_path)


@contextmanager
def planted(layer: Any) -> Iterator[Any]:
    with TemporaryDirectory(prefix="id-isolation-") as place:
        root = compose.write("hardened", Path(place).resolve(), [layer])

        def verdict(surface: Any, scale: float = 0.3, **options: Any) -> Any:
            effort = Effort(scale, tuple(options.items()))
            with Judge(Target(str(root), TargetKind.CHECKOUT, root), Level.PLAN, 1, effort) as judge:
                return judge.verdict("X5", surface)

        verdict.root = str(root)  # type: ignore[attr-defined]
        yield verdict


@pytest.mark.slow
def test_a_lock_of_asyncio_that_loops_cannot_share_is_no_fault() -> None:
    """Threads with a loop each are refused by the lock, which says nothing against the backend."""
    with planted(ONE_AT_A_TIME) as verdict:
        given = verdict(Surface.AUTH, scale=0.05)
        assert given.outcome is Outcome.PASSED, given


@pytest.mark.parametrize(
    ("layer", "surface"),
    [
        (NO_LOCK, Surface.GENERATOR),
        (SINGLETON, Surface.AUTH),
        pytest.param(GLOBAL_USER, Surface.WEBSOCKET, marks=pytest.mark.slow),
    ],
    ids=["generator", "auth", "websocket"],
)
def test_what_was_found_is_drawn_briefly_saved_whole_and_run_again(layer: Any, surface: Any) -> None:
    """The drawing fits a terminal, the file holds the whole history, and the replay fails in the same way."""
    with planted(layer) as verdict:
        found = verdict(surface).findings[0]
        if layer is SINGLETON:
            # Tasks are enough for it: one log-in ends with another's session.
            assert "tasks" in found.problem
            assert "is suspended at auth.py" in found.drawing
        assert max(map(len, found.drawing.splitlines())) <= NARROW
        assert len(found.evidence) == 2
        assert {shown.text for shown in found.ids} or surface is Surface.AUTH
        file = found.replay.rpartition(" ")[2]
        history = json.loads(Path(file).read_text())["failure"]["history"]
        assert len(history) > len(found.drawing.splitlines())
        again = verdict(surface, replay=file)
        assert again.findings[0].symptom == found.symptom
        assert again.findings[0].drawing.splitlines()[2:-2] == found.drawing.splitlines()[2:-2]
        assert again.judged == 1


READS = in_generator((_COUNTING, "    _counter\n    _counter\n    _counter\n    _counter += 1\n    return _counter\n"))
MENDED = in_generator((_COUNTING, f"    time.time()\n{_COUNTING}"))


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A judge of a generator without its lock, and the data of one interleaving that it saved."""
    with pytest.MonkeyPatch.context() as patch, planted(NO_LOCK) as verdict:
        patch.chdir(tmp_path_factory.mktemp("lost"))
        file = Path(verdict(Surface.GENERATOR).findings[0].replay.rpartition(" ")[2])
        yield verdict, json.loads(file.read_text())


def _saved(data: Any, folder: Any) -> Any:
    file = folder / "saved.json"
    file.write_text(json.dumps(data))
    return str(file)


@pytest.mark.parametrize("layer", [pytest.param(READS, marks=pytest.mark.slow), MENDED], ids=["still racy", "mended"])
def test_what_was_found_in_other_code_is_no_pass(layer: Any, lost: Any, tmp_path: Path) -> None:
    """The place that has changed is named, or it fails all the same."""
    with planted(layer) as changed:
        given = changed(Surface.GENERATOR, replay=_saved({**lost[1], "backend": changed.root}, tmp_path))
    assert given.outcome in (Outcome.FAILED, Outcome.INCONCLUSIVE)
    if given.outcome is Outcome.INCONCLUSIVE:
        assert re.fullmatch(r"the code at .* has changed since; this interleaving .*; run X5 anew", given.reason)


def test_what_was_found_in_another_backend_is_not_run(lost: Any, tmp_path: Path) -> None:
    """One sentence names both, also on another surface."""
    verdict, data = lost
    with planted(SINGLETON) as other:
        given = other(Surface.AUTH, replay=_saved(data, tmp_path))
        assert given.outcome is Outcome.INCONCLUSIVE
        assert given.reason == f"the saved interleaving is one of {verdict.root}, and this is {other.root}"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda data: data["failure"].update(python="3.4.10"),
            "is one of Python 3.4.10, whose instructions",
        ),
        pytest.param(
            lambda data: data.update(program="the counter of nothing"),
            "is one of 2 threads for the counter of nothing",
            marks=pytest.mark.slow,
        ),
        (lambda data: data["failure"].update(steady=False), "did not fail each time when it was found"),
        pytest.param(
            lambda data: data.pop("backend"),
            "no interleaving can be read from it ('backend')",
            marks=pytest.mark.slow,
        ),
    ],
    ids=["interpreter", "program", "not steady", "not whole"],
)
def test_a_file_that_cannot_be_run_again_here_is_never_green(change: Any, says: Any, lost: Any, tmp_path: Path) -> None:
    """One sentence tells why."""
    verdict, saved = lost
    data = deepcopy(saved)
    if data["failure"]["steady"] and says.startswith("did not"):
        # Its switches are taken where nothing can be lost.
        data["failure"]["schedule"].update(switches=[], code={})
    change(data)
    given = verdict(Surface.GENERATOR, replay=_saved(data, tmp_path))
    assert not given.outcome.is_green
    assert says in given.reason


ELSEWHERE = in_generator(
    (_COUNTING, "    global _counter\n    with _of_a_future:\n        _counter += 1\n        return _counter\n"),
    ("_counter = 0\n\n", "_counter = 0\n_of_a_future = Future()._condition\n\n"),
    imports="from concurrent.futures import Future",
)
NEVER = in_generator(
    (
        _COUNTING,
        "    if _counter > 60 and threading.current_thread() is not threading.main_thread():\n"
        f"        _answer.result()\n{_COUNTING}",
    ),
    ("_counter = 0\n\n", "_counter = 0\n_answer = Future()\n\n"),
    imports="from concurrent.futures import Future",
)


@pytest.mark.slow
def test_a_sound_lock_outside_control_takes_no_long_time_and_no_verdict_away() -> None:
    """What blocks on it is given up after a while, which the notes tell; the others are enough."""
    with planted(ELSEWHERE) as verdict:
        given = verdict(Surface.GENERATOR)
    assert given.outcome is Outcome.PASSED, given
    assert any("were given up, because they waited for what is outside" in note for note in given.notes)


@pytest.mark.slow
def test_where_nearly_all_is_given_up_nothing_is_known() -> None:
    """The verdict says so in one sentence, with the place; nobody calls it hung."""
    with planted(NEVER) as verdict:
        given = verdict(Surface.GENERATOR)
    assert given.outcome is Outcome.INCONCLUSIVE, given
    said = r"of the schedules of \d threads for the counter of .*, \w+ could be run to an end, and \d+ were given up, "
    assert re.fullmatch(said + r"because they waited for .* at .*unified_id_generator\.py:\d+", given.reason)


LANES = {
    Surface.GENERATOR: {
        "the counter of session IDs": {"2 threads", "3 threads"},
        "the counter of connection IDs": {"2 threads", "3 threads"},
        "the counter of base IDs": {"2 threads", "3 threads"},
        "the counter of contexts": {"2 threads", "3 threads"},
        "the counter of client IDs": {"2 threads"},
        "the counter of execution IDs": {"2 threads"},
        "the counter of message IDs": {"2 threads"},
        "the counter of batches of IDs": {"2 threads"},
        "one stored session": {"2 threads", "3 threads"},
        "new stored sessions": {"2 threads", "3 threads"},
        "stored sessions looked up": {"2 threads", "3 threads"},
        "stored sessions ended by name": {"2 threads", "3 threads"},
        "stored sessions ended by age": {"2 threads", "3 threads"},
        "stored sessions renewed": {"2 threads"},
    },
    Surface.AUTH: {
        "log-in": {"2 tasks", "3 tasks", "2 threads", "3 threads"},
        "log-in beside a withdrawal": {"2 tasks"},
        "log-in beside a hand-over": {"2 tasks"},
    },
    Surface.WEBSOCKET: {
        "connections": {"2 tasks", "3 tasks", "2 threads", "3 threads"},
        "connections of one user": {"2 tasks", "3 tasks", "2 threads", "3 threads"},
    },
}


STORED = (
    "one stored session",
    "new stored sessions",
    "stored sessions looked up",
    "stored sessions ended by name",
    "stored sessions ended by age",
    "stored sessions renewed",
)
"""What the embedded backends do without an await, so that no order of tasks differs."""

SIMULATED = ("registered connections", "released connections")
"""What the embedded backends leave to the suite's own factory, which nobody judges."""


@pytest.mark.parametrize(
    "surface", [pytest.param(one, marks=() if one is Surface.AUTH else pytest.mark.slow) for one in LANES]
)
def test_each_surface_is_run_by_these_lanes(surface: Any) -> None:
    """The verdict's notes name each program with its lanes, and say that it was interrupted and did not fail."""
    with on_disk(resolve("hardened")) as target, Judge(target, Level.STRICT, 1, Effort(0.02)) as judge:
        verdict = judge.verdict("X5", surface)
    assert verdict.outcome is Outcome.PASSED, verdict
    told = defaultdict(set)
    for note in verdict.notes:
        name, rest = note.split(": ", 1)
        if name in STORED and "tasks" in rest:
            assert rest.startswith("Nothing was explored")
            assert "They never suspend" in rest
            continue
        if name in SIMULATED:
            assert rest.startswith("Nothing was explored")
            assert "none of the backend's own code" in rest
            continue
        said = re.fullmatch(r"\d+ schedules of (\d \w+) were run .*: none fails\.", rest)
        assert said is not None, rest
        told[name].add(said[1])
    assert told == LANES[surface]
