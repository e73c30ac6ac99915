"""Every check has one carrier for each of its surfaces, and nothing is carried out twice."""

from __future__ import annotations

import pytest

from id_isolation.checks import registry
from id_isolation.checks.check import all_checks, carrier_of, carries_out, check_of, judged_pairs
from id_isolation.plan.kinds import Surface


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry with nothing in it, which loads nothing."""
    monkeypatch.setattr(registry, "_carriers", {})
    monkeypatch.setattr(registry, "_load", lambda: None)


def test_every_declared_check_and_surface_is_carried_out() -> None:
    """And no other pair."""
    declared = {(check, surface) for check, said in all_checks().items() for surface in said.surfaces}
    assert set(judged_pairs()) == declared


@pytest.mark.usefixtures("empty")
def test_a_carrier_is_registered_for_the_surfaces_named_or_for_all_declared() -> None:
    """And the function stays what it is."""

    def carrier(world: object) -> None: ...

    assert carries_out("U1", Surface.AUTH)(carrier) is carrier
    assert judged_pairs() == [("U1", Surface.AUTH)]
    carries_out("X1")(carrier)
    assert {surface for check, surface in judged_pairs() if check == "X1"} == set(check_of("X1").surfaces)


@pytest.mark.usefixtures("empty")
def test_a_pair_may_not_be_carried_out_twice() -> None:
    """The sentence names it."""
    carries_out("U1", Surface.AUTH)(lambda world: None)
    with pytest.raises(ValueError, match="U1 on auth is carried out twice"):
        carries_out("U1", Surface.AUTH)(lambda world: None)


@pytest.mark.usefixtures("empty")
def test_an_unknown_pair_or_check_is_an_error_in_words() -> None:
    """Rather than a check that does nothing."""
    with pytest.raises(ValueError, match="nothing carries out U1 on the surface tree"):
        carrier_of("U1", Surface.TREE)
    with pytest.raises(ValueError, match="there is no check 'Z9'; there are S1, "):
        carries_out("Z9")(lambda world: None)
