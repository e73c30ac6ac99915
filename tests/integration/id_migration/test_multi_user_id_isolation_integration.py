"""Phase 2: the contexts of the dispatcher, and the clean-up that depends on them."""

from __future__ import annotations

from id_isolation.checks.c1_correlation import c1
from id_isolation.checks.c2_cleanup_by_run import c2
from id_isolation.checks.c3_cleanup_spares_others import c3
from id_isolation.checks.c4_cleanup_by_wrong_ids import c4
from id_isolation.checks.c5_disconnect_cycles import c5
from id_isolation.checks.c7_whole_lives import c7
from id_isolation.checks.check import OnSurface
from id_isolation.checks.f1_grammar import f1
from id_isolation.checks.f5_hostile_names import f5
from id_isolation.checks.h1_foreign_reads import h1
from id_isolation.checks.h2_foreign_writes import h2
from id_isolation.checks.h3_answers_are_ones_own import h3
from id_isolation.checks.h4_foreign_continuations import h4
from id_isolation.checks.h5_foreign_streams import h5
from id_isolation.checks.u3_owner_look_up import u3
from id_isolation.checks.u4_anonymous_users import u4
from id_isolation.checks.x1_threads import x1
from id_isolation.checks.x2_tasks import x2


def test_context_ids_have_their_grammar(dispatcher: OnSurface) -> None:
    """Thread, run and request of a migration context have their grammar.

    Troubleshooting: phase 2 of the plan: take them from generate_user_context_ids.
    """
    f1(dispatcher)


def test_contexts_keep_their_owner(dispatcher: OnSurface) -> None:
    """A dispatcher works in the context that it was given.

    Troubleshooting: pass the given user_context on as it is.
    """
    u3(dispatcher)


def test_anonymous_contexts_are_not_pooled(dispatcher: OnSurface) -> None:
    """Two anonymous contexts are two users.

    Troubleshooting: give each anonymous context a user of its own.
    """
    u4(dispatcher)


def test_thread_and_run_share_their_token(dispatcher: OnSurface) -> None:
    """Thread and run of a migration context share a correlation token that no other context has.

    Troubleshooting: take both from one call of generate_user_context_ids.
    """
    c1(dispatcher)


def test_cleanup_by_run_finds_the_thread(dispatcher: OnSurface) -> None:
    """Clean-up by run finds what was registered by thread.

    Troubleshooting: take both from one call of generate_user_context_ids.
    """
    c2(dispatcher)


def test_cleanup_takes_nothing_of_others(dispatcher: OnSurface) -> None:
    """Clean-up of one context leaves the others alone.

    Troubleshooting: call the generator for each context; never keep its answer.
    """
    c3(dispatcher)


def test_wrong_ids_clean_up_nothing(dispatcher: OnSurface) -> None:
    """Unknown, empty, partial and pattern-like IDs clean up nothing.

    Troubleshooting: compare whole tokens for equality.
    """
    c4(dispatcher)


def test_cycles_end_where_they_began(dispatcher: OnSurface) -> None:
    """After cycles of connect and disconnect nothing is held that was not held before.

    Troubleshooting: take thread and run from one call, so that they correlate.
    """
    c5(dispatcher)


def test_context_ids_are_unique_over_threads(dispatcher: OnSurface) -> None:
    """No context ID is given twice by threads at work at once.

    Troubleshooting: call the generator for each context.
    """
    x1(dispatcher)


def test_context_ids_are_unique_over_tasks(dispatcher: OnSurface) -> None:
    """No context ID is given twice by tasks at work at once.

    Troubleshooting: call the generator for each context.
    """
    x2(dispatcher)


def test_contexts_of_hostile_users_stay_whole(dispatcher: OnSurface) -> None:
    """A context whose user has a hostile name is carried as it is or refused, and no ID shows a user for its operation.

    Troubleshooting: hand the user over first and the operation second, and keep what the caller brings.
    """
    f5(dispatcher)


def test_the_manager_lets_go_of_a_runs_connections(manager: OnSurface) -> None:
    """Clean-up by run finds every connection in the run's thread, in each of the manager's registries.

    Troubleshooting: clear every map when a connection is removed.
    """
    c2(manager)


def test_the_manager_takes_nothing_of_others(manager: OnSurface) -> None:
    """Clean-up of one context takes no other connection out of the manager.

    Troubleshooting: look connections up by user and whole thread.
    """
    c3(manager)


def test_wrong_ids_take_nothing_out_of_the_manager(manager: OnSurface) -> None:
    """Unknown, cut and pattern-like IDs take nothing out of the manager.

    Troubleshooting: compare whole threads for equality.
    """
    c4(manager)


def test_cycles_leave_nothing_in_the_manager(manager: OnSurface) -> None:
    """After cycles of connections that end in order, break and are cancelled the manager holds nothing.

    Troubleshooting: clear every map on every path that ends a connection.
    """
    c5(manager)


def test_others_read_nothing_by_a_users_ids(http: OnSurface) -> None:
    """An ID of one user, in a request that reads, gives another user and nobody at all nothing.

    Troubleshooting: look up by ID and owner at once, and answer 404 to everybody else.
    """
    h1(http)


def test_others_change_nothing_by_a_users_ids(http: OnSurface) -> None:
    """A request of another user that changes or ends something by ID leaves the owner's whole view as it was.

    Troubleshooting: ask whose the ID is before anything is written.
    """
    h2(http)


def test_answers_are_ones_own(http: OnSurface) -> None:
    """Answers, errors, redirects, cookies and caches carry nothing of another user, at once and on second use.

    Troubleshooting: send `Cache-Control: private` and `Vary`, and keep no answer under a key without the user.
    """
    h3(http)


def test_what_is_continued_is_ones_own(http: OnSurface) -> None:
    """A message that continues a thread by its ID continues the user's own.

    Troubleshooting: refuse a thread that is not the caller's before the message is taken.
    """
    h4(http)


def test_a_stream_is_its_starters(http: OnSurface) -> None:
    """Nobody else follows a stream, or resumes it.

    Troubleshooting: keep the owner with each stream, and compare it on every read.
    """
    h5(http)


def test_acts_in_the_middle_of_a_life_change_nothing_of_it(http: OnSurface) -> None:
    """Whatever one user does with its own in the middle of another's whole life, that life comes to the same.

    Troubleshooting: end, find and number things by their owner, never by a place or a moment that users share.
    """
    c7(http)
