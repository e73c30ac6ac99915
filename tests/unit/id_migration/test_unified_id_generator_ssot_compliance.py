"""The generator is the single source of truth: the plan's places call it, and what it mints holds."""

from __future__ import annotations

from id_isolation.checks.a3_ended_sessions import a3
from id_isolation.checks.a7_stored_session_keys import a7
from id_isolation.checks.c1_correlation import c1
from id_isolation.checks.c2_cleanup_by_run import c2
from id_isolation.checks.c3_cleanup_spares_others import c3
from id_isolation.checks.c4_cleanup_by_wrong_ids import c4
from id_isolation.checks.c5_disconnect_cycles import c5
from id_isolation.checks.c7_whole_lives import c7
from id_isolation.checks.c8_cleanup_matcher import c8
from id_isolation.checks.check import OnSurface
from id_isolation.checks.f1_grammar import f1
from id_isolation.checks.f2_parsing_back import f2
from id_isolation.checks.f3_timestamps import f3
from id_isolation.checks.f4_randomness import f4
from id_isolation.checks.f5_hostile_names import f5
from id_isolation.checks.f6_junk_is_no_id import f6
from id_isolation.checks.s2_generator_calls import s2
from id_isolation.checks.u1_user_in_id import u1
from id_isolation.checks.u2_users_told_apart import u2
from id_isolation.checks.u3_owner_look_up import u3
from id_isolation.checks.x1_threads import x1
from id_isolation.checks.x2_tasks import x2
from id_isolation.checks.x3_processes import x3
from id_isolation.checks.x4_clock import x4
from id_isolation.checks.x5_interleavings import x5
from id_isolation.checks.x6_fleet_bound import x6
from id_isolation.checks.x7_restart import x7


def test_token_validation_calls_the_session_method(auth: OnSurface) -> None:
    """The token validation calls generate_session_id with the user.

    Troubleshooting: hand the validated user_id to the method, not a constant.
    """
    s2(auth)


def test_migration_helper_calls_the_context_method(dispatcher: OnSurface) -> None:
    """The migration helper takes thread, run and request from one call of generate_user_context_ids.

    Troubleshooting: unpack the three IDs of one call, in the method's order.
    """
    s2(dispatcher)


def test_websocket_authentication_calls_the_connection_method(websocket: OnSurface) -> None:
    """The WebSocket authentication calls generate_websocket_connection_id with the user.

    Troubleshooting: take the user from websocket.auth_context, with "unknown" only where there is none.
    """
    s2(websocket)


def test_every_kind_of_id_has_its_grammar(generator: OnSurface) -> None:
    """Every kind of ID that the generator mints has its grammar.

    Troubleshooting: compare the ID in the finding with the shape beside it.
    """
    f1(generator)


def test_minted_ids_parse_back(generator: OnSurface) -> None:
    """parse_id takes apart what the generator minted.

    Troubleshooting: make parse_id the inverse of the method that minted the ID in the finding.
    """
    f2(generator)


def test_timestamps_follow_the_clock(generator: OnSurface) -> None:
    """The timestamp in an ID is the clock's, and its age follows from it.

    Troubleshooting: take the time at the moment of minting, in whole milliseconds, and subtract nothing else.
    """
    f3(generator)


def test_random_parts_come_from_the_operating_system(generator: OnSurface) -> None:
    """The random part of an ID comes from the operating system and has all its bits.

    Troubleshooting: draw it from the secrets module for each ID.
    """
    f4(generator)


def test_hostile_user_names_give_safe_ids_or_clear_errors(generator: OnSurface) -> None:
    """A hostile user name gives one safe token of bounded length, or a clear error.

    Troubleshooting: escape or digest the user before it becomes part of an ID; refuse blank names with a ValueError.
    """
    f5(generator)


def test_junk_is_not_taken_for_an_id(generator: OnSurface) -> None:
    """Bare UUIDs, empty text, None and junk are not taken for IDs.

    Troubleshooting: match the whole text against the grammar.
    """
    f6(generator)


def test_ids_name_their_user(generator: OnSurface) -> None:
    """Session, connection and client IDs name their user.

    Troubleshooting: the method must put its user argument into the ID.
    """
    u1(generator)


def test_different_users_look_different(generator: OnSurface) -> None:
    """No two different users look the same in their IDs.

    Troubleshooting: put the whole user into the ID, escaped or as a digest.
    """
    u2(generator)


def test_stored_sessions_lead_to_their_owner(generator: OnSurface) -> None:
    """A stored session is found by its own user and by nobody else.

    Troubleshooting: look sessions up by user and whole thread ID.
    """
    u3(generator)


def test_thread_and_run_share_their_token(generator: OnSurface) -> None:
    """Thread and run of one context share a correlation token that no other context has.

    Troubleshooting: mint counter and random part once for each call.
    """
    c1(generator)


def test_cleanup_by_run_finds_the_thread(generator: OnSurface) -> None:
    """Clean-up by run finds what was registered by thread.

    Troubleshooting: thread and run of one call must end in the same token.
    """
    c2(generator)


def test_cleanup_takes_nothing_of_others(generator: OnSurface) -> None:
    """Clean-up of one context or user leaves the others alone.

    Troubleshooting: release by the whole token, and end sessions by the whole user.
    """
    c3(generator)


def test_wrong_ids_clean_up_nothing(generator: OnSurface) -> None:
    """Unknown, empty, partial and pattern-like IDs clean up nothing.

    Troubleshooting: compare for equality; never match a prefix or a pattern.
    """
    c4(generator)


def test_cycles_end_where_they_began(generator: OnSurface) -> None:
    """After cycles of connect and disconnect nothing is held that was not held before.

    Troubleshooting: thread and run of one call must end in the same token.
    """
    c5(generator)


def test_own_matcher_joins_one_context_only(generator: OnSurface) -> None:
    """ids_match_for_cleanup joins a context's thread with its run, and never two contexts.

    Troubleshooting: compare the whole token, not kind and operation.
    """
    c8(generator)


def test_ids_are_unique_over_threads(generator: OnSurface) -> None:
    """No ID is minted twice by threads at work at once.

    Troubleshooting: hold one lock over the read and the write of the counter.
    """
    x1(generator)


def test_ids_are_unique_over_tasks(generator: OnSurface) -> None:
    """No ID is minted twice by tasks at work at once.

    Troubleshooting: let no await stand between reading and writing the counter.
    """
    x2(generator)


def test_ids_are_unique_over_processes(generator: OnSurface) -> None:
    """No ID is minted twice by processes that start alike.

    Troubleshooting: draw the random part anew for each ID.
    """
    x3(generator)


def test_ids_are_unique_while_the_clock_stands_or_steps_back(generator: OnSurface) -> None:
    """No ID is minted twice while the clock stands still or steps back.

    Troubleshooting: keep the counter going, whatever the clock does.
    """
    x4(generator)


def test_no_interleaving_repeats_a_counter_value(generator: OnSurface) -> None:
    """No interleaving of threads yields one counter value twice.

    Troubleshooting: the finding shows the interleaving; guard what stands between its two columns.
    """
    x5(generator)


def test_risk_of_a_collision_stays_below_the_accepted_one(generator: OnSurface) -> None:
    """The birthday bound of a fleet's IDs stays below the risk that was accepted.

    Troubleshooting: state the fleet with --fleet, or give IDs more random bits.
    """
    x6(generator)


def test_restart_in_one_millisecond_repeats_nothing(generator: OnSurface) -> None:
    """A restart in the same millisecond repeats no ID.

    Troubleshooting: keep a random part in every ID.
    """
    x7(generator)


def test_ending_one_users_sessions_touches_only_theirs(generator: OnSurface) -> None:
    """Invalidating or expiring one user's stored sessions leaves the others' alone.

    Troubleshooting: compare the user for equality, not by prefix.
    """
    a3(generator)


def test_stored_sessions_of_different_pairs_stay_apart(generator: OnSurface) -> None:
    """No two pairs of user and thread share a stored session.

    Troubleshooting: key sessions by a tuple.
    """
    a7(generator)


def test_stored_sessions_at_once_agree_with_an_order(generator: OnSurface) -> None:
    """Stores, look-ups and ends at once leave each user what is its own.

    Troubleshooting: follow the numbered rounds in the finding; what is done at once stands in one of them.
    """
    c7(generator)
