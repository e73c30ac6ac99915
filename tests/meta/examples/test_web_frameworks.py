"""Whole web applications as their frameworks teach them, judged by their data: sound ones, and their classic leaks."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from _pytest.mark import ParameterSet

from id_isolation.adapters import ServerProcess, free_port
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Level

from ..judged import all_pairs, outcomes, red, symptoms, verdicts

Place = Callable[[str], Path]

LEAKS = Path(__file__).parent / "leaks"
LOG_IN = {(check, "auth") for check in ("U3", "A1", "A6")}
LINES = {(check, "websocket") for check in ("E1", "E2", "E3", "E6", "M1", "M2", "M3")}
REQUESTS = {(check, "http") for check in ("H1", "H2", "H3")}


class Example(NamedTuple):
    """An application of tests/examples, and what it runs on."""

    name: str
    modules: tuple[str, ...]


EXAMPLES = (
    Example("socketio_rooms", ("fastapi", "socketio")),
    Example("django_channels", ("django", "channels")),
    Example("flask_cookies", ("flask", "a2wsgi")),
    Example("fastapi_workers", ("fastapi", "redis")),
)
QUICK = ("socketio_rooms", "a room by the first letters of its user")
"""One leak is judged in every run; the others, and the sound applications, where long proofs are asked for."""


@pytest.fixture
def ready(placed: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Example], Path]]:
    """Places an example whose packages are there, with a Redis of its own where it has one."""
    servers = []

    def ready(example: Example) -> Path:
        for module in example.modules:
            if find_spec(module) is None:
                pytest.skip(f"{module} is not installed; the extra `examples` brings it")
        if "redis" in example.modules:
            if shutil.which("redis-server") is None:
                pytest.skip("there is no program redis-server here (Debian: apt-get install redis-server)")
            port = free_port()
            command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
            servers.append(ServerProcess.listening(command, port))
            monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{port}")
        return placed(example.name)

    yield ready
    for server in servers:
        server.close()


def _one_is_quick(example: Example, told: str) -> tuple[Any, ...]:
    return () if (example.name, told) == QUICK else (pytest.mark.slow,)


def _leaks() -> list[ParameterSet]:
    return [
        pytest.param(example, leak, id=f"{example.name}: {leak['told']}", marks=_one_is_quick(example, leak["told"]))
        for example in EXAMPLES
        for leak in tomllib.loads((LEAKS / f"{example.name}.toml").read_text("utf-8"))["leak"]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("example", [pytest.param(one, id=one.name) for one in EXAMPLES])
def test_a_sound_application_is_green(example: Example, ready: Callable[[Example], Path]) -> None:
    """All that its data says is judged at strict; red is what its `known.toml` gives a reason for, and no more."""
    known = ready(example) / "known.toml"
    entries = tomllib.loads(known.read_text("utf-8"))["known"] if known.exists() else []
    given = verdicts("app.toml", all_pairs(Level.STRICT), Level.STRICT)
    assert red(given) == outcomes(given, Outcome.FAILED) == {(one["check"], one["surface"]) for one in entries}
    assert outcomes(given, Outcome.PASSED) | red(given) >= LOG_IN | LINES | REQUESTS
    assert {(one["check"], one["symptom"]) for one in entries} == {(one[0], one[2]) for one in symptoms(given)}


@pytest.mark.parametrize("example", [pytest.param(one, id=one.name) for one in EXAMPLES])
def test_its_data_is_short(example: Example) -> None:
    """Fifteen lines say what is judged."""
    data = Path(__file__).parents[2] / "examples" / example.name / "app.toml"
    assert len(data.read_text("utf-8").splitlines()) <= 15


@pytest.mark.parametrize(("example", "leak"), _leaks())
def test_a_leak_turns_it_red_for_its_reason(
    example: Example, leak: dict[str, Any], ready: Callable[[Example], Path]
) -> None:
    """The check whose rule the leak breaks fails, with the symptom that names it."""
    file = ready(example) / "application.py"
    text = file.read_text("utf-8")
    for old, new in leak["changes"]:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    level = Level(leak.get("level", "plan"))
    check, symptom = leak["found"]
    given = verdicts("app.toml", [pair for pair in all_pairs(level) if pair[0] == check], level)
    assert (check, symptom) in {(one[0], one[2]) for one in symptoms(given)}
