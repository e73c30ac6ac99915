"""Forks in the middle of a mint."""

from __future__ import annotations

from id_isolation.timing import units
from id_isolation.world.forks import fork_in_mid

from . import samples


def _unlocked() -> int:
    samples._count += 1
    return samples._count


def _here(filename: str) -> bool:
    return filename == __file__


def test_copies_are_taken_before_and_after_the_write() -> None:
    """The copies' counters show that the forks were spread over the whole mint."""
    before = samples._count
    result = fork_in_mid(_unlocked, lambda _: samples._count, traced=_here, points=6)
    seen = [child.value for child in result.children]
    assert result.value == before + 2
    assert set(seen) == {before + 1, before + 2}
    assert all(place.startswith(f"{__file__}:") for place in result.places)


def test_a_copy_forked_inside_the_lock_is_late() -> None:
    """A lock held by the minting thread is never released in the copy; the parent goes on."""
    result = fork_in_mid(
        samples.count, samples.count, traced=lambda name: name == samples.__file__, points=8, deadline=units(0.5)
    )
    late = [child.late for child in result.children]
    assert any(late)
    assert not all(late)
    assert not [child.trouble for child in result.children if child.trouble and not child.late]


def test_a_mint_outside_the_traced_files_gives_no_children() -> None:
    """Nothing traced is nothing forked, and can be told from a mint that stood the test."""
    assert fork_in_mid(_unlocked, lambda _: 0, traced=lambda name: False).children == ()
