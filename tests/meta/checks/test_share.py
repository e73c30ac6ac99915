"""The part of a load that each of several workers takes."""

from __future__ import annotations

import pytest

from id_isolation.world.effort import Share


@pytest.mark.parametrize(("total", "workers"), [(0, 2), (1, 3), (7, 2), (1000, 3), (5, 8)])
def test_the_parts_of_all_workers_add_up(total: int, workers: int) -> None:
    """And differ by one at most."""
    parts = [Share(number, workers).part(total) for number in range(workers)]
    assert sum(parts) == total
    assert max(parts) - min(parts) <= 1


@pytest.mark.parametrize(("users", "workers"), [(2, 2), (3, 2), (4, 2), (5, 3), (100, 7), (1, 2)])
def test_each_user_is_brought_once_and_no_worker_brings_one_alone(users: int, workers: int) -> None:
    """Where there are too few users for all, some workers bring none."""
    names = [f"user{number}" for number in range(users)]
    brought = [Share(number, workers).among(names) for number in range(workers)]
    assert sorted(name for part in brought for name in part) == sorted(names)
    assert all(len(part) >= min(2, users) for part in brought if part)


def test_a_run_of_one_process_takes_all() -> None:
    """Without workers nothing is split."""
    assert Share.parse(None) == Share()
    assert Share().part(7) == 7
    assert Share().among(["a", "b", "c"]) == ["a", "b", "c"]


def test_a_share_travels_as_text() -> None:
    """It comes back the same."""
    assert Share.parse(str(Share(2, 5))) == Share(2, 5)
