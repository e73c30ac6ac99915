"""Each rule finds one anomaly among many clean events, with the smallest set of events, and nothing in clean ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from id_isolation.audit.digest import read_partials
from id_isolation.audit.judging import judge, read
from id_isolation.audit.report import Report, report_of
from id_isolation.rules.production_rule import Terms

from .judged import findings
from .service import Service, write

Events = list[dict[str, Any]]
COUNT = 100_000


class Clean:
    """A hundred thousand clean events: as a list, and folded into a digest once for all tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.service = Service(7)
        self.events = list(self.service.events(COUNT))
        self.digest = self._partial("clean", self.events)

    def _partial(self, name: str, events: Events) -> Path:
        path = write(self._folder / f"{name}.jsonl", events)
        digest = self._folder / f"{name}.part"
        read([str(path)], "", self._folder / name).write(digest)
        return digest

    def with_planted(self, events: Events, terms: Terms) -> Report:
        """The report on the clean events and these, which may stand anywhere among them."""
        parts = [self.digest, *([self._partial("planted", events)] if events else [])]
        return report_of(judge(read_partials(parts), terms))

    def first(self, act: str, user_is_not: str = "") -> dict[str, Any]:
        """An event of an act from the middle of the stream."""
        middle = self.events[COUNT // 2 :]
        return dict(next(event for event in middle if event["act"] == act and event["user"] != user_is_not))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Clean:
    return Clean(tmp_path_factory.mktemp("audit"))


def _another(clean: Clean, user: str) -> str:
    return str(clean.first("log-in", user)["user"])


def two_owners(clean: Clean) -> Events:
    """A session is given to a second user."""
    event = clean.first("log-in")
    return [{**event, "user": _another(clean, event["user"]), "at": event["at"] + 9}]


def session_changes(clean: Clean) -> Events:
    """Another user acts in a session."""
    event = clean.first("log-in")
    return [{**event, "act": "name", "user": _another(clean, event["user"]), "at": event["at"] + 0.1}]


def foreign_connection(clean: Clean) -> Events:
    """A run's event goes down another user's connection."""
    event = clean.first("receive")
    other = clean.first("receive", event["user"])
    return [{**event, "connection": other["connection"]}]


def swapped_answers(clean: Clean) -> Events:
    """Two users' requests are under way at once, and each gets the answer of the other."""
    at = clean.events[COUNT // 2]["at"]
    ids = [f"req_dispatcher_{clean.service.tail()}" for _ in range(2)]
    one, other = "user00001", "user00002"
    acts = (("start", one, other), ("receive", other, one), ("release", one, other))
    return [
        {"act": act, "at": at + step, "user": user, "request": request}
        for step, (act, *users) in enumerate(acts)
        for user, request in zip(users, ids, strict=True)
    ]


def ended_by_another(clean: Clean) -> Events:
    """A user releases a run of another."""
    event = clean.first("release")
    keep = ("act", "at", "run")
    return [{**{name: event[name] for name in keep}, "user": _another(clean, event["user"]), "at": event["at"] - 0.01}]


def used_by_another(clean: Clean) -> Events:
    """A user names a thread of another."""
    event = clean.first("open")
    return [{"act": "name", "at": event["at"] + 1, "user": _another(clean, event["user"]), "thread": event["thread"]}]


def used_after_end(clean: Clean) -> Events:
    """A session is used a minute after its user logged out."""
    event = clean.first("invalidate")
    return [{**event, "act": "name", "at": event["at"] + 60}]


def reused(clean: Clean) -> Events:
    """A connection ID is opened again a minute later, and closed again."""
    event = clean.first("close")
    return [
        {"act": act, "at": event["at"] + 60 + number, "user": event["user"], "connection": event["connection"]}
        for number, act in enumerate(("connect", "close"))
    ]


def uncorrelated(clean: Clean) -> Events:
    """Thread and run of a new context have nothing in common."""
    service = clean.service
    ids = {"thread": f"thread_dispatcher_{service.tail()}", "run": f"run_dispatcher_{service.tail()}"}
    opened = {"act": "open", "at": service.at, "user": "user00001", **ids}
    return [opened, {"act": "release", "at": service.at + 1, "user": "user00001", "run": ids["run"]}]


def shared_token(clean: Clean) -> Events:
    """Two contexts of two users share their token."""
    tail, at = clean.service.tail(), clean.service.at
    events = []
    for number, user in enumerate(("user00001", "user00002")):
        ids = {"thread": f"thread_{user}_{tail}", "run": f"run_{user}_{tail}"}
        events.append({"act": "open", "at": at + number, "user": user, **ids})
        events.append({"act": "release", "at": at + number + 0.5, "user": user, "run": ids["run"]})
    return events


def never_released(clean: Clean) -> Events:
    """A connection is opened and never closed."""
    event = clean.first("connect")
    return [{**event, "connection": f"ws_conn_x_{clean.service.tail()}", "at": clean.events[0]["at"]}]


def malformed(clean: Clean) -> Events:
    """A request has a bare UUID for its ID."""
    event = clean.first("receive")
    return [{**event, "request": "0b3c1d2e-4f5a-4b6c-8d7e-9f0a1b2c3d4e"}]


def pooled(clean: Clean) -> Events:
    """Two users without a name are both called unknown."""
    events: Events = []
    for number in range(2):
        connection = f"ws_conn_unknown_{clean.service.tail()}"
        at = clean.events[0]["at"] + number
        known = {"user": "unknown", "connection": connection}
        events += [{"act": "connect", "at": at, **known}, {"act": "close", "at": at + 9, **known}]
    return events


PLANTED: dict[str, tuple[Callable[[Clean], Events], list[str]]] = {
    "two-owners": (two_owners, ["log-in", "log-in"]),
    "session-changes-user": (session_changes, ["log-in", "name"]),
    "foreign-connection": (foreign_connection, ["connect", "receive"]),
    "swapped-answers": (swapped_answers, ["start", "receive", "start", "receive"]),
    "ended-by-another": (ended_by_another, ["open", "release"]),
    "used-by-another": (used_by_another, ["open", "name"]),
    "used-after-end": (used_after_end, ["log-in", "invalidate", "name"]),
    "connection-reused": (reused, ["connect", "connect"]),
    "uncorrelated": (uncorrelated, ["open"]),
    "shared-token": (shared_token, ["open", "open"]),
    "never-released": (never_released, ["connect"]),
    "malformed-id": (malformed, ["receive"]),
    "pooled": (pooled, ["connect", "connect"]),
}


def test_clean_events_pass_every_rule(clean: Clean) -> None:
    """Every rule has something to judge there, and nothing to say."""
    report = clean.with_planted([], Terms(loss=0))
    assert findings(report) == []
    assert [one.absent for one in report.result.judged if one.absent] == []


@pytest.mark.parametrize("rule", PLANTED)
def test_one_anomaly_is_found(clean: Clean, rule: str) -> None:
    """It alone is found, and shown with the events that it takes to see it."""
    plant, acts = PLANTED[rule]
    report = clean.with_planted(plant(clean), Terms(release_within=600, loss=0))
    found = findings(report)
    assert [finding.symptom for finding in found] == [rule]
    assert [str(event.act) for event in found[0].history] == acts
    assert report.exit_code == 1
