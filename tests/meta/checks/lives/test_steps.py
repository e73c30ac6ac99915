"""Tests of steps and of the random histories that are made of them."""

from __future__ import annotations

from random import Random

from id_isolation.checks.parts.lives_steps import Cast, Step, drawn_steps, renumbered


def test_a_step_reads_back_from_its_text() -> None:
    """The text of a step, as a replay shows it, is the step."""
    for seed in range(30):
        for step in drawn_steps(Random(seed), "ABC"):
            assert Step.read(str(step)) == step


def test_a_history_follows_from_its_seed() -> None:
    """The same seed draws the same users and the same steps."""
    first, second = (list(drawn_steps(Random(7), "ABCD")) for _ in range(2))
    assert first == second
    assert Cast.drawn(Random(7)) == Cast.drawn(Random(7))


def test_steps_that_the_backend_cannot_do_are_left_out() -> None:
    """What a backend has no port for never comes in a history."""
    without = frozenset({"store", "invalidate", "sweep", "wait"})
    ops = {step.op for seed in range(50) for step in drawn_steps(Random(seed), "AB", without)}
    assert not ops & without
    assert {"connect", "run", "end", "expire", "hand-over", "crash"} <= ops


def test_two_to_four_users_play_and_one_is_a_stranger() -> None:
    """A cast has two to four users; their names in one play are all different."""
    sizes = set()
    for seed in range(60):
        cast = Cast.drawn(Random(seed))
        names = cast.names("bab0")
        assert len(set(names.values())) == len(names) == len(cast.letters)
        assert "xbab0" in names.values()
        sizes.add(len(names))
    assert sizes == {2, 3, 4}


def test_labels_are_counted_anew() -> None:
    """After steps are left out, labels begin at one again, and refer to the same things."""
    steps = [Step("connect", "c3", "A"), Step("run", "r2", "c3"), Step("close", "", "c3")]
    assert renumbered(steps) == [Step("connect", "c1", "A"), Step("run", "r1", "c1"), Step("close", "", "c1")]
