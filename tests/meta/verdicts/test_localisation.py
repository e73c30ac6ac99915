"""With only one phase of the plan carried out, exactly that phase's file turns green."""

from __future__ import annotations

import pytest

from id_isolation.embedded.compose import intermediate_states

from ..judged import FILES, Pair, all_pairs, pairs_in, red, verdicts
from .test_truth_table import LEGACY

PHASE_FILES = {"auth": "auth flow", "dispatcher": "multi-user", "websocket": "staging"}
WHOLE_PLAN = {"violations", "compliance"}


RED_BEFORE = {check for check, *_ in LEGACY}


def green_files(backend: str, pairs: list[Pair]) -> set[str]:
    """The suite's files that are green on a backend, as far as these checks tell."""
    failed = red(verdicts(backend, pairs, scale=0.1))
    return {file for file in FILES if not failed & {(check, str(surface)) for check, surface in pairs_in(file)}}


def _expect_localised(state: str, pairs: list[Pair]) -> None:
    phases = set(state.split("+")) - {"legacy"}
    expected = {PHASE_FILES[phase] for phase in phases} | {"control"}
    if phases == set(PHASE_FILES):
        expected |= WHOLE_PLAN
    assert green_files(state, pairs) == expected


def test_one_phase_turns_its_own_file_green() -> None:
    """By the checks that are red before the plan, and the control group."""
    _expect_localised("legacy+auth", [p for p in all_pairs() if p[0] in RED_BEFORE or p in pairs_in("control")])


@pytest.mark.slow
@pytest.mark.parametrize("state", intermediate_states())
def test_each_phase_turns_its_own_file_green(state: str) -> None:
    """A phase's file is green with its phase, the unit files with all three, the control group always."""
    _expect_localised(state, all_pairs())
