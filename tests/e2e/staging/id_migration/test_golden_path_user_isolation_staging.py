"""Phase 3: connections, over real sockets, from the handshake to the lost line."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Verdict
from id_isolation.pytest_plugin.results import assert_passed


@pytest.mark.check("F1", surface="websocket")
def test_connection_ids_have_their_grammar(verdict: Verdict) -> None:
    """The connection ID that a real handshake gets has the grammar of connection IDs.

    Troubleshooting: phase 3 of the plan: call generate_websocket_connection_id.
    """
    assert_passed(verdict)


@pytest.mark.check("F5", surface="websocket")
def test_hostile_users_connect_safely_or_are_refused(verdict: Verdict) -> None:
    """A user with a hostile name gets a safe connection ID, or is refused clearly.

    Troubleshooting: escape or digest the user before it becomes part of an ID.
    """
    assert_passed(verdict)


@pytest.mark.check("U1", surface="websocket")
def test_connection_ids_name_their_user(verdict: Verdict) -> None:
    """The connection ID that a real handshake gets names the user.

    Troubleshooting: take the user from websocket.auth_context and hand it to the generator.
    """
    assert_passed(verdict)


@pytest.mark.check("U2", surface="websocket")
def test_connections_of_different_users_look_different(verdict: Verdict) -> None:
    """No two different users look the same in their connection IDs.

    Troubleshooting: put the whole user into the ID, escaped or as a digest.
    """
    assert_passed(verdict)


@pytest.mark.check("U3", surface="websocket")
def test_connections_lead_to_their_owner(verdict: Verdict) -> None:
    """Every connection leads to the user whose token opened it.

    Troubleshooting: take the context's user from the answer of the authentication service.
    """
    assert_passed(verdict)


@pytest.mark.check("U4", surface="websocket")
def test_nameless_connections_are_not_pooled(verdict: Verdict) -> None:
    """Two connections without a user are two users.

    Troubleshooting: give each nameless connection an identity of its own, not one constant.
    """
    assert_passed(verdict)


@pytest.mark.check("C6", surface="websocket")
def test_late_close_spares_the_new_connection(verdict: Verdict) -> None:
    """A late close of an old connection leaves the user's new one alone.

    Troubleshooting: remove a connection only when it is still the one that is registered.
    """
    assert_passed(verdict)


@pytest.mark.check("C7", surface="websocket")
def test_any_history_agrees_with_the_model(verdict: Verdict) -> None:
    """Any interleaving of the events of a connection's life agrees with a reference model.

    Troubleshooting: follow the story in the finding step by step.
    """
    assert_passed(verdict)


@pytest.mark.check("C9", surface="websocket")
def test_contexts_of_connections_are_correlated(verdict: Verdict) -> None:
    """Thread and run of a connection's context share a correlation token.

    Troubleshooting: take both from one call of generate_user_context_ids.
    """
    assert_passed(verdict)


@pytest.mark.check("X1", surface="websocket")
def test_connection_ids_are_unique_over_threads(verdict: Verdict) -> None:
    """No connection ID is given twice by threads at work at once.

    Troubleshooting: mint one ID for each connection.
    """
    assert_passed(verdict)


@pytest.mark.check("X2", surface="websocket")
def test_connection_ids_are_unique_over_tasks(verdict: Verdict) -> None:
    """No connection ID is given twice by tasks at work at once.

    Troubleshooting: mint one ID for each connection.
    """
    assert_passed(verdict)


@pytest.mark.check("X5", surface="websocket")
def test_no_interleaving_mixes_connections_up(verdict: Verdict) -> None:
    """No interleaving of tasks or threads gives a connection another's ID, run or user.

    Troubleshooting: the finding shows the interleaving; keep what stands between its two columns out of shared state.
    """
    assert_passed(verdict)


@pytest.mark.check("A4", surface="websocket")
def test_ids_open_no_connection(verdict: Verdict) -> None:
    """No ID opens a connection when it is presented as a token.

    Troubleshooting: ask the authentication service about every token.
    """
    assert_passed(verdict)


@pytest.mark.check("A5", surface="websocket")
def test_foreign_preliminary_ids_are_not_adopted(verdict: Verdict) -> None:
    """A preliminary connection ID that is malformed or another user's is not adopted.

    Troubleshooting: adopt one only when it is well-formed and names the authenticated user.
    """
    assert_passed(verdict)


@pytest.mark.check("E1", surface="websocket")
def test_each_user_receives_its_own_events_only(verdict: Verdict) -> None:
    """Each of many concurrent users receives its own events and nobody else's.

    Troubleshooting: route an event by the connection that started the run.
    """
    assert_passed(verdict)


@pytest.mark.check("E2", surface="websocket")
def test_a_runs_events_come_once_and_in_order(verdict: Verdict) -> None:
    """A run's five events come once, in order, with one thread and run ID.

    Troubleshooting: emit the five events from one place, with the run's own context.
    """
    assert_passed(verdict)


@pytest.mark.check("E3", surface="websocket")
def test_a_dropped_line_frees_its_resources(verdict: Verdict) -> None:
    """A dropped TCP connection frees its resources in bounded time.

    Troubleshooting: release in a finally block of the connection's handler.
    """
    assert_passed(verdict)


@pytest.mark.check("E4", surface="websocket")
def test_messages_that_name_foreign_runs_are_refused(verdict: Verdict) -> None:
    """A message that names another user's thread or run is refused.

    Troubleshooting: look the owner of the named ID up, and compare it with the connection's user.
    """
    assert_passed(verdict)


@pytest.mark.check("E5", surface="websocket")
def test_ended_tokens_end_their_socket(verdict: Verdict) -> None:
    """A token that expires or changes its user ends its socket, and no other.

    Troubleshooting: validate the token again for every message.
    """
    assert_passed(verdict)


@pytest.mark.check("E6", surface="websocket")
def test_a_reconnect_gets_its_own_id_and_events(verdict: Verdict) -> None:
    """A reconnect gets a new connection ID and its own events only.

    Troubleshooting: mint an ID for every connection, and keep nothing under the old one.
    """
    assert_passed(verdict)
