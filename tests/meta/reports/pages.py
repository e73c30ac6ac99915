"""The pages that are looked at: every kind of run, and comparisons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from id_isolation.audit.judging import judge, read
from id_isolation.audit.page import write_html
from id_isolation.audit.report import report_of
from id_isolation.plan.kinds import Level
from id_isolation.reports.comparison import compare
from id_isolation.reports.html_comparison import comparison_page
from id_isolation.reports.html_run import run_page
from id_isolation.reports.scan_page import Burndown, ShownScan
from id_isolation.rules.production_rule import Terms

from . import samples

SCAN = [
    {
        "file": f"netra_backend/app/module{number % 7}/file{number}.py",
        "line": (number * 37) % 100 + 1,
        "what": ("uuid.uuid4", "secrets.token_hex", "uuid.uuid1")[number % 3],
        "kind": ("run", "session", "unknown")[number % 3],
    }
    for number in range(24)
]


def audit_page() -> str:
    """Of a log with one leak."""
    with TemporaryDirectory() as folder:
        page, log = Path(folder, "page.html"), Path(__file__).parents[2] / "examples/audited_service/events.jsonl"
        write_html(report_of(judge(read([str(log)], "", Path(folder, "spilled")), Terms())), page)
        return page.read_text("utf-8")


PAGES: dict[str, Callable[[], str]] = {
    "legacy": lambda: run_page(samples.legacy(), ShownScan(SCAN, Burndown(12, 22, 2)), "2026-01-02T03:04:05+00:00"),
    "remediated": lambda: run_page(samples.remediated()),
    "strict": lambda: run_page(samples.remediated(Level.STRICT)),
    "web": lambda: run_page(replace(samples.troubled(), backend=f"examples/{'long' * 12}/app.toml")),
    "troubled": lambda: run_page(samples.troubled()),
    "audit": audit_page,
    "repaired": lambda: comparison_page(compare(samples.legacy(), samples.remediated())),
    "broken": lambda: comparison_page(compare(samples.remediated(), samples.legacy())),
}
