"""A search depends on its seed alone, and records the smallest example that fails."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from id_isolation.backend.protocol import BackendBroke
from id_isolation.checks.context import CheckContext, Violation
from id_isolation.checks.parts.search import search, try_each
from id_isolation.world.effort import Effort

from ..bare import context_on

NUMBERS = st.integers(0, 10_000)


def _fail(world: CheckContext, value: int) -> None:
    raise Violation(world.finding("repeated-id", f"{value} is too large."))


def test_the_smallest_failing_example_becomes_the_finding() -> None:
    """And only one, however many failed."""
    world = context_on()

    def body(value: int) -> None:
        if value > 41:
            _fail(world, value)

    search(world, NUMBERS, body, 100)
    assert [finding.problem for finding in world.findings] == ["42 is too large."]


def test_a_body_that_never_fails_leaves_no_finding() -> None:
    """It was tried so often as the effort says."""
    counts = []
    for scale in (0.5, 1.0):
        tried: list[int] = []
        world = context_on(effort=Effort(scale))
        search(world, NUMBERS, tried.append, 40)
        counts.append(len(tried))
        assert world.findings == []
    assert 10 < counts[0] <= 20 < counts[1] <= 40


def test_the_examples_follow_from_the_probes_seed() -> None:
    """Twice the same, and others with another seed."""
    tried: list[list[int]] = []
    for seed in (1, 1, 2):
        values: list[int] = []
        search(context_on(seed=seed), NUMBERS, values.append, 20)
        tried.append(values)
    assert tried[0] == tried[1] != tried[2]


def test_a_backend_that_breaks_is_not_driven_on() -> None:
    """The first break comes out, and nothing else is tried after it."""
    tried: list[int] = []

    def body(value: int) -> None:
        tried.append(value)
        if len(tried) == 3:
            raise BackendBroke("mint hung")

    world = context_on()
    with pytest.raises(BackendBroke, match="mint hung"):
        search(world, NUMBERS, body, 50)
    assert len(tried) == 3
    assert world.findings == []


def test_what_happened_once_is_a_finding_though_it_does_not_happen_again() -> None:
    """A backend that does not do the same twice."""
    world = context_on()
    once: list[int] = []

    def body(value: int) -> None:
        if value > 100 and not once:
            once.append(value)
            _fail(world, value)

    search(world, NUMBERS, body, 50)
    assert [finding.symptom for finding in world.findings] == ["repeated-id"]


def test_another_error_goes_through() -> None:
    """It is the check that is wrong, not the backend."""

    def body(value: int) -> None:
        raise LookupError(value)

    with pytest.raises(LookupError):
        search(context_on(), NUMBERS, body, 5)


def test_what_is_always_tried_comes_first_and_the_first_that_fails_is_told() -> None:
    """In the order given, whatever the seed; nothing is searched after it."""
    tried: list[int] = []
    world = context_on()

    def body(value: int) -> None:
        tried.append(value)
        if value in (8, 9):
            _fail(world, value)

    search(world, NUMBERS, body, 20, always=(7, 8, 9))
    assert tried == [7, 8]
    assert [finding.problem for finding in world.findings] == ["8 is too large."]


def test_each_value_is_tried_until_one_fails() -> None:
    """Which becomes the finding; whether all passed is told."""
    world, tried = context_on(), []

    def body(value: int) -> None:
        tried.append(value)
        if value > 2:
            raise Violation(world.finding("repeated-id", f"{value} is too large."))

    assert try_each(world, [1, 2], body)
    assert not try_each(world, [1, 3, 4], body)
    assert tried == [1, 2, 1, 3]
    assert [finding.problem for finding in world.findings] == ["3 is too large."]
