"""What shipping does to a log is no anomaly: disorder, repetition, loss, rotation, and cut lines."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from id_isolation.audit.judging import judge, read
from id_isolation.audit.report import report_of
from id_isolation.backend.protocol import UsageError
from id_isolation.rules.production_rule import Terms
from id_isolation.timing import units

from .judged import audited, findings, told
from .service import Service, write

TERMS = Terms(release_within=60, loss=0.0)
CLEAN = list(Service(3, users=40).events(2_000))
CROSSING = {"two-owners", "session-changes-user", "foreign-connection", "swapped-answers", "used-by-another"}
SEEDS = st.integers(0, 2**32)
LEAK = {**CLEAN[900], "act": "name", "user": "somebody else", "at": CLEAN[900]["at"] + 0.2}


def _shuffled(random: Random, window: float) -> list[dict[str, object]]:
    """Each line as late as the window allows, and one in a hundred twice."""
    lines = [(event["at"] + random.random() * window, number) for number, event in enumerate(CLEAN)]
    lines += [(at + random.random() * window, number) for at, number in lines if random.random() < 0.01]
    return [CLEAN[number] for _, number in sorted(lines)]


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_disorder_and_repetition_accuse_nobody(seed: int) -> None:
    """Lines within the window in any order, one in a hundred twice."""
    assert told(audited(_shuffled(Random(seed), 5.0), TERMS)) == []


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_clocks_that_differ_accuse_nobody(seed: int) -> None:
    """Every process has a clock of its own, off by up to half the tolerance either way."""
    random = Random(seed)
    clocks = [random.uniform(-2.5, 2.5) for _ in range(5)]
    events = [{**event, "at": event["at"] + random.choice(clocks)} for event in CLEAN]
    assert told(audited(events, TERMS)) == []


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_loss_accuses_nobody_of_reaching_another(seed: int) -> None:
    """One line in a hundred is gone: nobody crosses, and what was not released is told as a rate."""
    random = Random(seed)
    kept = [event for event in CLEAN if random.random() >= 0.01]
    report = audited(kept, Terms(release_within=60))
    assert {finding.symptom for finding in findings(report)} & CROSSING == set()
    assert "never-released" not in {finding.symptom for finding in findings(report)}


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.integers(0, 3_000))
def test_the_order_of_lines_does_not_change_what_is_found(seed: int, in_memory: int) -> None:
    """A leak is the same finding in any order, in several files, and with traces spilled to the disk in between."""
    events = [*CLEAN, LEAK]
    Random(seed).shuffle(events)
    with tempfile.TemporaryDirectory() as folder:
        names = [str(write(Path(folder) / f"{n}", events[n::5])) for n in range(5)]
        digest = read(names, "", Path(folder) / "spilled", in_memory=in_memory)
        assert told(report_of(judge(digest, TERMS))) == told(audited([*CLEAN, LEAK], TERMS)) != []


def test_lost_releases_above_the_limit_are_a_finding() -> None:
    """One run in ten is never released."""
    random = Random(5)
    kept = [event for event in CLEAN if event["act"] != "release" or random.random() >= 0.1]
    report = audited(kept, Terms(release_within=60, loss=0.02))
    assert {finding.symptom for finding in findings(report)} == {"never-released"}


def test_rotated_and_compressed_files_are_one_stream(tmp_path: Path) -> None:
    """The pieces, one of them compressed and all in the wrong order, give what the whole gives."""
    events = [*CLEAN, LEAK]
    first, second = write(tmp_path / "log.1", events[:900]), write(tmp_path / "log", events[1400:])
    middle = tmp_path / "log.gz"
    middle.write_bytes(gzip.compress("".join(json.dumps(event) + "\n" for event in events[900:1400]).encode()))
    names = [str(second), str(first), str(middle)]
    assert told(report_of(judge(read(names, "", tmp_path / "spilled"), TERMS))) == told(audited(events, TERMS))


def _zst(data: bytes) -> bytes:
    for module in ("compression.zstd", "backports.zstd"):
        with suppress(ImportError):
            packed: bytes = import_module(module).compress(data)
            return packed
    pytest.skip("this Python reads no .zst files")


PACKERS = {"": bytes, ".gz": gzip.compress, ".zst": _zst}


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_cut_last_line_is_normal(tmp_path: Path, suffix: str) -> None:
    """It is told, and no finding."""
    data = "".join(json.dumps(event) + "\n" for event in CLEAN).encode()
    path = tmp_path / f"log{suffix}"
    path.write_bytes(PACKERS[suffix](data)[:-100])
    report = report_of(judge(read([str(path)], "", tmp_path / "spilled"), Terms(loss=1)))
    assert findings(report) == []
    assert (report.result.summary.torn, report.result.summary.unread) == (1, 0)


def test_a_python_that_reads_no_zst_says_what_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, before anything is read."""
    for module in ("compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / "log.zst"
    path.write_bytes(b"")
    with pytest.raises(UsageError, match="backports"):
        read([str(path)], "", tmp_path / "spilled")


@pytest.mark.parametrize(("later", "told_apart"), [(2.0, False), (30.0, True)])
def test_which_of_two_runs_came_with_a_thread_is_told_beyond_the_window_only(later: float, told_apart: bool) -> None:
    """Within it, either may have been the first; beyond it, a first run without the thread's token is one too few."""
    opened = next(event for event in CLEAN if event["act"] == "open")
    first = {**opened, "run": "run_other_7_0badc0de"}
    events = [*CLEAN, first, {**opened, "at": opened["at"] + later}]
    events.remove(opened)
    assert ("uncorrelated" in {symptom for symptom, _ in told(audited(events, TERMS))}) is told_apart


def test_lines_that_are_no_events_are_counted_and_told() -> None:
    """Each with its line and the reason."""
    summary = audited([*CLEAN[:500], {"act": "fly", "at": 1}, {"message": "x"}], Terms(loss=1)).result.summary
    assert summary.unread == 2
    assert any("fly" in line for line in summary.unread_lines)


def test_texts_numbers_and_times_of_other_forms_are_read() -> None:
    """Times in ISO form and milliseconds, users as numbers: as services really log."""
    events = [
        {"act": "log-in", "at": "2025-12-01T00:00:00Z", "user": 7, "session": "s"},
        {"act": "name", "at": 1_764_547_201_000, "user": 8, "session": "s"},
    ]
    assert ("session-changes-user", "s") in told(audited(events, Terms(opaque_ids=True)))


def test_nothing_to_judge_is_no_green(tmp_path: Path) -> None:
    """An empty file, or one of other lines, is an error."""
    for text in ("", '{"message": "x"}\n'):
        path = tmp_path / "log"
        path.write_text(text)
        with pytest.raises(UsageError):
            judge(read([str(path)], "", tmp_path / "spilled"), Terms())


@pytest.mark.slow
def test_memory_does_not_grow_with_the_length_of_ids(tmp_path: Path) -> None:
    """Half a gigabyte of IDs of 10,000 characters each, all of them new."""
    log = tmp_path / "log"
    with log.open("w", encoding="ascii") as file:
        for number in range(50_000):
            text = f"{number}".rjust(10_000, "x")
            file.write(f'{{"act": "log-in", "at": {1764547200 + number}, "user": "ana", "session": "{text}"}}\n')
    code = (
        "import resource, sys; from id_isolation.cli.main import main\n"
        "main(['audit', sys.argv[1], '--opaque-ids'])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(log)], capture_output=True, text=True, timeout=units(120))
    assert int(done.stdout.split()[-1]) < 450
