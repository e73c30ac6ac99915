"""The approved generator is known by its class and its package, and by nothing that merely looks alike."""

from __future__ import annotations

import pytest

from id_isolation.scan.vocabulary.approved import generator_method, is_generator_class, is_generator_file

_PACKAGE = "shared.id_generation"


@pytest.mark.parametrize("name", ["UnifiedIdGenerator", f"{_PACKAGE}.unified_id_generator.UnifiedIdGenerator"])
def test_the_class_is_known_by_its_last_word(name: str) -> None:
    """Bare or with the module before it."""
    assert is_generator_class(name)


@pytest.mark.parametrize("name", ["MyUnifiedIdGenerator", "UnifiedIdGenerator.generate_base_id", "a.UnifiedIdGen", ""])
def test_a_name_that_only_holds_the_class_is_another_class(name: str) -> None:
    """The whole last word counts."""
    assert not is_generator_class(name)


def test_any_generating_method_of_the_class_is_approved() -> None:
    """A later `generate_…` too; what generates nothing is no method of ID minting."""
    assert generator_method("x.UnifiedIdGenerator.generate_session_id") == "generate_session_id"
    assert generator_method("UnifiedIdGenerator.generate_future_id") == "generate_future_id"
    assert generator_method("UnifiedIdGenerator.get_or_create_user_session") == "get_or_create_user_session"
    assert generator_method("UnifiedIdGenerator.parse_id") == ""


def test_the_packages_functions_count_by_their_known_names_only() -> None:
    """An unknown `generate_…` of the package is not approved: nobody knows what it mints."""
    assert generator_method(f"{_PACKAGE}.generate_session_id") == "generate_session_id"
    assert generator_method(f"backend.{_PACKAGE}.unified.generate_base_id") == "generate_base_id"
    assert generator_method(f"{_PACKAGE}.generate_future_id") == ""
    assert generator_method("other.ids.generate_session_id") == ""
    assert generator_method("generate_session_id") == ""


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("shared/id_generation/unified_id_generator.py", True),
        ("backend/shared/id_generation/deep/x.py", True),
        ("unshared/id_generation/x.py", False),
        ("shared/id_generation.py", False),
        ("shared/id_generation_old/x.py", False),
    ],
)
def test_only_files_of_the_package_itself_are_the_generators_own(path: str, own: bool) -> None:
    """A neighbour with a like name is judged as any other file."""
    assert is_generator_file(path) is own
