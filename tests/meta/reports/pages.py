"""The pages that are looked at: every kind of run, and comparisons."""

from __future__ import annotations

from collections.abc import Callable

from id_isolation.plan.kinds import Level
from id_isolation.reports.comparison import compare
from id_isolation.reports.html_comparison import comparison_page
from id_isolation.reports.html_run import run_page
from id_isolation.reports.scan_page import Burndown, ShownScan

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

PAGES: dict[str, Callable[[], str]] = {
    "legacy": lambda: run_page(samples.legacy(), ShownScan(SCAN, Burndown(12, 22, 2)), "2026-01-02T03:04:05+00:00"),
    "remediated": lambda: run_page(samples.remediated()),
    "strict": lambda: run_page(samples.remediated(Level.STRICT)),
    "troubled": lambda: run_page(samples.troubled()),
    "repaired": lambda: comparison_page(compare(samples.legacy(), samples.remediated())),
    "broken": lambda: comparison_page(compare(samples.remediated(), samples.legacy())),
}
