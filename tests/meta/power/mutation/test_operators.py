"""Every place of a source is changed once for each slip, and what nobody can observe stays as it is."""

from __future__ import annotations

import ast

from id_isolation.power.mutants import mutants_of

_SOURCE = '''\
"""A module."""

import logging


def judge(user: str, limit: int = 3) -> str | None:
    """Judges."""
    logging.info("judging %s", user)
    with lock:
        if not user and limit <= 3:
            raise ValueError("no user")
        return join(user, f"{limit}_{user}", [one for one in user if one.isalnum()])
'''


def _after(operator: str) -> set[str]:
    return {mutant.after for mutant in mutants_of("a.py", _SOURCE) if mutant.operator == operator}


def test_every_mutant_is_python_and_differs_from_the_others() -> None:
    """No mutant equals the original or another one, and each has a name of its own."""
    mutants = list(mutants_of("a.py", _SOURCE))
    texts = {ast.unparse(ast.parse(mutant.source)) for mutant in mutants}
    assert len(texts) == len(mutants) == len({mutant.name for mutant in mutants})
    assert ast.unparse(ast.parse(_SOURCE)) not in texts


def test_expressions_statements_calls_and_filters_are_changed() -> None:
    """One of each sort."""
    assert _after("comparison") == {"limit < 3", "limit >= 3"}
    assert _after("condition never true") == {"pass"}
    assert _after("call left out") == {"one"}
    assert len(_after("filter left out")) == 1


def test_another_variable_is_one_of_the_same_function() -> None:
    """Arguments first, then what the function assigns."""
    assert "f'{one}_{user}'" not in _after("another variable")
    assert any(after.startswith("join(limit, ") for after in _after("another variable"))


def test_docstrings_annotations_and_logging_stay_as_they_are() -> None:
    """What nobody can observe is not mutated."""
    befores = {mutant.before for mutant in mutants_of("a.py", _SOURCE)}
    assert not any("Judges" in before or "judging" in before or before == "str" for before in befores)


def test_only_the_functions_that_are_named_are_mutated() -> None:
    """A file may be mutated in part."""
    assert not list(mutants_of("a.py", _SOURCE, frozenset({"another"})))
    assert list(mutants_of("a.py", _SOURCE, frozenset({"judge"})))
