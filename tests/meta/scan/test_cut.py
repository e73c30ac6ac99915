"""Cutting a large source down changes no finding."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from id_isolation.scan import Finding, scan_tree
from id_isolation.scan.cut import narrowed
from id_isolation.scan.skim import skim

from .labels import Snippet, snippets
from .trees import write

pytestmark = pytest.mark.quick

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


def _found(root: Path, text: str) -> list[Finding]:
    """The mints of a file of that text."""
    result = scan_tree(write(root, {"app/a.py": text}))
    assert not result.unread
    assert not result.partly
    return result.findings


@pytest.mark.parametrize("snippet", _ALL, ids=[snippet.name for snippet in _ALL])
def test_a_cut_source_gives_the_mints_of_the_whole(snippet: Snippet, tmp_path: Path) -> None:
    """Each labelled snippet, buried in unrelated code, is found on its own lines."""
    found = _found(tmp_path, snippet.text + _PADDING)
    assert sorted(mint.line for mint in found) == sorted(line for line, _ in snippet.wanted)


@pytest.mark.parametrize("snippet", _ALL, ids=[snippet.name for snippet in _ALL])
def test_a_cut_source_parses(snippet: Snippet) -> None:
    """Nobody has to parse the whole."""
    data = (snippet.text + _PADDING).encode()
    short = narrowed(data, skim(data))
    assert short is not None
    ast.parse(short)


def test_unrelated_code_is_cut_and_lines_stay() -> None:
    """Most of the source becomes empty lines, none goes."""
    data = ("import uuid\n" + _PADDING + "\nsession_id = uuid.uuid4()\n").encode()
    short = narrowed(data, skim(data))
    assert short is not None
    assert short.count(b"\n") == data.count(b"\n")
    assert len(short.replace(b"\n", b"")) < len(data) / 10


_DEEP = """
class Service:
    def start(
        self,
        user_id: str,
        flags=(
            1,
        ),
    ) -> None:
        if flags:
            try:
                x = 1
            except ValueError:
                with self.lock:
                    payload = {
                        "a": 1,
                        "run_id": str(uuid.uuid4()),
                    }
        elif self.more:
            @decorated(uuid.uuid4())
            def inner(): return 2
        else:
            text = f'''
            {uuid.uuid4()}
'''
        return payload
"""


def test_a_statement_keeps_the_definitions_around_it(tmp_path: Path) -> None:
    """Through branches, brackets over several lines, decorators and texts with fields."""
    found = _found(tmp_path, "import uuid\n" + _DEEP + _PADDING)
    assert [(mint.line, mint.function, mint.kind) for mint in found] == [
        (18, "Service.start", "run"),
        (21, "Service.start.inner", "other"),
        (25, "Service.start", "other"),
    ]
    assert found[0].replacement.endswith('generate_user_context_ids(user_id, "start")[1]')


def test_code_in_a_text_is_no_code(tmp_path: Path) -> None:
    """A module text that holds example code at the left margin is not judged."""
    text = '"""Example::\n\nimport uuid\nsession_id = uuid.uuid4()\n"""\n' + _PADDING + "\nimport uuid\n"
    assert _found(tmp_path, text) == []


def test_quotes_in_comments_and_texts_do_not_mislead(tmp_path: Path) -> None:
    """Three quotes in a comment or in another text begin nothing."""
    head = "import uuid\n# it's a \"\"\" here\nx = 'a \"\"\" b'\ny = '''\nrun_id = uuid.uuid4()\n'''\n"
    assert len(_found(tmp_path, head + _PADDING + "\nsession_id = uuid.uuid4()\n")) == 1
