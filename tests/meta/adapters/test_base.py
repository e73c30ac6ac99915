"""The base class has a reason for everything that it lacks, and opens the surfaces of what it has."""

from __future__ import annotations

import email
import json.decoder
from pathlib import Path

from id_isolation.backend.protocol import Backend
from id_isolation.drivers.adapter import (
    PORTS,
    AdapterBackend,
    ServedSite,
    SimulatedTokens,
    Surface,
    faults_of_shape,
    files_below,
)

from .toy import ToyBackend


def test_a_base_that_nobody_filled_in_is_a_backend_with_nothing() -> None:
    """Each port has its reason; there is no surface to judge, and that is said."""
    bare = AdapterBackend()
    assert isinstance(bare, Backend)
    assert set(bare.missing) == set(PORTS)
    assert list(faults_of_shape(bare)) == ["surfaces() names no surface; set at least one port"]


def test_reasons_are_the_adapters_own_where_it_gives_them() -> None:
    """And a port that is there has none."""
    missing = ToyBackend().missing
    assert missing["stored"].reason == "the toy stores no session by thread"
    assert missing["matching"].reason == "the adapter ToyBackend has no matching"
    assert "minting" not in missing


def test_surfaces_follow_from_the_ports() -> None:
    """Also from a site of one's own."""
    backend = AdapterBackend()
    backend.tokens = SimulatedTokens()
    backend.site = ServedSite("ws://127.0.0.1:9/ws")
    assert backend.surfaces() == [Surface.WEBSOCKET]
    assert set(ToyBackend().surfaces()) == {Surface.GENERATOR, Surface.AUTH, Surface.WEBSOCKET}


def test_shape_names_what_is_missing() -> None:
    """A port without its methods, and ports that need tokens."""
    backend = ToyBackend()
    backend.matching = object()  # type: ignore[assignment]
    backend.tokens = None
    said = list(faults_of_shape(backend))
    assert "matching has no method match" in said
    assert "it has sessions and no tokens; every simulated user brings one" in said


def test_own_files_are_those_below_the_named_places(tmp_path: Path) -> None:
    """Modules, packages and directories can be named."""
    owns = files_below(json.decoder, email, tmp_path)
    assert owns(str(json.decoder.__file__))
    assert not owns(str(json.__file__))
    assert owns(str(Path(str(email.__file__)).parent / "message.py"))
    assert owns(str(tmp_path / "deep" / "file.py"))
    assert not owns(__file__)
