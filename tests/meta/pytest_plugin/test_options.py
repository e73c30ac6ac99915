"""Options are read once, the same in every worker, and what cannot be meant is refused in a sentence.

The backend of a run is opened with the run's options, and its process ends with the block.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.drivers.spec import resolve
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Level, Surface
from id_isolation.pytest_plugin.option_table import OPTIONS as OPTION_TABLE
from id_isolation.pytest_plugin.option_table import SEED_VARIABLE, spelled, unknown
from id_isolation.pytest_plugin.options import (
    OPTIONS,
    SPLIT,
    RunOptions,
    add_options,
    level_of,
    opened,
    read_options,
)
from id_isolation.pytest_plugin.progress import PROGRESS
from id_isolation.world.effort import Effort

from ..own_children import own_children
from .runs import run_suite


def config(workerinput: dict[str, Any] | None = None, **given: object) -> Any:
    """What pytest makes of a command line with these options."""
    options: dict[str, object] = {option.dest: False if option.flag else None for option in OPTION_TABLE}
    options |= {f"id_isolation_{name}": str(value) for name, value in given.items()}
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
        ({"effort": 0.0}, "--effort 0.0 must be more than 0"),
        ({"effort": 101.0}, "at most 100"),
        ({"backend": "legacy+nothing"}, "there is no phase"),
        ({"fleet": "many"}, "--fleet many cannot be used"),
        ({"accepted_risk": "2"}, "--accepted-risk 2 is no probability"),
        ({"level": "strct"}, r"--level strct is no level; did you mean strict\?"),
        ({"backend": "legcy"}, r"--backend legcy: there is no such backend; did you mean legacy\?"),
        ({"findings": "/no/such/folder/f"}, "--findings /no/such/folder/f cannot be written"),
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
        read_options(config(**given))  # type: ignore[arg-type]


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


def test_every_option_of_the_plug_in_has_its_prefix_and_a_help_text() -> None:
    """So that it lives beside a suite with options of its own."""
    parser = pytest.Parser(_ispytest=True)
    add_options(parser)
    told = {name: option.attrs().get("help") for g in parser._groups for option in g.options for name in option.names()}
    assert {"--isolation-backend", "--isolation-level", "--isolation-findings"} <= set(told)
    assert all(name.startswith("--isolation-") and text for name, text in told.items())


@pytest.mark.parametrize(
    ("given", "prefixed", "said"),
    [
        ("--bakend", False, "There is no option --bakend; did you mean --backend?"),
        ("--real", False, "There is no option --real; did you mean --real-services?"),
        ("--maxfial=1", False, "There is no option --maxfial; did you mean --maxfail?"),
        ("--isolation-bakend=x", True, "There is no option --isolation-bakend; did you mean --isolation-backend?"),
        ("--zzz", False, "There is no option --zzz; --help lists them all."),
    ],
)
def test_an_unknown_option_names_the_nearest_right_one(given: str, prefixed: bool, said: str) -> None:
    """A beginning is as good as a likeness."""
    assert unknown([given], prefixed=prefixed) == said


def test_sentences_spell_options_as_the_run_does() -> None:
    """But for a command that is to be copied."""
    assert (
        spelled("add --level strict; --fleet states it") == "add --isolation-level strict; --isolation-fleet states it"
    )
    assert spelled("--findings-x and --isolation-level") == "--findings-x and --isolation-level"
    assert spelled("id-isolation run --backend x") == "id-isolation run --backend x"


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


def test_the_level_is_the_checks_own() -> None:
    """Whatever the surface."""
    assert level_of(("S1", Surface.AUTH)) is Level.PLAN
    assert level_of(("S3", Surface.TREE)) is Level.STRICT


def test_a_check_that_the_level_leaves_out_is_one_sentence() -> None:
    """With what brings it in."""
    ended = run_suite("--check", "C8")
    assert ended.returncode == 4
    assert "add --level strict" in ended.stdout + ended.stderr


@pytest.mark.slow
def test_each_finding_tells_the_command_that_judges_it_once_more() -> None:
    """It runs that check alone, on its surfaces, with the seed."""
    first = run_suite("--backend", "legacy", "--category", "unit", "--seed", "5")
    command = next(line.split("Again", 1)[1].split() for line in first.stdout.splitlines() if "  Again " in line)
    second = run_suite(*command[2:])
    assert second.returncode == 1
    assert "3 of 3 failed (1 check, 3 findings)" in second.stdout
