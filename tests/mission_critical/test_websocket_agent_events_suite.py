"""The control group: what works before the plan works after it, and shows that nothing else broke.

Runs by itself, too: `python tests/mission_critical/test_websocket_agent_events_suite.py`.
"""

from __future__ import annotations

import sys

from id_isolation.checks.check import OnSurface
from id_isolation.checks.m1_events_before_and_after import m1
from id_isolation.checks.m2_concurrent_runs import m2
from id_isolation.checks.m3_announcement import m3
from id_isolation.cli.main import main


def test_five_events_come_once_and_in_order(websocket: OnSurface) -> None:
    """The five events of an agent run come once, in order.

    Troubleshooting: compare the events in the finding with the five that are promised.
    """
    m1(websocket)


def test_one_run_has_one_thread_and_run_id(websocket: OnSurface) -> None:
    """All events of a run carry one thread and one run ID.

    Troubleshooting: emit the events with the IDs of the run's own context.
    """
    m2(websocket)


def test_a_connection_is_announced_and_a_stranger_refused(websocket: OnSurface) -> None:
    """A new connection is told its ID first, and a token of nobody is refused.

    Troubleshooting: authenticate first, then send connection_established; close with 1008 otherwise.
    """
    m3(websocket)


def test_the_manager_sends_five_events_once_and_in_order(manager: OnSurface) -> None:
    """The five events of an agent run come once, in order, through the connection manager.

    Troubleshooting: await each send of the manager.
    """
    m1(manager)


def test_the_manager_keeps_a_runs_ids(manager: OnSurface) -> None:
    """All events of a run that the manager sends carry one thread and one run ID.

    Troubleshooting: send what the run gave, and keep nothing of it.
    """
    m2(manager)


def test_the_manager_says_nothing_before_the_announcement(manager: OnSurface) -> None:
    """A connection that the manager keeps is announced first, and a stranger refused.

    Troubleshooting: send nothing of its own while a connection is added.
    """
    m3(manager)


if __name__ == "__main__":
    sys.exit(main(["run", "--category", "mission_critical", *sys.argv[1:]]))
