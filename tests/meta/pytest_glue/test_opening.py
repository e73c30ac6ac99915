"""The backend of a run is opened with the run's options, and its process ends with the block."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.drivers.spec import resolve
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Level, Surface
from id_isolation.pytest_plugin.options import OPTIONS, RunOptions, opened
from id_isolation.pytest_plugin.progress import PROGRESS
from id_isolation.world.effort import Effort

from ..own_children import own_children


class Line:
    """Stands for the progress line of a terminal."""

    file: Any = None

    def look_inside(self) -> None:
        pass


def config(effort: Effort, line: Line | None = None, spec: str = "hardened") -> Any:
    """The configuration of a run with this effort, and with a progress line or none."""
    options = RunOptions(resolve(spec), Level.PLAN, 5, effort, 1)
    manager = SimpleNamespace(get_plugin=lambda name: line if name == PROGRESS else None)
    return SimpleNamespace(stash={OPTIONS: options}, pluginmanager=manager)


def test_the_judge_judges_what_the_run_names() -> None:
    """With the run's seed; afterwards no process is left."""
    before = own_children()
    with opened(config(Effort(0.1))) as judge:
        verdict = judge.verdict("C1", Surface.GENERATOR)
    assert (verdict.outcome, verdict.seed) == (Outcome.PASSED, 5)
    assert own_children() == before


def test_a_check_that_takes_long_is_told_where_to_say_how_far_it_is() -> None:
    """In a file that is gone afterwards."""
    line = Line()
    with opened(config(Effort(1.0, (("users", "500"),)), line)):
        assert line.file.parent.is_dir()
    assert not line.file.parent.exists()


@pytest.mark.parametrize("line", [None, Line()])
def test_a_short_check_needs_no_such_file(line: Line | None) -> None:
    """Nor does a run without a terminal."""
    with opened(config(Effort(), line)) as judge:
        assert judge is not None
    assert line is None or line.file is None


def test_a_backend_that_cannot_be_used_is_a_usage_error() -> None:
    """In one sentence, with what to do."""
    nowhere = config(Effort(), spec="no_such_module:make")
    with pytest.raises(UsageError, match="no_such_module"), opened(nowhere) as judge:
        judge.verdict("C1", Surface.GENERATOR)
