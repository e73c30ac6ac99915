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
from id_isolation.power.mutants import Mutant
from id_isolation.power.own_code import OwnCode, own_code, right_code
from id_isolation.power.trial import Told, Tried
from id_isolation.power.worth import Changed, Worth, on_record, worth_of
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


def _worth(code: OwnCode, seconds: float = 300.0, **more: Any) -> Worth:
    return worth_of(code, seed=1, jobs=2, effort=Effort(0.1), seconds=seconds, **more)


@pytest.fixture(scope="module")
def mutants() -> list[Mutant]:
    """Every change of the suite's own right backend."""
    with right_code() as right:
        return list(right.mutants())


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


def test_each_place_and_each_kind_of_change_comes_early(mutants: list[Mutant]) -> None:
    """Whatever the seed is, and in another order for another one."""
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


def test_the_figures_and_the_reasons_are_told(mutants: list[Mutant]) -> None:
    """How many were tried, how many there was no time for, and what does not turn red, with the place."""
    first, second, third = mutants[:3]
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


def _noted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *names: str) -> None:
    record = tmp_path / "record.json"
    record.write_text(json.dumps({"equivalent": {"Nobody sees it.": names[::2]}, "right": {"So it is.": names[1::2]}}))
    monkeypatch.setattr(worth, "_RECORD", record)


def test_of_the_own_backend_the_record_is_held_to_its_word(
    code: OwnCode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on record and noticed is told, and so is a name that no change has; what is somebody's is not tried."""
    by_after = {mutant.after: mutant.name for mutant in code.mutants()}
    noticed, unseen = by_after["f'{kind}-'"], next(name for after, name in by_after.items() if "user != owner" in after)
    _noted(monkeypatch, tmp_path, noticed, unseen, "gone")
    found = _worth(code, own=True)
    assert found.refuted.keys() == {noticed}
    assert found.stale == ("gone",)
    assert {mutant.name for mutant in found.known} == {noticed, unseen}
    assert not found.is_green
    assert not _worth(code).refuted


def test_a_sample_leaves_the_record_out(code: OwnCode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many are tried as were asked for."""
    _noted(monkeypatch, tmp_path, *(mutant.name for mutant in list(code.mutants())[:-3]))
    found = _worth(code, own=True, sample=2)
    assert (found.possible, found.known, found.refuted) == (2, [], {})


def test_of_all_none_may_stay_green_and_of_a_sample_one_in_twenty(mutants: list[Mutant]) -> None:
    """A sample's seed must not decide over red and green."""
    found = _made(Changed(mutants[0]), *(Changed(one, "X1 on generator") for one in mutants[1:20]))
    assert not found.is_green
    found.sample = True
    assert found.is_green


def test_a_change_is_on_record_once_with_its_reason(
    mutants: list[Mutant], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that fits nothing any more would hide another one, and one that grows would make any run green."""
    known = on_record()
    assert known.keys() <= {mutant.name for mutant in mutants}
    assert len(known) < len(mutants) / 4
    assert all(len(reason.split()) >= 4 and reason.endswith(".") for reason in known.values())
    _noted(monkeypatch, tmp_path, "a", "a")
    with pytest.raises(ValueError, match="a is on record twice"):
        on_record()


@pytest.mark.slow
def test_a_sample_of_the_changes_of_the_right_backend_is_noticed() -> None:
    """Of a seeded sample of sixty at most three stay green."""
    with right_code() as right:
        found = worth_of(right, seed=841, jobs=3, effort=Effort(0.25), own=True, sample=60)
    assert found.is_green, "\n".join(told(found))
