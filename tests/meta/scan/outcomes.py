"""Scans with their verdicts, put together by hand for the outputs' tests."""

from __future__ import annotations

from typing import Any

from id_isolation.scan import Finding, ScanResult, Unread
from id_isolation.scan.baseline import Compliance
from id_isolation.scan.outputs import Outcome
from id_isolation.scan.tree import Count

FINDING = Finding(
    file="app/a.py",
    line=7,
    column=5,
    what="uuid.uuid4",
    kind="session",
    target="session_id",
    code="production",
    function="log_in",
    source="session_id = uuid.uuid4()",
    replacement="UnifiedIdGenerator.generate_session_id(user_id)",
    note="",
    key="k-1",
)
GONE = {"key": "k", "file": "old.py", "what": "uuid.uuid4", "function": "f", "target": "t", "kind": "other"}


def outcome(
    *findings: Finding,
    suppressed: tuple[Finding, ...] = (),
    unread: tuple[Unread, ...] = (),
    gone: int = 0,
    has_baseline: bool = False,
    figure: Compliance | None = None,
    **result: Any,
) -> Outcome:
    """An outcome of these findings; `gone` counts the recorded ones that have gone."""
    parts = {"left_out": [], "files": 9, "whole": True, "partly": [], "packages": {"app": Count(3, 1)}, **result}
    whole = ScanResult("/tree", list(findings), list(suppressed), list(unread), **parts)
    shown = figure or Compliance(3, 1)
    return Outcome(whole, list(findings), [GONE] * gone, shown, "up from 50.0%", has_baseline)
