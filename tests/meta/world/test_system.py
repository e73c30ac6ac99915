"""What differs between systems: a pipe that is carried over to a socket, and the end of what was started."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys

import pytest

from id_isolation.timing import units
from id_isolation.world.system import RUN, Inlet, end_all_of, lent, taken


@pytest.mark.parametrize("carried", [False, True], ids=["pipe", "carried over to a socket"])
def test_what_comes_through_a_pipe_is_waited_for_and_read_to_its_end(carried: bool) -> None:
    """By the pipe itself, and as on Windows."""
    read, write = os.pipe()
    inlet = Inlet(read, carried=carried)
    assert not inlet.waits()
    sent = b"x" * 200_000
    child = subprocess.Popen([sys.executable, "-c", f"import os; os.write(1, b'x' * {len(sent)})"], stdout=write)
    os.close(write)
    came = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(inlet, selectors.EVENT_READ)
        while selector.select(units(10)) and (piece := inlet.read()):
            came += piece
    assert inlet.waits()
    inlet.close()
    assert bytes(came) == sent
    assert child.wait() == 0


def test_a_child_takes_what_it_was_lent() -> None:
    """Under the name that it was told."""
    read, write = os.pipe()
    told, options = lent(write)
    code = "import os, sys; from id_isolation.world.system import taken; os.write(taken(sys.argv[1]), b'here')"
    subprocess.run([sys.executable, "-c", code, *told], check=True, **options)
    os.close(write)
    assert os.read(read, 10) == b"here"
    os.close(read)
    assert taken("7") == 7


def test_what_bears_a_mark_is_ended_and_nothing_else() -> None:
    """A mark that goes on behind a dot is the same run's; no mark at all is nobody's."""
    sleeper = [sys.executable, "-c", "import threading; threading.Event().wait()"]
    marked, deeper, other = (
        subprocess.Popen(sleeper, env={**os.environ, RUN: mark}) for mark in ("of.mine", "of.mine.3", "of.mine2")
    )
    try:
        end_all_of("")
        assert [one.poll() for one in (marked, deeper, other)] == [None, None, None]
        end_all_of("of.mine")
        marked.wait(units(5))
        deeper.wait(units(5))
        assert other.poll() is None
    finally:
        for one in (marked, deeper, other):
            one.kill()
            one.wait()
