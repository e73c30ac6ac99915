"""The program of a finding opens what was judged from any directory, or there is none and it is said why."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from id_isolation.checks.context import CheckContext
from id_isolation.checks.parts.lives_reference import Disagreement
from id_isolation.checks.parts.lives_search import Shown, not_reproducible, snippet
from id_isolation.checks.parts.lives_steps import Cast, Step
from id_isolation.drivers.spec import open_backend
from id_isolation.embedded import compose
from id_isolation.power.faults.lives import AnyoneEndsRuns
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.delivery import Delivery

from .staged import stage_on

STEPS = ["connect c1 A", "connect c2 B", "run r1 c1"]
_HERE = AnyoneEndsRuns.__module__


def _call(backend: Any, root: Path | None = None) -> tuple[str, dict[str, Any]]:
    """What the program gives to `replay`: the backend, and the rest by name."""
    stage = stage_on(backend)
    stage.world.root = root
    disagreement = Disagreement("lost-event", "nothing arrives", "A", "r1")
    shown = Shown(Cast(("{}", "x{}"), ("c", "b:c")), tuple(map(Step.read, STEPS)), stage, disagreement)
    tree = ast.parse(snippet(stage.world, shown))
    stage.world.close()
    call = next(node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return ast.literal_eval(call.args[0]), {word.arg or "": ast.literal_eval(word.value) for word in call.keywords}


def _with(**attributes: Any) -> Any:
    backend = OpaqueBackend()
    vars(backend).update(attributes)
    return backend


def test_the_program_has_the_same_users_threads_and_steps() -> None:
    """As texts that the steps read back from; an adapter stays as it was named."""
    spec, given = _call(OpaqueBackend())
    assert spec == OpaqueBackend.name
    assert given == {"users": ["ana", "ben"], "threads": ["c", "b:c"], "steps": STEPS}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("hardened", "hardened"), ("legacy+auth", "legacy+auth"), ("checkouts/mine", "{root}"), ("planted", "{root}")],
)
def test_a_checkout_is_named_by_its_whole_path(
    name: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it was named, and where the suite was started; an embedded backend by its name."""
    monkeypatch.chdir(tmp_path)
    Path("tree").mkdir()
    assert _call(_with(name=name), Path("tree"))[0] == expected.format(root=tmp_path.resolve() / "tree")


def test_a_delivery_that_was_put_in_goes_along() -> None:
    """By its module and name, as another process finds it."""
    backend = _with(delivery=AnyoneEndsRuns)
    assert _call(backend)[1]["delivery"] == f"{_HERE}:AnyoneEndsRuns"
    assert not_reproducible(stage_on(backend).world) == ""


def _local() -> type[Delivery]:
    class Local(Delivery):
        """No module has it."""

    return Local


def _of_the_program() -> type[Delivery]:
    return type("Mine", (Delivery,), {"__module__": "__main__"})


@pytest.mark.parametrize("make", [_local, _of_the_program])
def test_a_delivery_that_no_other_process_finds_is_no_programs(make: Any) -> None:
    """It is named in the reason."""
    assert make().__qualname__ in not_reproducible(stage_on(_with(delivery=make())).world)


class _Declares(OpaqueBackend):
    delivery = AnyoneEndsRuns


def test_a_delivery_of_the_backends_own_is_opened_with_it() -> None:
    """It need not be named."""
    assert "delivery" not in _call(_Declares())[1]


def test_a_clean_up_that_was_put_in_is_no_programs(tmp_path: Path) -> None:
    """A checkout that is opened again has the driver's own."""
    root = compose.write("hardened", tmp_path.resolve())
    backend: Any = open_backend("hardened", root)
    world: CheckContext = stage_on(backend).world
    assert not_reproducible(world) == ""
    backend.cleanup = OpaqueBackend()
    assert "clean-up" in not_reproducible(world)
