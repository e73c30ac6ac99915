"""What ended does not come back, what was handed out stays, and a socket gets the run that is started on it."""

from __future__ import annotations

from id_isolation.history.events import ANSWERS_IN_HAND, RUN_EVENTS, SESSION_RECORDS, Act, Item, Outcome
from id_isolation.history.recorder import History
from id_isolation.rules.judging import anomalies
from id_isolation.rules.rule import Circumstances


def _names(history: History) -> list[str]:
    return [anomaly.kind.name for anomaly in anomalies(history, Circumstances())]


def _look(history: History, *sessions: str) -> None:
    history.add(Act.LOOK, subject=SESSION_RECORDS, items=tuple(Item(one, "ana") for one in sessions))


def _ended_in_turn(history: History) -> None:
    history.add(Act.LOG_IN, "ana", "token 1", answer="s1", owner="ana", began=len(history))
    _look(history, "s1")
    history.add(Act.WITHDRAW, "ana", "token 1", began=len(history))
    history.add(Act.LOG_IN, "ana", "token 1", outcome=Outcome.REFUSED, began=len(history))
    _look(history)


def _ended_meanwhile(history: History) -> None:
    began = len(history)
    history.add(Act.WITHDRAW, "ana", "token 2", began=began)
    history.add(Act.LOG_IN, "ana", "token 2", outcome=Outcome.REFUSED, began=began + 1)
    history.add(Act.LOG_IN, "ana", "token 2", answer="s2", owner="ana", began=began, contested=True)
    _look(history, "s2")


def test_a_session_on_record_after_its_token_was_refused_is_an_anomaly() -> None:
    """Where the session of another token was seen to go by then."""
    history = History()
    _ended_in_turn(history)
    _ended_meanwhile(history)
    assert "comes-back" in _names(history)


def test_nothing_is_said_of_it_where_no_session_was_seen_to_go() -> None:
    """A record may outlive its token by a policy."""
    history = History()
    _ended_meanwhile(history)
    assert _names(history) == []


def _handed(changed: str, acts_again: bool = False) -> list[str]:
    history = History()
    history.add(Act.ISSUE, "ana", "token 1")
    history.add(Act.LOG_IN, "ana", "token 1", answer="s1", owner="ana")
    history.add(Act.LOG_IN, "ana" if acts_again else "bo", "token 2", answer="s2", owner="ana" if acts_again else "bo")
    history.add(Act.LOOK, subject=ANSWERS_IN_HAND, items=(Item("s1", "ana", changed=changed),))
    return _names(history)


def test_what_was_handed_out_changes_only_with_what_its_own_user_does() -> None:
    """And names nobody else at all."""
    assert _handed("has permissions: own:bo") == ["handed-changes"]
    assert _handed("has state: renewed", acts_again=True) == []
    assert _handed("names bo", acts_again=True) == ["handed-changes"]


def test_a_handed_object_is_looked_at_again_and_not_its_numbers() -> None:
    """Texts that are new are told; a time or a count is not."""
    history = History()
    for token, user in (("a", "ana"), ("b", "bo")):
        history.token(token, user)
    given: dict[str, object] = {"roles": ["reader"], "seen": 1.0}
    history.hand_out("ana", "s1", given)
    history.hand_out("bo", "s2", {"roles": ["reader"]})
    history.look_at_answers()
    given["seen"] = 2.0
    history.look_at_answers()
    assert len(history) == 0
    given["roles"].append("own:bo")  # type: ignore[attr-defined]
    history.look_at_answers()
    assert [item.changed for item in history.events[-1].items] == ["has roles: own:bo", "names bo"]


def _run(history: History, task: int, socket: int, receives: int) -> None:
    history.add(Act.START, "ana", f"run {task}", task=task, socket=socket, owner="ana")
    for type_ in RUN_EVENTS:
        known = {"task": task, "socket": receives, "owner": "ana", "run": f"r{task}", "thread": f"t{task}"}
        history.add(Act.RECEIVE, "ana", f"r{task}", message=type_, **known)


def _sockets(last_at: int, calm: bool) -> list[str]:
    history = History()
    for number in (1, 2):
        history.add(Act.CONNECT, "ana", f"token {number}", socket=number, connection=f"c{number}", owner="ana")
    if calm:
        _run(history, 1, 1, 1)
        _run(history, 2, 2, 2)
    _run(history, 3, 1, last_at)
    return _names(history)


def test_a_socket_that_gets_nothing_of_its_own_run_is_told_where_others_did() -> None:
    """That only the newest socket gets events is a policy, which shows when all is calm."""
    assert "starved" in _sockets(last_at=2, calm=True)
    assert "starved" not in _sockets(last_at=2, calm=False)
    assert "starved" not in _sockets(last_at=1, calm=True)
