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
