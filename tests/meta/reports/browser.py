"""Headless Chromium for looking at pages: media, width, console, and axe-core for accessibility."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

AXE_VARIABLE = "ID_ISOLATION_AXE"
REQUIRED_VARIABLE = "ID_ISOLATION_BROWSER_REQUIRED"
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def missing() -> str:
    """What is not there to open pages with, as a sentence; empty where all is there."""
    lacks = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    lacks += ["selenium (dev extra)"] if find_spec("selenium") is None else []
    return f"pages are not opened, as this machine has no {' and no '.join(lacks)}" if lacks else ""


def required() -> bool:
    """Whether a machine without browser or axe-core is an error and no reason to skip: so in the project's own CI."""
    return bool(os.environ.get(REQUIRED_VARIABLE))


def axe_script() -> Path:
    """Where axe-core's script is: the path in ID_ISOLATION_AXE; skips the test where there is none."""
    path = os.environ.get(AXE_VARIABLE)
    if not path:
        said = f"{AXE_VARIABLE} names no axe.min.js; `npm pack axe-core` brings one"
        if required():
            pytest.fail(said)
        pytest.skip(said)
    return Path(path)


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """A driver with a fresh profile; it ends with the block."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.binary_location = str(shutil.which("chromium"))
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def show(driver: Any, page: Path, width: int, scheme: str, media: str = "screen") -> None:
    """Opens a page at a width, in a colour scheme, on a screen or on paper."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
    driver.get(page.as_uri())


def violations(driver: Any, script: Path) -> tuple[list[str], int]:
    """What axe-core finds wrong with the open page, and how many rules it could apply."""
    driver.execute_script(script.read_text(encoding="utf-8"))
    found = driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document).then((r) => done([r.violations.map((v) =>"
        " `${v.impact} ${v.id}: ${v.nodes[0].html.slice(0, 200)}`), r.passes.length]));"
    )
    return found[0], found[1]
