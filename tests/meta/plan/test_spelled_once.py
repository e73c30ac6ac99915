"""No module of the machinery spells a name of the plan: whoever needs one asks the plan."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import id_isolation
from id_isolation.plan.plan import built_in

ROOT = Path(id_isolation.__file__).parent

# Changes of the embedded backends' own text.
TEXT_OF_THE_TREE = ("embedded/tree", "embedded/hardening.py", "power/faults", "power/twins")


def _names() -> set[str]:
    """Modules, files, classes, methods and functions that only the plan can know."""
    plan = built_in()
    assert plan.auth
    assert plan.dispatcher
    assert plan.websocket
    assert plan.context
    assert plan.manager
    generator = plan.generator
    assert generator.reading
    assert generator.stored
    assert generator.matching
    return {
        *plan.modules.values(),
        *plan.files,
        *generator.minting_methods,
        *(place.function for place in plan.places),
        *(generator.cls, generator.package, generator.restart, generator.matching.match, generator.stored.invalidate),
        *(generator.reading.parse, generator.reading.valid, generator.reading.age),
        *(plan.auth.validate, plan.auth.records, plan.auth.client, plan.auth.verify),
        *(plan.dispatcher.cls, plan.dispatcher.create, plan.context.cls, plan.context.create),
        *(plan.websocket.authenticate, plan.websocket.service, plan.manager.cls, plan.manager.factory),
    }


def _sources() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith((*TEXT_OF_THE_TREE, "tests/")):
            yield name, path.read_text("utf-8")


def test_no_module_spells_a_name_of_the_plan() -> None:
    """Not in its docstrings either."""
    names = re.compile("|".join(rf"(?<![\w.]){re.escape(name)}\b" for name in sorted(_names(), key=len, reverse=True)))
    assert {name: found for name, text in _sources() if (found := sorted(set(names.findall(text))))} == {}


def test_no_module_spells_a_prefix_of_the_plan() -> None:
    """Names of fields and events such as `thread_id` and `agent_started` begin alike and are none."""
    prefixes = tuple(prefix for form in built_in().kinds.values() for prefix in form.prefixes if prefix)
    others = re.compile(
        r"(thread|run|request|session)_(id|log|event|token)s?|session_is_token|agent_(started|thinking|completed)"
    )
    spelled = {
        (name, text)
        for name, source in _sources()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(text := node.value, str)
        if text.startswith(prefixes) and not others.fullmatch(text)
    }
    assert spelled == set()
