"""Every state of the plan has a name, and nothing stands twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.embedded import compose
from id_isolation.embedded.layer import LayerError


def test_the_eight_states_between_legacy_and_the_whole_plan_are_all_different() -> None:
    """Each combination of phases has sources of its own."""
    states = compose.intermediate_states()
    assert len(states) == 8
    assert len({tuple(sorted(compose.sources(state).items())) for state in states}) == 8


def test_the_order_of_phases_does_not_matter() -> None:
    """The plan's phases can be carried out alone and in any order."""
    assert compose.sources("legacy+auth+websocket") == compose.sources("legacy+websocket+auth")


def test_all_phases_on_legacy_are_the_remediated_backend() -> None:
    """`remediated` is the plan to the letter."""
    assert compose.sources("legacy+auth+dispatcher+websocket") == compose.sources("remediated")


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("legacy+auht", "there is no phase 'auht'"),
        ("remediated+auth", "already carried out"),
        ("legacy+auth+auth", "already carried out"),
        ("modern", "there is no embedded backend 'modern'"),
    ],
)
def test_a_name_that_is_none_is_refused_in_one_sentence(spec: str, said: str) -> None:
    """The error says what there is."""
    with pytest.raises(LayerError, match=said):
        compose.sources(spec)


@pytest.mark.parametrize("spec", [*compose.intermediate_states(), "hardened"])
def test_every_file_of_every_backend_compiles(spec: str, tmp_path: Path) -> None:
    """What is written down is Python."""
    root = compose.write(spec, tmp_path)
    for path in root.rglob("*.py"):
        compile(path.read_text("utf-8"), str(path), "exec")
