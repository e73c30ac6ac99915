"""A name of its own that one module gives to a UUID function is known wherever the tree uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.scan import Options, scan_tree, tree
from id_isolation.scan.files import cache

from ..trees import write

_IMPORTED = "from uuid import uuid4 as new_id\n"
_BOUND = "import uuid\nnew_id = uuid.uuid4\n"
_USE = "from compat import new_id\nsession_id = new_id()\n"
_PADDING = "\n".join(f"def unrelated_{n}(value):\n    return value\n" for n in range(100))


def _places(root: Path, *, whole: bool | None = None) -> list[tuple[str, int, str]]:
    found = scan_tree(root, options=Options(whole=whole, processes=1)).findings
    return [(item.file, item.line, item.what) for item in found]


USES: dict[str, tuple[str, int]] = {
    "by name": (_USE, 2),
    "renamed again": ("from compat import new_id as fresh\nrun_id = fresh()\n", 2),
    "through the module": ("import compat\nrun_id = compat.new_id()\n", 2),
    "by star": ("from compat import *\nrun_id = new_id()\n", 2),
    "as a factory": ("from compat import new_id\nx = field(default_factory=new_id)\n", 2),
    "inside a function": ("def f():\n    from compat import new_id\n    return str(new_id())\n", 3),
    "bound once more": ("from compat import new_id\nmint = new_id\nrun_id = mint()\n", 3),
}


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("name", USES)
def test_a_use_of_another_module_s_alias_is_reported_once(name: str, whole: bool, tmp_path: Path) -> None:
    """However the alias is brought in, in small trees and in the cut sources of large ones."""
    text, line = USES[name]
    write(tmp_path, {"compat.py": _IMPORTED, "use.py": text + _PADDING})
    assert _places(tmp_path, whole=whole) == [("use.py", line, "uuid.uuid4")]


@pytest.mark.parametrize("whole", [True, False])
def test_a_bound_alias_is_reported_at_its_binding_and_at_each_use(whole: bool, tmp_path: Path) -> None:
    """The binding stands in the module that makes it; a use elsewhere is a place of its own."""
    write(tmp_path, {"compat.py": _BOUND, "use.py": _USE})
    assert _places(tmp_path, whole=whole) == [("compat.py", 2, "uuid.uuid4"), ("use.py", 2, "uuid.uuid4")]


@pytest.mark.parametrize("whole", [True, False])
def test_a_chain_of_modules_is_followed(whole: bool, tmp_path: Path) -> None:
    """Each module may give the function another name, and a plain name may pass through several."""
    files: dict[str, str | bytes] = {
        "compat.py": _IMPORTED,
        "ids.py": "from compat import new_id as fresh\n",
        "more.py": "import ids\nmake = ids.fresh\nrun_id = make()\n",
        "use.py": "from more import make\nrequest_id = make()\n",
        "one.py": "from uuid import uuid4\n",
        "two.py": "from one import uuid4\n",
        "three.py": "from two import uuid4\nthread_id = uuid4()\n",
    }
    assert _places(write(tmp_path, files), whole=whole) == [
        ("more.py", 3, "uuid.uuid4"),
        ("three.py", 2, "uuid.uuid4"),
        ("use.py", 2, "uuid.uuid4"),
    ]


def test_the_same_name_of_something_else_is_not_reported(tmp_path: Path) -> None:
    """A name of another module, an own function, a method and a parameter stay what they are."""
    files: dict[str, str | bytes] = {
        "compat.py": _IMPORTED,
        "a.py": "from other import new_id\nsession_id = new_id()\n",
        "b.py": "def new_id():\n    return 3\nsession_id = new_id()\n",
        "c.py": "def f(new_id, store):\n    session_id = new_id()\n    run_id = store.new_id()\n",
        "d.py": "from compat import new_id\n",
        "e.py": "# new_id()\ntext = 'new_id()'\n",
    }
    assert _places(write(tmp_path, files)) == []


def test_a_second_scan_remembers_the_second_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unchanged files are not read again, and a changed alias is."""
    root = write(tmp_path / "tree", {"compat.py": _IMPORTED, "use.py": _USE})
    options = Options(cache=str(tmp_path / "cache"), processes=1)
    monkeypatch.setattr(tree, "now", lambda: cache.time.time_ns() + 10_000_000_000)
    first = scan_tree(root, options=options)
    with monkeypatch.context() as patch:
        patch.setattr("id_isolation.scan.files.second_look.read_bytes", lambda *_: pytest.fail("read again"))
        assert scan_tree(root, options=options) == first
    write(root, {"compat.py": "def new_id():\n    return 3\n"})
    assert [item.file for item in first.findings] == ["use.py"]
    assert scan_tree(root, options=options).findings == []
