"""Trees that carry the plan out in another way than the embedded one are green at plan level, whole.

And the generators that real trees were once wrong by are told from each other by what is found of each.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.fault import Fault, Twin, all_faults
from id_isolation.power.twins.trees import TWINS as TREES

from ..judged import Pair, all_pairs, symptoms, verdicts

BY_NAME = {tree.name: tree for tree in TREES}

# The generators that were wrong, and what nobody but each of them shows.
WRONG = {
    "run-with-another-counter-and-token": {("C1", "uncorrelated"), ("C2", "left-behind")},
    "run-of-the-operation-and-the-moment": {
        *{("C1", "uncorrelated"), ("C2", "left-behind"), ("F1", "no-grammar")},
        *{("X2", "repeated-id"), ("X4", "repeated-id")},
    },
    "thread-named-by-the-caller": {("U3", "shared-thread")},
}
_SHOWN_BY: list[Pair] = [(check, Surface.GENERATOR) for check in ("C1", "C2", "F1", "U3", "X2", "X4")]


def _not_passed(tree: Twin, pairs: Iterable[Pair]) -> dict[Pair, str]:
    """What is not a pass on a tree, and why."""
    given = verdicts(tree.base, pairs, tree.level, scale=0.1, layers=[tree.layer] if tree.layer else [])
    assert not any(verdict.besides for verdict in given.values())
    return {pair: verdict.reason for pair, verdict in given.items() if verdict.outcome is not Outcome.PASSED}


def test_a_generator_of_a_right_tree_is_green_at_plan_level() -> None:
    """Every check of the plan but the longest passes on it: none is red, and none goes without a verdict."""
    pairs = [pair for pair in all_pairs() if pair[1] is Surface.GENERATOR and pair[0] not in ("X3", "X5")]
    assert _not_passed(BY_NAME["stored-sessions-behind-coroutines"], pairs) == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", BY_NAME)
def test_every_right_tree_is_green_at_plan_level(name: str) -> None:
    """Only a dispatcher that serves nobody without a name leaves its own checks nothing to judge, and says so."""
    given = _not_passed(BY_NAME[name], all_pairs())
    if name == "dispatcher-for-named-callers-only":
        assert {surface for _, surface in given} == {Surface.DISPATCHER}
        assert {"refuses callers who bring no context" in reason for reason in given.values()} == {True}
    else:
        assert given == {}


def _shown(fault: Fault, checks: Iterable[Pair], level: Level) -> set[tuple[str, str]]:
    assert fault.layer is not None
    given = verdicts(fault.base, checks, level, layers=[fault.layer])
    return {(check, symptom) for check, _, symptom, _ in symptoms(given)}


@pytest.mark.parametrize("name", WRONG)
def test_generators_that_were_wrong_are_told_from_each_other(name: str) -> None:
    """By the findings of six checks."""
    fault = next(fault for fault in all_faults() if fault.name == name)
    shown = _shown(fault, _SHOWN_BY, Level.STRICT)
    others = set().union(*(found for other, found in WRONG.items() if other != name)) - WRONG[name]
    assert shown >= WRONG[name]
    assert not shown & others


@pytest.mark.slow
@pytest.mark.parametrize("name", list(WRONG)[:2])
def test_a_generator_that_does_not_correlate_is_red_at_plan_level(name: str) -> None:
    """C1 says that they do not, and C2 what stays behind of it; the caller's own name is a matter of strict."""
    fault = next(fault for fault in all_faults() if fault.name == name)
    assert _shown(fault, _SHOWN_BY[:2], Level.PLAN) == {("C1", "uncorrelated"), ("C2", "left-behind")}
