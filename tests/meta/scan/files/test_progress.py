"""The progress bar: on a terminal only, from one second on."""

from __future__ import annotations

import io

from id_isolation.scan.files.progress import Progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _drawn(stream: io.StringIO, times: list[float]) -> str:
    clock = iter(times)
    progress = Progress(stream, lambda: next(clock))
    for done in range(1, len(times)):
        progress(done, 10)
    progress.close()
    return stream.getvalue()


def test_nothing_is_drawn_within_the_first_second() -> None:
    """A quick scan shows no bar."""
    assert _drawn(_Terminal(), [0.0, 0.4, 0.99]) == ""


def test_the_bar_is_drawn_from_one_second_on_and_wiped() -> None:
    """It shows how far the scan is, and leaves an empty line."""
    text = _drawn(_Terminal(), [0.0, 0.5, 1.0, 2.0])
    assert "2 of 10 files" in text
    assert "3 of 10 files" in text
    assert text.endswith("\r\x1b[K")


def test_nothing_is_drawn_where_there_is_no_terminal() -> None:
    """A log file stays free of it."""
    assert _drawn(io.StringIO(), [0.0, 5.0, 9.0]) == ""
