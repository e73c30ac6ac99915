"""The pages in headless Chromium: no console error, nothing wider than the page, accessible, sortable, printable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .browser import axe_script, chromium, missing, required, show, violations
from .pages import PAGES, SCAN
from .samples import REPLAY

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing()) and not required(), reason=missing() or "all is there"),
]

VIEWS = {"light": (1280, "light"), "dark": (1280, "dark"), "phone": (390, "light"), "dark phone": (390, "dark")}


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, make in PAGES.items():
        (folder / f"{name}.html").write_text(make(), encoding="utf-8")
    return folder


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_without_error_and_fits_its_width(driver: Any, folder: Path, page: str, view: str) -> None:
    """Nothing on the console, and no sideways scrolling of the page itself."""
    width, scheme = VIEWS[view]
    show(driver, folder / f"{page}.html", width, scheme)
    assert driver.get_log("browser") == []
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_accessible(driver: Any, folder: Path, page: str, view: str) -> None:
    """axe-core finds nothing, and it did look."""
    script = axe_script()
    width, scheme = VIEWS[view]
    show(driver, folder / f"{page}.html", width, scheme)
    wrong, applied = violations(driver, script)
    assert wrong == []
    assert applied > 15


def test_axe_finds_what_is_planted(driver: Any, tmp_path: Path) -> None:
    """A page with an image without a text, a field without a label and pale text is not clean."""
    script = axe_script()
    page = tmp_path / "bad.html"
    page.write_text('<!doctype html><img src="data:,"><input><p style="color:#ccc;background:#fff">pale</p>')
    show(driver, page, 1280, "light")
    wrong, _ = violations(driver, script)
    assert {"image-alt", "label", "color-contrast"} <= {line.split()[1].rstrip(":") for line in wrong}


def rows(driver: Any) -> list[list[str]]:
    found: list[list[str]] = driver.execute_script(
        "return [...document.querySelectorAll('.scan tbody tr')].filter((row) => !row.hidden)"
        ".map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    return found


def test_the_scan_table_sorts_both_ways_by_keyboard(driver: Any, folder: Path) -> None:
    """Lines as numbers; the head says which way."""
    from selenium.webdriver.common.keys import Keys

    show(driver, folder / "legacy.html", 1280, "light")
    button = driver.find_elements("css selector", ".scan thead button")[1]
    expected = sorted(int(str(row["line"])) for row in SCAN)
    for way, lines in (("ascending", expected), ("descending", expected[::-1])):
        button.send_keys(Keys.ENTER)
        assert [int(row[1]) for row in rows(driver)] == lines
        assert driver.find_elements("css selector", ".scan thead th")[1].get_attribute("aria-sort") == way


def test_the_scan_table_filters_by_any_words(driver: Any, folder: Path) -> None:
    """All words must be in a row; the count is told."""
    show(driver, folder / "legacy.html", 1280, "light")
    field = driver.find_element("css selector", "#scan-tools input")
    field.send_keys("TOKEN_HEX module1/")
    shown = rows(driver)
    assert shown
    assert all("token_hex" in row[2] and "module1/" in row[0] for row in shown)
    told = driver.find_element("css selector", "#scan-tools output").text
    assert told == f"{len(shown)} of {len(SCAN)} shown"


def test_everything_is_reached_by_keyboard(driver: Any, folder: Path) -> None:
    """The first stop skips to the content; each frame that scrolls can be scrolled."""
    from selenium.webdriver.common.keys import Keys

    show(driver, folder / "strict.html", 390, "light")
    driver.find_element("css selector", "body").send_keys(Keys.TAB)
    assert driver.switch_to.active_element.text == "Skip to the content"
    stuck = driver.execute_script(
        "return [...document.querySelectorAll('*')].filter((e) => e.scrollWidth > e.clientWidth + 1 &&"
        " ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) && e.tabIndex < 0).length"
    )
    assert stuck == 0


def test_on_paper_everything_is_unfolded(driver: Any, folder: Path) -> None:
    """What is folded on the screen would be lost in print."""
    show(driver, folder / "strict.html", 1280, "light")
    driver.execute_cdp_cmd("Page.printToPDF", {})
    assert driver.execute_script("return [...document.querySelectorAll('details')].every((part) => part.open)")


@pytest.mark.parametrize("view", VIEWS)
def test_the_red_step_is_whole_on_the_screen(driver: Any, folder: Path, view: str) -> None:
    """Nothing of a picture is cut off or lies beyond the edge, and who acts and who is hurt can be read."""
    width, scheme = VIEWS[view]
    show(driver, folder / "strict.html", width, scheme)
    right, cut, red = driver.execute_script(
        "const all = [...document.querySelectorAll('.lanes li *')];"
        " return [Math.max(...all.map((one) => one.getBoundingClientRect().right)),"
        " all.filter((one) => getComputedStyle(one).display !== 'inline' &&"
        " one.scrollWidth > one.clientWidth + 1).length,"
        " document.querySelector('.lanes li.red').innerText]"
    )
    assert right <= width
    assert cut == 0
    assert "Leak:" in red
    assert "hurts user-amelia-01" in red


def test_the_replay_keeps_its_lines_when_copied(driver: Any, folder: Path) -> None:
    """What a reader selects and pastes is the program."""
    show(driver, folder / "strict.html", 390, "light")
    copied = driver.execute_script("return document.querySelector('[aria-label^=Replay]').innerText")
    assert copied.strip() == REPLAY.strip()


@pytest.mark.parametrize(("name", "value"), [("surface", "websocket"), ("severity", "high"), ("outcome", "failed")])
def test_a_choice_hides_what_it_does_not_name(driver: Any, folder: Path, name: str, value: str) -> None:
    """Cards and marks; the count says how many are left, and "all" brings them back."""
    show(driver, folder / "strict.html", 1280, "light")
    cards = (
        "return [...document.querySelectorAll('#findings > .card')].filter((card) => card.checkVisibility())"
        ".map((card) => ({...card.dataset}))"
    )
    whole = driver.execute_script(cards)
    choice = driver.find_element("css selector", f".filters select[name={name}]")
    choice.find_element("css selector", f"option[value='{value}']").click()
    left = driver.execute_script(cards)
    assert left == [card for card in whole if value in card[name].split("|")]
    assert driver.find_element("css selector", ".filters output").text == f"{len(left)} of {len(whole)} cards shown"
    choice.find_element("css selector", "option[value='']").click()
    assert driver.execute_script(cards) == whole
