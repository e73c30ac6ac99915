"""Options are read once, the same in every worker, and what cannot be meant is refused in a sentence.

The backend of a run is opened with the run's options, and its process ends with the block. A marker that names no
check, or a surface which that check does not judge, ends the run and is not passed over.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.checks.check import all_checks
from id_isolation.drivers.spec import resolve
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Level, Surface
from id_isolation.pytest_plugin.options import (
    FORWARDED,
    OPTIONS,
    SEED_VARIABLE,
    SPLIT,
    RunOptions,
    add_options,
    level_of,
    opened,
    pair_of,
    read_options,
    strict_halves,
)
from id_isolation.pytest_plugin.progress import PROGRESS
from id_isolation.world.effort import Effort

from ..own_children import own_children


def config(workerinput: dict[str, Any] | None = None, **given: object) -> Any:
    """What pytest makes of a command line with these options."""
    options: dict[str, object] = {"backend": None, "plan": None, "level": "plan", "seed": None, "effort": 1.0}
    options |= {f"id_isolation_{name}": None for name in FORWARDED}
    options |= {(f"id_isolation_{name}" if name in FORWARDED else name): value for name, value in given.items()}
    more = {} if workerinput is None else {"workerinput": workerinput}
    return SimpleNamespace(getoption=options.__getitem__, **more)


@pytest.fixture
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the run of these tests was told is not theirs."""
    for name in ("ID_ISOLATION_BACKEND", "ID_ISOLATION_TIME_UNIT", "ID_ISOLATION_PLAN", SEED_VARIABLE):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_plain_environment")
def test_a_run_without_options_judges_the_default_at_plan_level() -> None:
    """With a seed of its own, and a host that judges several checks at once."""
    options = read_options(config())
    assert (options.target.spec, options.level, options.effort.scale) == ("remediated", Level.PLAN, 1.0)
    assert 0 <= options.seed < 1_000_000
    assert options.workers >= 1
    assert options.split == ()


@pytest.mark.usefixtures("_plain_environment")
def test_the_command_line_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the backend and for the seed."""
    monkeypatch.setenv("ID_ISOLATION_BACKEND", "legacy")
    monkeypatch.setenv(SEED_VARIABLE, "5")
    said = read_options(config())
    assert (said.target.spec, said.seed) == ("legacy", 5)
    said = read_options(config(backend="hardened", seed=6))
    assert (said.target.spec, said.seed) == ("hardened", 6)


@pytest.mark.usefixtures("_plain_environment")
def test_a_worker_has_the_controllers_seed_and_its_own_share() -> None:
    """It judges one check at a time: the other processors have workers of their own."""
    options = read_options(config({"id_isolation_seed": 9, "id_isolation_share": "1/2"}, seed=3, users="40"))
    assert (options.seed, options.workers) == (9, 1)
    assert str(options.effort.share) == "1/2"


@pytest.mark.usefixtures("_plain_environment")
def test_what_checks_read_by_name_is_handed_on() -> None:
    """As text, where it was given; some of it is split over workers."""
    options = read_options(config(users="40", level="strict", fleet="workers=2,rate=1,years=1"))
    assert options.effort.option("users") == "40"
    assert options.effort.option("fleet") == "workers=2,rate=1,years=1"
    assert options.effort.option("ids") is None
    assert options.split == (("E1", Surface.WEBSOCKET),) == (SPLIT["users"],)


@pytest.mark.usefixtures("_plain_environment")
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


@pytest.mark.usefixtures("_plain_environment")
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


@pytest.mark.usefixtures("_plain_environment")
def test_every_option_has_a_help_text() -> None:
    """`pytest --help` lists them in a group of their own."""
    parser = pytest.Parser(_ispytest=True)
    add_options(parser)
    (group,) = (group for group in parser._groups if group.name == "id-isolation")
    told = {name: option.attrs().get("help") for option in group.options for name in option.names()}
    assert {"--backend", "--level", "--seed", "--effort", "--real-services", "--accepted-risk"} <= set(told)
    assert all(told.values())


class Line:
    """Stands for the progress line of a terminal."""

    file: Any = None

    def look_inside(self) -> None:
        pass


def config_of_run(effort: Effort, line: Line | None = None, spec: str = "hardened") -> Any:
    """The configuration of a run with this effort, and with a progress line or none."""
    options = RunOptions(resolve(spec), Level.PLAN, 5, effort, 1)
    manager = SimpleNamespace(get_plugin=lambda name: line if name == PROGRESS else None)
    return SimpleNamespace(stash={OPTIONS: options}, pluginmanager=manager)


def test_the_judge_judges_what_the_run_names() -> None:
    """With the run's seed; afterwards no process is left."""
    before = own_children()
    with opened(config_of_run(Effort(0.1))) as judge:
        verdict = judge.verdict("C1", Surface.GENERATOR)
    assert (verdict.outcome, verdict.seed) == (Outcome.PASSED, 5)
    assert own_children() == before


def test_a_check_that_takes_long_is_told_where_to_say_how_far_it_is() -> None:
    """In a file that is gone afterwards."""
    line = Line()
    with opened(config_of_run(Effort(1.0, (("users", "500"),)), line)):
        assert line.file.parent.is_dir()
    assert not line.file.parent.exists()


@pytest.mark.parametrize("line", [None, Line()])
def test_a_short_check_needs_no_such_file(line: Line | None) -> None:
    """Nor does a run without a terminal."""
    with opened(config_of_run(Effort(), line)) as judge:
        assert judge is not None
    assert line is None or line.file is None


def test_a_backend_that_cannot_be_used_is_a_usage_error() -> None:
    """In one sentence, with what to do."""
    nowhere = config_of_run(Effort(), spec="no_such_module:make")
    with pytest.raises(UsageError, match="no_such_module"), opened(nowhere) as judge:
        judge.verdict("C1", Surface.GENERATOR)


def item(*arguments: object, marked: bool = True, **named: object) -> Any:
    """A test that is marked so, or not at all."""
    marker = pytest.mark.check(*arguments, **named).mark if marked else None
    return SimpleNamespace(nodeid="tests/test_x.py::test_y", get_closest_marker=lambda name: marker)


def test_a_marker_names_a_check_and_a_surface() -> None:
    """A test without one judges no backend."""
    assert pair_of(item("C2", surface="generator")) == ("C2", Surface.GENERATOR)
    assert pair_of(item(marked=False)) is None


@pytest.mark.parametrize(
    ("arguments", "named", "said"),
    [
        ((), {"surface": "auth"}, "names no check and surface"),
        (("C2",), {}, "names no check and surface"),
        (("Z9",), {"surface": "auth"}, "there is no check 'Z9'"),
        (("C2",), {"surface": "cellar"}, "'cellar' is not a valid Surface"),
        (("C2",), {"surface": "tree"}, "C2 does not judge the surface tree"),
    ],
)
def test_a_marker_that_is_wrong_is_told_with_its_test(
    arguments: tuple[str, ...], named: dict[str, str], said: str
) -> None:
    """So that it is found and mended."""
    with pytest.raises(UsageError, match=said) as caught:
        pair_of(item(*arguments, **named))
    assert str(caught.value).startswith("tests/test_x.py::test_y")


def test_the_level_is_the_checks_own() -> None:
    """Whatever the surface."""
    assert level_of(("S1", Surface.AUTH)) is Level.PLAN
    assert level_of(("S3", Surface.TREE)) is Level.STRICT


def test_strict_halves_are_counted_once_for_each_check() -> None:
    """Of those that have one."""
    assert all_checks()["F2"].strict_proves
    assert not all_checks()["C2"].strict_proves
    assert strict_halves([("F1", Surface.AUTH), ("F1", Surface.GENERATOR), ("F2", Surface.GENERATOR)]) == 2
    assert strict_halves([("C2", Surface.GENERATOR)]) == 0
