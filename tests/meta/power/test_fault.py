"""A fault names its checks by surface, and a name that stands twice is found."""

from __future__ import annotations

import pytest

from id_isolation.checks.check import check_of
from id_isolation.plan.kinds import Surface
from id_isolation.power.fault import Fault, anywhere, on, repeated


def test_checks_on_one_surface_are_that_surfaces_pairs() -> None:
    """In the order in which they are given."""
    assert on(Surface.AUTH, "U1", "A1") == (("U1", Surface.AUTH), ("A1", Surface.AUTH))
    assert on(Surface.AUTH) == ()


def test_checks_anywhere_are_on_every_surface_that_they_declare() -> None:
    """And on no other; a check that there is not is an error."""
    assert anywhere("U1", "S3") == (
        *(("U1", surface) for surface in check_of("U1").surfaces),
        *(("S3", surface) for surface in check_of("S3").surfaces),
    )
    assert len(anywhere("U1")) > 1
    with pytest.raises(ValueError, match="there is no check 'Z9'"):
        anywhere("Z9")


@pytest.mark.parametrize(
    ("names", "twice"),
    [([], []), (["a", "b"], []), (["a", "b", "a"], ["a"]), (["a", "a", "a", "b", "b"], ["a", "a", "b"])],
)
def test_every_further_use_of_a_name_is_a_repetition(names: list[str], twice: list[str]) -> None:
    """The first one is not."""
    assert repeated(names) == twice
    assert repeated(iter(names)) == twice


def test_what_may_fail_besides_is_given_once_and_without_what_must() -> None:
    """Rooms share what may fail, whatever one of their faults must."""
    must, may = on(Surface.AUTH, "A1"), on(Surface.AUTH, "U1", "A1", "U1")
    fault = Fault("a", "it is wrong", "CWE-1", must, also=may)
    assert fault.allowed == on(Surface.AUTH, "U1")
