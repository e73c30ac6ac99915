"""The quick look at a source's bytes."""

from __future__ import annotations

import pytest

from id_isolation.scan.skim import Hints, has_id_context, making_ids, positions, skim, word_positions


def _found(text: str, *, wide: bool = True, word: bytes = b"token_hex") -> int:
    data = text.encode()
    return len(making_ids(data, positions(data, (word,)), wide=wide))


def _hints(data: bytes, aliases: frozenset[str] = frozenset()) -> Hints:
    return skim(data).knowing(data, aliases)


@pytest.mark.parametrize(
    "text",
    [
        "session_id = f()",
        "sessionId = f()",
        "self.id = f()",
        'd["id"] = f()',
        '{"run_id": f()}',
        "run_id: str = f()",
        "a_id, b = f()",
        "run_id += f()",
        "id_str = f()",
        "def new_id():",
        "x = f'session_{f()}'",
        'x = "run-" + f()',
        "x = 'tx:%s' % f()",
        "class A:\n    ID: str",
    ],
)
def test_a_piece_in_which_an_id_gets_a_value_is_known(text: str) -> None:
    """Names, keys, annotations, unpackings and telling prefixes."""
    assert has_id_context(text.encode())


@pytest.mark.parametrize("text", ["x = f()", "if a_id == b_id: pass", "delay = f(valid)", "name = 'hello_'", ""])
def test_a_piece_that_only_reads_an_id_is_not(text: str) -> None:
    """A comparison gives nothing its value."""
    assert not has_id_context(text.encode())


def test_words_are_found_in_every_place_and_whole_where_asked() -> None:
    """Also at the very start and end."""
    assert positions(b"ab-ab", (b"ab", b"-")) == [0, 3, 2]
    assert list(word_positions(b"ab xab ab_ ab.ab", b"ab")) == [0, 11, 14]


@pytest.mark.parametrize(
    "text",
    [
        "session_id = token_hex(8)\n",
        "def new_id():\n    return token_hex(8)\n",
        "x = UUID(token_hex(8))\n",
        "raw = token_hex(8)\nsession_id = raw\n",
        "raw = token_hex(8)\ntext = raw\nsession_id = text\n",
        "def make():\n    return token_hex(8)\nsession_id = make()\n",
        "def make():\n    x = token_hex(8)\n    return x\nsession_id = make()\n",
        "class C:\n    def f(self):\n        self.raw = token_hex(8)\n    def g(self):\n        a_id = self.raw\n",
        "from secrets import token_hex as fresh\nsession_id = fresh(8)\n",
        "raw = token_hex(8)\ndef f():\n    pass\ndef g():\n    a_id = raw\n",
    ],
)
def test_a_use_whose_value_may_become_an_id_is_let_through(text: str) -> None:
    """Directly, by one or two names, through a definition, an attribute or an alias."""
    assert _found(text) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import token_hex\n",
        "# session_id = token_hex(8)\n",
        "from secrets import token_hex\n",
        "salt = token_hex(8)\n",
        "def f():\n    salt = token_hex(8)\ndef g(salt):\n    a_id = salt\n",
    ],
)
def test_a_use_that_cannot_is_left(text: str) -> None:
    """Imports, comments, other names, and another function's local variable of the same name."""
    assert _found(text) == 0


def test_one_line_is_let_through_once() -> None:
    """However many sources it names."""
    assert _found("session_id = token_hex(8) + token_hex(8)\n") == 1
    assert _found("session_id = token_hex(8)\nrun_id = token_hex(8)\n") == 2


def test_a_duration_is_no_id() -> None:
    """A difference of clocks, and what parses a date without reading a clock."""
    assert _found("run_id = time(x) - began\n", wide=False, word=b"time(") == 0
    assert _found("run_id = time(x)\n", wide=False, word=b"time(") == 1
    assert _found("run_id = strptime(x)\n", wide=False, word=b"time(") == 0


def test_a_clock_is_looked_at_more_narrowly_than_chance() -> None:
    """A line that says what its value is for is judged alone, and a function must return it itself."""
    beside = "run_id = 1\nbegan = now()\n"
    kept = "def make():\n    keep(now())\n    one()\n    two()\nrun_id = make()\n"
    for text in (beside, kept):
        assert _found(text, wide=False, word=b"now(") == 0
        assert _found(text, wide=True, word=b"now(") == 1


@pytest.mark.parametrize(
    "text",
    [
        "import uuid\nx = uuid.uuid4()\n",
        "from uuid import uuid1 as m\nx = m()\n",
        "x = getattr(uuid, 'uuid7')()\n",
        "from shared.id_generation import UnifiedIdGenerator\n",
        "x = UnifiedIdGenerator.generate_base_id()\n",
        "import secrets\nsession_id = secrets.token_hex(8)\n",
        "import random\nx = f'run_{random.random()}'\n",
        "import time\nrun_id = time.time()\n",
        "from datetime import datetime\nrun_id = datetime.now()\n",
        "import os, time as t\nrun_id = t.monotonic()\n",
    ],
)
def test_a_source_that_may_mint_has_a_hint(text: str) -> None:
    """A UUID, the generator, chance or a clock near an ID."""
    hints = _hints(text.encode())
    assert hints
    assert hints.spots == sorted(hints.spots)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1\n",
        "import uuid\n",
        "import uuid\nx = uuid.uuid5(a, b)\n",
        "import secrets\nsalt = secrets.token_hex(8)\n",
        "import time\nbegan = time.time()\n",
        "session_id = now()\n",
    ],
)
def test_a_source_that_cannot_mint_has_none(text: str) -> None:
    """A name-based UUID, a salt, a stopwatch, and a clock that no module brings."""
    assert not _hints(text.encode())


def test_spots_are_where_the_words_stand() -> None:
    """Each of them."""
    data = b"import uuid\nx = uuid.uuid4()\ny = uuid.uuid4()\n"
    assert [data[spot : spot + 5] for spot in _hints(data).spots] == [b"uuid4", b"uuid4"]


def test_another_modules_alias_is_a_hint_as_a_whole_word() -> None:
    """And only when it is known."""
    data = b"from compat import fresh\nx = fresh()\nrefresh()\n"
    assert not _hints(data)
    assert [data[at : at + 6] for at in _hints(data, frozenset(["fresh"])).spots] == [b"fresh\n", b"fresh("]
