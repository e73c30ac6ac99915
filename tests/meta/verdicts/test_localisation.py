"""With only one phase of the plan carried out, exactly that phase's file turns green."""

from __future__ import annotations

import pytest
from _pytest.mark import ParameterSet

from id_isolation.embedded.compose import intermediate_states

from ..judged import FILES, all_pairs, pairs_in, red, verdicts

PHASE_FILES = {"auth": "auth flow", "dispatcher": "multi-user", "websocket": "staging"}
WHOLE_PLAN = {"violations", "compliance"}


def green_files(backend: str) -> set[str]:
    """The suite's files that are green on a backend."""
    failed = red(verdicts(backend, all_pairs(), scale=0.1))
    return {file for file in FILES if not failed & {(check, str(surface)) for check, surface in pairs_in(file)}}


def _state(name: str) -> ParameterSet:
    """One state is judged in every run, the others by the long proof."""
    return pytest.param(name, marks=() if name == "legacy+auth" else pytest.mark.slow)


@pytest.mark.parametrize("state", [_state(name) for name in intermediate_states()])
def test_each_phase_turns_its_own_file_green(state: str) -> None:
    """A phase's file is green with its phase, the unit files with all three, the control group always."""
    phases = set(state.split("+")) - {"legacy"}
    expected = {PHASE_FILES[phase] for phase in phases} | {"control"}
    if phases == set(PHASE_FILES):
        expected |= WHOLE_PLAN
    assert green_files(state) == expected
