"""What `--backend` names, and the one sentence for what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.drivers.spec import TargetKind, on_disk, resolve


@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        ("legacy", TargetKind.EMBEDDED),
        ("legacy+auth+dispatcher", TargetKind.EMBEDDED),
        ("my_tests.adapter:make", TargetKind.ADAPTER),
        ("ws://localhost:8000/ws", TargetKind.ENDPOINT),
        ("wss://staging.invalid/ws", TargetKind.ENDPOINT),
    ],
)
def test_a_text_is_told_by_its_form(spec: str, kind: TargetKind) -> None:
    """Nothing has to be imported or reached to know what a text names."""
    assert resolve(spec).kind is kind


def test_a_directory_with_one_module_of_the_layout_is_a_checkout(tmp_path: Path) -> None:
    """A tree may lack most of the layout."""
    (tmp_path / "shared" / "id_generation").mkdir(parents=True)
    (tmp_path / "shared" / "id_generation" / "unified_id_generator.py").write_text("")
    assert resolve(str(tmp_path)).root == tmp_path.resolve()


def _file(path: Path) -> Path:
    path.write_text("")
    return path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda here: here / "nowhere", "there is no such directory"),
        (lambda here: _file(here / "file"), "that is a file"),
        (lambda here: here, "that directory is empty"),
        (lambda here: _file(here / "file").parent, "has none of the modules"),
    ],
    ids=["nowhere", "file", "empty", "no layout"],
)
def test_a_path_that_is_no_checkout_is_refused_in_one_sentence(make: object, said: str, tmp_path: Path) -> None:
    """The sentence begins with the option and says what to name instead."""
    with pytest.raises(UsageError, match=said) as caught:
        resolve(str(make(tmp_path)))  # type: ignore[operator]
    assert str(caught.value).startswith("--backend ")
    assert "Name " in str(caught.value)


@pytest.mark.parametrize("spec", ["legcy", "legacy+atuh", "", "a:b:c"])
def test_a_misspelt_name_is_refused(spec: str) -> None:
    """What is nearly a name is never taken for another."""
    with pytest.raises(UsageError):
        resolve(spec)


def test_an_embedded_backend_is_on_disk_only_while_it_is_judged() -> None:
    """Its directory goes when the run is over."""
    with on_disk(resolve("legacy")) as target:
        assert target.root is not None
        root = target.root
        assert (root / "netra_backend").is_dir()
    assert not root.exists()
