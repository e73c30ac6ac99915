"""The certificate's text says of each fault, twin and check what came of it, and sums up without rounding up.

The certificate as data says of each fault, check and twin what came of it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface
from id_isolation.power.certificate import Caught, Certificate
from id_isolation.power.fault import Fault, on
from id_isolation.power.report import SCHEMA, recorded, told

from .made_up import AUTH, FAULT, RIGHT, caught, spared, verdict

P = Outcome.PASSED


def _text(certificate: Certificate = RIGHT, **changes: object) -> str:
    return "\n".join(told(replace(certificate, **changes)))  # type: ignore[arg-type]


def test_a_green_certificate_says_so_in_its_last_line() -> None:
    """With the seed and the effort it was made with."""
    lines = _text().splitlines()
    assert lines[-1] == "3 verdicts in 3 s, seed 7, effort 0.25: green."
    assert "  caught     swapped, by A1 on auth in 0.1 s; 2 checks in 1.0 s" in lines
    assert "  passed     opaque, by 1 verdict" in lines
    assert "1 of 1 fault caught by the checks that must; no reason is declared for any." in lines
    assert "1 of 1 twin passed." in lines
    assert "0 idle checks." in lines
    assert "0 idle surfaces of checks." in lines


@pytest.mark.parametrize(
    ("one", "word", "sentence"),
    [
        (caught(verdict("A1", P)), "MISSED", "not caught by A1 on auth (passed), which must: two users are swapped"),
        (caught(verdict("U3")), "MISSED", "not caught by A1 on auth (not tried), which must: two users are swapped"),
        (
            caught(verdict("A1", Outcome.ERRORED)),
            "MISSED",
            "two users are swapped no catch: A1 on auth (errored): This is\\x1b what it says.",
        ),
        (caught(trouble="it did not\nimport"), "MISSED", "could not be tried: it did not\\nimport"),
        (
            caught(verdict("A1"), verdict("U1")),
            "UNEXPECTED",
            "red, and not expected to be: U1 on auth (failed): This is\\x1b what it says.",
        ),
    ],
)
def test_a_fault_that_went_otherwise_is_said_in_capitals_with_the_reason(one: Caught, word: str, sentence: str) -> None:
    """And the certificate is red."""
    text = _text(caught=(one,))
    assert f"  {word:<11}swapped" in text
    assert sentence in " ".join(text.split())
    assert text.endswith("RED.")


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (
            caught(verdict("A1", seconds=0.42), verdict("U3")),
            "by A1 on auth in 0.4 s; also by U3 on auth, which may; 2 checks in 1.0 s",
        ),
        (caught(verdict("U3"), verdict("A1", P)), "by nothing that must; also by U3 on auth, which may; 2 checks in"),
        (caught(verdict("A1", P)), "swapped, by nothing that must; 1 check in 1.0 s"),
        (caught(verdict("A1"), verdict("U1")), "swapped, by A1 on auth in 0.1 s; 2 checks in 1.0 s"),
        (caught(verdict("A1", seconds=0.049)), "swapped, by A1 on auth in under 0.1 s; 1 check in 1.0 s"),
    ],
    ids=["both", "only what may", "nothing", "what should not", "at once"],
)
def test_a_fault_is_told_with_what_really_caught_it(one: Caught, line: str) -> None:
    """First what must, with how long it took, then what may; never a check that only was declared."""
    assert line in " ".join(_text(caught=(one,)).split())


def test_a_twin_that_is_accused_is_told_with_by_whom() -> None:
    """What a verdict says is shown without what could steer a terminal."""
    text = _text(spared=(spared(verdict("A1")),))
    assert "  ACCUSED    opaque" in text
    assert "accused by A1 on auth (failed): This is\\x1b what it says." in text
    assert "0 of 1 twin passed." in text


def test_each_check_is_told_with_what_it_catches_alone() -> None:
    """At most four by name; one that catches nothing is idle."""
    faults = [Fault(f"fault-{n}", "m", "s", on(AUTH, "A1")) for n in range(6)]
    all_six = tuple(caught(verdict("A1"), fault=fault) for fault in faults)
    text = _text(caught=all_six, pairs=on(AUTH, "A1", "A6"))
    line = " ".join(text.split("Checks\n")[1].split("A6")[0].split())
    assert line == "A1 catches 6 faults; alone fault-0, fault-1, fault-2, fault-3 and 2 more"
    assert "A6   IDLE: it catches nothing, so nothing shows that it can fail" in text
    assert "1 idle check: A6." in text
    assert "1 idle surface of a check: nothing was caught by A6 on auth." in text


def test_a_check_that_is_idle_on_one_surface_is_told_with_it() -> None:
    """Beside what it catches elsewhere, and in the summary."""
    text = _text(pairs=(*on(AUTH, "A1"), ("A1", Surface.WEBSOCKET)))
    assert "  A1   catches 1 fault; alone swapped; IDLE on websocket: it catches nothing there" in text
    assert "0 idle checks." in text
    assert "1 idle surface of a check: nothing was caught by A1 on websocket." in text
    assert text.endswith("RED.")


def test_a_part_of_the_faults_says_nothing_of_checks() -> None:
    """Whether one is idle cannot be known then; nor are twins named where none was tried."""
    text = _text(complete=False, spared=())
    assert "Checks" not in text
    assert "idle" not in text
    assert "twin" not in text


def test_long_lines_are_wrapped() -> None:
    """Behind the column of the names."""
    fault = replace(FAULT, mechanism="word " * 60)
    pairs = on(AUTH, *(f"A{n}" for n in range(40)))
    lines = list(told(replace(RIGHT, caught=(caught(verdict("A1", P), fault=fault),), pairs=pairs), width=80))
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line.startswith(" " * 13 + "word")]


def _recorded(certificate: Certificate = RIGHT, **changes: Any) -> dict[str, Any]:
    """As it comes out of a file."""
    data: dict[str, Any] = json.loads(json.dumps(recorded(replace(certificate, **changes))))
    return data


def test_a_run_is_recorded_with_what_repeats_it() -> None:
    """The seed and the effort, and whether all is as it must be."""
    data = _recorded()
    assert {key: data[key] for key in ("schema", "green", "seed", "effort", "complete", "whole", "seconds")} == {
        "schema": SCHEMA,
        "green": True,
        "seed": 7,
        "effort": 0.25,
        "complete": True,
        "whole": True,
        "seconds": 3.0,
    }


def test_a_fault_is_recorded_with_each_verdict_that_caught_it() -> None:
    """And with how long that check and the whole trial took."""
    (fault,) = _recorded(caught=(caught(verdict("A1", Outcome.FAILED, "swapped", seconds=0.4)),))["faults"]
    (by,) = fault["by"]
    assert (by["check"], by["surface"], by["outcome"], by["symptoms"]) == ("A1", "auth", "failed", ["swapped"])
    assert (by["seconds"], fault["seconds"]) == (0.4, 1.0)
    assert by["sentence"].startswith("This is")
    assert fault["expected"] == ["A1 on auth"]
    assert fault["right"]
    assert fault["caught"]
    assert (fault["missed_by"], fault["unsaid"], fault["unexpected"], fault["trouble"]) == ([], [], [], "")


def test_each_verdict_that_caught_a_fault_is_recorded_with_whether_it_must() -> None:
    """Or may, or should not."""
    (fault,) = _recorded(caught=(caught(verdict("A1"), verdict("U3"), verdict("U1")),))["faults"]
    assert [(by["check"], by["expected"]) for by in fault["by"]] == [("A1", "must"), ("U3", "may"), ("U1", "no")]


def test_a_fault_that_went_otherwise_is_recorded_with_every_reason() -> None:
    """A check that missed it, a reason that nothing said, a check that is not expected, and trouble."""
    fault = replace(FAULT, checks=on(AUTH, "A1", "A6"), says=(("A1", "swapped"),))
    wrong = caught(verdict("A1", Outcome.FAILED, "other"), verdict("U1"), fault=fault, trouble="it ended")
    data = _recorded(caught=(wrong,))
    (told,) = data["faults"]
    assert not data["green"]
    assert not told["right"]
    assert not told["caught"]
    assert told["missed_by"] == ["A6 on auth"]
    assert told["reasons"] == told["unsaid"] == ["A1 swapped"]
    assert [one["check"] for one in told["unexpected"]] == ["U1"]
    assert told["trouble"] == "it ended"


def test_each_check_is_recorded_with_its_faults() -> None:
    """One that catches none is idle."""
    data = _recorded(pairs=on(AUTH, "A1", "A6"))
    assert data["checks"] == [
        {"check": "A1", "catches": ["swapped"], "showing_who_is_alone": 1, "alone": ["swapped"], "idle": False},
        {"check": "A6", "catches": [], "showing_who_is_alone": 0, "alone": [], "idle": True},
    ]
    assert data["idle_surfaces"] == ["A6 on auth"]


def test_what_may_catch_a_fault_and_did_not_is_recorded() -> None:
    """With the fault, and summed up over all faults."""
    data = _recorded(pairs=on(AUTH, "A1", "U3"))
    assert data["faults"][0]["allowed_but_silent"] == ["U3 on auth"]
    assert data["allowances"] == [{"pair": "U3 on auth", "faults": 1, "tried": 1, "fired": 0}]


def test_a_check_is_recorded_as_alone_only_where_all_that_could_catch_it_were_tried() -> None:
    """With on how many faults that rests."""
    data = _recorded(caught=(caught(verdict("A1"), whole=False),))
    (fault,), (check,) = data["faults"], data["checks"]
    assert not data["whole"]
    assert not fault["shows_who_is_alone"]
    assert (check["catches"], check["showing_who_is_alone"], check["alone"]) == (["swapped"], 0, [])


def test_a_twin_is_recorded_with_who_accused_it() -> None:
    """By name, and with what was said."""
    (passed,) = _recorded()["twins"]
    assert (passed["name"], passed["design"], passed["passed"]) == ("opaque", "it is unusual", True)
    assert passed["why"] == "nothing needs it"
    assert (passed["accused_by"], passed["tried_by"], passed["trouble"]) == ([], 1, "")
    (accused,) = _recorded(spared=(spared(verdict("A1")),))["twins"]
    assert not accused["passed"]
    assert [one["check"] for one in accused["accused_by"]] == ["A1"]
