"""Names that modules of the tree pass on are followed to the minting function, or to nothing."""

from __future__ import annotations

import pytest

from id_isolation.scan.mints.reexports import Reexports


def _tree(**files: dict[str, str]) -> Reexports:
    found = Reexports()
    for file, names in files.items():
        found.add(file, names)
    return found


_TREE = {
    "app/compat.py": {"mint": "uuid.uuid4", "u": "uuid", "again": ".compat.mint"},
    "app/__init__.py": {"fresh": "app.compat.mint"},
    "app/all.py": {"*0": "nowhere", "*1": ".compat"},
    "app/one.py": {"x": ".two.x"},
    "app/two.py": {"x": ".one.x"},
    "app/deep/low.py": {"mint": "..compat.mint"},
}


@pytest.mark.parametrize(
    ("file", "dotted", "meant"),
    [
        ("app/a.py", "uuid.uuid4", "uuid.uuid4"),
        ("app/a.py", "app.compat.mint", "uuid.uuid4"),
        ("app/a.py", ".compat.mint", "uuid.uuid4"),
        ("app/deep/b.py", "..compat.mint", "uuid.uuid4"),
        ("app/a.py", ".compat.u.uuid1", "uuid.uuid1"),
        ("app/a.py", ".compat.u.uuid5", ""),
        ("app/a.py", ".compat.absent", ""),
        ("app/a.py", ".compat.again", "uuid.uuid4"),
        ("app/a.py", "app.fresh", "uuid.uuid4"),
        ("app/a.py", "app.all.mint", "uuid.uuid4"),
        ("app/a.py", "app.all.absent", ""),
        ("app/a.py", "app.deep.low.mint", "uuid.uuid4"),
        ("app/a.py", "app.one.x", ""),
        ("app/a.py", "other.mint", ""),
        ("app/a.py", "mint", ""),
        ("app/__init__.py", ".compat.mint", "uuid.uuid4"),
    ],
)
def test_a_name_comes_to_the_function_behind_it(file: str, dotted: str, meant: str) -> None:
    """By name, module, star or relative import; a circle and an unknown name come to nothing."""
    assert _tree(**_TREE).meaning(file, dotted) == meant


def test_a_tree_that_begins_above_the_package_is_found_by_the_ending() -> None:
    """At a whole word of the path only."""
    tree = _tree(**{"backend/app/compat.py": {"mint": "uuid.uuid4"}})
    assert tree.meaning("backend/app/a.py", "app.compat.mint") == "uuid.uuid4"
    assert tree.meaning("backend/app/a.py", "pp.compat.mint") == ""


def test_the_standard_module_is_never_taken_for_one_of_the_tree() -> None:
    """A vendored file of that name does not change what `uuid` means."""
    tree = _tree(**{"vendor/uuid.py": {"uuid5": "uuid.uuid4"}})
    assert tree.meaning("app/a.py", "uuid.uuid5") == ""


def test_only_names_of_their_own_for_functions_are_aliases() -> None:
    """Plain names are looked for anyway, modules are no functions, and what comes to nothing is no alias."""
    tree = _tree(
        **{
            "app/compat.py": {"fresh": "uuid.uuid4", "uuid4": "uuid.uuid4", "u": "uuid", "odd": "uuid.uuid5"},
            "app/next.py": {"renew": ".compat.fresh", "dead": ".gone.fresh"},
        }
    )
    assert tree.aliases() == {"fresh", "renew"}


def test_a_chain_is_followed_to_its_end_within_reason() -> None:
    """Seven modules in a row are; a chain without end stops."""
    links = {f"m{n}.py": {"x": f"m{n + 1}.x"} for n in range(12)}
    assert _tree(**{**links, "m6.py": {"x": "uuid.uuid4"}}).meaning("a.py", "m0.x") == "uuid.uuid4"
    assert _tree(**{**links, "m12.py": {"x": "uuid.uuid4"}}).meaning("a.py", "m0.x") == ""
