"""Edits fit exactly once, or say why they do not."""

from __future__ import annotations

import pytest

from id_isolation.embedded.layer import Edit, Layer, LayerError, apply

SOURCES = {"a.py": "one\ntwo\ntwo\n"}


def test_an_edit_replaces_its_piece_and_leaves_the_given_sources_alone() -> None:
    """The result has the edit; the sources that were handed in do not."""
    assert apply(Layer("x", (Edit("a.py", "one", "1"),)), SOURCES) == {"a.py": "1\ntwo\ntwo\n"}
    assert SOURCES == {"a.py": "one\ntwo\ntwo\n"}


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Edit("a.py", "two", "2"), "stands 2 times"),
        (Edit("a.py", "three", "3"), "stands 0 times"),
        (Edit("b.py", "one", "1"), "there is no b.py"),
    ],
    ids=["twice", "never", "no file"],
)
def test_an_edit_that_does_not_fit_once_is_refused(edit: Edit, said: str) -> None:
    """The error names the layer and what does not fit."""
    with pytest.raises(LayerError, match=f"layer x: .*{said}"):
        apply(Layer("x", (edit,)), SOURCES)


def test_a_file_is_added_only_where_there_is_none() -> None:
    """A layer may bring whole files, but never replaces one silently."""
    assert apply(Layer("x", (), {"b.py": "new"}), SOURCES)["b.py"] == "new"
    with pytest.raises(LayerError, match=r"a\.py is already there"):
        apply(Layer("x", (), {"a.py": "new"}), SOURCES)
