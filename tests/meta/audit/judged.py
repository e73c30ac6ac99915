"""Events in, findings out: the audit without its command line."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from id_isolation.audit.judging import Result, judge, read
from id_isolation.audit.report import Report, report_of
from id_isolation.history.finding import Finding
from id_isolation.rules.production_rule import Terms

from .service import write


def audited(events: Iterable[dict[str, Any]], terms: Terms | None = None, **how: Any) -> Report:
    """The report on events."""
    return report_of(result(events, terms, **how))


def result(events: Iterable[dict[str, Any]], terms: Terms | None = None, **how: Any) -> Result:
    """What the rules say of events."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "events.jsonl", list(events))
        return judge(read([str(path)], "", Path(folder) / "spilled", **how), terms or Terms())


def findings(report: Report) -> list[Finding]:
    """All of them, in order."""
    return [finding for group in report.groups for finding in group.findings]


def told(report: Report) -> list[tuple[str, str]]:
    """Rule and ID of each finding."""
    return [(finding.symptom, finding.ids[0].text) for finding in findings(report)]
