"""Whether a place calls the generator as the plan says."""

from __future__ import annotations

from typing import Any

import pytest

from id_isolation.scan.places import GeneratorCall, PlaceMint, PlaceReport, judge_generator_call
from id_isolation.scan.plan_facts import in_use

_PLACES = {place.phase: place for place in in_use().places}


def _call(*targets: str, method: str, user: str = "user_id", **changes: Any) -> GeneratorCall:
    items = tuple(changes.pop("items", (None,) * len(targets)))
    parts: dict[str, Any] = {"line": 5, "user_constant": False, "user_random": False, "site": 9, **changes}
    return GeneratorCall(targets=targets, items=items, method=method, file="a.py", source="x", user=user, **parts)


def _report(phase: str, *calls: GeneratorCall, **changes: object) -> PlaceReport:
    parts: dict[str, object] = {"found": True, "problem": "", **changes}
    return PlaceReport(_PLACES[phase], "place", generator_calls=calls, **parts)  # type: ignore[arg-type]


def _sentences(report: PlaceReport) -> list[str]:
    return [problem.sentence for problem in judge_generator_call(report)]


@pytest.mark.parametrize("phase", ["auth", "websocket"])
def test_the_plans_method_with_a_real_user_has_no_problem(phase: str) -> None:
    """Called once or in two branches."""
    call = _call("session_id", method=_PLACES[phase].method)
    assert _sentences(_report(phase, call)) == []
    assert _sentences(_report(phase, call, call)) == []


@pytest.mark.parametrize("phase", ["auth", "dispatcher", "websocket"])
def test_a_place_that_was_not_found_is_a_problem(phase: str) -> None:
    """With the reason and the module."""
    (problem,) = judge_generator_call(_report(phase, found=False, problem="mod.py is missing."))
    assert (problem.sentence, problem.file, problem.line) == ("mod.py is missing.", _PLACES[phase].path, 0)


def test_no_call_at_all_is_reported_at_the_raw_mint_that_stands_there() -> None:
    """Where nothing mints, it is reported at the first target of the place."""
    mint = PlaceMint("session_id", "b.py", 7, "x", "uuid.uuid4")
    (raw,) = judge_generator_call(_report("auth", raw_mints=(mint,)))
    (none,) = judge_generator_call(_report("auth", file="c.py", line=3))
    assert raw.sentence == none.sentence == "place never calls the generator's generate_session_id."
    assert [(problem.file, problem.line) for problem in (raw, none)] == [("b.py", 7), ("c.py", 3)]


def test_another_method_alone_is_named_beside_the_plans() -> None:
    """In one sentence, at the call's own line."""
    (problem,) = judge_generator_call(_report("auth", _call("session_id", method="generate_base_id")))
    assert problem.sentence == "place calls generate_base_id of the generator; the plan names generate_session_id."
    assert (problem.file, problem.line) == ("a.py", 5)


def test_another_method_beside_the_right_one_is_a_problem_but_not_for_the_user() -> None:
    """A user that is itself minted by the generator is the place's own business."""
    right = _call("session_id", method="generate_session_id")
    other = _call("session_id", method="generate_base_id")
    user = _call("user_id", method="generate_base_id")
    assert _sentences(_report("auth", right, other)) == [
        "session_id also comes from generate_base_id, where the plan names generate_session_id."
    ]
    assert _sentences(_report("auth", right, user)) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"user": ""}, "without a user."),
        ({"user": "uuid4()", "user_random": True}, "with a user (uuid4()) that is itself a random value."),
        ({"user": "'web'", "user_constant": True}, "with a constant for the user ('web'): it names nobody."),
    ],
)
def test_a_call_that_names_nobody_is_a_problem(changes: dict[str, object], words: str) -> None:
    """Without a user, with a random one, with a constant."""
    call = _call("session_id", method="generate_session_id", **changes)  # type: ignore[arg-type]
    assert _sentences(_report("auth", call)) == [f"place calls generate_session_id {words}"]


_IDS = ("thread_id", "run_id", "request_id")


def _context(*targets: str, items: tuple[int | None, ...] = (0, 1, 2), **changes: object) -> GeneratorCall:
    return _call(*(targets or _IDS), method="generate_user_context_ids", items=items, **changes)  # type: ignore[arg-type]


def test_the_whole_context_from_one_call_has_no_problem() -> None:
    """A constant user too: the plan itself writes one; and the items counted from the end."""
    assert _sentences(_report("dispatcher", _context(user="'migration_compat'", user_constant=True))) == []
    assert _sentences(_report("dispatcher", _context(items=(-3, -2, -1)))) == []


def test_a_part_that_does_not_come_from_the_call_is_named() -> None:
    """One or two of them."""
    one = _context("thread_id", "run_id", items=(0, 1))
    two = _context("run_id", items=(1,))
    assert _sentences(_report("dispatcher", one)) == [
        "request_id of the context does not come from generate_user_context_ids."
    ]
    assert _sentences(_report("dispatcher", two)) == [
        "thread_id and request_id of the context does not come from generate_user_context_ids."
    ]


def test_a_part_taken_from_the_wrong_place_is_named() -> None:
    """Swapped, or the whole result instead of an item."""
    assert _sentences(_report("dispatcher", _context(items=(1, 0, 2)))) == [
        "thread_id is item 1 of the result of generate_user_context_ids; the plan gives it item 0.",
        "run_id is item 0 of the result of generate_user_context_ids; the plan gives it item 1.",
    ]
    assert _sentences(_report("dispatcher", _context(items=(0, 1, None)))) == [
        "request_id is the whole result of generate_user_context_ids; the plan gives it item 2."
    ]


def test_a_context_of_several_calls_does_not_correlate() -> None:
    """Unless they belong to two contexts, made at two places."""
    first = _context("thread_id", items=(0,), line=5)
    second = _context("run_id", "request_id", items=(1, 2), line=6)
    assert _sentences(_report("dispatcher", first, second)) == [
        "the context's IDs come from 2 calls of generate_user_context_ids, so they do not correlate."
    ]
    assert _sentences(_report("dispatcher", _context(line=5, site=9), _context(line=6, site=12))) == []


def test_the_operation_where_the_user_belongs_is_a_problem() -> None:
    """The plan's two words look alike."""
    assert _sentences(_report("dispatcher", _context(user="'dispatcher'", user_constant=True))) == [
        "place calls generate_user_context_ids with the operation ('dispatcher') where the user belongs."
    ]


def test_a_context_without_a_user_is_a_problem() -> None:
    """So is one for a random user."""
    assert _sentences(_report("dispatcher", _context(user=""))) == [
        "place calls generate_user_context_ids without a user."
    ]
    assert "random" in _sentences(_report("dispatcher", _context(user_random=True)))[0]
