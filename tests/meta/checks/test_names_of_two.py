"""Names that two users have alike or choose at once, and IDs that are handed on: whose each thing is, is seen."""

from __future__ import annotations

import pytest

from id_isolation.plan.kinds import Surface
from id_isolation.power.faults import names
from id_isolation.power.twins.names import TWINS

from .planted import subject, verdicts

_SEED = 7
_OF_TWINS = {
    "groups-of-escaped-names": (("E1", Surface.WEBSOCKET), ("E6", Surface.WEBSOCKET)),
    "listens-by-an-escaped-pattern": (("E1", Surface.WEBSOCKET), ("E6", Surface.WEBSOCKET)),
    "threads-of-chosen-names": (("E1", Surface.WEBSOCKET), ("C7", Surface.WEBSOCKET)),
    "notes-of-chosen-names": (("H3", Surface.HTTP), ("H1", Surface.HTTP)),
    "answers-by-user-and-key": (("H3", Surface.HTTP), ("H1", Surface.HTTP)),
    "ids-of-refused-handshakes-kept": (("A5", Surface.WEBSOCKET), ("U3", Surface.WEBSOCKET)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", [fault.name for fault in names.FAULTS])
def test_what_goes_to_another_by_a_name_is_found(name: str) -> None:
    """By the check that it is planted for, in its own words."""
    fault = subject(name)
    (verdict,) = verdicts(fault, fault.checks, [_SEED])  # type: ignore[union-attr]
    check, symptom = fault.says[0]  # type: ignore[union-attr]
    assert (check, symptom) in {(one.check, one.symptom) for one in verdict.findings}


@pytest.mark.slow
@pytest.mark.parametrize("name", [twin.name for twin in TWINS])
def test_what_keeps_names_apart_is_not_accused(name: str) -> None:
    """By the checks that see the faults which look like it."""
    assert [verdict.findings for verdict in verdicts(subject(name), _OF_TWINS[name], [_SEED]) if verdict.findings] == []
