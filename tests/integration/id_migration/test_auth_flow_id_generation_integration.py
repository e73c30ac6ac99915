"""Phase 1: the session IDs of the auth flow, with a simulated authentication service."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Verdict
from id_isolation.pytest_plugin.results import assert_passed


@pytest.mark.check("F1", surface="auth")
def test_session_ids_have_their_grammar(verdict: Verdict) -> None:
    """A log-in's session ID has the grammar of session IDs.

    Troubleshooting: phase 1 of the plan: call generate_session_id in the token validation.
    """
    assert_passed(verdict)


@pytest.mark.check("F5", surface="auth")
def test_hostile_users_log_in_safely_or_are_refused(verdict: Verdict) -> None:
    """A user with a hostile name gets a safe session ID, or is refused clearly.

    Troubleshooting: escape or digest the user before it becomes part of an ID.
    """
    assert_passed(verdict)


@pytest.mark.check("U1", surface="auth")
def test_session_ids_name_their_user(verdict: Verdict) -> None:
    """A session ID names the user who logged in.

    Troubleshooting: hand the validated user_id to generate_session_id.
    """
    assert_passed(verdict)


@pytest.mark.check("U2", surface="auth")
def test_sessions_of_different_users_look_different(verdict: Verdict) -> None:
    """No two different users look the same in their session IDs.

    Troubleshooting: put the whole user into the ID, escaped or as a digest.
    """
    assert_passed(verdict)


@pytest.mark.check("U3", surface="auth")
def test_sessions_lead_to_their_owner(verdict: Verdict) -> None:
    """Every session on record leads to the user who logged in.

    Troubleshooting: keep user and session ID of one log-in in one record.
    """
    assert_passed(verdict)


@pytest.mark.check("X1", surface="auth")
def test_session_ids_are_unique_over_threads(verdict: Verdict) -> None:
    """No session ID is given twice by threads at work at once.

    Troubleshooting: mint one ID for each new record.
    """
    assert_passed(verdict)


@pytest.mark.check("X2", surface="auth")
def test_session_ids_are_unique_over_tasks(verdict: Verdict) -> None:
    """No session ID is given twice by tasks at work at once.

    Troubleshooting: mint one ID for each new record.
    """
    assert_passed(verdict)


@pytest.mark.check("X5", surface="auth")
def test_no_interleaving_swaps_sessions(verdict: Verdict) -> None:
    """No interleaving of threads gives a log-in another user's session.

    Troubleshooting: the finding shows the interleaving; keep what stands between its two columns out of shared state.
    """
    assert_passed(verdict)


@pytest.mark.check("A1", surface="auth")
def test_concurrent_log_ins_stay_apart(verdict: Verdict) -> None:
    """Users who log in at once never share or swap a session.

    Troubleshooting: keep nothing of a log-in outside its own call.
    """
    assert_passed(verdict)


@pytest.mark.check("A2", surface="auth")
def test_session_keys_are_wide_enough(verdict: Verdict) -> None:
    """Two tokens never meet on one stored key.

    Troubleshooting: key the record by a whole digest of the whole token.
    """
    assert_passed(verdict)


@pytest.mark.check("A3", surface="auth")
def test_ending_one_session_touches_only_that_user(verdict: Verdict) -> None:
    """Withdrawing one user's token leaves the other users' sessions alone.

    Troubleshooting: remove the record of the token that was refused, and no other.
    """
    assert_passed(verdict)


@pytest.mark.check("A4", surface="auth")
def test_ids_are_no_credentials(verdict: Verdict) -> None:
    """No ID opens a session when it is presented as a token.

    Troubleshooting: ask the authentication service about every token.
    """
    assert_passed(verdict)


@pytest.mark.check("A6", surface="auth")
def test_bad_tokens_are_refused(verdict: Verdict) -> None:
    """Invalid, withdrawn and empty tokens are refused and leave no session behind.

    Troubleshooting: raise 401 before anything is stored.
    """
    assert_passed(verdict)
