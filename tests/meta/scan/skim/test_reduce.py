"""Cutting a large source down changes no finding."""

from __future__ import annotations

import pytest

from id_isolation.scan.files.judge_file import judge_bytes, mints_of
from id_isolation.scan.skim.reduce import reduced
from id_isolation.scan.skim.words import Hints

from ..labels import Snippet, snippets

_FILLER = '''

def unrelated_{n}(value):
    """A text with 'quotes', a # sign

def and_a_line_like_code():
    and uuid in it
    """
    if value:
        return [value, "text"]
    else:
        return {{"key": value}}


class Unrelated{n}:
    """Another."""

    field = 3

    def method(self):
        return self.field
'''
_PADDING = "".join(_FILLER.format(n=n) for n in range(20))


# A value handed, without a name, to a function that calls it an ID: only whole parsing sees that.
_BEYOND = "conditional: to a known parameter"
_ALL = [snippet for snippet in snippets() if snippet.name != _BEYOND]


@pytest.mark.parametrize("snippet", _ALL, ids=[snippet.name for snippet in _ALL])
def test_a_cut_source_gives_the_mints_of_the_whole(snippet: Snippet) -> None:
    """Each labelled snippet, buried in unrelated code, is found on its own lines."""
    data = (snippet.text + _PADDING).encode()
    result = judge_bytes(data, whole=False)
    assert isinstance(result, int) or not result[5]
    assert sorted(m.line for m in mints_of(result)) == sorted(line for line, _ in snippet.wanted)


def test_unrelated_code_is_cut_and_lines_stay() -> None:
    """Most of the source becomes empty lines, none goes."""
    data = ("import uuid\n" + _PADDING + "\nsession_id = uuid.uuid4()\n").encode()
    short = reduced(data, Hints(data))
    assert short is not None
    assert short.count(b"\n") == data.count(b"\n")
    assert len(short.replace(b"\n", b"")) < len(data) / 10


def test_code_in_a_text_is_no_code() -> None:
    """A module text that holds example code at the left margin is not judged."""
    data = ('"""Example::\n\nimport uuid\nsession_id = uuid.uuid4()\n"""\n' + _PADDING + "\nimport uuid\n").encode()
    assert mints_of(judge_bytes(data, whole=False)) == []


def test_quotes_in_comments_and_texts_do_not_mislead() -> None:
    """Three quotes in a comment or in another text begin nothing."""
    head = "import uuid\n# it's a \"\"\" here\nx = 'a \"\"\" b'\ny = '''\nrun_id = uuid.uuid4()\n'''\n"
    data = (head + _PADDING + "\nsession_id = uuid.uuid4()\n").encode()
    assert len(mints_of(judge_bytes(data, whole=False))) == 1
