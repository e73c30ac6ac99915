"""A checkout is judged through the ports that its modules give; what is not there has its reason.

The layout's modules are found as files or packages, in the order in which they bear being imported. Modules are
imported from the checkout that is judged, one by one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from id_isolation.backend.protocol import Backend, BackendBroke, Missing
from id_isolation.drivers.checkout import (
    PlanLayoutBackend,
    generator_at,
    import_modules,
    modules_present,
)
from id_isolation.embedded import compose
from id_isolation.embedded.layer import AUTH as AUTH_FILE
from id_isolation.embedded.layer import DISPATCHER
from id_isolation.embedded.layer import GENERATOR as GENERATOR_FILE
from id_isolation.embedded.layer import WEBSOCKET as WEBSOCKET_FILE
from id_isolation.plan.data import Module
from id_isolation.plan.kinds import Surface
from id_isolation.plan.plan import built_in

MODULES = tuple(built_in().driven.values())
GENERATOR, _, AUTH, _, WEBSOCKET = MODULES

PORTS = ("minting", "reading", "tokens", "sessions", "contexts", "sockets", "cleanup", "stored", "matching")

FILES = ["shared/id_generation/unified_id_generator.py", "shared/id_generation/unified_id_generator/__init__.py"]


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test imports is forgotten afterwards."""
    monkeypatch.setenv("ENVIRONMENT", "as before")
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.partition(".")[0] in ("netra_backend", "shared"):
            del sys.modules[name]


def _open(root: Path, given_up: dict[str, str] | None = None) -> PlanLayoutBackend:
    return PlanLayoutBackend("checkout", root, given_up)


def test_a_whole_checkout_has_every_port_and_every_surface(tmp_path: Path) -> None:
    """It is a Backend by the protocol's own look."""
    backend = _open(compose.write("remediated", tmp_path))
    assert isinstance(backend, Backend)
    assert backend.missing == {}
    assert [port for port in PORTS if getattr(backend, port) is None] == []
    assert set(backend.surfaces()) == set(Surface) - {Surface.HTTP}


@pytest.mark.parametrize(
    ("path", "ports"),
    [
        (AUTH_FILE, {"sessions"}),
        (DISPATCHER, {"contexts"}),
        (WEBSOCKET_FILE, {"sockets"}),
        (GENERATOR_FILE, {"minting", "reading", "stored", "matching"}),
    ],
)
def test_a_module_that_is_not_there_takes_its_own_ports_with_it(path: str, ports: set[str], tmp_path: Path) -> None:
    """Absent is no fault; a broken one is."""
    root = compose.write("legacy", tmp_path)
    (root / path).write_text("raise RuntimeError('half a merge')\n")
    broken = _open(root).missing
    (root / path).unlink()
    absent = _open(root).missing
    # What imports the generator goes with it.
    assert (set(broken) == set(absent) == ports) or path == GENERATOR_FILE
    for port in ports:
        assert broken[port].broken
        assert "half a merge" in broken[port].reason
        assert not absent[port].broken
        assert "the checkout has no module" in absent[port].reason


@pytest.mark.parametrize(
    ("method", "port"),
    [
        ("generate_user_context_ids", "minting"),
        ("parse_id", "reading"),
        ("is_valid_id", "reading"),
        ("get_existing_session", "stored"),
        ("ids_match_for_cleanup", "matching"),
    ],
)
def test_a_generator_without_a_method_lacks_the_port_that_needs_it(method: str, port: str, tmp_path: Path) -> None:
    """And no other; the reason names the method."""
    root = compose.write("legacy", tmp_path)
    file = root / GENERATOR_FILE
    file.write_text(file.read_text().replace(f"def {method}(", f"def old_{method}("))
    backend = _open(root)
    assert {name: missing.reason for name, missing in backend.missing.items()} == {
        port: f"UnifiedIdGenerator has no {method}"
    }
    assert getattr(backend, port) is None


@pytest.mark.parametrize(
    ("path", "name", "port", "reason"),
    [
        (GENERATOR_FILE, "UnifiedIdGenerator", "minting", "there is no class UnifiedIdGenerator"),
        (AUTH_FILE, "_active_token_sessions", "sessions", "has no _active_token_sessions"),
        (DISPATCHER, "UnifiedToolDispatcher", "contexts", "has no UnifiedToolDispatcher.create_from_deprecated"),
        (WEBSOCKET_FILE, "get_unified_auth_service", "sockets", "has no get_unified_auth_service"),
    ],
)
def test_a_module_without_what_it_is_driven_by_lacks_its_port(
    path: str, name: str, port: str, reason: str, tmp_path: Path
) -> None:
    """Under another name it is not found."""
    root = compose.write("legacy", tmp_path)
    # The package hands on what its module has.
    handed_on = "from . import unified_id_generator as m\nUnifiedIdGenerator = getattr(m, 'UnifiedIdGenerator', None)\n"
    (root / "shared" / "id_generation" / "__init__.py").write_text(handed_on)
    file = root / path
    # The last line takes away what the module has under this name, however it came by it.
    file.write_text(f"{file.read_text()}\ndel {name}\n")
    backend = _open(root)
    assert getattr(backend, port) is None
    assert reason in backend.missing[port].reason


def test_a_module_that_was_given_up_is_broken_with_that_reason(tmp_path: Path) -> None:
    """It is not imported again."""
    root = compose.write("legacy", tmp_path)
    name = AUTH_FILE.removesuffix(".py").replace("/", ".")
    missing = _open(root, {name: "importing it ended the process"}).missing
    assert (missing["sessions"].reason, missing["sessions"].broken) == ("importing it ended the process", True)


def test_a_generator_that_is_imported_anew_counts_anew(tmp_path: Path) -> None:
    """In the same process, and under a name that is gone again."""
    backend = _open(compose.write("remediated", tmp_path))
    assert backend.minting is not None
    backend.minting.restart()
    first = backend.minting.mint_context("ana", "chat").run.split("_")[2]
    before = set(sys.modules)
    again = backend.import_anew()
    assert set(sys.modules) == before
    assert again.mint_context("ana", "chat").run.split("_")[2] == first
    assert backend.minting.mint_context("ana", "chat").run.split("_")[2] != first


def test_a_checkouts_own_files_are_told_from_all_others(tmp_path: Path) -> None:
    """By their place, not by how the path begins."""
    backend = _open(compose.write("legacy", tmp_path / "tree"))
    assert backend.owns(str(tmp_path / "tree" / "shared" / "a.py"))
    assert not backend.owns(str(tmp_path / "tree2" / "a.py"))
    assert not backend.owns(__file__)


def test_the_generator_may_be_opened_alone(tmp_path: Path) -> None:
    """A checkout that has none breaks, in words."""
    root = compose.write("legacy", tmp_path)
    (root / AUTH_FILE).write_text("raise RuntimeError('not asked for')\n")
    assert generator_at(root).mint_context("ana", "chat").user == "ana"
    (root / GENERATOR_FILE).unlink()
    with pytest.raises(BackendBroke, match="the checkout has no module shared"):
        generator_at(root)


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


def test_a_second_checkout_is_not_taken_for_the_first(tmp_path: Path) -> None:
    """Each checkout's modules come from its own files."""
    for name in ("legacy", "hardened"):
        root = compose.write(name, tmp_path / name)
        imported = import_modules(root, {})
        files = [module.__file__ for module in imported.values() if not isinstance(module, Missing)]
        assert len(files) == 7
        assert all(Path(str(file)).is_relative_to(root) for file in files)


def test_a_module_that_was_given_up_is_not_tried(tmp_path: Path) -> None:
    """Its reason is kept, and the others are imported."""
    root = compose.write("legacy", tmp_path)
    imported = import_modules(root, {AUTH.name: "importing it ended the process"})
    assert imported["auth"] == Missing("importing it ended the process", broken=True)
    assert not isinstance(imported["generator"], Missing)
