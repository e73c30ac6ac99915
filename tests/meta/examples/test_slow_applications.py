"""Where a log-in, a log-out or a run takes long, fewer are tried, several at once; nothing is accused of it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Level

from ..judged import all_pairs, outcomes, symptoms, verdicts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("fastapi") is None, reason="the extra `examples` is not installed"),
]

Change = tuple[str, str]
ENDS = "    tokens.pop(token, None)\n"
LOG_IN = "    token = secrets.token_urlsafe(24)\n"
HASHED = f"    hashlib.pbkdf2_hmac('sha256', b'', b'', 2_000_000)\n{LOG_IN}"
WORDS = "            await asyncio.sleep(0.001)\n"


class Slow(NamedTuple):
    """Changes that make an application slow, what its data says of that, and what is judged."""

    changes: tuple[Change, ...]
    checks: tuple[str, ...]
    says: str = ""


SLOW = {
    "a log-out that is answered late": Slow(
        ((ENDS, f"    await asyncio.sleep(1.5)\n{ENDS}"),), ("A3@auth", "A6@auth", "C7@auth", "E5@websocket")
    ),
    "a log-out that has effect late": Slow(
        ((ENDS, "    asyncio.get_running_loop().call_later(1.5, tokens.pop, token, None)\n"),),
        ("A3@auth", "A6@auth", "C7@auth"),
        "log_out_within = 2\n",
    ),
    "a log-in that waits for another service": Slow(
        ((LOG_IN, f"    await asyncio.sleep(0.5)\n{LOG_IN}"),), ("U1@auth", "U2@auth", "A1@auth", "A3@auth", "H1@http")
    ),
    "a log-in that hashes": Slow(
        ((LOG_IN, HASHED), ("import secrets\n", "import hashlib\nimport secrets\n")), ("U3@auth", "A1@auth", "A6@auth")
    ),
    "a run that takes long": Slow(
        ((WORDS, "            await asyncio.sleep(0.6)\n"),),
        ("E1@websocket", "E2@websocket", "C7@websocket", "H4@http"),
    ),
}


class Leak(NamedTuple):
    """A leak of an application that is slow, and the finding that it must make."""

    slow: str
    changes: tuple[Change, ...]
    found: tuple[str, str, str]


LEAKS = (
    Leak("a log-out that is answered late", ((ENDS, ""),), ("A6", "auth", "bad-token-accepted")),
    Leak(
        "a log-in that waits for another service",
        (
            ('    return {"username": user}', '    return kept.setdefault("me", {"username": user})'),
            ("passwords: dict", "kept: dict[str, dict[str, str]] = {}\npasswords: dict"),
        ),
        ("A1", "auth", "swapped-session"),
    ),
    Leak(
        "a run that takes long",
        (("        return user\n\n    async def send", "        return user[:4]\n\n    async def send"),),
        ("E1", "websocket", "foreign-event"),
    ),
)


def _made(directory: Path, slow: Slow, leak: tuple[Change, ...] = ()) -> None:
    file = directory / "application.py"
    text = file.read_text("utf-8")
    for old, new in (*slow.changes, *leak):
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    with (directory / "app.toml").open("a", encoding="utf-8") as data:
        data.write(slow.says)


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_application_is_judged_and_green(name: str, placed: Callable[[str], Path]) -> None:
    """Each check judges something, in its time."""
    slow = SLOW[name]
    _made(placed("fastapi_socket"), slow)
    pairs = [pair for pair in all_pairs(Level.STRICT) if f"{pair[0]}@{pair[1]}" in slow.checks]
    assert outcomes(verdicts("app.toml", pairs, Level.STRICT), Outcome.PASSED) == set(pairs)


@pytest.mark.parametrize("leak", [pytest.param(one, id=one.slow) for one in LEAKS])
def test_its_leak_is_found(leak: Leak, placed: Callable[[str], Path]) -> None:
    """Fewer are enough."""
    _made(placed("fastapi_socket"), SLOW[leak.slow], leak.changes)
    check, surface, symptom = leak.found
    pairs = [pair for pair in all_pairs(Level.STRICT) if pair == (check, surface)]
    given = verdicts("app.toml", pairs, Level.STRICT)
    assert (check, surface, symptom) in {one[:3] for one in symptoms(given)}
