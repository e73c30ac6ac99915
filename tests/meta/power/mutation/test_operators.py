"""Each operator makes the slip that it is named after, and nothing that reads the same as before."""

from __future__ import annotations

import ast

from id_isolation.power.mutation.operators import mutants_of

_SOURCE = '''\
"""A module."""

import logging


def judge(user: str, limit: int = 3) -> str | None:
    """Judges."""
    logging.info("judging %s", user)
    with lock:
        if not user and limit <= 3:
            raise ValueError("no user")
        return join(user, f"{limit}_{user}")
'''


def _after(operator: str) -> set[str]:
    return {mutant.after for mutant in mutants_of("a.py", _SOURCE) if mutant.operator == operator}


def test_every_mutant_is_python_and_differs_from_the_others() -> None:
    """No mutant equals the original or another one, and each has a name of its own."""
    mutants = list(mutants_of("a.py", _SOURCE))
    texts = {ast.unparse(ast.parse(mutant.source)) for mutant in mutants}
    assert len(texts) == len(mutants) == len({mutant.name for mutant in mutants})
    assert ast.unparse(ast.parse(_SOURCE)) not in texts


def test_operators_change_what_they_say() -> None:
    """Comparisons, operands, constants, arguments, parts of texts, guards and statements each change in their way."""
    assert _after("comparison") == {"limit < 3", "limit >= 3"}
    assert _after("boolean") == {"not user or limit <= 3"}
    assert _after("operand left out") == {"not user", "limit <= 3"}
    assert _after("negation left out") == {"user"}
    assert _after("arguments swapped") == {"join(f'{limit}_{user}', user)"}
    assert _after("part left out") == {"f'_{user}'", "f'{limit}_'"}
    assert _after("statement left out") == {"pass"}
    assert _after("nothing returned") == {"return None"}
    assert {"4", "'no userx'"} <= _after("constant")
    assert len(_after("without its guard")) == 1


def test_docstrings_annotations_and_logging_stay_as_they_are() -> None:
    """What nobody can observe is not mutated."""
    befores = {mutant.before for mutant in mutants_of("a.py", _SOURCE)}
    assert not any("Judges" in before or "judging" in before or before == "str" for before in befores)


def test_only_the_functions_that_are_named_are_mutated() -> None:
    """A file may be mutated in part."""
    assert not list(mutants_of("a.py", _SOURCE, frozenset({"another"})))
    assert list(mutants_of("a.py", _SOURCE, frozenset({"judge"})))
