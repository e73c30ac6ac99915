"""The quick look at a source's bytes misses nothing that may mint, and passes over what cannot."""

from __future__ import annotations

import pytest

from id_isolation.scan.skim.words import Hints


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
    hints = Hints(text.encode())
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
    assert not Hints(text.encode())


def test_spots_are_where_the_words_stand() -> None:
    """Each of them."""
    data = b"import uuid\nx = uuid.uuid4()\ny = uuid.uuid4()\n"
    assert [data[spot : spot + 5] for spot in Hints(data).spots] == [b"uuid4", b"uuid4"]


def test_another_modules_alias_is_a_hint_as_a_whole_word() -> None:
    """And only when it is known."""
    data = b"from compat import fresh\nx = fresh()\nrefresh()\n"
    assert not Hints(data)
    assert [data[at : at + 6] for at in Hints(data, frozenset(["fresh"])).spots] == [b"fresh\n", b"fresh("]


def test_a_definition_that_returns_chance_is_known_only_where_chance_was_found() -> None:
    """A part without a return, or without a source, hands on nothing."""
    hints = Hints(b"import secrets\nsession_id = secrets.token_hex(8)\n")
    assert hints.returned(b"def f():\n    return secrets.token_hex(8)\n")
    assert not hints.returned(b"def f():\n    x = secrets.token_hex(8)\n")
    assert not hints.returned(b"def f():\n    return 1\n")
    assert not Hints(b"import uuid\nuuid.uuid4()\n").returned(b"def f():\n    return secrets.token_hex(8)\n")
