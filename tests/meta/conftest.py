"""What one file of tests leaves in its process, the next does not find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from id_isolation.history import redaction


@pytest.fixture(scope="module", autouse=True)
def _secrets_are_forgotten() -> Iterator[None]:
    """Whatever is told is looked through for each secret that is remembered: a few thousand take a second of a test."""
    yield
    redaction.forget_all()


@pytest.fixture
def _short_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is judged in this process waits half as long: for what may come late, and for what never does."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.5")
