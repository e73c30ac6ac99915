"""Tests of the rule on what users are told: what others are known by is in no answer and no error."""

from __future__ import annotations

import pytest

from id_isolation.history.events import Act
from id_isolation.history.recorder import History
from id_isolation.rules.rule import Circumstances
from id_isolation.rules.told import Told

from .alone import said_by

ANA, BEN, CLEO = "ana.moreno", "ben.okafor", "cleo.novak"
WHY = "why a connect failed"


def _history() -> History:
    """Three users with a token and a run each; one of them was told what all are told."""
    history = History()
    for user in (ANA, BEN, CLEO):
        history.token(f"tok.{user}.0123456789", user)
        history.add(Act.ISSUE, user, history.token(f"tok.{user}.0123456789"))
        history.add(Act.OPEN, user, thread=f"thread_of_{user}", run=f"run_of_{user}", request=f"req_of_{user}")
    history.tell(CLEO, WHY, ["refused on node-7f3a91c2"])
    return history


def _said(history: History, **known: object) -> list[str]:
    return [one.evidence[0] for one in said_by(history, Circumstances(**known), Told)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "told",
    [
        f"refused (request req_of_{ANA})",
        f"refused, request:req_of_{ANA}.",
        {"refused": [{"run": f"run_of_{ANA}"}]},
        f"refused as {ANA}",
        f"refused after tok.{ANA}.0123456789",
    ],
)
def test_what_another_is_known_by_is_told_to_nobody_else(told: object) -> None:
    """Be it a request, a run, a name or a token, and wherever in the text it stands."""
    history = _history()
    history.tell(ANA, "the answer", [told])
    assert _said(history) == []
    history.tell(BEN, WHY, [told])
    said = _said(history)
    assert len(said) == 1
    assert said[0].startswith(f"{BEN} was told {WHY}, which holds ")
    assert ANA in said[0]


def test_what_the_user_sent_or_came_with_is_its_own_to_hear() -> None:
    """In this request, whole or cut, or in an earlier one."""
    history = _history()
    history.tell(BEN, WHY, [f"req_of_{ANA} is not yours, nor {ANA}"], sent=[f"x-req_of_{ANA}", ANA])
    history.add(Act.FIND, BEN, f"thread_of_{ANA}")
    history.tell(BEN, WHY, [f"there is no thread_of_{ANA}"])
    assert _said(history) == []


def test_what_everybody_is_told_is_nobodys() -> None:
    """A name that stands in the text whoever asks, and what was told before anybody was known by it."""
    history = _history()
    history.tell(CLEO, WHY, ["ask dora.silva about host-of-all"])
    history.add(Act.OPEN, "dora.silva", thread="host-of-all", run="run_of_dora", request="req_of_dora")
    history.tell(BEN, WHY, ["ask dora.silva about host-of-all"])
    assert _said(history) == []
    constant = "why all fail"
    for user in (CLEO, BEN):
        history.tell(user, constant, [f"ask {ANA}"])
    assert _said(history) == []


def test_a_text_that_two_users_were_given_is_neithers() -> None:
    """Nor is an ID of a kind that is the same for all, or of a thread that both share."""
    history = _history()
    history.add(Act.OPEN, BEN, thread=f"thread_of_{ANA}", run="run_of_both", request="req_of_both")
    history.tell(CLEO, WHY, [f"thread_of_{ANA}"])
    assert _said(history) == []
    history.tell(BEN, WHY, [f"run_of_{ANA}"])
    assert _said(history, shares=lambda thread, user: True) == []
    alone = History()
    alone.add(Act.OPEN, ANA, thread="main-thread", run="main-run-0", request="main-req-0")
    alone.tell(BEN, WHY, ["nobody may enter main-thread"])
    assert _said(alone) == []


def test_a_token_that_changed_hands_tells_of_its_first_user() -> None:
    """Nothing is new in it."""
    history = _history()
    history.token(f"tok.{ANA}.0123456789", BEN)
    history.add(Act.REASSIGN, BEN, history.token(f"tok.{ANA}.0123456789"))
    history.tell(BEN, WHY, [f"that was run_of_{ANA} of {ANA}"])
    assert _said(history) == []


def test_short_words_and_numbers_prove_nothing() -> None:
    """Nor does a longer word that begins like an ID."""
    history = _history()
    history.add(Act.OPEN, "eve", thread="42", run="run-7", request="1234567")
    history.tell(BEN, WHY, [f"42 of 1234567, run-7 by eve; run_of_{ANA}_and_more"])
    assert _said(history) == []
