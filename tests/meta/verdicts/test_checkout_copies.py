"""A copy of an embedded backend in any directory is judged like its name, also in a tree that is real in size."""

from __future__ import annotations

import os
import shutil
import sysconfig
from pathlib import Path

import pytest

from id_isolation.embedded import compose
from id_isolation.embedded.layer import AUTH, CONTEXT, Edit, Layer

from ..judged import all_pairs, red, symptoms, verdicts

_FILES = 9_000
_SLOW_AND_LOUD = """\
import logging, pkgutil, sys, warnings
for _number in range(400):
    logging.getLogger(__name__).warning("starting part %d", _number)
    print("part", _number, "is ready")
warnings.warn("this tree uses something old", DeprecationWarning)
for _module in sorted(m.name for m in pkgutil.iter_modules() if m.name in sys.stdlib_module_names):
    if not _module.startswith(("_", "idlelib", "turtle", "tkinter", "antigravity", "this")):
        try:
            __import__(_module)
        except Exception:
            print("no", _module)
"""


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["legacy", "remediated"])
def test_a_copy_is_judged_like_its_name(backend: str, tmp_path: Path) -> None:
    """The findings on a directory are the findings on the backend that was written there."""
    root = compose.write(backend, tmp_path / "some where" / "checkout")
    pairs = all_pairs()
    assert symptoms(verdicts(str(root), pairs)) == symptoms(verdicts(backend, pairs))


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["legacy", "remediated"])
def test_a_copy_that_is_real_in_size_is_judged_like_its_name(backend: str, tmp_path: Path) -> None:
    """Thousands of files, some of them broken, loops of links, and slow, loud imports change no verdict."""
    edits = [Edit(path, _import_of(path), _SLOW_AND_LOUD + _import_of(path)) for path in (AUTH, CONTEXT)]
    loud = Layer("loud", tuple(edits))
    root = compose.write(backend, tmp_path / "checkout", [loud])
    lay_beside(root)
    pairs = all_pairs()
    given = verdicts(str(root), pairs)
    assert symptoms(given) == symptoms(verdicts(backend, pairs))
    assert bool(red(given)) == (backend == "legacy")


def _import_of(path: str) -> str:
    return "import hashlib\n" if path == AUTH else "import time\n"


def lay_beside(root: Path) -> None:
    """Fills a checkout with other people's code, hard-linked where that can be, and with files that nobody can read."""
    library = Path(sysconfig.get_paths()["stdlib"])
    sources = [path for path in library.rglob("*.py") if path.is_file()]
    number = 0
    while number < _FILES:
        for source in sources:
            target = root / "vendor" / f"copy_{number // len(sources)}" / source.relative_to(library)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(source, target)
            except OSError:
                shutil.copyfile(source, target)
            number += 1
            if number >= _FILES:
                break
    odd = root / "netra_backend" / "odd"
    odd.mkdir()
    (odd / "broken.py").write_text("def broken(:\n", "utf-8")
    (odd / "latin.py").write_bytes("# -*- coding: latin-1 -*-\nname = 'Jos\xe9'\n".encode("latin-1"))
    (odd / "nothing_known.py").write_bytes(b"# -*- coding: no-such-code -*-\n\xff\xfe\x00")
    (odd / "loop").symlink_to(root, target_is_directory=True)
    (odd / "nowhere.py").symlink_to(odd / "not_there.py")
