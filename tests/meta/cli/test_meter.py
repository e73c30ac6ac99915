"""How far a command is is drawn on a terminal, late and on one line, and on nothing else."""

from __future__ import annotations

import io

from id_isolation.cli.meter import Meter


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_drawn_where_there_is_no_terminal() -> None:
    """A file or a pipe gets no bar, however long it takes."""
    stream, now = io.StringIO(), [0.0]
    meter = Meter(stream, clock=lambda: now[0])
    now[0] = 60
    meter(1, 2, "a-fault")
    meter.close()
    assert stream.getvalue() == ""


def test_the_bar_begins_after_a_second_and_is_wiped() -> None:
    """What takes less than a second shows nothing; what takes longer is wiped at its end."""
    stream, now = _Terminal(), [0.0]
    meter = Meter(stream, clock=lambda: now[0])
    now[0] = 0.9
    meter(1, 4, "a-fault")
    assert stream.getvalue() == ""
    now[0] = 1.5
    meter(2, 4, "another-fault")
    assert "[###############...............]  50% 2 of 4 another-fault" in stream.getvalue()
    meter.close()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_where_nobody_knows_how_much_there_is_no_bar_is_drawn() -> None:
    """The number alone says that it goes on."""
    stream, now = _Terminal(), [0.0]
    meter = Meter(stream, clock=lambda: now[0])
    now[0] = 2.0
    meter(1_200, 0, "MB, 3 events")
    assert stream.getvalue().endswith("1,200 MB, 3 events")
