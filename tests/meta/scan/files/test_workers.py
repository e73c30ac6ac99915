"""Work is shared with a second process, and nothing is lost when that dies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from id_isolation.scan.files import workers

from ..trees import write


def _paths(tmp_path: Path, count: int) -> list[str]:
    write(tmp_path, {f"m{n}.py": f"import uuid\nx_id = uuid.uuid4()  # {n}\n" for n in range(count)})
    return [str(tmp_path / f"m{n}.py") for n in range(count)]


def test_each_file_is_judged_once(tmp_path: Path) -> None:
    """The numbers of all files come back, each one time."""
    done = workers.judge_files(_paths(tmp_path, 400), whole=True, largest=9999, processes=2)
    assert sorted(number for number, _, _ in done) == list(range(400))


def test_a_second_process_that_dies_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process does the dead one's share."""
    parent = os.getpid()
    real = workers._Work.run

    def dying(self: workers._Work, chunk: range) -> None:
        if os.getpid() != parent:
            os._exit(9)
        real(self, chunk)

    monkeypatch.setattr(workers._Work, "run", dying)
    done = workers.judge_files(_paths(tmp_path, 200), whole=True, largest=9999, processes=2)
    assert sorted(number for number, _, _ in done) == list(range(200))


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    """The last report is the number of files."""
    seen: list[int] = []
    workers.judge_files(_paths(tmp_path, 150), whole=True, largest=9999, processes=2, progress=seen.append)
    assert seen[-1] == 150
