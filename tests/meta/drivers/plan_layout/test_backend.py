"""A checkout is judged through the ports that its modules give; what is not there has its reason."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from id_isolation.backend.protocol import Backend, BackendBroke
from id_isolation.drivers.checkout import PlanLayoutBackend, generator_at
from id_isolation.embedded import compose
from id_isolation.embedded.layer import AUTH, DISPATCHER, GENERATOR, WEBSOCKET
from id_isolation.plan.kinds import Surface

PORTS = ("minting", "reading", "tokens", "sessions", "contexts", "sockets", "cleanup", "stored", "matching")


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
    assert set(backend.surfaces()) == set(Surface)


@pytest.mark.parametrize(
    ("path", "ports"),
    [
        (AUTH, {"sessions"}),
        (DISPATCHER, {"contexts"}),
        (WEBSOCKET, {"sockets"}),
        (GENERATOR, {"minting", "reading", "stored", "matching"}),
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
    assert (set(broken) == set(absent) == ports) or path == GENERATOR
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
    file = root / GENERATOR
    file.write_text(file.read_text().replace(f"def {method}(", f"def old_{method}("))
    backend = _open(root)
    assert {name: missing.reason for name, missing in backend.missing.items()} == {
        port: f"UnifiedIdGenerator has no {method}"
    }
    assert getattr(backend, port) is None


@pytest.mark.parametrize(
    ("path", "name", "port", "reason"),
    [
        (GENERATOR, "UnifiedIdGenerator", "minting", "there is no class UnifiedIdGenerator"),
        (AUTH, "_active_token_sessions", "sessions", "has no _active_token_sessions"),
        (DISPATCHER, "UnifiedToolDispatcher", "contexts", "has no UnifiedToolDispatcher.create_from_deprecated"),
        (WEBSOCKET, "get_unified_auth_service", "sockets", "has no get_unified_auth_service"),
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
    name = AUTH.removesuffix(".py").replace("/", ".")
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
    (root / AUTH).write_text("raise RuntimeError('not asked for')\n")
    assert generator_at(root).mint_context("ana", "chat").user == "ana"
    (root / GENERATOR).unlink()
    with pytest.raises(BackendBroke, match="the checkout has no module shared"):
        generator_at(root)
