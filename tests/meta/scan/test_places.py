# ruff: noqa: E501 - sources stay on one line each, so that they can be read as sources
"""The plan's places are found, and judged by the plan's rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.scan.places import PlaceReport, find_places, judge_generator_call, missing_import

from .trees import AUTH, auth, dispatcher, plan_tree, websocket, write

_F = "UserExecutionContext.from_request_supervisor"
RAW = {
    "call": auth("session_id = str(uuid.uuid4())", "import uuid"),
    "module-alias": auth("session_id = u.uuid4().hex", "import uuid as u"),
    "function-alias": auth("session_id = f'{mint()}'", "from uuid import uuid4 as mint"),
    "rebound": auth("session_id = str(mint())", "import uuid\nmint = uuid.uuid4"),
    "inner-import": auth("import uuid\nsession_id = str(uuid.uuid1())"),
    "local-variables": auth("raw = uuid.uuid4()\ntext = str(raw)\nsession_id = text[:8]", "import uuid"),
    "conditional": auth("session_id = old if old else str(uuid.uuid4())", "import uuid"),
    "either": auth("session_id = cache.get(token) or uuid.uuid4().hex", "import uuid"),
    "helper": auth("session_id = _new()", "import uuid\ndef _new():\n    value = uuid.uuid4()\n    return str(value)"),
    "helper-parameter": auth("session_id = _tag(uuid.uuid4())", "import uuid\ndef _tag(x):\n    return f's_{x}'"),
    "lambda": auth("session_id = new()", "import uuid\nnew = lambda: str(uuid.uuid4())"),
    "class-attribute": auth("session_id = Ids.make()", "import uuid\nclass Ids:\n    make = staticmethod(uuid.uuid4)"),
    "static-method": auth(
        "session_id = Ids.make()",
        "import uuid\nclass Ids:\n    @staticmethod\n    def make():\n        return uuid.uuid4().hex",
    ),
    "instance-method": auth(
        "session_id = ids.make()",
        "import uuid\nclass Ids:\n    def make(self):\n        return uuid.uuid4().hex\nids = Ids()",
    ),
    "getattr": auth("session_id = str(getattr(uuid, 'uuid4')())", "import uuid"),
    "getenv": auth("session_id = getenv('SID', str(uuid.uuid4()))", "import uuid\nfrom os import getenv"),
    "getenv-alias": auth("session_id = env('SID', uuid.uuid4().hex)", "import uuid\nfrom os import getenv as env"),
    "import-call": auth("session_id = str(__import__('uuid').uuid4())"),
    "importlib": auth("session_id = str(importlib.import_module('uuid').uuid4())", "import importlib"),
    "star": auth("session_id = str(uuid4())", "from uuid import *"),
    "partial": auth("session_id = str(new())", "import uuid, functools\nnew = functools.partial(uuid.uuid4)"),
    "secrets": auth("session_id = secrets.token_hex(16)", "import secrets"),
    "urandom": auth("session_id = os.urandom(16).hex()", "import os"),
    "uuid-of-bytes": auth("session_id = str(uuid.UUID(bytes=os.urandom(16)))", "import os, uuid"),
    "random": auth("session_id = ''.join(random.choices(string.hexdigits, k=9))", "import random, string"),
    "clock": auth("session_id = f'session_{int(time.time() * 1000)}'", "import time"),
    "dict-key": auth("store[token] = {'user_id': user_id, 'session_id': str(uuid.uuid4())}", "import uuid"),
    "stored-key": auth("record = {}\nrecord['session_id'] = str(uuid.uuid4())", "import uuid"),
    "keyword": auth("store[token] = Session(session_id=uuid.uuid4().hex)", "import uuid"),
    "tuple": auth("session_id, now = str(uuid.uuid4()), 5", "import uuid"),
    "walrus": auth("save(session_id := str(uuid.uuid4()))", "import uuid"),
    "fallback-only": auth(
        "try:\n    session_id = UnifiedIdGenerator.generate_session_id(user_id, 'auth')\n"
        "except Exception:\n    session_id = str(uuid.uuid4())",
        "import uuid\nfrom shared.id_generation import UnifiedIdGenerator",
    ),
}


def _report(root: Path, phase: str) -> PlaceReport:
    return next(report for report in find_places(root) if report.phase == phase)


@pytest.mark.parametrize("name", RAW)
def test_a_raw_session_is_found_by_whatever_route_it_takes(name: str, tmp_path: Path) -> None:
    """Each way of minting ends in exactly one raw mint of the token validation, with its line."""
    report = _report(plan_tree(tmp_path, auth=RAW[name]), "auth")
    assert report.found
    assert [mint.target for mint in report.raw_mints] == ["session_id"]
    assert report.raw_mints[0].line > 0
    assert report.raw_mints[0].source


def test_a_helper_of_another_module_is_followed(tmp_path: Path) -> None:
    """A mint in another module of the tree is reported there."""
    text = auth("session_id = new_id()", "from netra_backend.app.helpers import new_id")
    helper = "import uuid\n\ndef new_id():\n    return str(uuid.uuid4())\n"
    report = _report(plan_tree(tmp_path, auth=text, **{"netra_backend/app/helpers.py": helper}), "auth")
    assert [(mint.file, mint.line) for mint in report.raw_mints] == [("netra_backend/app/helpers.py", 4)]


def test_a_relative_import_and_a_re_export_are_followed(tmp_path: Path) -> None:
    """`from ..ids import mint` leads through the package's `__init__` to the standard module."""
    text = auth("session_id = str(mint())", "from ..ids import mint")
    report = _report(
        plan_tree(tmp_path, auth=text, **{"netra_backend/app/ids/__init__.py": "from uuid import uuid4 as mint\n"}),
        "auth",
    )
    assert [mint.what for mint in report.raw_mints] == ["uuid.uuid4"]


def test_the_plan_carried_out_has_no_raw_mint_and_no_problem(tmp_path: Path) -> None:
    """The plan to the letter passes at all three places."""
    for report in find_places(plan_tree(tmp_path)):
        assert report.found
        assert report.raw_mints == ()
        assert judge_generator_call(report) == ()


GOOD = {
    "class-alias": auth(
        "session_id = Gen.generate_session_id(user_id, 'auth_validation')",
        "from shared.id_generation import UnifiedIdGenerator as Gen",
    ),
    "method-alias": auth(
        "session_id = make(user_id=user_id)",
        "from shared.id_generation import UnifiedIdGenerator\nmake = UnifiedIdGenerator.generate_session_id",
    ),
    "local-helper": auth(
        "session_id = _new(user_id)",
        "from shared.id_generation import UnifiedIdGenerator\ndef _new(user):\n    return UnifiedIdGenerator.generate_session_id(user, 'auth')",
    ),
    "keywords": auth(
        "session_id = G.generate_session_id(session_type='auth', user_id=user_id)",
        "from shared.id_generation.unified_id_generator import UnifiedIdGenerator as G",
    ),
    "elsewhere-raw": auth(
        "trace_id = uuid.uuid4()\nsession_id = G.generate_session_id(user_id, 'auth')\nlog(request_id=uuid.uuid4())",
        "import uuid\nfrom shared.id_generation.unified_id_generator import UnifiedIdGenerator as G",
    ),
    "instance": auth(
        "session_id = G().generate_session_id(user_id, 'auth')",
        "from shared.id_generation.unified_id_generator import UnifiedIdGenerator as G",
    ),
    "unrelated-arguments": auth(
        "session_id = G.generate_session_id(user_id, 'auth')\nstore[token] = Session(session_id=session_id, at=time.time())",
        "import time\nfrom shared.id_generation.unified_id_generator import UnifiedIdGenerator as G",
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_other_ways_of_calling_the_generator_pass(name: str, tmp_path: Path) -> None:
    """Aliases, keywords and one local helper are the plan's call all the same."""
    report = _report(plan_tree(tmp_path, auth=GOOD[name]), "auth")
    assert report.raw_mints == ()
    assert judge_generator_call(report) == ()


_G = "from shared.id_generation import UnifiedIdGenerator as G\n"
WRONG = {
    "other-method": ("auth", auth("session_id = G.generate_base_id('session')", _G), "the plan names"),
    "constant-user": ("auth", auth("session_id = G.generate_session_id('system', 'auth')", _G), "constant"),
    "constant-variable": (
        "auth",
        auth("who = 'system'\nsession_id = G.generate_session_id(who, 'auth')", _G),
        "constant",
    ),
    "module-constant": (
        "auth",
        auth("session_id = G.generate_session_id(WHO, 'auth')", _G + "WHO = 'x' + 'y'"),
        "constant",
    ),
    "class-constant": (
        "auth",
        auth("session_id = G.generate_session_id(C.W, 'auth')", _G + "class C:\n    W = 'x'"),
        "constant",
    ),
    "constant-by-helper": (
        "auth",
        auth("session_id = _new('all')", _G + "def _new(user):\n    return G.generate_session_id(user, 'auth')"),
        "constant",
    ),
    "random-user": (
        "auth",
        auth("session_id = G.generate_session_id(str(uuid.uuid4()), 'auth')", _G + "import uuid"),
        "random",
    ),
    "no-call": ("auth", auth("session_id = 'fixed'", _G), "never calls"),
    "no-function": ("auth", "def other():\n    session_id = 1\n", "has no function"),
    "no-target": ("auth", auth("return 1"), "nothing to judge"),
    "syntax-error": ("auth", "def broken(:\n", "syntax error"),
    "websocket-constant": (
        "websocket",
        websocket("connection_id = G.generate_websocket_connection_id('ws')", _G),
        "constant",
    ),
    "websocket-client": (
        "websocket",
        websocket("connection_id = G.generate_websocket_client_id(u)", _G),
        "the plan names",
    ),
    "two-calls": (
        "dispatcher",
        dispatcher(
            "t, _, _ = G.generate_user_context_ids('m', 'd')\n_, r, q = G.generate_user_context_ids('m', 'd')\n"
            f"c = {_F}(user_id='u', thread_id=t, run_id=r, request_id=q)",
            _G,
        ),
        "do not correlate",
    ),
    "swapped": (
        "dispatcher",
        dispatcher(
            f"r, t, q = G.generate_user_context_ids('m', 'd')\nc = {_F}(user_id='u', thread_id=t, run_id=r, request_id=q)",
            _G,
        ),
        "item",
    ),
    "request-missing": (
        "dispatcher",
        dispatcher(
            f"t, r, q = G.generate_user_context_ids('m', 'd')\nc = {_F}(user_id='u', thread_id=t, run_id=r, request_id='q')",
            _G,
        ),
        "request_id",
    ),
    "base-ids": (
        "dispatcher",
        dispatcher(
            f"c = {_F}(user_id='u', thread_id=G.generate_base_id('t'), run_id=G.generate_base_id('r'), request_id='q')",
            _G,
        ),
        "the plan names",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_departure_from_the_plan_is_a_problem_with_its_reason(name: str, tmp_path: Path) -> None:
    """The generator called otherwise than the plan says is red, and the sentence says how."""
    phase, text, words = WRONG[name]
    report = _report(plan_tree(tmp_path, **{phase: text}), phase)
    problems = judge_generator_call(report)
    assert problems
    assert words in " ".join(problem.sentence for problem in problems)


DISPATCHERS = {
    "assigned": "u = f'a_{uuid.uuid4().hex[:8]}'\nt = f'b_{uuid.uuid4().hex[:8]}'\nr = f'c_{uuid.uuid4().hex}'\n"
    f"q = f'd_{{uuid.uuid4()}}'\nc = {_F}(user_id=u, thread_id=t, run_id=r, request_id=q)",
    "direct": f"c = {_F}(user_id=uuid.uuid4().hex, thread_id=uuid.uuid4().hex, run_id=uuid.uuid4().hex, request_id=uuid.uuid4().hex)",
    "positional": f"c = {_F}(uuid.uuid4().hex, uuid.uuid4().hex, uuid.uuid4().hex, uuid.uuid4().hex)",
    "constructor": "c = UserExecutionContext(user_id=uuid.uuid4().hex, thread_id=uuid.uuid4().hex, run_id=uuid.uuid4().hex,"
    " request_id=uuid.uuid4().hex)",
    "dictionary": "ids = {'user_id': uuid.uuid4().hex, 'thread_id': uuid.uuid4().hex, 'run_id': uuid.uuid4().hex,"
    f" 'request_id': uuid.uuid4().hex}}\nc = {_F}(**ids)",
    "tuple-helper": f"u, t, r, q = _four()\nc = {_F}(user_id=u, thread_id=t, run_id=r, request_id=q)",
}


@pytest.mark.parametrize("name", DISPATCHERS)
def test_the_four_mints_of_the_migration_helper_are_found(name: str, tmp_path: Path) -> None:
    """User, thread, run and request each show their own mint, however they are handed over."""
    one = "uuid.uuid4().hex"
    head = f"import uuid\ndef _four():\n    return ({one}, {one},\n        {one}, {one})"
    report = _report(plan_tree(tmp_path, dispatcher=dispatcher(DISPATCHERS[name], head)), "dispatcher")
    assert {mint.target for mint in report.raw_mints} == {"user_id", "thread_id", "run_id", "request_id"}
    assert len(report.raw_mints) == 4


def test_context_ids_taken_by_index_from_one_call_pass(tmp_path: Path) -> None:
    """`ids[0]`, `ids[1]`, `ids[2]` of one call are the plan's unpacking written otherwise."""
    text = dispatcher(
        "ids = G.generate_user_context_ids(who(), 'x')\n"
        f"c = {_F}(user_id='u', thread_id=ids[0], run_id=ids[1], request_id=ids[2])",
        _G,
    )
    assert judge_generator_call(_report(plan_tree(tmp_path, dispatcher=text), "dispatcher")) == ()


def test_a_place_says_where_its_target_gets_its_value(tmp_path: Path) -> None:
    """Also where the value is no call of anything."""
    text = auth("session_id = 'fixed'", _G)
    report = _report(plan_tree(tmp_path, auth=text), "auth")
    assert (report.file, text.splitlines()[report.line - 1].strip()) == (AUTH, "session_id = 'fixed'")


def test_a_missing_file_is_a_problem_and_not_a_pass(tmp_path: Path) -> None:
    """An empty directory gives three reports, none found, each saying what is missing."""
    reports = find_places(tmp_path)
    assert [report.found for report in reports] == [False] * 3
    assert all("is missing" in report.problem and judge_generator_call(report) for report in reports)


def test_bytes_that_are_no_source_are_a_problem(tmp_path: Path) -> None:
    """NUL bytes are reported in words."""
    root = write(plan_tree(tmp_path), {AUTH: b"x = 1\0"})
    assert "NUL" in _report(root, "auth").problem


USUAL = "shared/id_generation/unified_id_generator.py"
LINE = "from shared.id_generation.unified_id_generator import UnifiedIdGenerator"


def generator(root: Path, path: str = USUAL) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text("class UnifiedIdGenerator: ...\n")


def test_the_line_names_the_trees_own_module(tmp_path: Path) -> None:
    """The usual one, and any other that defines the generator."""
    (tmp_path / "auth.py").write_text("import uuid\n")
    generator(tmp_path, "core/ids/unified_id_generator.py")
    assert missing_import(tmp_path, "auth.py") == "from core.ids.unified_id_generator import UnifiedIdGenerator"
    generator(tmp_path)
    assert missing_import(tmp_path, "auth.py") == LINE


@pytest.mark.parametrize(
    "text",
    [
        LINE,
        "from shared.id_generation import UnifiedIdGenerator",
        f"def mint():\n    {LINE}\n",
        f"if True:\n    {LINE}\n",
    ],
)
def test_a_file_that_imports_it_lacks_nothing(text: str, tmp_path: Path) -> None:
    """By whatever module, and wherever in the file."""
    (tmp_path / "auth.py").write_text(text)
    generator(tmp_path)
    assert missing_import(tmp_path, "auth.py") == ""


def test_another_name_for_it_does_not_count(tmp_path: Path) -> None:
    """The call that is to be written goes by the class's own name."""
    (tmp_path / "auth.py").write_text(f"{LINE} as Ids\n")
    generator(tmp_path)
    assert missing_import(tmp_path, "auth.py") == LINE


def test_a_tree_without_a_generator_gets_no_line(tmp_path: Path) -> None:
    """Nothing is made up; tests and what cannot be parsed are not looked into."""
    (tmp_path / "auth.py").write_text("import uuid\n")
    generator(tmp_path, "tests/unified_id_generator.py")
    (tmp_path / "unified_id_generator.py").write_text("class (")
    assert missing_import(tmp_path, "auth.py") == ""
