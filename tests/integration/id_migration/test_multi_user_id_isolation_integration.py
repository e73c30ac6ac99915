"""Phase 2: the contexts of the dispatcher, and the clean-up that depends on them."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Verdict
from id_isolation.pytest_plugin.results import assert_passed


@pytest.mark.check("F1", surface="dispatcher")
def test_context_ids_have_their_grammar(verdict: Verdict) -> None:
    """Thread, run and request of a migration context have their grammar.

    Troubleshooting: phase 2 of the plan: take them from generate_user_context_ids.
    """
    assert_passed(verdict)


@pytest.mark.check("U3", surface="dispatcher")
def test_contexts_keep_their_owner(verdict: Verdict) -> None:
    """A dispatcher works in the context that it was given.

    Troubleshooting: pass the given user_context on as it is.
    """
    assert_passed(verdict)


@pytest.mark.check("U4", surface="dispatcher")
def test_anonymous_contexts_are_not_pooled(verdict: Verdict) -> None:
    """Two anonymous contexts are two users.

    Troubleshooting: give each anonymous context a user of its own.
    """
    assert_passed(verdict)


@pytest.mark.check("C1", surface="dispatcher")
def test_thread_and_run_share_their_token(verdict: Verdict) -> None:
    """Thread and run of a migration context share a correlation token that no other context has.

    Troubleshooting: take both from one call of generate_user_context_ids.
    """
    assert_passed(verdict)


@pytest.mark.check("C2", surface="dispatcher")
def test_cleanup_by_run_finds_the_thread(verdict: Verdict) -> None:
    """Clean-up by run finds what was registered by thread.

    Troubleshooting: take both from one call of generate_user_context_ids.
    """
    assert_passed(verdict)


@pytest.mark.check("C3", surface="dispatcher")
def test_cleanup_takes_nothing_of_others(verdict: Verdict) -> None:
    """Clean-up of one context leaves the others alone.

    Troubleshooting: call the generator for each context; never keep its answer.
    """
    assert_passed(verdict)


@pytest.mark.check("C4", surface="dispatcher")
def test_wrong_ids_clean_up_nothing(verdict: Verdict) -> None:
    """Unknown, empty, partial and pattern-like IDs clean up nothing.

    Troubleshooting: compare whole tokens for equality.
    """
    assert_passed(verdict)


@pytest.mark.check("C5", surface="dispatcher")
def test_cycles_end_where_they_began(verdict: Verdict) -> None:
    """After cycles of connect and disconnect nothing is held that was not held before.

    Troubleshooting: take thread and run from one call, so that they correlate.
    """
    assert_passed(verdict)


@pytest.mark.check("X1", surface="dispatcher")
def test_context_ids_are_unique_over_threads(verdict: Verdict) -> None:
    """No context ID is given twice by threads at work at once.

    Troubleshooting: call the generator for each context.
    """
    assert_passed(verdict)


@pytest.mark.check("X2", surface="dispatcher")
def test_context_ids_are_unique_over_tasks(verdict: Verdict) -> None:
    """No context ID is given twice by tasks at work at once.

    Troubleshooting: call the generator for each context.
    """
    assert_passed(verdict)


@pytest.mark.check("F5", surface="dispatcher")
def test_contexts_of_hostile_users_stay_whole(verdict: Verdict) -> None:
    """A context whose user has a hostile name is carried as it is or refused, and no ID shows a user for its operation.

    Troubleshooting: hand the user over first and the operation second, and keep what the caller brings.
    """
    assert_passed(verdict)
