"""A request comes out of its JSON as it went in, and a message is one whole line.

A process that waits for ever is told from one that works.
"""

from __future__ import annotations

import json
from io import BytesIO

import pytest

from id_isolation.judging.messages import GOODBYE, Lines, Request, send
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("surface", list(Surface))
def test_a_request_comes_back_as_it_was(level: Level, surface: Surface) -> None:
    """Surface and level as members, effort with its scale and options."""
    request = Request(7, "X1", surface, level, 42, Effort(0.25, (("ids", "1000"), ("users", "7"))))
    back = Request.from_json(json.loads(json.dumps(request.to_json())))
    assert back == request
    assert back.surface is surface
    assert back.level is level


def test_the_order_of_the_options_makes_no_other_request() -> None:
    """They are a table, and come back sorted."""
    data = Request(1, "X1", Surface.AUTH, Level.PLAN, 1, Effort(1.0, (("users", "7"), ("ids", "9")))).to_json()
    assert Request.from_json(data).effort.options == (("ids", "9"), ("users", "7"))


@pytest.mark.parametrize("field", ["surface", "level"])
def test_an_unknown_word_is_an_error(field: str) -> None:
    """A host of another version is not half understood."""
    data = Request(1, "X1", Surface.AUTH, Level.PLAN, 1, Effort()).to_json()
    with pytest.raises(ValueError, match="moon"):
        Request.from_json({**data, field: "moon"})


def test_a_message_is_one_line_whatever_is_in_it() -> None:
    """Line ends and other letters are escaped, and the stream is flushed."""

    class Stream(BytesIO):
        flushed = 0

        def flush(self) -> None:
            self.flushed += 1

    stream = Stream()
    send(stream, {"reason": "two\nlines\r\u2028é"})
    send(stream, GOODBYE)
    first, second, rest = stream.getvalue().split(b"\n")
    assert json.loads(first) == {"reason": "two\nlines\r\u2028é"}
    assert json.loads(second) == {"goodbye": True}
    assert rest == b""
    assert stream.flushed == 2


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_lines_are_whole_however_they_are_cut(size: int) -> None:
    """The last one waits for its end."""
    text, lines, taken = b"one\n\ntwo two\nthr", Lines(), []
    for start in range(0, len(text), size):
        lines.add(text[start : start + size])
        while (line := lines.take()) is not None:
            taken.append(line)
    assert taken == [b"one", b"", b"two two"]
    lines.add(b"ee\n")
    assert (lines.take(), lines.take()) == (b"three", None)
