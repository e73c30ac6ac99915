"""A scan becomes GitHub commands: one line each, with no way out of a line or a property."""

from __future__ import annotations

from id_isolation.scan.mint import Unread
from id_isolation.scan.outputs import as_github

from ..outcomes import FINDING, outcome


def test_production_code_is_an_error_and_test_code_a_warning() -> None:
    """File, line and column stand in the command, so that the changed line is annotated."""
    lines = as_github.text(outcome(FINDING, FINDING._replace(code="test", line=8))).splitlines()
    assert lines[0].startswith(
        "::error file=app/a.py,line=7,col=5,title=Raw session ID::uuid.uuid4 mints a raw session"
    )
    assert lines[1].startswith("::warning file=app/a.py,line=8,col=5,")
    assert len(lines) == 2


def test_a_known_finding_is_not_annotated() -> None:
    """Only what is new is shown on a pull request."""
    assert as_github.text(outcome(FINDING._replace(new=False), has_baseline=True)) == ""


def test_the_prefix_leads_from_the_repository_to_the_scanned_directory() -> None:
    """It stands before the file of a finding and of an unread file."""
    lines = as_github.text(outcome(FINDING, unread=(Unread("b.py", "gone"),)), "backend/").splitlines()
    assert "file=backend/app/a.py," in lines[0]
    assert lines[1] == "::warning file=backend/b.py,title=Unread::gone"


def test_a_property_escapes_what_ends_it_and_a_message_does_not_need_to() -> None:
    """Colons and commas are escaped in properties only; percent signs and line ends everywhere."""
    odd = FINDING._replace(file="a:b,c%d\ne.py", note="50%\r\nof all: a, b")
    (line,) = as_github.text(outcome(odd)).splitlines()
    assert "file=a%3Ab%2Cc%25d%0Ae.py,line=7" in line
    assert line.endswith("(50%25%0D%0Aof all: a, b)")


def test_a_stale_baseline_is_noticed_with_its_count() -> None:
    """And an up-to-date one is not mentioned."""
    assert as_github.text(outcome(gone=3, has_baseline=True)).startswith("::notice title=Stale baseline::3 recorded")
    assert as_github.text(outcome(has_baseline=True)) == ""


def test_a_path_that_is_no_valid_text_is_written_in_escapes() -> None:
    """A lone surrogate, as undecodable file names have, does not stop the report."""
    assert "file=a\\udcff.py," in as_github.text(outcome(FINDING._replace(file="a\udcff.py")))
