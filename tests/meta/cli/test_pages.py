"""The pages that are made from the code are current, and links between pages lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from id_isolation.checks.check import all_checks
from id_isolation.cli.pages import DOCS, catalogue, pages
from id_isolation.rules.judging import RULES

ROOT = Path(__file__).parents[3]
READ = [ROOT / "README.md", ROOT / ".github/CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_page_that_is_made_is_current(page: Path) -> None:
    """Else `python -m id_isolation.cli.pages` writes it anew."""
    assert page.read_text("utf-8") == pages()[page]


def test_the_catalogue_has_every_check_and_every_rule() -> None:
    """Each by its name."""
    text = catalogue()
    assert [one.id for one in all_checks().values() if f"| {one.id} | {one.name} |" not in text] == []
    assert [kind.name for rule in RULES for kind in rule.kinds if f"| `{kind.name}` |" not in text] == []


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.md", ROOT / ".github/CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))],
    ids=lambda page: page.name,
)
def test_links_lead_somewhere(page: Path) -> None:
    """To a file that is there, and to a heading that it has."""
    for path, heading in _LINK.findall(page.read_text("utf-8")):
        target = (page.parent / path).resolve() if path else page
        assert target.is_file(), path
        titles = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
        slugs = {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}
        assert not heading or heading in slugs, f"{path}#{heading}"


def test_the_readme_is_one_page() -> None:
    """What is longer stands in the docs."""
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 125
