"""Tests of S3 on trees of a few files: what mints raw IDs away from the plan's places, and on no baseline."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.backend.protocol import BackendBroke
from id_isolation.checks.check import check_of
from id_isolation.checks.context import CheckContext
from id_isolation.checks.s3_mints_elsewhere import nothing_else_mints_raw
from id_isolation.embedded.layer import AUTH
from id_isolation.plan.kinds import Level, Surface
from id_isolation.scan import Options, scan_tree
from id_isolation.scan.baseline import Baseline, Compliance, compare, save_baseline, updated
from id_isolation.world.effort import Effort
from id_isolation.world.world import Inconclusive, NotApplicable

from ..bare import Bare, findings_of
from ..scan.trees import auth, plan_tree, write

UNREADABLE = "import uuid\0"
MINT = "import uuid\nsession_id = str(uuid.uuid4())\n"
CALL = "from shared.id_generation import UnifiedIdGenerator as G\nsession_id = G.generate_session_id(user_id, 'x')\n"


def _world(root: Path | None, baseline: Path | None = None, unread: str = "fail") -> CheckContext:
    options = (("unread", unread), *((("baseline", str(baseline)),) if baseline is not None else ()))
    return CheckContext(Bare(), check_of("S3"), Surface.TREE, Level.STRICT, 1, Effort(1.0, options), root)


def _judged(root: Path, baseline: Path | None = None) -> CheckContext:
    world = _world(root, baseline)
    findings_of(nothing_else_mints_raw, world)
    assert world.judged_count > 0
    return world


def _files(world: CheckContext) -> list[tuple[str, str]]:
    """Symptom and file of each finding."""
    return [(finding.symptom, finding.problem.split()[0]) for finding in world.findings]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"app/a.py": CALL}, []),
        ({"app/a.py": "import uuid\nnamespace = uuid.NAMESPACE_DNS\n"}, []),
        ({"tests/test_a.py": MINT}, []),
        ({"app/a.py": "import uuid\nsession_id = str(uuid.uuid4())  # id-isolation: allow - a key\n"}, []),
        ({"app/a.py": MINT}, ["app/a.py"]),
        ({"app/b.py": MINT, "app/a.py": MINT + MINT}, ["app/a.py", "app/b.py"]),
    ],
    ids=["the-generator", "no-mint", "a-test", "suppressed", "one-file", "two-files"],
)
def test_a_raw_mint_in_production_code_is_found(files: dict[str, str], found: list[str], tmp_path: Path) -> None:
    """File by file; tests may mint as they like."""
    world = _judged(plan_tree(tmp_path, **files))
    assert _files(world) == [("raw-mint-elsewhere", name) for name in found]
    assert world.judged_count == 3 + len(files)


def test_the_plans_places_are_left_out_and_the_rest_of_their_files_comes_first(tmp_path: Path) -> None:
    """What the place itself mints is judged by S1."""
    place = auth("session_id = str(uuid.uuid4())", "import uuid")
    assert _files(_judged(plan_tree(tmp_path / "place", auth=place))) == []
    beside = place + "\ndef other():\n    run_id = uuid.uuid4()\n    return run_id\n"
    world = _judged(plan_tree(tmp_path / "beside", auth=beside, **{"a.py": MINT}))
    assert _files(world) == [("raw-mint-elsewhere", AUTH), ("raw-mint-elsewhere", "a.py")]
    assert [place.text for place in world.findings[0].places] == ["run_id = uuid.uuid4()"]


def test_a_finding_has_every_line_of_its_file_and_shows_the_first(tmp_path: Path) -> None:
    """Twelve are shown, and the others counted; all of them are places."""
    many = "import uuid\n" + "".join(f"def f{n}():\n    run_id = uuid.uuid4()\n    return run_id\n" for n in range(14))
    world = _judged(write(tmp_path, {"a.py": many, "b.py": MINT}))
    several, one = world.findings
    assert several.problem == "a.py mints 14 raw IDs outside the generator."
    assert one.problem == "b.py mints 1 raw ID outside the generator."
    assert several.evidence[0] == "a.py:3: run_id = uuid.uuid4()"
    assert several.evidence[12:] == ("and 2 more in this file",)
    assert len(several.places) == 14
    assert one.evidence == ("b.py:2: session_id = str(uuid.uuid4())",)
    assert one.fix.startswith("Call UnifiedIdGenerator.generate_session_id(")


@pytest.mark.parametrize("further", [0, 2])
def test_a_tree_full_of_raw_mints_is_told_by_its_first_files(further: int, tmp_path: Path) -> None:
    """Twenty-five; the rest are counted in one finding."""
    world = _judged(write(tmp_path, {f"app/f{number:02d}.py": MINT for number in range(25 + further)}))
    named = [finding for finding in world.findings if finding.symptom == "raw-mint-elsewhere"]
    rest = [finding.problem for finding in world.findings if finding.symptom == "raw-mints-in-further-files"]
    assert len(named) == 25
    assert rest == ([f"{further} more raw IDs are minted in {further} further files."] if further else [])


def _recorded(root: Path, baseline: Path) -> Path:
    comparison = compare(scan_tree(root, options=Options()).findings, Baseline({}, []))
    save_baseline(str(baseline), updated(comparison, Baseline({}, []), Compliance(0, 1), accept_new=True)[0])
    return baseline


def test_what_the_baseline_records_is_no_finding(tmp_path: Path) -> None:
    """What has come since is one, also in the same file."""
    root = write(tmp_path / "tree", {"app/a.py": MINT})
    baseline = _recorded(root, tmp_path / "baseline.json")
    assert _files(_judged(root, baseline)) == []
    write(root, {"app/a.py": MINT + "run_id = uuid.uuid4()\n", "app/b.py": MINT})
    world = _judged(root, baseline)
    assert _files(world) == [("raw-mint-elsewhere", "app/a.py"), ("raw-mint-elsewhere", "app/b.py")]
    assert [place.line for place in world.findings[0].places] == [3]


def test_a_baseline_that_cannot_be_read_breaks_the_check(tmp_path: Path) -> None:
    """It is not taken for an empty one."""
    root = write(tmp_path, {"app/a.py": CALL})
    with pytest.raises(BackendBroke, match="There is no baseline"):
        nothing_else_mints_raw(_world(root, tmp_path / "baseline.json"))


def test_files_that_cannot_be_read_are_noted(tmp_path: Path) -> None:
    """With the reason; the others are judged all the same."""
    world = _judged(write(tmp_path, {"a.py": UNREADABLE, "b.py": MINT}))
    assert _files(world) == [("raw-mint-elsewhere", "b.py")]
    (note,) = world.notes
    assert note.startswith("a.py could not be read: it contains NUL bytes")


def test_an_unread_file_that_may_mint_leaves_the_check_open(tmp_path: Path) -> None:
    """Unless the user takes it for a note; a broken file that holds no minting word hides nothing."""
    root = write(tmp_path, {"a.py": UNREADABLE})
    with pytest.raises(Inconclusive, match="1 file that may mint IDs could not be read"):
        nothing_else_mints_raw(_world(root))
    lenient = _world(root, unread="warn")
    nothing_else_mints_raw(lenient)
    assert len(lenient.notes) == 1
    assert _files(_judged(write(tmp_path / "other", {"b.py": "def broken(:\n"}))) == []


def test_without_a_tree_there_is_nothing_to_scan() -> None:
    """A backend that is only spoken to has none."""
    with pytest.raises(NotApplicable, match="no source tree"):
        nothing_else_mints_raw(_world(None))
