"""A backend that runs something since it was imported is judged in fresh processes, and the run says what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.drivers.spec import Target, TargetKind
from id_isolation.embedded import compose
from id_isolation.embedded.layer import AUTH, Edit, Layer
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.judging.client import Judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import NO_FORK, Effort

from ..drivers.toy import FOLDER
from ..judged import Pair, all_pairs
from ..own_children import own_children

_IMPORT = "import hashlib\n"
_STIRRING = {
    "thread": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(3600,), name='poller').start()\n",
        "thread 'poller'",
    ),
    "busy thread": (
        "import threading, time\ndef _poll():\n    while True:\n        time.sleep(0.001)\n"
        "threading.Thread(target=_poll, name='busy', daemon=True).start()\n",
        "thread 'busy'",
    ),
    "loop in a thread": (
        "import asyncio, threading\n_loop = asyncio.new_event_loop()\n"
        "threading.Thread(target=_loop.run_forever, name='loop', daemon=True).start()\n",
        "thread 'loop'",
    ),
    "loop": ("import asyncio\n_loop = asyncio.new_event_loop()\n", "event loop"),
    "thread of C": (
        "import ctypes\n_c = ctypes.CDLL(None)\n"
        "_c.pthread_create(ctypes.byref(ctypes.c_ulong()), None, ctypes.cast(_c.pause, ctypes.c_void_p), None)\n",
        "thread that Python knows nothing of",
    ),
}
_FEW: list[Pair] = [("A1", Surface.AUTH), ("C2", Surface.DISPATCHER), ("X3", Surface.GENERATOR)]


def _judged(
    base: str, directory: Path, pairs: list[Pair], code: str = "", **options: str
) -> tuple[str, dict[Pair, Verdict]]:
    """Why nothing is forked, and the verdict of each pair, on a backend with this code at the top of its log-in."""
    root = compose.write(base, directory, [Layer("stirring", (Edit(AUTH, _IMPORT, _IMPORT + code),))])
    effort = Effort(0.3, tuple(options.items()))
    with Judge(Target(str(root), TargetKind.CHECKOUT, root), Level.PLAN, 1, effort, workers=2) as judge:
        judge.submit(pairs)
        return judge.unforked, {pair: judge.verdict(*pair) for pair in pairs}


@pytest.mark.parametrize("kind", ["thread", pytest.param("loop", marks=pytest.mark.slow), "thread of C"])
def test_what_runs_since_the_import_is_named_and_judged_in_fresh_processes(kind: str, tmp_path: Path) -> None:
    """The sentence names the thread and the module that started it; the verdicts are those of a quiet tree."""
    code, named = _STIRRING[kind]
    unforked, given = _judged("remediated", tmp_path, _FEW[: 3 if kind == "thread" else 1], code)
    assert named in unforked
    assert "auth_integration.auth" in unforked or kind == "thread of C"
    assert {verdict.outcome for verdict in given.values()} == {Outcome.PASSED}
    assert all(unforked in " ".join(one.notes) for (check, _), one in given.items() if check == "X3")


def test_a_quiet_tree_is_forked(tmp_path: Path) -> None:
    """A thread that ended before the import did is nothing to avoid a fork for."""
    code = "import threading\n_short = threading.Thread(target=print)\n_short.start()\n_short.join()\n"
    unforked, given = _judged("remediated", tmp_path, _FEW[:1], code)
    assert (unforked, given[_FEW[0]].outcome) == ("", Outcome.PASSED)


def test_a_fault_is_found_in_fresh_processes_too(tmp_path: Path) -> None:
    """The backend before the plan, with a thread: red with findings, not with errors."""
    _, given = _judged("legacy", tmp_path, [("C2", Surface.DISPATCHER)], _STIRRING["thread"][0])
    assert {verdict.outcome for verdict in given.values()} == {Outcome.FAILED}


@pytest.mark.parametrize("call", ["gc.get_objects(0)", pytest.param("gc.get_referrers(_held)", marks=pytest.mark.slow)])
def test_a_thread_that_holds_every_object_breaks_nothing(call: str, tmp_path: Path) -> None:
    """CPython fails to build a tuple that somebody else holds; nobody does, however often a thread asks for them."""
    code = "import gc, sys, threading\n_held, _rest = object(), threading.Event()\nsys.setswitchinterval(1e-5)\n"
    code += f"def _hold():\n    while True:\n        {call}\n        _rest.wait(0.01)\n"
    code += "threading.Thread(target=_hold, name='holder', daemon=True).start()\n"
    code += "for _ in range(4_000):\n    tuple(_held for _ in range(40))\n"
    unforked, given = _judged("remediated", tmp_path, _FEW[:2], code)
    assert "thread 'holder'" in unforked
    assert {pair: one.reason for pair, one in given.items() if one.outcome is not Outcome.PASSED} == {}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["thread", "busy thread", "loop in a thread"])
def test_the_whole_plan_level_holds_beside_threads(kind: str, tmp_path: Path) -> None:
    """Green on a right tree, and on the one before the plan the same findings as without threads."""
    code = _STIRRING[kind][0]
    _, right = _judged("remediated", tmp_path / "right", all_pairs(), code)
    assert {pair: given.reason for pair, given in right.items() if not given.outcome.is_green} == {}
    _, wrong = _judged("legacy", tmp_path / "wrong", all_pairs(), code)
    _, quiet = _judged("legacy", tmp_path / "quiet", all_pairs())
    assert {pair: given.outcome for pair, given in wrong.items()} == {pair: one.outcome for pair, one in quiet.items()}


_SEVERAL: list[Pair] = [*_FEW[:2], ("X1", Surface.AUTH), ("U3", Surface.AUTH)]


def test_one_process_opens_the_backend_anew_for_check_after_check(tmp_path: Path) -> None:
    """Each finds the tree as it is after an import: what one check left in it the next does not see.

    What takes a fork is then not applicable, and says so; no process is left over.
    """
    before = own_children()
    code = f"import os\nwith open({str(tmp_path / 'noted')!r}, 'a') as _file:\n    print(os.getpid(), file=_file)\n"
    pairs = list(dict.fromkeys([*_SEVERAL, *_FEW]))
    unforked, given = _judged("remediated", tmp_path / "tree", pairs, code, **{NO_FORK: "True"})
    assert own_children() <= before
    assert "--no-fork" in unforked
    assert {verdict.outcome for verdict in given.values()} == {Outcome.PASSED}
    assert "not applicable" in " ".join(given["X3", Surface.GENERATOR].notes)
    # One import of the host's, one for each check, and one for the calm run.
    imports = (tmp_path / "noted").read_text().split()
    assert len(imports) == len(pairs) + 2
    assert len(set(imports)) < len(imports)


@pytest.mark.parametrize(
    "second",
    [
        pytest.param("raise ValueError('a name is taken')", id="cannot be imported again", marks=pytest.mark.slow),
        pytest.param(
            "hashlib.sha256 = lambda _: __import__('types').SimpleNamespace(hexdigest=str)", id="is wrong then"
        ),
        pytest.param("import time\ntime.sleep(3600)", id="hangs then", marks=pytest.mark.slow),
    ],
)
def test_what_goes_wrong_where_another_check_was_judged_is_judged_alone(
    second: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tree that bears no second import in one process is judged as if there were one process for each check."""
    if "sleep" in second:
        monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.1")
    lines = second.replace("\n", "\n    ")
    code = f"import sys\nif hasattr(sys, 'been'):\n    {lines}\nsys.been = True\n"
    _, given = _judged("remediated", tmp_path, _SEVERAL, code, **{NO_FORK: "True"})
    assert {pair: one.reason for pair, one in given.items() if one.outcome is not Outcome.PASSED} == {}


def test_a_system_elsewhere_is_opened_anew_by_each_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One at a time: what the host itself has opened is closed first, and each process closes its own."""
    (tmp_path / "elsewhere.py").write_text(
        f"import os, sys\nsys.path.insert(0, {str(FOLDER)!r})\nfrom adapter import ToyBackend\n"
        "from id_isolation.drivers.adapter import AdapterBackend\n"
        f"def note(what):\n    with open({str(tmp_path / 'noted')!r}, 'a') as file:\n        print(what, file=file)\n"
        "class Elsewhere(AdapterBackend):\n    name, remote = 'elsewhere', True\n"
        "    def close(self):\n        note('closed')\n"
        "def backend():\n    made = Elsewhere()\n    made.minting = ToyBackend().minting\n    note('opened')\n"
        "    return made\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    target = Target("elsewhere:backend", TargetKind.ADAPTER)
    with Judge(target, Level.PLAN, 1, Effort(1, ((NO_FORK, "True"),)), workers=2) as judge:
        given = [judge.verdict(check, Surface.GENERATOR) for check in ("X1", "X4")]
    assert [verdict.outcome for verdict in given] == [Outcome.PASSED, Outcome.NOT_APPLICABLE]
    noted = (tmp_path / "noted").read_text().split()
    # The host looks, the calm run learns, and each check judges.
    assert noted == ["opened", "closed"] * 4


def test_a_process_that_cannot_open_the_backend_is_an_error_of_its_check(tmp_path: Path) -> None:
    """The second import ends its process: the check says how, and the run goes on."""
    code = f"import os, pathlib\n_been = pathlib.Path({str(tmp_path / 'been')!r})\n"
    code += "if _been.exists():\n    os._exit(7)\n_been.touch()\n"
    _, given = _judged("remediated", tmp_path / "tree", _FEW[:1], code, **{NO_FORK: "True"})
    assert given[_FEW[0]].outcome is Outcome.ERRORED
    assert "exit code 7" in given[_FEW[0]].reason
