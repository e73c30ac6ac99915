"""Modules are imported from the checkout that is judged, one by one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from id_isolation.backend.protocol import Missing
from id_isolation.drivers.checkout import AUTH, GENERATOR, import_modules
from id_isolation.embedded import compose


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """What a test imports is forgotten afterwards."""
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.partition(".")[0] in ("netra_backend", "shared"):
            del sys.modules[name]


def test_a_second_checkout_is_not_taken_for_the_first(tmp_path: Path) -> None:
    """Each checkout's modules come from its own files."""
    for name in ("legacy", "hardened"):
        root = compose.write(name, tmp_path / name)
        imported = import_modules(root, {})
        files = [module.__file__ for module in imported.values() if not isinstance(module, Missing)]
        assert len(files) == 5
        assert all(Path(str(file)).is_relative_to(root) for file in files)


def test_a_module_that_was_given_up_is_not_tried(tmp_path: Path) -> None:
    """Its reason is kept, and the others are imported."""
    root = compose.write("legacy", tmp_path)
    imported = import_modules(root, {AUTH.name: "importing it ended the process"})
    assert imported[AUTH] == Missing("importing it ended the process", broken=True)
    assert not isinstance(imported[GENERATOR], Missing)
