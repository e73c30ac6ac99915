"""Each slip of isolation makes what it is named after, and nothing where there is nothing to slip on."""

from __future__ import annotations

import ast
import textwrap

import pytest

from id_isolation.power.mutants import mutants_of
from id_isolation.power.slips import every_slip, isolation_slips


def _slips(source: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for mutant in mutants_of("a.py", textwrap.dedent(source), variants=isolation_slips):
        found.setdefault(mutant.operator, []).append(ast.unparse(ast.parse(mutant.source)))
    return found


@pytest.mark.parametrize(
    ("source", "operator", "line"),
    [
        (
            "async def f(self):\n async with self._lock:\n  self.n += 1",
            "lock dropped",
            "async def f(self):\n    self.n += 1",
        ),
        ("def f(d, k):\n del d[k]", "clean-up dropped", "    pass"),
        ("async def f(s):\n await s.close()", "clean-up dropped", "    pass"),
        ("def f(d, k):\n x = d.pop(k, None)\n return x", "clean-up dropped", "    x = d.get(k, None)"),
        ("def f(a, user_id):\n return a.user_id == user_id", "owner check removed", "    return True"),
        ("def f(a, owner):\n return a.owner != owner", "owner check removed", "    return False"),
        ("def f(t):\n return sha(t).hexdigest()", "key shortened", "    return sha(t).hexdigest()[:8]"),
        ("def f(t):\n return t[:N]", "key shortened", "    return t[:N // 2]"),
        ("def _key(u, t):\n return (u, t)", "key shortened", "    return (u[:8], t)"),
        ("def f(d, t):\n name = g(t)\n return d.get(name)", "key shortened", "    name = g(t)[:8]"),
        ("def f(d):\n return dict(d)", "copy made shared", "    return d"),
        ("def f(d):\n return d.copy()", "copy made shared", "    return d"),
        ("class A:\n def __init__(self):\n  self.d = {}", "shared by all objects", "globals().setdefault("),
        (
            "async def f(d, k):\n x = await g(k)\n if x:\n  pass\n y = await g(k)\n d[k] = 1",
            "await moved",
            "    d[k] = 1\n    y = await g(k)",
        ),
    ],
)
def test_each_slip_makes_what_it_is_named_after(source: str, operator: str, line: str) -> None:
    """The rest of the source stays as it is."""
    assert any(line in text for text in _slips(source)[operator])


@pytest.mark.parametrize(
    "source",
    [
        "def f(p):\n with open(p) as stream:\n  return stream",
        "def f(user):\n return user is None",
        "def f(a, b):\n return a == b",
        "def f(t):\n return len(t)",
        "def f():\n record = {}\n return record",
        "async def f(k):\n x = await g(k)\n y = x + 1\n return y",
        "async def f(k):\n x = await g(k)\n y = 1\n return x, y",
    ],
    ids=[
        "no lock",
        "nobody asked for",
        "no owner",
        "no key",
        "own variable",
        "needs what is awaited",
        "seen by nobody",
    ],
)
def test_what_isolates_nobody_is_left_alone(source: str) -> None:
    """No slip of isolation fits it."""
    assert _slips(source) == {}


def test_a_change_that_both_kinds_make_is_made_once() -> None:
    """Under the name that says more."""
    source = "def f(d, k):\n del d[k]\n"
    operators = [mutant.operator for mutant in mutants_of("a.py", source, variants=every_slip)]
    assert operators == ["clean-up dropped"]
