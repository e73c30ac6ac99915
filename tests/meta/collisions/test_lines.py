"""IDs as lines of bytes."""

from __future__ import annotations

import pytest

from id_isolation.collisions.evidence import decoded, encoded

AWKWARD = ["", "a", "a\nb", "a\\nb", "a\\\nb", "\\", "\\\\", "ü", "\udc80", "\n", "\n\n", "a" * 10_000]


def test_any_text_survives_being_made_a_line():
    """Newlines, backslashes and lone surrogates come back."""
    assert [decoded(line) for line in encoded(AWKWARD)] == AWKWARD
    assert all(b"\n" not in line for line in encoded(AWKWARD))


@pytest.mark.parametrize("text", AWKWARD, ids=range(len(AWKWARD)))
def test_a_text_has_the_same_line_alone_and_among_others(text):
    """Batches may be cut anywhere."""
    assert encoded([text])[0] == encoded(AWKWARD)[AWKWARD.index(text)]


def test_no_texts_are_no_lines():
    """An empty batch is not the batch of one empty text."""
    assert (encoded([]), encoded([""])) == ([], [b""])
