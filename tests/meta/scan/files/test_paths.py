"""Test code is told from production code by whole names in the path."""

from __future__ import annotations

import pytest

from id_isolation.scan.files.paths import is_test


@pytest.mark.parametrize(
    "name",
    [
        "tests/a.py",
        "app/test/a.py",
        "app/testing/a.py",
        "app/test_unit/a.py",
        "e2e/a.py",
        "app/conftest.py",
        "app/test_a.py",
        "app/a_test.py",
        "app/a_tests.py",
        "app/fixtures/a.py",
        "app/mocks/a.py",
        "mock/a.py",
        "benchmarks/a.py",
    ],
)
def test_a_test_file_or_anything_below_a_test_directory_is_test_code(name: str) -> None:
    """By the file's own name or by a directory's."""
    assert is_test(name)


@pytest.mark.parametrize(
    "name",
    ["app/contest.py", "latest/a.py", "app/testimony.py", "app/attestation/a.py", "app/tester.py", "mocking/a.py"],
)
def test_a_word_that_only_holds_test_is_production(name: str) -> None:
    """A whole part of the path has to say it."""
    assert not is_test(name)
