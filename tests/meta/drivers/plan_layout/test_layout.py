"""The layout's modules are found as files or packages, in the order in which they bear being imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.drivers.checkout import AUTH, GENERATOR, MODULES, WEBSOCKET, Module, modules_present
from id_isolation.embedded import compose

FILES = ["shared/id_generation/unified_id_generator.py", "shared/id_generation/unified_id_generator/__init__.py"]


def _touch(root: Path, name: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


@pytest.mark.parametrize("name", FILES)
def test_a_module_is_a_file_or_a_package(name: str, tmp_path: Path) -> None:
    """Where both are there, the file is shown."""
    path = _touch(tmp_path, name)
    assert GENERATOR.file(tmp_path) == path
    first = _touch(tmp_path, FILES[0])
    assert GENERATOR.file(tmp_path) == first


def test_a_directory_of_that_name_without_an_init_is_no_module(tmp_path: Path) -> None:
    """Nor is one that is called like a source."""
    (tmp_path / "a" / "b.py").mkdir(parents=True)
    (tmp_path / "a" / "b").mkdir()
    assert Module("a.b", None).file(tmp_path) is None


def test_a_checkout_has_the_modules_whose_files_it_has(tmp_path: Path) -> None:
    """In the layout's order, whatever the order of the files; an empty directory has none."""
    assert modules_present(tmp_path) == []
    for module in (WEBSOCKET, AUTH):
        _touch(tmp_path, module.name.replace(".", "/") + ".py")
    assert modules_present(tmp_path) == [AUTH, WEBSOCKET]
    assert tuple(modules_present(compose.write("legacy", tmp_path))) == MODULES


def test_the_generator_is_imported_first_and_the_websocket_last() -> None:
    """Real code runs into a circular import otherwise."""
    assert (MODULES[0], MODULES[-1]) == (GENERATOR, WEBSOCKET)
