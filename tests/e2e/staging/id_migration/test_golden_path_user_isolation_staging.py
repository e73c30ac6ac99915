"""Phase 3: connections, over real sockets, from the handshake to the lost line."""

from __future__ import annotations

from id_isolation.checks.a4_ids_are_no_credentials import a4
from id_isolation.checks.a5_preliminary_ids import a5
from id_isolation.checks.c6_late_close import c6
from id_isolation.checks.c7_whole_lives import c7
from id_isolation.checks.c9_connection_contexts import c9
from id_isolation.checks.check import OnSurface
from id_isolation.checks.e1_own_events_only import e1
from id_isolation.checks.e2_five_events_in_order import e2
from id_isolation.checks.e3_lost_lines import e3
from id_isolation.checks.e4_foreign_names_in_messages import e4
from id_isolation.checks.e5_ended_tokens import e5
from id_isolation.checks.e6_reconnect import e6
from id_isolation.checks.f1_grammar import f1
from id_isolation.checks.f5_hostile_names import f5
from id_isolation.checks.u1_user_in_id import u1
from id_isolation.checks.u2_users_told_apart import u2
from id_isolation.checks.u3_owner_look_up import u3
from id_isolation.checks.u4_anonymous_users import u4
from id_isolation.checks.x1_threads import x1
from id_isolation.checks.x2_tasks import x2
from id_isolation.checks.x5_interleavings import x5


def test_connection_ids_have_their_grammar(websocket: OnSurface) -> None:
    """The connection ID that a real handshake gets has the grammar of connection IDs.

    Troubleshooting: phase 3 of the plan: call generate_websocket_connection_id.
    """
    f1(websocket)


def test_hostile_users_connect_safely_or_are_refused(websocket: OnSurface) -> None:
    """A user with a hostile name gets a safe connection ID, or is refused clearly.

    Troubleshooting: escape or digest the user before it becomes part of an ID.
    """
    f5(websocket)


def test_connection_ids_name_their_user(websocket: OnSurface) -> None:
    """The connection ID that a real handshake gets names the user.

    Troubleshooting: take the user from websocket.auth_context and hand it to the generator.
    """
    u1(websocket)


def test_connections_of_different_users_look_different(websocket: OnSurface) -> None:
    """No two different users look the same in their connection IDs.

    Troubleshooting: put the whole user into the ID, escaped or as a digest.
    """
    u2(websocket)


def test_connections_lead_to_their_owner(websocket: OnSurface) -> None:
    """Every connection leads to the user whose token opened it.

    Troubleshooting: take the context's user from the answer of the authentication service.
    """
    u3(websocket)


def test_nameless_connections_are_not_pooled(websocket: OnSurface) -> None:
    """Two connections without a user are two users.

    Troubleshooting: give each nameless connection an identity of its own, not one constant.
    """
    u4(websocket)


def test_late_close_spares_the_new_connection(websocket: OnSurface) -> None:
    """A late close of an old connection leaves the user's new one alone.

    Troubleshooting: remove a connection only when it is still the one that is registered.
    """
    c6(websocket)


def test_any_history_agrees_with_the_model(websocket: OnSurface) -> None:
    """Any interleaving of the events of a connection's life agrees with a reference model.

    Troubleshooting: follow the story in the finding step by step.
    """
    c7(websocket)


def test_contexts_of_connections_are_correlated(websocket: OnSurface) -> None:
    """Thread and run of a connection's context share a correlation token.

    Troubleshooting: take both from one call of generate_user_context_ids.
    """
    c9(websocket)


def test_connection_ids_are_unique_over_threads(websocket: OnSurface) -> None:
    """No connection ID is given twice by threads at work at once.

    Troubleshooting: mint one ID for each connection.
    """
    x1(websocket)


def test_connection_ids_are_unique_over_tasks(websocket: OnSurface) -> None:
    """No connection ID is given twice by tasks at work at once.

    Troubleshooting: mint one ID for each connection.
    """
    x2(websocket)


def test_no_interleaving_mixes_connections_up(websocket: OnSurface) -> None:
    """No interleaving of tasks or threads gives a connection another's ID, run or user.

    Troubleshooting: the finding shows the interleaving; keep what stands between its two columns out of shared state.
    """
    x5(websocket)


def test_ids_open_no_connection(websocket: OnSurface) -> None:
    """No ID opens a connection when it is presented as a token.

    Troubleshooting: ask the authentication service about every token.
    """
    a4(websocket)


def test_foreign_preliminary_ids_are_not_adopted(websocket: OnSurface) -> None:
    """A preliminary connection ID that is malformed or another user's is not adopted.

    Troubleshooting: adopt one only when it is well-formed and names the authenticated user.
    """
    a5(websocket)


def test_each_user_receives_its_own_events_only(websocket: OnSurface) -> None:
    """Each of many concurrent users receives its own events and nobody else's.

    Troubleshooting: route an event by the connection that started the run.
    """
    e1(websocket)


def test_a_runs_events_come_once_and_in_order(websocket: OnSurface) -> None:
    """A run's five events come once, in order, with one thread and run ID.

    Troubleshooting: emit the five events from one place, with the run's own context.
    """
    e2(websocket)


def test_a_dropped_line_frees_its_resources(websocket: OnSurface) -> None:
    """A dropped TCP connection frees its resources in bounded time.

    Troubleshooting: release in a finally block of the connection's handler.
    """
    e3(websocket)


def test_messages_that_name_foreign_runs_are_refused(websocket: OnSurface) -> None:
    """A message that names another user's thread or run is refused.

    Troubleshooting: look the owner of the named ID up, and compare it with the connection's user.
    """
    e4(websocket)


def test_ended_tokens_end_their_socket(websocket: OnSurface) -> None:
    """A token that expires or changes its user ends its socket, and no other.

    Troubleshooting: validate the token again for every message.
    """
    e5(websocket)


def test_a_reconnect_gets_its_own_id_and_events(websocket: OnSurface) -> None:
    """A reconnect gets a new connection ID and its own events only.

    Troubleshooting: mint an ID for every connection, and keep nothing under the old one.
    """
    e6(websocket)


def test_late_close_spares_the_new_connection_in_the_manager(manager: OnSurface) -> None:
    """The connection manager keeps a user's new connection when an old one closes late.

    Troubleshooting: let go of a connection only where it is still the one that is kept.
    """
    c6(manager)


def test_any_history_of_the_manager_agrees_with_the_model(manager: OnSurface) -> None:
    """Any interleaving of a connection's life through the manager agrees with a reference model.

    Troubleshooting: follow the story in the finding step by step.
    """
    c7(manager)


def test_the_manager_sends_each_user_its_own_events(manager: OnSurface) -> None:
    """What the manager sends to a user reaches all of the user's sockets and nobody else's.

    Troubleshooting: keep connections of one user only, or find them by the whole user.
    """
    e1(manager)


def test_the_manager_sends_a_runs_events_once_and_in_order(manager: OnSurface) -> None:
    """A run's five events come once, in order, by the manager's sends to a user and to a thread.

    Troubleshooting: await each send, and look a thread up among threads.
    """
    e2(manager)


def test_the_manager_lets_go_of_a_dropped_line(manager: OnSurface) -> None:
    """A dropped line is in none of the manager's registries any more.

    Troubleshooting: clear every map on every path that ends a connection.
    """
    e3(manager)


def test_the_manager_finds_nobody_in_a_foreign_thread(manager: OnSurface) -> None:
    """Nobody may name a thread in which the manager finds connections of another user only.

    Troubleshooting: look connections up by user and thread.
    """
    e4(manager)


def test_an_ended_token_ends_its_managed_socket_alone(manager: OnSurface) -> None:
    """A token that ends takes its own socket out of the manager, and no other of its user.

    Troubleshooting: remove the connection, not all of its user's.
    """
    e5(manager)


def test_a_reconnect_through_the_manager_gets_its_own(manager: OnSurface) -> None:
    """A reconnect through the manager gets its own events, whenever the old line closes.

    Troubleshooting: remove by connection, and only the one that is kept.
    """
    e6(manager)
