"""What two server processes share: stored sessions found, ended and swept from the other one, or one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.drivers.spec import Target, TargetKind
from id_isolation.embedded import compose
from id_isolation.embedded.layer import GENERATOR, Edit, Layer
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.judging.client import Judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

REAL = Effort(0.1, (("real_services", "2"),))

STORE = '''
"""Sessions in files, which every process reads."""

import pickle
from collections.abc import MutableMapping
from pathlib import Path

FOLDER = Path(__file__).with_name("stored")


class Stored(MutableMapping):
    def __init__(self):
        FOLDER.mkdir(exist_ok=True)
        self.kept = {}

    def _path(self, key):
        return FOLDER / pickle.dumps(key).hex()

    def __getitem__(self, key):
        if KEEPS and key in self.kept:
            return self.kept[key]
        try:
            value = pickle.loads(self._path(key).read_bytes())
        except FileNotFoundError:
            raise KeyError(key) from None
        self.kept[key] = value
        return value

    def __setitem__(self, key, value):
        draft = FOLDER.parent / f"draft.{id(value)}"
        draft.write_bytes(pickle.dumps(value))
        draft.replace(self._path(key))

    def __delitem__(self, key):
        self.kept.pop(key, None)
        self._path(key).unlink()

    def __iter__(self):
        return iter([pickle.loads(bytes.fromhex(path.name)) for path in FOLDER.iterdir()])

    def __len__(self):
        return len(list(FOLDER.iterdir()))
'''


def _in_files(keeps: bool) -> Layer:
    """Stored sessions in files; `keeps` has each process remember what it once read."""
    return Layer(
        "sessions-in-files",
        (
            Edit(GENERATOR, "    _sessions: dict[Any, dict[str, Any]] = {}\n", "    _sessions: Any = Stored()\n"),
            Edit(GENERATOR, "import threading\n", "import threading\nfrom .stored_in_files import Stored\n"),
        ),
        {"shared/id_generation/stored_in_files.py": f"KEEPS = {keeps}\n{STORE}"},
    )


def _verdicts(root: Path, layers: list[Layer], *pairs: tuple[str, Surface]) -> list[Verdict]:
    target = Target(str(root), TargetKind.CHECKOUT, compose.write("hardened", root, layers))
    with Judge(target, Level.STRICT, 1, REAL) as judge:
        return [judge.verdict(*pair) for pair in pairs]


STORED = (("U3", Surface.GENERATOR), ("A3", Surface.GENERATOR))


@pytest.mark.slow
def test_state_per_process_is_told_in_one_sentence(tmp_path: Path) -> None:
    """It is no fault, and the verdict is what it is in one process."""
    stored, records = _verdicts(tmp_path, [], STORED[0], ("U3", Surface.AUTH))
    assert [one.outcome for one in (stored, records)] == [Outcome.PASSED] * 2, (stored.reason, records.reason)
    for one in (stored, records):
        assert len(one.notes) == 1
        assert "per process" in one.notes[0]


@pytest.mark.slow
def test_a_shared_store_is_found_ended_and_swept_from_the_other_process(tmp_path: Path) -> None:
    """A right one passes, and nothing is said of processes."""
    found, ended = _verdicts(tmp_path, [_in_files(False)], *STORED)
    assert [(one.outcome, one.reason, one.notes) for one in (found, ended)] == [(Outcome.PASSED, "", ())] * 2


@pytest.mark.slow
def test_a_process_that_keeps_what_another_one_ended_is_caught(tmp_path: Path) -> None:
    """What one process remembers of a shared store outlives the end that another one made."""
    (ended,) = _verdicts(tmp_path, [_in_files(True)], STORED[1])
    assert {finding.symptom for finding in ended.findings} == {"survives-its-end"}
