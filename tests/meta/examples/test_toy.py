"""A toy backend of somebody else passes through an adapter of under 80 lines, and a fault planted in it is caught."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface

from ..judged import all_pairs, outcomes, red, verdicts
from .conftest import EXAMPLES

Place = Callable[[str], Path]

FAULTS = {
    "the user of a log-in is kept in the object across an await": (
        "        user = self.tokens.get(token)\n        await asyncio.sleep(0)\n",
        "        self.now = self.tokens.get(token)\n        await asyncio.sleep(0)\n        user = self.now\n",
        ("A1", Surface.AUTH),
        "swapped-session",
    ),
    "IDs are the counter alone, and the counter has no lock": (
        """        with self._lock:
            self._count += 1
            number = self._count
        return f"{kind}-{number}-{secrets.token_hex(8)}"
""",
        """        number = self._count + 1
        self._count = number
        return f"{kind}-{number}"
""",
        ("X5", Surface.GENERATOR),
        "interleaving-violated-the-counter-of-session-IDs",
    ),
    "the end of a run takes all of its user's work": (
        "        return [thing for thing, _ in self.open_work.pop((user, run), [])]",
        "        keys = [key for key in self.open_work if key[0] == user]\n"
        "        return [thing for key in keys for thing, _ in self.open_work.pop(key)]",
        ("C3", Surface.GENERATOR),
        "taken-from-another",
    ),
    "a token that was signed off still logs in": (
        "        self.tokens.pop(token, None)\n",
        "        self.tokens.pop(token[:-1], None)\n",
        ("A6", Surface.AUTH),
        "bad-token-accepted",
    ),
}


def test_the_toy_is_as_short_as_it_is_said_to_be() -> None:
    """Sixty lines of a toy, and fewer than eighty of an adapter."""
    lines = {name: len((EXAMPLES / "toy" / name).read_text().splitlines()) for name in ("chat.py", "adapter.py")}
    assert lines["chat.py"] <= 60
    assert lines["adapter.py"] < 80


@pytest.mark.slow
def test_the_toy_passes_at_plan_level(placed: Place) -> None:
    """Every check that its adapter opens passes; the others say why they are not applicable."""
    placed("toy")
    given = verdicts("adapter:ToyBackend", all_pairs(), scale=0.1)
    assert red(given) == set()
    passed = outcomes(given, Outcome.PASSED)
    assert {check for check, _ in passed} >= {
        "U3",
        "C2",
        "C3",
        "C4",
        "C5",
        "X1",
        "X2",
        "X3",
        "X5",
        "A1",
        "A6",
        "E1",
        "E3",
    }
    assert all(verdict.reason for verdict in given.values() if verdict.outcome is Outcome.NOT_APPLICABLE)


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, marks=pytest.mark.slow if number % 3 else ()) for number, fault in enumerate(FAULTS)]
)
def test_a_fault_planted_in_the_toy_is_caught(fault: str, placed: Place) -> None:
    """By the check that is meant for it, with the symptom's name."""
    right, wrong, pair, symptom = FAULTS[fault]
    file = placed("toy") / "chat.py"
    assert right in file.read_text()
    file.write_text(file.read_text().replace(right, wrong))
    if pair[0] == "A6":
        # The adapter is honest; it is the toy that forgets to sign off, and its author has looked.
        adapter = file.with_name("adapter.py")
        vouched = '    vouched = ("withdraw", "withdraw-connection")\n'
        adapter.write_text(adapter.read_text().replace("(AdapterBackend):\n", f"(AdapterBackend):\n{vouched}"))
    verdict = verdicts("adapter:ToyBackend", [pair], scale=0.3)[pair]
    assert verdict.outcome is Outcome.FAILED, verdict.reason
    assert symptom in {finding.symptom for finding in verdict.findings}
