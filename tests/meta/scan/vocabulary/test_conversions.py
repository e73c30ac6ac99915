"""Each word of the lists is a name that there is, and a value is followed through it and through no other."""

from __future__ import annotations

import builtins
import datetime
import hashlib
import types
import uuid
from collections.abc import Iterable
from pathlib import Path
from pkgutil import resolve_name

import pytest

from id_isolation.scan.places.frames import Frame
from id_isolation.scan.places.trace import Tracer
from id_isolation.scan.places.universe import Universe
from id_isolation.scan.vocabulary.conversions import ATTRIBUTES, FACTORY_KEYWORDS, FALLBACKS, FUNCTIONS, METHODS

from ..trees import write

# A clock's value, which is followed through nothing but what is known to keep it.
_CLOCK = "time.time()"
_IMPORTS = "import time\n" + "".join(
    f"import {module}\n" for module in sorted({name.partition(".")[0] for name in FUNCTIONS if "." in name})
)
_OF_OTHER_PACKAGES = frozenset(["item", "str"])
"""Of a NumPy scalar, and of a ULID."""


def _followed(expressions: Iterable[str], root: Path) -> set[str]:
    """The expressions that come from the clock."""
    written = list(expressions)
    write(root, {"app.py": _IMPORTS + "".join(f"use({expression})\n" for expression in written)})
    universe = Universe(root)
    known = universe.load("app.py")
    uses = [call.args[0] for call in known.module.calls if getattr(call.func, "id", "") == "use"]
    tracer = Tracer(universe)
    return {
        expression
        for expression, node in zip(written, uses, strict=True)
        if [source.name for source in tracer.sources(node, Frame(known, {}))] == ["time.time"]
    }


@pytest.mark.parametrize(
    "expressions",
    [
        [f"{name}({_CLOCK})" for name in FUNCTIONS],
        [f"{_CLOCK}.{name}()" for name in METHODS],
        [f"{_CLOCK}.{name}" for name in ATTRIBUTES],
        [f"field({name}=lambda: {_CLOCK})" for name in FACTORY_KEYWORDS],
        [f"given.{name}('key', {_CLOCK})" for name in FALLBACKS],
        [f"getattr(given, 'key', {_CLOCK})"],
    ],
    ids=["functions", "methods", "attributes", "factories", "fallbacks", "a-builtin-fallback"],
)
def test_a_value_is_followed_through_every_word(expressions: list[str], tmp_path: Path) -> None:
    """It stays the same value in another form."""
    assert _followed(expressions, tmp_path) == set(expressions)


def test_through_other_names_it_is_not_followed(tmp_path: Path) -> None:
    """A length, a comparison or a key says nothing of the value any more."""
    others = [
        f"len({_CLOCK})",
        f"isinstance({_CLOCK}, float)",
        f"hmac.compare_digest({_CLOCK}, given)",
        f"{_CLOCK}.is_integer()",
        f"{_CLOCK}.imag",
        f"field(validator=lambda: {_CLOCK})",
        f"given.index('key', {_CLOCK})",
        f"getattr({_CLOCK}, 'key', given)",
    ]
    assert _followed(others, tmp_path) == set()


def test_every_function_is_there() -> None:
    """By its dotted name, as a builtin, or by the last part of a dotted one."""
    dotted = {name for name in FUNCTIONS if "." in name}
    for name in dotted:
        assert callable(resolve_name(f"builtins:{name}" if hasattr(builtins, name.split(".")[0]) else name))
    short = {name for name in FUNCTIONS - dotted if not hasattr(builtins, name)}
    assert short <= {name.rpartition(".")[2] for name in dotted} | {types.SimpleNamespace.__name__}


def test_every_method_and_attribute_is_one_of_a_value_that_may_be_an_id() -> None:
    """Of texts, bytes, numbers, containers, UUIDs, times and digests."""
    moment = datetime.datetime(2024, 9, 13)
    values: list[object] = ["", b"", memoryview(b""), 1, [], {}, uuid.UUID(int=7), moment, moment - moment]
    values.append(hashlib.sha256())
    unknown = {name for name in METHODS | ATTRIBUTES if not any(hasattr(value, name) for value in values)}
    assert unknown == _OF_OTHER_PACKAGES
