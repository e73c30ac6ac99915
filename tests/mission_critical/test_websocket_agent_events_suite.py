"""The control group: what works before the plan works after it, and shows that nothing else broke.

Runs by itself, too: `python tests/mission_critical/test_websocket_agent_events_suite.py`.
"""

from __future__ import annotations

import sys

import pytest

from id_isolation.cli.main import main
from id_isolation.history.finding import Verdict
from id_isolation.pytest_plugin.results import assert_passed


@pytest.mark.check("M1", surface="websocket")
def test_five_events_come_once_and_in_order(verdict: Verdict) -> None:
    """The five events of an agent run come once, in order.

    Troubleshooting: compare the events in the finding with the five that are promised.
    """
    assert_passed(verdict)


@pytest.mark.check("M2", surface="websocket")
def test_one_run_has_one_thread_and_run_id(verdict: Verdict) -> None:
    """All events of a run carry one thread and one run ID.

    Troubleshooting: emit the events with the IDs of the run's own context.
    """
    assert_passed(verdict)


@pytest.mark.check("M3", surface="websocket")
def test_a_connection_is_announced_and_a_stranger_refused(verdict: Verdict) -> None:
    """A new connection is told its ID first, and a token of nobody is refused.

    Troubleshooting: authenticate first, then send connection_established; close with 1008 otherwise.
    """
    assert_passed(verdict)


if __name__ == "__main__":
    sys.exit(main(["run", "--category", "mission_critical", *sys.argv[1:]]))
