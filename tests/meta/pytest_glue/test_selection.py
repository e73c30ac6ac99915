"""A marker that names no check, or a surface which that check does not judge, ends the run and is not passed over."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.checks.check import all_checks
from id_isolation.plan.kinds import Level, Surface
from id_isolation.pytest_plugin.options import level_of, pair_of, strict_halves


def item(*arguments: object, marked: bool = True, **named: object) -> Any:
    """A test that is marked so, or not at all."""
    marker = pytest.mark.check(*arguments, **named).mark if marked else None
    return SimpleNamespace(nodeid="tests/test_x.py::test_y", get_closest_marker=lambda name: marker)


def test_a_marker_names_a_check_and_a_surface() -> None:
    """A test without one judges no backend."""
    assert pair_of(item("C2", surface="generator")) == ("C2", Surface.GENERATOR)
    assert pair_of(item(marked=False)) is None


@pytest.mark.parametrize(
    ("arguments", "named", "said"),
    [
        ((), {"surface": "auth"}, "names no check and surface"),
        (("C2",), {}, "names no check and surface"),
        (("Z9",), {"surface": "auth"}, "there is no check 'Z9'"),
        (("C2",), {"surface": "cellar"}, "'cellar' is not a valid Surface"),
        (("C2",), {"surface": "tree"}, "C2 does not judge the surface tree"),
    ],
)
def test_a_marker_that_is_wrong_is_told_with_its_test(
    arguments: tuple[str, ...], named: dict[str, str], said: str
) -> None:
    """So that it is found and mended."""
    with pytest.raises(UsageError, match=said) as caught:
        pair_of(item(*arguments, **named))
    assert str(caught.value).startswith("tests/test_x.py::test_y")


def test_the_level_is_the_checks_own() -> None:
    """Whatever the surface."""
    assert level_of(("S1", Surface.AUTH)) is Level.PLAN
    assert level_of(("S3", Surface.TREE)) is Level.STRICT


def test_strict_halves_are_counted_once_for_each_check() -> None:
    """Of those that have one."""
    assert all_checks()["F2"].strict_proves
    assert not all_checks()["C2"].strict_proves
    assert strict_halves([("F1", Surface.AUTH), ("F1", Surface.GENERATOR), ("F2", Surface.GENERATOR)]) == 2
    assert strict_halves([("C2", Surface.GENERATOR)]) == 0
