"""The certificate as data says of each fault, check and twin what came of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from id_isolation.history.finding import Outcome
from id_isolation.power.certificate import Certificate
from id_isolation.power.fault import on
from id_isolation.power.report import SCHEMA, recorded

from .made_up import AUTH, FAULT, RIGHT, caught, spared, verdict


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
