"""Tests of X5 on adapters that do not say which files are the system's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.drivers.spec import resolve
from id_isolation.history.finding import Outcome
from id_isolation.judging.client import Judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

_ADAPTER = """
import threading

from id_isolation.adapters import AdapterBackend, ContextIds, Kind


class Numbers:
    def __init__(self):
        self.restart()

    def restart(self):
        self.lock, self.last, self.noted = {lock}, 0, 0

    def kinds(self):
        return [Kind.SESSION]

    def mint(self, kind, user):
        {take}
            number = self.last + 1
            self.noted = number
            self.last = number
        return f"session-{{number}}"

    def mint_context(self, user, operation):
        return ContextIds(user, *(f"{{what}}-{{self.mint(None, user)}}" for what in ("thread", "run", "request")))


class Desk(AdapterBackend):
    one_process = True

    def __init__(self):
        self.minting = Numbers()
"""
_LOCKS = {
    "held": ("threading.Lock()", "with self.lock:", Outcome.PASSED),
    "forgotten": ("threading.Lock()", "if True:", Outcome.FAILED),
    "no threads": ("None", "if True:", Outcome.NOT_APPLICABLE),
}


@pytest.mark.parametrize("case", _LOCKS)
def test_who_locks_between_threads_is_stepped_through(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files below the working directory; one that runs on one loop alone needs no lock, and is not accused."""
    lock, take, outcome = _LOCKS[case]
    name = f"desk_{case.replace(' ', '_')}"
    (tmp_path / f"{name}.py").write_text(_ADAPTER.format(lock=lock, take=take))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    with Judge(resolve(f"{name}:Desk"), Level.STRICT, 1, Effort(0.3)) as judge:
        assert judge.verdict("X5", Surface.GENERATOR).outcome is outcome
