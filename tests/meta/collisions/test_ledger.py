"""The ledger of one process, open and closed."""

from __future__ import annotations

from zlib import crc32

from id_isolation.collisions.evidence import PARTS, Closed, Ledger, digest


def test_a_ledger_finds_the_lines_of_a_digest(tmp_path):
    """Number and text are those that were added."""
    ledger = Ledger(tmp_path, "one")
    ledger.add(f"id_{n}" for n in range(50_000))
    closed = Closed.at(ledger.close())
    assert (closed.name, closed.count) == ("one", 50_000)
    assert list(closed.lines_with({digest(b"id_31415")})) == [(31_415, b"id_31415")]


def test_each_partition_holds_its_digests_and_their_checks(tmp_path):
    """All IDs are in one partition each, in the order in which they came."""
    ledger, lines = Ledger(tmp_path, "one"), [f"id_{n}".encode() for n in range(3_000)]
    ledger.add(line.decode() for line in lines)
    closed = Closed.at(ledger.close())
    for place in range(PARTS):
        inside = [line for line in lines if digest(line) % PARTS == place]
        assert list(closed.numbers(place)) == list(map(digest, inside))
        assert list(closed.checks(place)) == list(map(crc32, inside))
