"""Facts about minting names go forwards over the imports, each once."""

from __future__ import annotations

import pytest

from id_isolation.scan.imports import Graph, View, groups, outline


def _graph(files: dict[str, str]) -> Graph:
    return Graph({name: outline(text.encode(), name) for name, text in files.items()})


def test_a_fact_says_what_a_name_of_a_module_stands_for() -> None:
    """A function, a module of the standard library's kind, or a module of the tree that has facts."""
    graph = _graph(
        {
            "a.py": "import uuid as u, json\nfrom uuid import (\n    uuid4 as fresh,  # new\n    UUID,\n)\n",
            "b.py": "import a\nfrom a import fresh as newer, \\\n    other\n",
            "c.py": "import json\n",
        }
    )
    assert graph.facts == {
        "a": {"u": "uuid", "fresh": "uuid.uuid4"},
        "b": {"a": "@a", "newer": "uuid.uuid4"},
    }
    assert graph.meaning("b", "a.u.uuid1") == "uuid.uuid1"
    assert graph.meaning("b", "a.json.uuid1") == ""
    assert View(graph, "b.py").aliases == {"fresh", "newer"}


def test_a_chain_of_names_is_followed_to_its_end() -> None:
    """A hundred modules, in whatever order they are named."""
    files = {f"m{n}.py": f"from m{n - 1} import id_{n - 1}\nid_{n} = id_{n - 1}\n" for n in range(1, 100)}
    graph = _graph({**files, "m0.py": "from uuid import uuid4 as id_0\n"})
    assert graph.facts["m99"]["id_99"] == "uuid.uuid4"


def test_modules_that_star_import_each_other_are_one_group() -> None:
    """Those that only import from the group are reached by it and are no part of it."""
    found = groups({"a": ["b", "d"], "b": ["c"], "c": ["a"], "d": ["e"]})
    assert set(found) == {"a", "b", "c"}
    assert set(found["a"]) == {"a", "b", "c", "d"}


def test_a_long_chain_of_star_imports_needs_no_recursion() -> None:
    """Ten thousand modules deep."""
    found = groups({str(n): [str((n + 1) % 10_000)] for n in range(10_000)})
    assert len(found) == 10_000


@pytest.mark.parametrize("size", [50])
def test_a_clique_costs_what_its_modules_cost(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact reaches each member once, not once for each import."""
    added = 0
    real = Graph._add

    def counting(self: Graph, module: str, name: str, value: str) -> None:
        nonlocal added
        added += 1
        real(self, module, name, value)

    monkeypatch.setattr(Graph, "_add", counting)
    stars = {f"m{n}.py": "".join(f"from m{m} import *\n" for m in range(size) if m != n) for n in range(size)}
    graph = _graph({**stars, "m0.py": stars["m0.py"] + "from uuid import uuid4 as fresh\n"})
    assert all("fresh" in graph.facts[f"m{n}"] for n in range(size))
    assert added <= 3 * size
