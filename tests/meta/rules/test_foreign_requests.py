"""A request about another's is an anomaly by what its answer shows or what becomes of the other's; else it is none."""

from __future__ import annotations

from typing import Any

import pytest

from id_isolation.history.events import ITS_OWN, THE_NAME, THE_SECRET, Act, Item, Outcome
from id_isolation.history.recorder import History
from id_isolation.rules.foreign_requests import ForeignRequests
from id_isolation.rules.rule import Circumstances

from .alone import said_by

SECRET = Item(THE_SECRET, "ana")


def _asked(history: History, act: Act, user: str, whose: str, subject: str = "n1", **more: Any) -> None:
    history.add(act, user, subject, named=whose, message=f"{act} note", began=len(history), **more)


def _names(history: History) -> list[str]:
    return [one.kind.name for one in said_by(history, Circumstances(), ForeignRequests)]


def _controls(act: Act, unknown: Outcome = Outcome.REFUSED) -> History:
    """The owner can, and an ID that is nobody's is answered in its way."""
    history = History()
    _asked(history, act, "ana", "ana", items=(SECRET,), digest="hers")
    _asked(history, act, "ben", "", "n9", outcome=unknown, digest="none")
    return history


@pytest.mark.parametrize(
    ("act", "anomaly"),
    [
        (Act.READ, "read-by-another"),
        (Act.CONTINUE, "continued-by-another"),
        (Act.STREAM, "followed-by-another"),
    ],
)
@pytest.mark.parametrize("user", ["ben", ""])
def test_an_answer_that_holds_a_secret_of_another(act: Act, anomaly: str, user: str) -> None:
    """Whoever asks, and whether or not the answer calls itself a refusal."""
    for outcome in (Outcome.DONE, Outcome.REFUSED):
        history = _controls(act)
        _asked(history, act, user, "ana", items=(SECRET,), outcome=outcome, digest="x")
        assert _names(history) == [anomaly]


def test_a_refusal_that_names_the_owner() -> None:
    """Says whose it is, and nothing else."""
    history = _controls(Act.READ)
    _asked(history, Act.READ, "ben", "ana", items=(Item(THE_NAME, "ana"),), outcome=Outcome.REFUSED)
    assert _names(history) == ["owner-shown"]


def test_the_very_answer_of_the_owner() -> None:
    """Is the owner's, whatever it holds, if an unknown ID is answered otherwise; an empty one is nobody's."""
    for hers, unknown, anomalies in (("hers", "none", ["read-by-another"]), ("hers", "hers", []), ("", "none", [])):
        history = History()
        _asked(history, Act.READ, "ana", "ana", digest=hers)
        _asked(history, Act.READ, "ben", "", "n9", digest=unknown)
        _asked(history, Act.READ, "ben", "ana", digest=hers)
        assert _names(history) == anomalies


@pytest.mark.parametrize(("act", "anomaly"), [(Act.WRITE, "write-accepted"), (Act.CONTINUE, "continued-by-another")])
def test_a_change_that_is_done_for_another(act: Act, anomaly: str) -> None:
    """Is one only where the owner can and an unknown ID is refused: whoever answers all alike has said nothing."""
    for unknown, anomalies in ((Outcome.REFUSED, [anomaly]), (Outcome.DONE, []), (Outcome.BROKE, [])):
        history = _controls(act, unknown)
        _asked(history, act, "ben", "ana", digest="none")
        assert _names(history) == anomalies


@pytest.mark.parametrize(
    ("went_on", "anomalies"),
    [(Outcome.DONE, []), (Outcome.BROKE, []), (Outcome.REFUSED, ["write-accepted"])],
)
def test_what_somebody_went_on_with_may_be_its_own_by_then(went_on: Outcome, anomalies: list[str]) -> None:
    """Under a name that it made new, also where it was not answered in time."""
    history = _controls(Act.WRITE)
    _asked(history, Act.CONTINUE, "ben", "ana", outcome=went_on)
    _asked(history, Act.WRITE, "ben", "ana", digest="none")
    assert _names(history) == anomalies


def _viewed(*after: tuple[Outcome, tuple[Item, ...], str], tried: bool = True, before: str = "hers") -> list[str]:
    """The owner reads twice, somebody tries a change and is refused, and the owner reads again."""
    history = _controls(Act.WRITE)
    _asked(history, Act.READ, "ana", "ana", items=(SECRET,), digest="hers")
    _asked(history, Act.READ, "ana", "ana", items=(SECRET,), digest=before)
    if tried:
        _asked(history, Act.WRITE, "ben", "ana", outcome=Outcome.REFUSED)
    for outcome, items, digest in after:
        _asked(history, Act.READ, "ana", "ana", outcome=outcome, items=items, digest=digest)
    return _names(history)


@pytest.mark.parametrize(
    "after",
    [
        (Outcome.REFUSED, (), "none"),
        (Outcome.DONE, (SECRET, Item(THE_SECRET, "ben")), "more"),
        (Outcome.DONE, (), "less"),
        (Outcome.DONE, (SECRET,), "else"),
    ],
    ids=["is gone", "holds another's", "has lost the owner's", "is another one"],
)
def test_what_a_user_reads_after_anothers_attempt(after: tuple[Outcome, tuple[Item, ...], str]) -> None:
    """Is as before, or the attempt had an effect, whatever it was answered."""
    assert _viewed(after) == ["changed-by-another"]
    assert _viewed((Outcome.DONE, (SECRET,), "hers")) == []


def test_what_changes_by_itself_is_no_change() -> None:
    """Where two answers in a row differed before anybody tried."""
    assert _viewed((Outcome.DONE, (SECRET,), "third"), before="second") == []


def test_what_changes_without_an_attempt_is_no_ones_deed() -> None:
    """Nobody did anything in between."""
    assert "changed-by-another" not in _viewed((Outcome.REFUSED, (), "none"), tried=False)


def test_an_answer_about_oneself_holds_nothing_of_a_third() -> None:
    """A name is shown in place of one's own only where it is the other's own answer; a list of users names all."""
    for items, anomalies in (
        ((SECRET,), ["shown-to-another"]),
        ((Item(THE_NAME, "ana"),), ["shown-to-another"]),
        ((Item(THE_NAME, "ana"), Item(THE_NAME, "ben")), []),
    ):
        history = History()
        for user in ("ana", "ben"):
            _asked(history, Act.READ, user, "", ITS_OWN, items=(Item(THE_NAME, user),))
        _asked(history, Act.READ, "ben", "", ITS_OWN, items=items)
        assert _names(history) == anomalies


def test_who_is_meant_to_share_may() -> None:
    """What is declared is no leak."""
    history = _controls(Act.READ)
    _asked(history, Act.READ, "ben", "ana", items=(SECRET,))
    shared = Circumstances(shares=lambda thread, user: (thread, user) == ("n1", "ben"))
    assert [one.kind.name for one in said_by(history, shared, ForeignRequests)] == []
