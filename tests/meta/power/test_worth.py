"""What a green run on somebody's own code is worth: what was tried, what turned red, and why the rest did not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface
from id_isolation.power import worth
from id_isolation.power.fault import on
from id_isolation.power.mutants import all_mutants
from id_isolation.power.own_code import OwnCode, own_code
from id_isolation.power.trial import Told, Tried
from id_isolation.power.worth import Changed, Worth, worth_of
from id_isolation.power.worth_report import as_markdown, recorded, told
from id_isolation.world.effort import Effort

ADAPTER = """\
import secrets
from id_isolation.adapters import AdapterBackend, ContextIds, Kind

class Made(AdapterBackend):
    def __init__(self):
        self.minting = self

    def kinds(self):
        return [Kind.SESSION]

    def mint(self, kind, user):
        return f"{kind}-{secrets.token_hex(8)}"
        del user

    def mint_context(self, user, operation):
        token = secrets.token_hex(8)
        return ContextIds(user, f"thread-{token}", f"run-{token}", f"request-{token}")

    def restart(self):
        pass

    def never(self, user, owner):
        return user == owner
"""
X1, X2 = on(Surface.GENERATOR, "X1", "X2")


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnCode]:
    """An adapter of a few lines, judged by one check."""
    (tmp_path / "own_adapter.py").write_text(ADAPTER)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(worth, "all_pairs", lambda: (X1, X2))
    with own_code("own_adapter:Made") as made:
        yield made


def _worth(code: OwnCode, seconds: float = 300.0, seed: int = 1) -> Worth:
    return worth_of(code, seed=seed, jobs=2, effort=Effort(0.1), seconds=seconds)


def test_every_change_is_red_or_has_its_reason(code: OwnCode) -> None:
    """A random part left out turns red, a line that never runs does not, and what is no change is told apart."""
    found = _worth(code)
    assert found.untried == 0
    assert {one.pair for one in found.counting} == {X1, X2}
    red = {one.mutant.after: one.red for one in found.noticed}
    assert red["f'{kind}-'"] in ("X1 on generator", "X2 on generator")
    unseen = {one.mutant.function.rpartition(".")[2] for one in found.unnoticed if not one.ran}
    assert "never" in unseen
    assert "mint" not in unseen
    assert [mutant.before for mutant in found.alike] == ["del user"]
    data = recorded(found)
    assert data["tried"] == data["noticed"] + data["unnoticed"] == len(found.changes)
    assert all(bool(one["red"]) != bool(one["why"]) for one in data["changes"])


def test_the_time_ends_it_and_what_is_known_is_told(code: OwnCode, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the unchanged code and one change."""
    each = worth.try_each
    calls: list[int] = []

    def one_only(*arguments: Any, until: float, **more: Any) -> Iterator[Tried]:
        calls.append(1)
        for tried in each(*arguments, until=until, **more):
            yield tried
            if len(calls) > 1:
                raise KeyboardInterrupt

    monkeypatch.setattr(worth, "try_each", one_only)
    found = _worth(code)
    assert found.was_interrupted
    assert found.untried > 0
    assert "were not, because it was interrupted" in " ".join(" ".join(told(found)).split())


@pytest.mark.parametrize("seconds", [0.0])
def test_no_time_for_the_unchanged_code_is_said(code: OwnCode, seconds: float) -> None:
    """Nothing could be told of any change then."""
    with pytest.raises(UsageError, match="time was up before the unchanged code was judged"):
        _worth(code, seconds)


def test_code_on_which_nothing_passes_is_refused(code: OwnCode) -> None:
    """No change could turn it red."""
    (code.root / "own_adapter.py").write_text(ADAPTER.replace("secrets.token_hex(8)", "1"))
    with pytest.raises(UsageError, match="no check passes on the unchanged code"):
        _worth(code)


def test_code_that_cannot_be_opened_is_refused(code: OwnCode) -> None:
    """With what it said."""
    (code.root / "own_adapter.py").write_text("import no_such_module\n\nmade = 1\n")
    with pytest.raises(UsageError, match=r"unchanged code cannot be opened: .*no_such_module"):
        _worth(code)


def test_each_place_and_each_kind_of_change_comes_early() -> None:
    """Whatever the seed is, and in another order for another one."""
    mutants = list(all_mutants())
    orders = [worth._in_order(mutants, seed) for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
    kinds = {mutant.operator for mutant in mutants}
    assert kinds == {mutant.operator for mutant in orders[0][: len(mutants) // 4]}
    assert sorted(one.name for one in orders[0]) == sorted(one.name for one in mutants)


_PASSED = Told("X1", Surface.GENERATOR, Outcome.PASSED, (), "", 0.1)
_RED = Told("X2", Surface.GENERATOR, Outcome.FAILED, (), "It is wrong.", 0.1)


def _made(*changes: Changed, cut_short: str = "", possible: int = 0) -> Worth:
    by_name = {one.mutant.name: one for one in changes}
    return Worth("own", 1, 0.25, ("a.py",), [_PASSED, _RED], by_name, possible or len(changes), cut_short=cut_short)


def test_the_figures_and_the_reasons_are_told() -> None:
    """How many were tried, how many there was no time for, and what does not turn red, with the place."""
    first, second, third = all_mutants()[:3]
    found = _made(Changed(first, "X1 on generator"), Changed(second, "", (X1, X2), (X2,)), Changed(third),
                  cut_short="the time was up", possible=9)  # fmt: skip
    text = " ".join(" ".join(told(found, 100)).split())
    assert (
        "Of 3 small wrong changes to your code that were tried (6 were not, because the time was up), 1 would" in text
    )
    assert "these 2 would not" in text
    assert f"{second.path}:{second.line}" in text
    assert "It runs in X1, and no verdict changes." in text
    assert "X2 runs it too, but red already without it." in text
    assert "No check runs this line." in text
    assert "1 are red already and do not count: X2 on generator" in text
    page = as_markdown(found)
    assert page.count("\n\n| ") == 3
    assert json.loads(json.dumps(recorded(found)))["untried"] == 6
