"""Ordinary web applications, judged by their data: green as they are, red for its reason with each classic leak."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from _pytest.mark import ParameterSet

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Level, Surface

from ..judged import all_pairs, outcomes, red, symptoms, verdicts

pytestmark = pytest.mark.skipif(find_spec("fastapi") is None, reason="the extra `examples` is not installed")

Place = Callable[[str], Path]

LOG_IN = {(check, "auth") for check in ("U1", "U3", "A1", "A6")}
LINES = {(check, "websocket") for check in ("E1", "E2", "E3", "E6", "M1", "M2", "M3")}


class Leak(NamedTuple):
    """One change of an application, and the finding that it must make."""

    application: str
    told: str
    changes: tuple[tuple[str, str], ...]
    found: tuple[str, str]
    level: Level = Level.PLAN


LEAKS = (
    Leak(
        "fastapi_socket",
        "read and deleted by ID whoever asks",
        (('if thread is None or thread["user"] != user:', "if thread is None:"),),
        ("H2", "write-accepted"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_socket",
        "an answer kept without its reader",
        (
            (
                "    return own_thread(thread_id, user)\n",
                "    if thread_id not in kept:\n        kept[thread_id] = own_thread(thread_id, user)\n"
                "    return kept[thread_id]\n",
            ),
            ('@app.get("/threads/{thread_id}")\n', 'kept: dict[str, Any] = {}\n\n\n@app.get("/threads/{thread_id}")\n'),
        ),
        ("H1", "read-by-another"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_socket",
        "a room by the first letters of its user",
        (("        return user\n\n    async def send", "        return user[:4]\n\n    async def send"),),
        ("E1", "foreign-event"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_socket",
        "a module's own current user",
        (
            (
                "    run_id = secrets.token_hex(8)\n",
                "    global speaking\n    speaking, run_id = user, secrets.token_hex(8)\n",
            ),
            (
                '            await manager.send(user, {"type": "token"',
                '            await manager.send(speaking, {"type": "token"',
            ),
        ),
        ("E1", "foreign-event"),
    ),
    Leak(
        "fastapi_socket",
        "one lock for the sending to all",
        (
            (
                "        for websocket in list(self.rooms.get(self.room_of(user), [])):\n"
                "            await websocket.send_json(message)\n",
                "        async with self.sending:\n"
                "            for websocket in list(self.rooms.get(self.room_of(user), [])):\n"
                "                await websocket.send_json(message)\n",
            ),
            (
                "        self.rooms: dict[str, list[WebSocket]] = {}\n",
                "        self.rooms: dict[str, list[WebSocket]] = {}\n        self.sending = asyncio.Lock()\n",
            ),
        ),
        ("E1", "held-up"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_socket",
        "a connection that stays registered",
        (("        manager.disconnect(user, websocket)\n", "        pass\n"),),
        ("E3", "left-behind"),
    ),
    Leak(
        "fastapi_socket",
        "a log-out that forgets the token",
        (("    tokens.pop(token, None)\n", "    pass\n"),),
        ("A6", "bad-token-accepted"),
    ),
    Leak(
        "fastapi_socket",
        "an answer that is cached for everybody",
        (
            ('    return {"username": user}', '    return cached.setdefault("me", {"username": user})'),
            ("passwords: dict", "cached: dict[str, dict[str, str]] = {}\npasswords: dict"),
        ),
        ("A1", "swapped-session"),
    ),
    Leak(
        "fastapi_socket",
        "a last message that everybody gets",
        (
            (
                '        await manager.send(user, {"type": "done", **ids})',
                "        for other in list(manager.rooms):\n"
                '            await manager.send(other, {"type": "done", **ids})',
            ),
        ),
        ("E1", "foreign-event"),
    ),
    Leak(
        "fastapi_sse",
        "a module's own current prompt",
        (
            (
                "    run_id = secrets.token_hex(8)\n",
                "    global asked\n    asked = prompt\n    run_id = secrets.token_hex(8)\n",
            ),
            (
                '        for word in f"You said {prompt}".split():\n'
                "            await asyncio.sleep(0.001)\n"
                '            yield event("delta", text=word, **ids)',
                '        await asyncio.sleep(0.01)\n        yield event("delta", text=asked, **ids)',
            ),
        ),
        ("E1", "foreign-event"),
    ),
    Leak(
        "fastapi_sse",
        "a run that is not ended with its reader",
        (
            (
                '        yield event("end", **ids)\n    finally:\n        del runs[run_id]',
                '        del runs[run_id]\n        yield event("end", **ids)\n    finally:\n        pass',
            ),
            ("asyncio.sleep(0.001)", "asyncio.sleep(0.1)"),
        ),
        ("E3", "left-behind"),
    ),
    Leak(
        "fastapi_sse",
        "a log-out that forgets the session",
        (("    sessions.pop(sid, None)\n", "    pass\n"),),
        ("A6", "bad-token-accepted"),
    ),
    Leak(
        "fastapi_sse",
        "one session for whoever logs in at once",
        (
            (
                "    sid = secrets.token_urlsafe(24)\n",
                "    sid = next(reversed(sessions), None) or secrets.token_urlsafe(24)\n",
            ),
        ),
        ("A1", "swapped-session"),
    ),
    Leak(
        "fastapi_sse",
        "an answer that is cached for everybody",
        (
            ('    return {"name": user}', '    return cached.setdefault("me", {"name": user})'),
            ("passwords: dict", "cached: dict[str, dict[str, str]] = {}\npasswords: dict"),
        ),
        ("A1", "swapped-session"),
    ),
    Leak(
        "fastapi_sse",
        "one number for all runs",
        (("    run_id = secrets.token_hex(8)\n", '    run_id = "run"\n'),),
        ("E1", "shared-id"),
    ),
    Leak(
        "fastapi_sse",
        "a chat is its owner's by the first letters of the name",
        (("""chat["user"] != user:""", """chat["user"][:8] != user[:8]:"""),),
        ("H1", "read-by-another"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_sse",
        "a chat is read by whoever names it",
        (("    return own_chat(chat_id, user)\n", "    return chats[chat_id]\n"),),
        ("H1", "read-by-another"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_sse",
        "a chat is continued by whoever names it",
        (
            (
                "        own_chat(chat_id, user)\n    chats",
                "        chats.get(chat_id) or own_chat(chat_id, user)\n    chats",
            ),
        ),
        ("H4", "continued-by-another"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_sse",
        "a chat that any cache may keep",
        (('"private, no-store"\n    return own_chat', '"public, max-age=60"\n    return own_chat'),),
        ("H3", "kept-for-others"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_sse",
        "a log-in on the session that the browser has",
        (
            (
                "async def log_in(account: Account, response: Response)",
                'async def log_in(account: Account, response: Response, had: Annotated[str, Cookie(alias="sid")] = "")',
            ),
            ("    sid = secrets.token_urlsafe(24)\n", "    sid = had or secrets.token_urlsafe(24)\n"),
        ),
        ("H1", "read-by-another"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_sse",
        "an account stored under the name without its letter case",
        (
            ("    if account.name in passwords:", "    if account.name in names:"),
            (
                "    passwords[account.name] = account.password",
                "    names.add(account.name)\n    passwords[account.name.lower()] = account.password",
            ),
            ("passwords.get(account.name)", "passwords.get(account.name.lower())"),
            ("passwords: dict", "names: set[str] = set()\npasswords: dict"),
        ),
        ("H1", "account-taken"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_sse",
        "a reader who leaves ends the stream of everybody",
        (
            (
                "        for word in",
                "        here = broken[0]\n        for word in",
            ),
            (
                '            yield event("delta", text=word, **ids)\n',
                "            if here == broken[0]:\n"
                '                yield event("delta", text=word, **ids)\n        await asyncio.sleep(0.02)\n',
            ),
            ("asyncio.sleep(0.001)", "asyncio.sleep(0.02)"),
            (
                "    finally:\n        del runs",
                "    except (GeneratorExit, asyncio.CancelledError):\n        broken[0] += 1\n        raise\n"
                "    finally:\n        del runs",
            ),
            ("runs: dict", "broken = [0]\nruns: dict"),
        ),
        ("H5", "broken-off-beside-another"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_socket",
        "rooms of numbers that others have by then",
        (
            (
                "        self.rooms.setdefault(self.room_of(user), []).append(websocket)\n",
                "        self.rooms.setdefault(self.room_of(user), []).append(websocket)\n"
                "        taken.append(None)\n        number = taken.index(None)\n        taken[number] = websocket\n"
                "        numbers.setdefault(user, set()).add(number)\n",
            ),
            (
                "        room.remove(websocket)\n",
                "        room.remove(websocket)\n        taken[taken.index(websocket)] = None\n",
            ),
            (
                "        for websocket in list(self.rooms.get(self.room_of(user), [])):\n"
                "            await websocket.send",
                "        for websocket in [one for n in numbers.get(user, ()) if (one := taken[n]) is not None]:\n"
                "            await websocket.send",
            ),
            (
                "runs: dict[str, str] = {}\n",
                "runs: dict[str, str] = {}\nnumbers: dict[str, set[int]] = {}\ntaken: list[Any] = []\n",
            ),
        ),
        ("C7", "foreign-event"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_socket",
        "a log-out that closes lines by where they stood before",
        (
            (
                "        for websocket in list(self.rooms.get(self.room_of(user), [])):\n"
                '            if websocket.query_params.get("token") == token:\n'
                "                await websocket.close(",
                '        places = [n for n, one in enumerate(lines) if one.query_params.get("token") == token]\n'
                "        for place in places:\n"
                "            if place < len(lines):\n"
                "                await lines.pop(place).close(",
            ),
            (
                "        self.rooms.setdefault(self.room_of(user), []).append(websocket)\n",
                "        self.rooms.setdefault(self.room_of(user), []).append(websocket)\n"
                "        lines.append(websocket)\n",
            ),
            (
                "        room.remove(websocket)\n",
                "        room.remove(websocket)\n        lines[:] = [one for one in lines if one is not websocket]\n",
            ),
            ("runs: dict[str, str] = {}\n", "runs: dict[str, str] = {}\nlines: list[Any] = []\n"),
        ),
        ("C7", "cut-off"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_resumed",
        "a thread is continued by whoever names it",
        (
            (
                "    thread = own_thread(thread_id, user)\n    thread.messages",
                "    thread = threads.setdefault(thread_id, Thread(user))\n    thread.messages",
            ),
        ),
        ("H4", "continued-by-another"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_resumed",
        "a stream is followed by whoever names its run",
        (("    if run is None or run.user != user:", "    if run is None:"),),
        ("H5", "followed-by-another"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_resumed",
        "a stream is resumed by whoever names its run",
        (("    run = own_run(run_id, user)", "    run = runs[run_id] if last_event_id else own_run(run_id, user)"),),
        ("H5", "followed-by-another"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_resumed",
        "a thread is read by whoever names it",
        (('    return {"messages": own_thread(thread_id, user).messages}', "    return vars(threads[thread_id])"),),
        ("H1", "read-by-another"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_resumed",
        "a thread is deleted by whoever names it",
        (("    own_thread(thread_id, user)\n    del", "    del"),),
        ("H2", "changed-by-another"),
        Level.STRICT,
    ),
    Leak(
        "fastapi_socket",
        "a message continues the thread that it names",
        (('if thread_id in threads and threads[thread_id]["user"] != user:', "if False:"),),
        ("H4", "continued-by-another"),
        Level.STRICT,
    ),
)


@pytest.mark.parametrize(
    "name",
    ["fastapi_socket", *(pytest.param(one, marks=pytest.mark.slow) for one in ("fastapi_sse", "fastapi_resumed"))],
)
def test_a_sound_application_is_green(name: str, placed: Place) -> None:
    """What the data file says is judged and passes; nothing is red."""
    placed(name)
    given = verdicts("app.toml", all_pairs(Level.PLAN))
    assert red(given) == set()
    assert outcomes(given, Outcome.PASSED) >= LOG_IN | LINES


@pytest.mark.parametrize(
    ("name", "checks"),
    [
        ("fastapi_resumed", {"H1", "H2", "H4"}),
        pytest.param("fastapi_resumed", {"H3", "H5"}, marks=pytest.mark.slow),
        pytest.param("fastapi_socket", {"H1", "H2", "H3", "H4"}, marks=pytest.mark.slow),
        pytest.param("fastapi_sse", {"H1", "H2", "H3", "H4"}, marks=pytest.mark.slow),
    ],
)
def test_a_sound_application_answers_requests_with_ones_own(name: str, checks: set[str], placed: Place) -> None:
    """What it reads, deletes, continues and streams by ID is judged, and passes."""
    placed(name)
    requests = [pair for pair in all_pairs(Level.STRICT) if pair[0] in checks]
    given = verdicts("app.toml", requests, Level.STRICT)
    assert outcomes(given, Outcome.PASSED) == set(requests)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fastapi_socket", "fastapi_resumed", "fastapi_sse"])
def test_what_others_do_in_the_middle_changes_nothing_of_a_life(name: str, placed: Place) -> None:
    """Whole lives of a sound application are judged, and pass."""
    placed(name)
    pair = ("C7", Surface.HTTP)
    assert outcomes(verdicts("app.toml", [pair], Level.STRICT), Outcome.PASSED) == {pair}


def test_a_page_names_what_the_data_does_not(placed: Place) -> None:
    """With `--openapi`, what bears an ID is judged that no line of the data says; its leak is found."""
    directory = placed("fastapi_resumed")
    file = directory / "app.toml"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join(line for line in lines if not line.startswith(("reads", "writes"))), "utf-8")
    requests = [("H1", Surface.HTTP), ("H2", Surface.HTTP)]
    given = verdicts("app.toml", requests, Level.STRICT)
    assert outcomes(given, Outcome.NOT_APPLICABLE) == set(requests)
    _change(directory, [("    own_thread(thread_id, user)\n    del", "    del")])
    given = verdicts("app.toml", requests, Level.STRICT, options={"openapi": "/openapi.json"})
    assert {(one[0], one[2]) for one in symptoms(given)} == {("H2", "changed-by-another")}
    assert outcomes(given, Outcome.PASSED) == {("H1", "http")}


GOES_ON = (
    ("        for task in working:\n            task.cancel()\n", ""),
    ("        await asyncio.sleep(0.001)", "        await asyncio.sleep(0.02)"),
)
RESUMED = (
    *GOES_ON,
    ("runs: dict[str, str] = {}\n", "runs: dict[str, str] = {}\nsent: dict[str, list[Any]] = {}\n"),
    (
        "    async def send(self, user: str, message: dict[str, Any]) -> None:\n",
        "    async def send(self, user: str, message: dict[str, Any]) -> None:\n"
        "        sent.setdefault(message.get('run_id', ''), []).append(message)\n",
    ),
    (
        "    await manager.connect(user, websocket)\n    working",
        "    await manager.connect(user, websocket)\n"
        "    for message in [one for run, name in runs.items() if name == user for one in sent.get(run, ())]:\n"
        "        await websocket.send_json(message)\n"
        "    working",
    ),
)
"""A run goes on when its line is lost, and is told from its beginning to whoever opens the user's next one."""


@pytest.mark.slow
def test_a_users_own_run_may_go_on_on_its_next_line(placed: Place) -> None:
    """It is no finding unless the data says that it must not; and never is it another user's."""
    e6 = [("E6", Surface.WEBSOCKET)]
    directory = placed("fastapi_socket")
    _change(directory, RESUMED)
    assert red(verdicts("app.toml", e6)) == set()
    with (directory / "app.toml").open("a") as file:
        file.write("resumes = false\n")
    assert {one[2] for one in symptoms(verdicts("app.toml", e6))} == {"old-tail"}
    placed("fastapi_socket")
    _change(directory, [(old, new.replace(" if name == user", "")) for old, new in RESUMED])
    assert "foreign-event" in {one[2] for one in symptoms(verdicts("app.toml", e6))}


def _change(directory: Path, changes: Iterable[tuple[str, str]]) -> None:
    file = directory / "application.py"
    text = file.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


def _some_are_quick(number: int, leak: Leak) -> ParameterSet:
    marks = () if number == 1 or leak.found[1] == "broken-off-beside-another" else pytest.mark.slow
    return pytest.param(leak, id=f"{leak.application}: {leak.told}", marks=marks)


@pytest.mark.parametrize("leak", [_some_are_quick(number, leak) for number, leak in enumerate(LEAKS)])
def test_a_leak_turns_it_red_for_its_reason(leak: Leak, placed: Place) -> None:
    """The check whose rule the leak breaks fails, with the symptom that names it."""
    _change(placed(leak.application), leak.changes)
    check, symptom = leak.found
    given = verdicts("app.toml", [pair for pair in all_pairs(leak.level) if pair[0] == check], leak.level)
    assert (check, symptom) in {(one[0], one[2]) for one in symptoms(given)}
