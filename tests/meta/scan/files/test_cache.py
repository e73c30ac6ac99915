"""Results are remembered by content, and a stale or damaged memory never shows."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from id_isolation.scan import Options, scan_tree, tree
from id_isolation.scan.files import cache
from id_isolation.scan.mint import Finding

from ..trees import write

_MINT = "import uuid\nsession_id = str(uuid.uuid4())\n"


def _options(tmp_path: Path) -> Options:
    return Options(cache=str(tmp_path / "cache"), processes=1)


def _age(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the file look settled: the clock of the scan runs ten seconds ahead."""
    monkeypatch.setattr(tree, "now", lambda: cache.time.time_ns() + 10_000_000_000)


def test_a_second_scan_reads_no_file_and_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unchanged files are not opened again."""
    root = write(tmp_path / "tree", {"a.py": _MINT, "b.py": "x = 1\n", "c.py": "def (:\n"})
    _age(root, monkeypatch)
    first = scan_tree(root, options=_options(tmp_path))

    def refuse(*_: object, **__: object) -> object:
        raise AssertionError("a file was judged again")

    monkeypatch.setattr(tree, "judge_files", refuse)
    assert scan_tree(root, options=_options(tmp_path)) == first
    assert first.findings
    assert first.unread


def test_a_change_of_same_size_and_time_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Setting the modification time back does not hide a change: the change time tells."""
    root = write(tmp_path / "tree", {"a.py": _MINT})
    _age(root, monkeypatch)
    before = os.stat(root / "a.py")
    assert scan_tree(root, options=_options(tmp_path)).findings[0].kind == "session"
    (root / "a.py").write_text(_MINT.replace("session_id", "request_id"))
    os.utime(root / "a.py", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert os.stat(root / "a.py").st_mtime_ns == before.st_mtime_ns
    assert scan_tree(root, options=_options(tmp_path)).findings[0].kind == "request"


def test_a_file_written_just_now_is_read_again(tmp_path: Path) -> None:
    """A file that may change within the clock's tick is never taken from memory by its times."""
    root = write(tmp_path / "tree", {"a.py": _MINT})
    scan_tree(root, options=_options(tmp_path))
    assert cache.Cache(str(tmp_path / "cache"), str(root)).states == {}


def test_a_copied_tree_is_known_by_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fresh inodes and times (a new checkout) do not make a known content unknown."""
    root = write(tmp_path / "tree", {"a.py": _MINT})
    first = scan_tree(root, options=_options(tmp_path))
    (root / "a.py").unlink()
    write(root, {"b.py": _MINT})
    monkeypatch.setattr("id_isolation.scan.files.workers.judge_bytes", lambda *_, **__: pytest.fail("judged again"))
    assert [f.file for f in scan_tree(root, options=_options(tmp_path)).findings] == ["b.py"]
    assert first.findings


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"states": 3, "results": {}}', b"\xff\xfe"])
def test_a_damaged_cache_is_as_good_as_none(damage: bytes, tmp_path: Path) -> None:
    """Whatever stands in the file, the findings are right."""
    root = write(tmp_path / "tree", {"a.py": _MINT})
    scan_tree(root, options=_options(tmp_path))
    (file,) = (tmp_path / "cache").glob("*.json")
    file.write_bytes(damage)
    assert len(scan_tree(root, options=_options(tmp_path)).findings) == 1


def test_another_version_has_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another version of the scan or of Python kept is not used."""
    ours = cache.Cache(str(tmp_path), "tree").path
    monkeypatch.setattr(cache.sys, "version_info", (9, 9, 9))
    assert cache.Cache(str(tmp_path), "tree").path != ours


def test_a_cache_that_cannot_be_written_is_a_note_and_no_error(tmp_path: Path) -> None:
    """The findings come all the same."""
    root = write(tmp_path / "tree", {"a.py": _MINT})
    (tmp_path / "file").write_text("")
    result = scan_tree(root, options=Options(cache=str(tmp_path / "file" / "below"), processes=1))
    assert len(result.findings) == 1
    assert "could not be written" in result.cache_problem


def test_whole_parsing_is_not_answered_from_a_look_by_words(tmp_path: Path) -> None:
    """A syntax error that the quick look did not see is seen when everything is to be parsed."""
    root = write(tmp_path / "tree", {"a.py": "def broken(:\n"})
    assert scan_tree(root, options=_options(tmp_path)._replace(whole=False)).unread == []
    assert len(scan_tree(root, options=_options(tmp_path)._replace(whole=True)).unread) == 1


def test_scans_side_by_side_agree(tmp_path: Path) -> None:
    """Four threads over one cache all find the same, and the cache stays whole."""
    root = write(tmp_path / "tree", {f"m{n}.py": _MINT for n in range(40)})
    found: list[list[Finding]] = []
    threads = [
        threading.Thread(target=lambda: found.append(scan_tree(root, options=_options(tmp_path)).findings))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(item == found[0] for item in found)
    assert len(scan_tree(root, options=_options(tmp_path)).findings) == 40
    assert list((tmp_path / "cache").glob("*.tmp")) == []
