"""Options are read once, the same in every worker, and what cannot be meant is refused in a sentence."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.plan.kinds import Level, Surface
from id_isolation.pytest_plugin.options import FORWARDED, SEED_VARIABLE, SPLIT, add_options, read_options


def config(workerinput: dict[str, Any] | None = None, **given: object) -> Any:
    """What pytest makes of a command line with these options."""
    options: dict[str, object] = {"backend": None, "level": "plan", "seed": None, "effort": 1.0}
    options |= {f"id_isolation_{name}": None for name in FORWARDED}
    options |= {(f"id_isolation_{name}" if name in FORWARDED else name): value for name, value in given.items()}
    more = {} if workerinput is None else {"workerinput": workerinput}
    return SimpleNamespace(getoption=options.__getitem__, **more)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the run of these tests was told is not theirs."""
    for name in ("ID_ISOLATION_BACKEND", "ID_ISOLATION_TIME_UNIT", SEED_VARIABLE):
        monkeypatch.delenv(name, raising=False)


def test_a_run_without_options_judges_the_default_at_plan_level() -> None:
    """With a seed of its own, and a host that judges several checks at once."""
    options = read_options(config())
    assert (options.target.spec, options.level, options.effort.scale) == ("remediated", Level.PLAN, 1.0)
    assert 0 <= options.seed < 1_000_000
    assert options.workers >= 1
    assert options.split == ()


def test_the_command_line_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the backend and for the seed."""
    monkeypatch.setenv("ID_ISOLATION_BACKEND", "legacy")
    monkeypatch.setenv(SEED_VARIABLE, "5")
    said = read_options(config())
    assert (said.target.spec, said.seed) == ("legacy", 5)
    said = read_options(config(backend="hardened", seed=6))
    assert (said.target.spec, said.seed) == ("hardened", 6)


def test_a_worker_has_the_controllers_seed_and_its_own_share() -> None:
    """It judges one check at a time: the other processors have workers of their own."""
    options = read_options(config({"id_isolation_seed": 9, "id_isolation_share": "1/2"}, seed=3, users="40"))
    assert (options.seed, options.workers) == (9, 1)
    assert str(options.effort.share) == "1/2"


def test_what_checks_read_by_name_is_handed_on() -> None:
    """As text, where it was given; some of it is split over workers."""
    options = read_options(config(users="40", level="strict", fleet="workers=2,rate=1,years=1"))
    assert options.effort.option("users") == "40"
    assert options.effort.option("fleet") == "workers=2,rate=1,years=1"
    assert options.effort.option("ids") is None
    assert options.split == (("E1", Surface.WEBSOCKET),) == (SPLIT["users"],)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"effort": 0.0}, "--effort must be more than 0"),
        ({"effort": 101.0}, "at most 100"),
        ({"backend": "legacy+nothing"}, "there is no phase"),
        ({"fleet": "many"}, "--fleet: "),
        ({"accepted_risk": "2"}, "--accepted-risk 2 is no probability"),
        ({"accepted_risk": "some"}, "--accepted-risk some is no probability"),
        ({"fleet": "workers=2,rate=1,years=1"}, "are for a strict check, X6: add --level strict"),
        ({"accepted_risk": "0.1"}, "are for a strict check, X6: add --level strict"),
        ({"users": "-1"}, "--users -1 is not a whole number above 0"),
        ({"real_services": "two"}, "--real-services two is not"),
        ({"ids": "1e6"}, "--ids 1e6 is not"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(given: dict[str, object], said: str) -> None:
    """Before anything is judged by it."""
    with pytest.raises(UsageError, match=said):
        read_options(config(**given))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [(SEED_VARIABLE, "six", "is not a whole number"), ("ID_ISOLATION_TIME_UNIT", "long", "ID_ISOLATION_TIME_UNIT")],
)
def test_a_variable_that_cannot_be_meant_is_refused(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its name."""
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=said):
        read_options(config())


def test_every_option_has_a_help_text() -> None:
    """`pytest --help` lists them in a group of their own."""
    parser = pytest.Parser(_ispytest=True)
    add_options(parser)
    (group,) = (group for group in parser._groups if group.name == "id-isolation")
    told = {name: option.attrs().get("help") for option in group.options for name in option.names()}
    assert {"--backend", "--level", "--seed", "--effort", "--real-services", "--accepted-risk"} <= set(told)
    assert all(told.values())
