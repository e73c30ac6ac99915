"""The generator is the single source of truth: the plan's places call it, and what it mints holds."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Verdict
from id_isolation.pytest_plugin.results import assert_passed


@pytest.mark.check("S2", surface="auth")
def test_token_validation_calls_the_session_method(verdict: Verdict) -> None:
    """The token validation calls generate_session_id with the user.

    Troubleshooting: hand the validated user_id to the method, not a constant.
    """
    assert_passed(verdict)


@pytest.mark.check("S2", surface="dispatcher")
def test_migration_helper_calls_the_context_method(verdict: Verdict) -> None:
    """The migration helper takes thread, run and request from one call of generate_user_context_ids.

    Troubleshooting: unpack the three IDs of one call, in the method's order.
    """
    assert_passed(verdict)


@pytest.mark.check("S2", surface="websocket")
def test_websocket_authentication_calls_the_connection_method(verdict: Verdict) -> None:
    """The WebSocket authentication calls generate_websocket_connection_id with the user.

    Troubleshooting: take the user from websocket.auth_context, with "unknown" only where there is none.
    """
    assert_passed(verdict)


@pytest.mark.check("F1", surface="generator")
def test_every_kind_of_id_has_its_grammar(verdict: Verdict) -> None:
    """Every kind of ID that the generator mints has its grammar.

    Troubleshooting: compare the ID in the finding with the shape beside it.
    """
    assert_passed(verdict)


@pytest.mark.check("F2", surface="generator")
def test_minted_ids_parse_back(verdict: Verdict) -> None:
    """parse_id takes apart what the generator minted.

    Troubleshooting: make parse_id the inverse of the method that minted the ID in the finding.
    """
    assert_passed(verdict)


@pytest.mark.check("F3", surface="generator")
def test_timestamps_follow_the_clock(verdict: Verdict) -> None:
    """The timestamp in an ID is the clock's, and its age follows from it.

    Troubleshooting: take the time at the moment of minting, in whole milliseconds, and subtract nothing else.
    """
    assert_passed(verdict)


@pytest.mark.check("F4", surface="generator")
def test_random_parts_come_from_the_operating_system(verdict: Verdict) -> None:
    """The random part of an ID comes from the operating system and has all its bits.

    Troubleshooting: draw it from the secrets module for each ID.
    """
    assert_passed(verdict)


@pytest.mark.check("F5", surface="generator")
def test_hostile_user_names_give_safe_ids_or_clear_errors(verdict: Verdict) -> None:
    """A hostile user name gives one safe token of bounded length, or a clear error.

    Troubleshooting: escape or digest the user before it becomes part of an ID; refuse blank names with a ValueError.
    """
    assert_passed(verdict)


@pytest.mark.check("F6", surface="generator")
def test_junk_is_not_taken_for_an_id(verdict: Verdict) -> None:
    """Bare UUIDs, empty text, None and junk are not taken for IDs.

    Troubleshooting: match the whole text against the grammar.
    """
    assert_passed(verdict)


@pytest.mark.check("U1", surface="generator")
def test_ids_name_their_user(verdict: Verdict) -> None:
    """Session, connection and client IDs name their user.

    Troubleshooting: the method must put its user argument into the ID.
    """
    assert_passed(verdict)


@pytest.mark.check("U2", surface="generator")
def test_different_users_look_different(verdict: Verdict) -> None:
    """No two different users look the same in their IDs.

    Troubleshooting: put the whole user into the ID, escaped or as a digest.
    """
    assert_passed(verdict)


@pytest.mark.check("U3", surface="generator")
def test_stored_sessions_lead_to_their_owner(verdict: Verdict) -> None:
    """A stored session is found by its own user and by nobody else.

    Troubleshooting: look sessions up by user and whole thread ID.
    """
    assert_passed(verdict)


@pytest.mark.check("C1", surface="generator")
def test_thread_and_run_share_their_token(verdict: Verdict) -> None:
    """Thread and run of one context share a correlation token that no other context has.

    Troubleshooting: mint counter and random part once for each call.
    """
    assert_passed(verdict)


@pytest.mark.check("C2", surface="generator")
def test_cleanup_by_run_finds_the_thread(verdict: Verdict) -> None:
    """Clean-up by run finds what was registered by thread.

    Troubleshooting: thread and run of one call must end in the same token.
    """
    assert_passed(verdict)


@pytest.mark.check("C3", surface="generator")
def test_cleanup_takes_nothing_of_others(verdict: Verdict) -> None:
    """Clean-up of one context or user leaves the others alone.

    Troubleshooting: release by the whole token, and end sessions by the whole user.
    """
    assert_passed(verdict)


@pytest.mark.check("C4", surface="generator")
def test_wrong_ids_clean_up_nothing(verdict: Verdict) -> None:
    """Unknown, empty, partial and pattern-like IDs clean up nothing.

    Troubleshooting: compare for equality; never match a prefix or a pattern.
    """
    assert_passed(verdict)


@pytest.mark.check("C5", surface="generator")
def test_cycles_end_where_they_began(verdict: Verdict) -> None:
    """After cycles of connect and disconnect nothing is held that was not held before.

    Troubleshooting: thread and run of one call must end in the same token.
    """
    assert_passed(verdict)


@pytest.mark.check("C8", surface="generator")
def test_own_matcher_joins_one_context_only(verdict: Verdict) -> None:
    """ids_match_for_cleanup joins a context's thread with its run, and never two contexts.

    Troubleshooting: compare the whole token, not kind and operation.
    """
    assert_passed(verdict)


@pytest.mark.check("X1", surface="generator")
def test_ids_are_unique_over_threads(verdict: Verdict) -> None:
    """No ID is minted twice by threads at work at once.

    Troubleshooting: hold one lock over the read and the write of the counter.
    """
    assert_passed(verdict)


@pytest.mark.check("X2", surface="generator")
def test_ids_are_unique_over_tasks(verdict: Verdict) -> None:
    """No ID is minted twice by tasks at work at once.

    Troubleshooting: let no await stand between reading and writing the counter.
    """
    assert_passed(verdict)


@pytest.mark.check("X3", surface="generator")
def test_ids_are_unique_over_processes(verdict: Verdict) -> None:
    """No ID is minted twice by processes that start alike.

    Troubleshooting: draw the random part anew for each ID.
    """
    assert_passed(verdict)


@pytest.mark.check("X4", surface="generator")
def test_ids_are_unique_while_the_clock_stands_or_steps_back(verdict: Verdict) -> None:
    """No ID is minted twice while the clock stands still or steps back.

    Troubleshooting: keep the counter going, whatever the clock does.
    """
    assert_passed(verdict)


@pytest.mark.check("X5", surface="generator")
def test_no_interleaving_repeats_a_counter_value(verdict: Verdict) -> None:
    """No interleaving of threads yields one counter value twice.

    Troubleshooting: the finding shows the interleaving; guard what stands between its two columns.
    """
    assert_passed(verdict)


@pytest.mark.check("X6", surface="generator")
def test_risk_of_a_collision_stays_below_the_accepted_one(verdict: Verdict) -> None:
    """The birthday bound of a fleet's IDs stays below the risk that was accepted.

    Troubleshooting: state the fleet with --fleet, or give IDs more random bits.
    """
    assert_passed(verdict)


@pytest.mark.check("X7", surface="generator")
def test_restart_in_one_millisecond_repeats_nothing(verdict: Verdict) -> None:
    """A restart in the same millisecond repeats no ID.

    Troubleshooting: keep a random part in every ID.
    """
    assert_passed(verdict)


@pytest.mark.check("A3", surface="generator")
def test_ending_one_users_sessions_touches_only_theirs(verdict: Verdict) -> None:
    """Invalidating or expiring one user's stored sessions leaves the others' alone.

    Troubleshooting: compare the user for equality, not by prefix.
    """
    assert_passed(verdict)


@pytest.mark.check("A7", surface="generator")
def test_stored_sessions_of_different_pairs_stay_apart(verdict: Verdict) -> None:
    """No two pairs of user and thread share a stored session.

    Troubleshooting: key sessions by a tuple.
    """
    assert_passed(verdict)
