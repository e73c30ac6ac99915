"""A play's clock begins at the present, only goes forward, and is left alone where the backend runs elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from id_isolation.checks.parts.lives_reference import PlayClock, play_clock

from ...bare import Bare, context_on


class _Held:
    def __init__(self) -> None:
        self.moments: list[datetime] = []

    def move_to(self, target_datetime: datetime) -> None:
        self.moments.append(target_datetime)


def test_steps_forward_add_up() -> None:
    """From the moment at which it began."""
    held = _Held()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    clock = PlayClock(held, start)  # type: ignore[arg-type]
    clock.forward(timedelta(hours=25))
    clock.forward(timedelta(hours=1))
    assert held.moments == [start + timedelta(hours=25), start + timedelta(hours=26)]


def test_the_held_clock_stands_still_until_it_is_put_forward() -> None:
    """By just so much; after the play the real one is back."""
    with play_clock(context_on()) as clock:
        assert clock is not None
        first = datetime.now(UTC)
        assert datetime.now(UTC) == first
        assert type(first).__module__ != "datetime"
        clock.forward(timedelta(hours=25))
        assert datetime.now(UTC) == first + timedelta(hours=25)
    assert datetime.now(UTC) < first + timedelta(hours=25)


def test_a_backend_elsewhere_keeps_its_own_clock() -> None:
    """There is none to hold."""
    backend: Any = Bare()
    backend.remote = True
    with play_clock(context_on(backend)) as clock:
        assert clock is None
        assert type(datetime.now(UTC)).__module__ == "datetime"
