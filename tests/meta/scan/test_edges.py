# ruff: noqa: E501 - sources stay on one line each, so that they can be read as sources
"""Odd trees and odd code: what is reported, and why; what stays unseen is said too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from id_isolation.scan import Finding, Options, scan_tree

from .trees import write


def _lines(root: Path, files: dict[str, str | bytes]) -> list[str]:
    """Each mint of a tree as `file:line function`."""
    result = scan_tree(write(root, files))
    assert not result.missed
    assert scan_tree(root, options=Options(whole=True)).findings == result.findings
    return [f"{found.file}:{found.line} {found.what}" for found in result.findings]


CLIQUE = ["a", "b", "c"]

# Name: files, and what is reported.
TREES: dict[str, tuple[dict[str, str], list[str]]] = {
    # Each of the three knows what any of them imports.
    "mutual star imports": (
        {f"{n}.py": "".join(f"from {m} import *\n" for m in CLIQUE if m != n) for n in CLIQUE}
        | {
            "c.py": "from a import *\nfrom uuid import uuid4 as fresh\n",
            "use.py": "from b import fresh\nx = fresh()\n",
        },
        ["use.py:2 uuid.uuid4"],
    ),
    # It has what it had before.
    "a module that star-imports itself": (
        {"a.py": "from a import *\nfrom uuid import uuid4\n", "use.py": "from a import *\nx = uuid4()\n"},
        ["use.py:2 uuid.uuid4"],
    ),
    "names that refer to themselves": (
        {"a.py": "from b import x\n", "b.py": "from a import x\n", "use.py": "from a import x\ny = x.uuid4()\n"},
        [],
    ),
    # A literal list holds back what it does not name.
    "__all__ without the name": (
        {"a.py": "from uuid import uuid4 as fresh\n__all__ = ['other']\n", "use.py": "from a import *\nx = fresh()\n"},
        [],
    ),
    # By name it can be had all the same.
    "__all__ and an import by name": (
        {"a.py": "from uuid import uuid4 as fresh\n__all__ = []\n", "use.py": "from a import fresh\nx = fresh()\n"},
        ["use.py:2 uuid.uuid4"],
    ),
    "__all__ with a private name": (
        {"a.py": "from uuid import uuid4 as _f\n__all__ = ['_f']\n", "use.py": "from a import *\nx = _f()\n"},
        ["use.py:2 uuid.uuid4"],
    ),
    # What is computed may name anything.
    "__all__ computed": (
        {
            "a.py": "from uuid import uuid4 as fresh\n__all__ = [n for n in dir() if n[0] != '_']\n",
            "use.py": "from a import *\nx = fresh()\n",
        },
        ["use.py:2 uuid.uuid4"],
    ),
    "__all__ extended": (
        {
            "a.py": "from uuid import uuid4 as fresh\n__all__ = ['other']\n__all__ += ['fresh']\n",
            "use.py": "from a import *\nx = fresh()\n",
        },
        ["use.py:2 uuid.uuid4"],
    ),
    "__all__ missing, a private name": (
        {"a.py": "from uuid import uuid4 as _f\n", "use.py": "from a import *\nx = _f()\n"},
        [],
    ),
    # Either branch may have run.
    "conditional imports": (
        {
            "a.py": "import sys\nif sys.platform:\n    from uuid import uuid4 as fresh\nelse:\n    from b import fresh\n",
            "b.py": "def fresh(): return 1\n",
            "use.py": "from a import fresh\nx = fresh()\n",
        },
        ["use.py:2 uuid.uuid4"],
    ),
    "try imports": (
        {
            "a.py": "try:\n    from fastuuid import uuid4 as fresh\nexcept ImportError:\n    from uuid import uuid4 as fresh\n",
            "use.py": "from a import fresh\nx = fresh()\n",
        },
        ["use.py:2 uuid.uuid4"],
    ),
    # It imports nothing that there is.
    "relative imports beyond the root": ({"p/a.py": "from ....x import uuid4\ny = uuid4()\n"}, []),
    # Each root's own.
    "two modules of one name in two roots": (
        {
            "one/ids.py": "from uuid import uuid4 as fresh\n",
            "two/ids.py": "def fresh(): return 1\n",
            "one/use.py": "from ids import fresh\nx = fresh()\n",
            "two/use.py": "from ids import fresh\nx = fresh()\n",
        },
        ["one/use.py:2 uuid.uuid4"],
    ),
    "a root below the tree's": (
        {
            "src/app/ids.py": "from uuid import uuid4 as fresh\n",
            "tests/test_a.py": "from app.ids import fresh\nx = fresh()\n",
        },
        ["tests/test_a.py:2 uuid.uuid4"],
    ),
    "namespace packages": (
        {
            "ns/one/ids.py": "from uuid import uuid4 as fresh\n",
            "ns/two/use.py": "from ns.one import ids\nfrom ns.one.ids import fresh as f\nx = ids.fresh()\ny = f()\n",
        },
        ["ns/two/use.py:3 uuid.uuid4", "ns/two/use.py:4 uuid.uuid4"],
    ),
    "a package's own face": (
        {
            "p/__init__.py": "from .ids import *\nfrom . import ids\n",
            "p/ids.py": "import uuid\nfresh = uuid.uuid4\nx = 1\n",
            "use.py": "import p\nimport p.ids as i\nx = p.fresh()\ny = p.ids.fresh()\nz = i.fresh()\n",
        },
        ["p/ids.py:2 uuid.uuid4", *(f"use.py:{n} uuid.uuid4" for n in (3, 4, 5))],
    ),
    "an alias of an alias": (
        {
            "a.py": "import uuid as u\n",
            "b.py": "import a\nfresh = a.u.uuid4\n",
            "c.py": "from functools import partial\nimport b\nnewer = partial(b.fresh)\n",
            "use.py": "from c import newer\nx = newer()\n",
        },
        ["b.py:2 uuid.uuid4", "c.py:3 uuid.uuid4", "use.py:2 uuid.uuid4"],
    ),
    # The tree's own function; what mints is inside it, and there it is reported.
    "uuid shadowed by a local module": (
        {
            "uuid.py": "import os\ndef uuid4():\n    run_id = os.urandom(8)\n    return run_id\n",
            "a.py": "import uuid\nx = uuid.uuid4()\n",
        },
        ["uuid.py:3 os.urandom"],
    ),
    # A package's module of that name hides nothing from others.
    "a uuid module inside a package": (
        {"p/__init__.py": "", "p/uuid.py": "def uuid4(): return 1\n", "p/a.py": "import uuid\nx = uuid.uuid4()\n"},
        ["p/a.py:2 uuid.uuid4"],
    ),
    # Who knows what it gives? Nobody, before it runs.
    "a __getattr__ re-export stays unseen under another name": (
        {
            "a.py": "import uuid\ndef __getattr__(n): return getattr(uuid, 'uuid4')\n",
            "use.py": "from a import fresh\nx = fresh()\n",
        },
        ["a.py:2 uuid.uuid4"],
    ),
}


@pytest.mark.parametrize("name", TREES)
def test_names_go_over_the_imports_as_python_takes_them(name: str, tmp_path: Path) -> None:
    """Nothing more is reported, and nothing less."""
    files, wanted = TREES[name]
    assert _lines(tmp_path, dict(files)) == wanted


# Code after `import uuid`, and whether the mint in it is found; "" for what stays unseen.
SHAPES: dict[str, tuple[str, str]] = {
    "partial": ("from functools import partial\nx = partial(uuid.uuid4)\n", "other"),
    "lambda": ("session_id = lambda: str(uuid.uuid4())\n", "session"),
    "default argument": ("def f(run_id=uuid.uuid4()): ...\n", "run"),
    "default argument, handed on": ("def f(make=uuid.uuid4): ...\n", "other"),
    "dataclass": ("class A:\n    thread_id: str = field(default_factory=uuid.uuid4)\n", "thread"),
    "sqlalchemy": ("class A(Base):\n    user_id = Column(UUID, default=uuid.uuid4)\n", "user"),
    "sqlalchemy mapped": (
        "class A(Base):\n    id: Mapped[str] = mapped_column(default=lambda: uuid.uuid4().hex)\n",
        "other",
    ),
    "django": ("class Session(Model):\n    id = models.UUIDField(default=uuid.uuid4)\n", "session"),
    "pydantic": (
        "class A(BaseModel):\n    request_id: str = Field(default_factory=lambda: str(uuid.uuid4()))\n",
        "request",
    ),
    "decorator": ("@tagged(uuid.uuid4())\ndef f(): ...\n", "other"),
    "f-string": ("x = f'session_{uuid.uuid4()}'\n", "session"),
    "f-string over lines": ('x = f"""\nrun_{uuid.uuid4()}\n"""\n', "run"),
    "module attribute by a text": ("x = getattr(uuid, 'uuid4')()\n", "other"),
    "a text put together stays unseen": ("x = getattr(uuid, 'uu' + 'id4')()\n", ""),
    "code in a text stays unseen": ("exec('import uuid; x = uuid.uuid4()')\n", ""),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize(("padding", "whole"), [(0, False), (400, False), (400, True)], ids=["parsed", "cut", "whole"])
def test_a_mint_is_found_in_whatever_hands_it_on(name: str, padding: int, whole: bool, tmp_path: Path) -> None:
    """In a small file, which is parsed as a whole, and in a large one, which is cut unless it is to be read whole."""
    text, kind = SHAPES[name]
    filler = "".join(f"def filler_{n}():\n    return {n}\n\n\n" for n in range(padding))
    tree = write(tmp_path, {"app.py": f"import uuid\n{filler}{text}"})
    result = scan_tree(tree, options=Options(whole=whole))
    assert [found.kind for found in result.findings] == ([kind] if kind else [])


HEAD = "import uuid\n\n\ndef outer(user_id):\n"
NEWER: dict[str, str] = {
    "pep 701": '    x = f"{user_id["a"]}-{uuid.uuid4()}"\n',
    "pep 758": "    try:\n        pass\n    except KeyError, ValueError:\n        run_id = uuid.uuid4()\n",
    "pep 695": "    type Pair[T] = tuple[T, T]\n    run_id = uuid.uuid4()\n",
    "a template string": '    x = t"{uuid.uuid4()}"\n',
    "python 2": "    print 'hello'\n    run_id = uuid.uuid4()\n",
    "an open bracket before it": "    x = (1,\n\ndef other():\n    run_id = uuid.uuid4()\n",
    "an open bracket around it": "    run_id = str(uuid.uuid4(\n",
    "wrong indentation": "        x = 1\n    run_id = uuid.uuid4()\n  y = 2\n",
    "an import that never ends": "    pass\n\nfrom a import (\n\nclass A:\n    def f(self):\n        self.run_id = uuid.uuid4()\n",
    "a merge conflict": "<<<<<<< HEAD\n    run_id = uuid.uuid4()\n=======\n    run_id = 1\n>>>>>>> other\n",
}


@pytest.mark.parametrize("name", NEWER)
@pytest.mark.parametrize("padding", [0, 400], ids=["small", "large"])
def test_a_mint_in_a_file_that_does_not_parse_is_found(name: str, padding: int, tmp_path: Path) -> None:
    """Newer syntax than this Python's, older, and broken code hide none."""
    filler = "".join(f"def filler_{n}():\n    return {n}\n\n\n" for n in range(padding))
    text = filler + HEAD + NEWER[name]
    result = scan_tree(write(tmp_path, {"app.py": text}))
    (found,) = result.findings
    assert result.unread == []
    assert found.what == "uuid.uuid4"
    assert found.source in [line.strip() for line in text.split("\n")]
    assert "uuid4" in found.source


def test_what_is_read_in_part_is_marked_with_the_reason(tmp_path: Path) -> None:
    """The mint and its file; a name, a function and a kind are told all the same."""
    result = scan_tree(write(tmp_path, {"app.py": HEAD + '    run_id = f"{user_id["a"]}-{uuid.uuid4()}"\n'}))
    (found,) = result.findings
    assert found.partly
    assert (found.kind, found.target, found.function) == ("run", "run_id", "outer")
    (part,) = result.partly
    assert (part.file, part.reason[:16]) == ("app.py", "syntax error at ")


def test_a_name_of_the_tree_is_known_in_a_file_that_does_not_parse(tmp_path: Path) -> None:
    """The facts of the imports go there too, and comments and texts count for nothing."""
    files: dict[str, str | bytes] = {
        "ids.py": "from uuid import uuid4 as fresh\n",
        "app.py": "from ids import fresh\n# fresh()\ny = 'fresh()'\nrun_id = fresh()\nprint 'x'\n",
    }
    assert _lines(tmp_path, files) == ["app.py:4 uuid.uuid4"]


def _one(root: Path, name: str, data: bytes) -> list[Finding]:
    return scan_tree(write(root, {name: data})).findings


MINT = b"import uuid\nrun_id = uuid.uuid4()\n"


def test_a_large_file_is_read(tmp_path: Path) -> None:
    """50 MB of data around one mint: a prompt answer, since only its statement is parsed."""
    line = b"x = ['" + b"0123456789" * 8 + b"']\n"
    (found,) = _one(tmp_path, "data.py", line * 300_000 + MINT + line * 300_000)
    assert found.line == 300_002


def test_bytes_that_are_no_text_hide_no_mint(tmp_path: Path) -> None:
    """Latin-1 without a cookie is read in part, a BOM is no matter; a binary file is unread."""
    files: dict[str, str | bytes] = {
        "bom.py": b"\xef\xbb\xbf" + MINT,
        "latin.py": b"# caf\xe9\n" + MINT,
        "binary.py": b"\x7fELF\0\0\x01",
        "binary_uuid.py": b"\x7fELF\0uuid4\0",
        "wide.py": "import uuid\n".encode("utf-16"),
    }
    result = scan_tree(write(tmp_path, files))
    assert [(found.file, found.partly) for found in result.findings] == [("bom.py", False), ("latin.py", True)]
    assert [(item.file, item.harmless) for item in result.unread] == [
        ("binary.py", True),
        ("binary_uuid.py", False),
        ("wide.py", False),
    ]
    assert "UTF-16" in result.unread[2].reason


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    """It is named, and everything is read once."""
    write(tmp_path, {"p/a.py": MINT})
    (tmp_path / "p" / "again").symlink_to(tmp_path)
    result = scan_tree(tmp_path)
    assert [found.file for found in result.findings] == ["p/a.py"]
    assert [item.file for item in result.unread] == ["p/again"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_may_not_be_read_leaves_the_scan_incomplete(tmp_path: Path) -> None:
    """Nobody knows what it holds."""
    write(tmp_path, {"p/a.py": MINT, "q.py": "x = 1\n"})
    (tmp_path / "p").chmod(0)
    try:
        missed = scan_tree(tmp_path).missed
    finally:
        (tmp_path / "p").chmod(0o755)
    assert [(item.file, item.reason) for item in missed] == [("p", "permission denied")]


def test_a_folder_that_the_system_refuses_leaves_the_scan_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root may see it, where no permission stops it."""
    write(tmp_path, {"p/a.py": MINT, "q.py": MINT})
    real = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("/p"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    result = scan_tree(tmp_path)
    assert [(item.file, item.reason) for item in result.missed] == [("p", "permission denied")]
    assert [found.file for found in result.findings] == ["q.py"]


def test_functions_nested_deeper_than_the_parser_goes_hide_no_mint(tmp_path: Path) -> None:
    """Python itself refuses a hundred levels of indentation; 500 are read in part."""
    text = (
        "import uuid\n"
        + "".join(" " * n + f"def f{n}():\n" for n in range(500))
        + " " * 500
        + "run_id = uuid.uuid4()\n"
    )
    result = scan_tree(write(tmp_path, {"deep.py": text}))
    (found,) = result.findings
    assert found.partly
    assert (found.line, found.target) == (502, "run_id")
    assert found.function.startswith("f0.f1.")
    assert found.function.endswith(".f499")
