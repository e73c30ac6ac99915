"""An expression is constant only where every value it may have is written in the source."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.scan.places.constant import is_constant
from id_isolation.scan.places.frames import Frame
from id_isolation.scan.places.universe import Universe

from ..parsed import known, node
from ..trees import write

_HEAD = """
NAME = "nobody"
FREE = read()
class C:
    FIXED = "nobody"
    def __init__(self, user):
        self.user = user
        self.kind = "web"
    def f(self, given, default="nobody"):
        local = "a" if given else "b"
        either = "a"
        if given:
            either = given
        counted, = read()
        for item in given:
            pass
        {use}
"""


def _constant(written: str, tmp_path: Path) -> bool:
    source = known(_HEAD.replace("{use}", f"use({written})"))
    universe = Universe(write(tmp_path, {"other.py": 'GIVEN = "x"\nREAD = f()\n'}))
    call = node(source, f"use({written})", -1)
    return is_constant(call.args[0], Frame(source, {}), universe)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "written",
    [
        "'nobody'",
        "NAME",
        "local",
        "f'{NAME}-{1}'",
        "NAME + 'x'",
        "'a' or NAME",
        "'a' if given else 'b'",
        "('a', NAME)[0]",
        "str(NAME)",
        "NAME.upper()",
        "self.FIXED",
        "C.FIXED",
        "self.kind",
    ],
)
def test_what_is_written_out_is_constant(written: str, tmp_path: Path) -> None:
    """Through variables, texts, conditions, conversions and class attributes; the condition itself may be anything."""
    assert _constant(written, tmp_path)


@pytest.mark.parametrize(
    "written",
    [
        "given",
        "default",
        "FREE",
        "either",
        "counted",
        "item",
        "unknown",
        "f'{NAME}-{given}'",
        "NAME + given",
        "given or NAME",
        "given if NAME else 'b'",
        "('a', given)[0]",
        "str(given)",
        "str()",
        "NAME.join(given)",
        "read()",
        "self.user",
        "self.absent",
        "lambda: 1",
    ],
)
def test_one_part_from_elsewhere_makes_it_no_constant(written: str, tmp_path: Path) -> None:
    """A parameter, a call, a loop's item, a name that nothing binds; a default is one value among others."""
    assert not _constant(written, tmp_path)


def test_a_parameter_is_what_its_caller_gave(tmp_path: Path) -> None:
    """Judged in the caller's own frame."""
    source = known("def f(user):\n    return user\nf('nobody')\nf(read())\n")
    use = node(source, "user", -1)
    universe = Universe(tmp_path)
    caller = Frame(source, {})
    fixed, free = (node(source, text).args[0] for text in ("f('nobody')", "f(read())"))  # type: ignore[attr-defined]
    assert is_constant(use, Frame(source, {"user": (fixed, caller)}), universe)
    assert not is_constant(use, Frame(source, {"user": (free, caller)}), universe)


def test_a_variable_of_another_module_is_followed(tmp_path: Path) -> None:
    """An outside module's is not known, and so no constant."""
    write(tmp_path, {"other.py": 'GIVEN = "x"\nREAD = f()\n'})
    source = known("import other, os\nfrom other import GIVEN\nuse(GIVEN, other.GIVEN, other.READ, os.sep)\n")
    call = next(item for item in source.module.calls)
    assert [is_constant(part, Frame(source, {}), Universe(tmp_path)) for part in call.args] == [
        True,
        True,
        False,
        False,
    ]


def test_nothing_is_no_constant_and_a_circle_ends(tmp_path: Path) -> None:
    """Two variables made of each other."""
    source = known("def f():\n    while c:\n        x = y\n        y = x\n    use(x)\n")
    assert not is_constant(None, Frame(source, {}), Universe(tmp_path))
    assert not is_constant(node(source, "x", -1), Frame(source, {}), Universe(tmp_path))
