"""Every private interface that the suite uses is there; when one is gone, the test says what to look at."""

from __future__ import annotations

from pathlib import Path

import pytest

import id_isolation

from .private_interfaces import PRIVATE, Private

ROOT = Path(id_isolation.__file__).parent


@pytest.mark.parametrize("private", PRIVATE, ids=lambda private: private.name)
def test_a_private_interface_is_there(private: Private) -> None:
    """In the versions that are installed."""
    files = ", ".join(f"fixtures/{file}" for file in private.used)
    assert private.there(), (
        f"{private.name} is gone. {files} used it. The public way that was judged: {private.instead}."
    )


@pytest.mark.parametrize("private", PRIVATE, ids=lambda private: private.name)
def test_a_private_interface_is_used_where_it_is_said_to_be(private: Private) -> None:
    """What nobody uses any more leaves the list."""
    _, _, text = private.name.partition(": ")
    name = text.split()[0].rstrip(",").rpartition(".")[2]
    assert [file for file in private.used if name not in (ROOT / file).read_text("utf-8")] == []
