"""Phase 1: the session IDs of the auth flow, with a simulated authentication service."""

from __future__ import annotations

from id_isolation.checks.a1_concurrent_log_ins import a1
from id_isolation.checks.a2_wide_session_keys import a2
from id_isolation.checks.a3_ended_sessions import a3
from id_isolation.checks.a4_ids_are_no_credentials import a4
from id_isolation.checks.a6_bad_tokens import a6
from id_isolation.checks.c7_whole_lives import c7
from id_isolation.checks.check import OnSurface
from id_isolation.checks.f1_grammar import f1
from id_isolation.checks.f5_hostile_names import f5
from id_isolation.checks.u1_user_in_id import u1
from id_isolation.checks.u2_users_told_apart import u2
from id_isolation.checks.u3_owner_look_up import u3
from id_isolation.checks.x1_threads import x1
from id_isolation.checks.x2_tasks import x2
from id_isolation.checks.x5_interleavings import x5


def test_session_ids_have_their_grammar(auth: OnSurface) -> None:
    """A log-in's session ID has the grammar of session IDs.

    Troubleshooting: phase 1 of the plan: call generate_session_id in the token validation.
    """
    f1(auth)


def test_hostile_users_log_in_safely_or_are_refused(auth: OnSurface) -> None:
    """A user with a hostile name gets a safe session ID, or is refused clearly.

    Troubleshooting: escape or digest the user before it becomes part of an ID.
    """
    f5(auth)


def test_session_ids_name_their_user(auth: OnSurface) -> None:
    """A session ID names the user who logged in.

    Troubleshooting: hand the validated user_id to generate_session_id.
    """
    u1(auth)


def test_sessions_of_different_users_look_different(auth: OnSurface) -> None:
    """No two different users look the same in their session IDs.

    Troubleshooting: put the whole user into the ID, escaped or as a digest.
    """
    u2(auth)


def test_sessions_lead_to_their_owner(auth: OnSurface) -> None:
    """Every session on record leads to the user who logged in.

    Troubleshooting: keep user and session ID of one log-in in one record.
    """
    u3(auth)


def test_session_ids_are_unique_over_threads(auth: OnSurface) -> None:
    """No session ID is given twice by threads at work at once.

    Troubleshooting: mint one ID for each new record.
    """
    x1(auth)


def test_session_ids_are_unique_over_tasks(auth: OnSurface) -> None:
    """No session ID is given twice by tasks at work at once.

    Troubleshooting: mint one ID for each new record.
    """
    x2(auth)


def test_no_interleaving_swaps_sessions(auth: OnSurface) -> None:
    """No interleaving of threads gives a log-in another user's session.

    Troubleshooting: the finding shows the interleaving; keep what stands between its two columns out of shared state.
    """
    x5(auth)


def test_concurrent_log_ins_stay_apart(auth: OnSurface) -> None:
    """Users who log in at once never share or swap a session.

    Troubleshooting: keep nothing of a log-in outside its own call.
    """
    a1(auth)


def test_what_users_do_at_once_agrees_with_an_order(auth: OnSurface) -> None:
    """Log-ins, withdrawals and hand-overs at once, cancelled and by the hundred, leave each user what is its own.

    Troubleshooting: follow the numbered rounds in the finding; what is done at once stands in one of them.
    """
    c7(auth)


def test_session_keys_are_wide_enough(auth: OnSurface) -> None:
    """Two tokens never meet on one stored key.

    Troubleshooting: key the record by a whole digest of the whole token.
    """
    a2(auth)


def test_ending_one_session_touches_only_that_user(auth: OnSurface) -> None:
    """Withdrawing one user's token leaves the other users' sessions alone.

    Troubleshooting: remove the record of the token that was refused, and no other.
    """
    a3(auth)


def test_ids_are_no_credentials(auth: OnSurface) -> None:
    """No ID opens a session when it is presented as a token.

    Troubleshooting: ask the authentication service about every token.
    """
    a4(auth)


def test_bad_tokens_are_refused(auth: OnSurface) -> None:
    """Invalid, withdrawn and empty tokens are refused and leave no session behind.

    Troubleshooting: raise 401 before anything is stored.
    """
    a6(auth)
