"""Somebody's own code is copied, its places are found by the plan, and each check's lines are seen.

Nothing of the original is changed or added to, whatever kind of backend it is.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.embedded import compose
from id_isolation.embedded.layer import AUTH, DISPATCHER, GENERATOR, MANAGER, WEBSOCKET, Edit, Layer
from id_isolation.plan.kinds import Surface
from id_isolation.plan.plan import using
from id_isolation.power.fault import on
from id_isolation.power.own_code import OwnCode, Trace, is_same_code, own_code
from id_isolation.power.trial import Trial, try_all
from id_isolation.world.effort import Effort

from ..plan import chat


def _contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _traced(code: OwnCode, *pairs: tuple[str, Surface]) -> Trace:
    trace = Trace(code, pairs)
    (tried,) = try_all(
        [
            Trial(
                "unchanged",
                code.opening(trace=trace),
                pairs,
                after=trace.after,
                spec=code.opened_by,
                unseen=trace.unseen,
            )
        ],
        jobs=1,
        seed=1,
        effort=Effort(0.1),
    )
    assert not tried.trouble
    assert not tried.red
    return trace


def test_the_places_the_generator_and_the_manager_are_changed() -> None:
    """Of a place the functions that it leads to; a tool of the dispatcher is none of them."""
    with own_code("hardened") as code:
        assert {AUTH, DISPATCHER, GENERATOR, MANAGER, WEBSOCKET} <= set(code.files)
        names = {mutant.name for mutant in code.mutants()}
        operators = {mutant.operator for mutant in code.mutants()}
    assert {"lock dropped", "key shortened", "owner check removed", "clean-up dropped", "comparison"} <= operators
    assert not any(name.startswith(f"{DISPATCHER}:has_tool") for name in names)


def test_another_plan_names_other_places(tmp_path: Path) -> None:
    """Each in its own file, also one that no driver needs."""
    root = chat.write(tmp_path / "tree", *chat.PHASES)
    with using(chat.PLAN), own_code(str(root)) as code:
        paths = {mutant.path for mutant in code.mutants()}
    assert paths == {place.path for place in chat.PLAN.places} | {chat.PLAN.generator.path}


def test_a_directory_is_copied_and_stays_as_it_was(tmp_path: Path) -> None:
    """What no code is in stays out of the copy, and a change is made in a copy of the copy."""
    root = compose.write("hardened", tmp_path / "tree")
    for extra in (".git/config", "node_modules/a.js", "env/pyvenv.cfg", "data/words.txt"):
        (root / extra).parent.mkdir(parents=True)
        (root / extra).write_text("x")
    before = _contents(root)
    with own_code(str(root)) as code:
        copied = set(_contents(code.root))
        mutant = next(one for one in code.mutants() if one.path == AUTH and one.operator == "key shortened")
        place = tmp_path / "one"
        trials = [Trial("one", code.opening(mutant), on(Surface.AUTH, "A2"))]
        (tried,) = try_all(trials, jobs=1, seed=1, effort=Effort(0.1))
        assert (code.root / AUTH).read_text("utf-8") == (root / AUTH).read_text("utf-8")
    assert "data/words.txt" in copied
    assert not {".git/config", "node_modules/a.js", "env/pyvenv.cfg"} & copied
    assert [told.check for told in tried.red] == ["A2"]
    assert _contents(root) == before
    assert not place.exists()


def test_the_lines_of_each_check_are_seen() -> None:
    """One that only reads IDs runs none of the log-in, and every check runs what is run on import."""
    reading, log_in = ("F6", Surface.GENERATOR), ("A6", Surface.AUTH)
    with own_code("hardened") as code:
        trace = _traced(code, reading, log_in)
        text = (code.root / AUTH).read_text("utf-8").splitlines()

        def ran(piece: str) -> list[tuple[str, Surface]]:
            line = next(number for number, one in enumerate(text, 1) if piece in one)
            return trace.ran(AUTH, range(line, line + 1))

        assert ran("_active_token_sessions.pop(") == [log_in]
        assert ran("_active_token_sessions: dict") == [reading, log_in]


def test_beside_threads_each_check_opens_the_code_itself_and_may_have_run_any_line(tmp_path: Path) -> None:
    """A fork would inherit what the thread holds."""
    top, line = "import hashlib\n", "import threading, time\n"
    line += "threading.Thread(target=time.sleep, args=(3600,), daemon=True, name='poller').start()\n"
    root = compose.write("hardened", tmp_path / "tree", [Layer("thread", (Edit(AUTH, top, top + line),))])
    pairs = (("F6", Surface.GENERATOR), ("A6", Surface.AUTH))
    with own_code(str(root)) as code:
        trace = _traced(code, *pairs)
        last = len((code.root / AUTH).read_text("utf-8").splitlines())
        assert trace.ran(AUTH, range(last, last + 1)) == list(pairs)


def test_code_that_python_makes_the_same_of_is_told() -> None:
    """A change behind a return is none, and one of a text is."""
    with own_code("hardened") as code:
        file = code.root / MANAGER
        file.write_text("def f(a):\n    return 'x'\n    del a\n", "utf-8")
        alike = {mutant.before: is_same_code(code, mutant) for mutant in code.mutants() if mutant.path == MANAGER}
    assert alike["del a"]
    assert not alike["'x'"]


ADAPTER = """\
import helper
from id_isolation.adapters import AdapterBackend, ContextIds, Kind

class Made(AdapterBackend):
    def __init__(self):
        self.minting = self
        self.count = 0

    def kinds(self):
        return [Kind.SESSION]

    def mint(self, kind, user):
        self.count += 1
        return f"{kind}-{self.count}-{helper.random()}"

    def mint_context(self, user, operation):
        token = helper.random()
        return ContextIds(user, f"thread-{token}", f"run-{token}", f"request-{token}")

    def restart(self):
        pass
"""


@pytest.fixture
def adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "made_adapter.py").write_text(ADAPTER)
    (tmp_path / "helper").mkdir()
    (tmp_path / "helper" / "__init__.py").write_text(
        "import secrets\n\ndef random():\n    return secrets.token_hex(8)\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("package", [pytest.param(False, marks=pytest.mark.slow), True])
def test_of_an_adapter_its_own_file_is_changed(adapter: Path, package: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is beside it is found as ever, and nothing is written there."""
    spec = "made_adapter:Made"
    if package:
        (adapter / "mine").mkdir()
        (adapter / "mine" / "__init__.py").write_text("")
        (adapter / "made_adapter.py").rename(adapter / "mine" / "made_adapter.py")
        spec = f"mine.{spec}"
    before = _contents(adapter)
    with own_code(spec) as code:
        (path,) = code.files
        _traced(code, ("X1", Surface.GENERATOR))
        mutant = next(one for one in code.mutants() if one.before == "self.count += 1" and one.after == "pass")
        part = next(one for one in code.mutants() if one.operator == "part left out" and "random" not in one.after)
        trials = [Trial(one.name, code.opening(one), on(Surface.GENERATOR, "X1")) for one in (mutant, part)]
        tried = try_all(trials, jobs=1, seed=1, effort=Effort(0.1))
    assert path.endswith("made_adapter.py")
    assert all(one.verdicts and not one.trouble for one in tried)
    assert _contents(adapter) == before
    assert "made_adapter" not in sys.modules


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("no_such_module:Made", "there is no module no_such_module here"),
        ("ws://127.0.0.1:1", "none of its code is here to be changed"),
        ("no-such-directory", "there is no such directory"),
    ],
)
def test_what_cannot_be_changed_is_refused_in_a_sentence(spec: str, sentence: str) -> None:
    """Before anything is judged."""
    with pytest.raises(UsageError, match=sentence), own_code(spec):
        pass


def test_a_file_that_is_no_python_is_named(tmp_path: Path) -> None:
    """It cannot be changed a little."""
    root = compose.write("hardened", tmp_path / "tree")
    (root / AUTH).write_text("def (:\n")
    with own_code(str(root)) as code, pytest.raises(UsageError, match=f"{AUTH} cannot be read as Python"):
        list(code.mutants())
