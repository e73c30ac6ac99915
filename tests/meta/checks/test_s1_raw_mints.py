"""Tests of S1 and S2 on trees of a few files: what the plan's places mint, and what they call."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.backend.protocol import BackendBroke
from id_isolation.checks.check import check_of
from id_isolation.checks.context import CheckContext
from id_isolation.checks.s1_raw_mints import place_mints_nothing_raw
from id_isolation.checks.s2_generator_calls import place_calls_the_generator
from id_isolation.embedded.layer import AUTH, DISPATCHER, WEBSOCKET
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.world import Inconclusive, NotApplicable

from ..bare import Bare, findings_of
from ..scan.trees import auth, dispatcher, plan_tree, websocket, write
from .served import CarryOut

PLACES = (Surface.AUTH, Surface.DISPATCHER, Surface.WEBSOCKET)
CHECKS = {"S1": place_mints_nothing_raw, "S2": place_calls_the_generator}
GENERATOR = "shared/id_generation/unified_id_generator.py"
IMPORT = "from shared.id_generation.unified_id_generator import UnifiedIdGenerator"

RAW = {
    Surface.AUTH: auth("session_id = str(uuid.uuid4())", "import uuid"),
    Surface.DISPATCHER: dispatcher(
        "context = UserExecutionContext.from_request_supervisor(user_id='u', thread_id=f'thread_{uuid.uuid4().hex}',\n"
        "    run_id=f'run_{secrets.token_hex(4)}', request_id='r', metadata={})",
        "import secrets\nimport uuid",
    ),
    Surface.WEBSOCKET: websocket("connection_id = preliminary_connection_id or str(uuid.uuid4())", "import uuid"),
}


def _world(root: Path | None, check: str, surface: Surface) -> CheckContext:
    return CheckContext(Bare(), check_of(check), surface, Level.PLAN, 1, root=root)


def _found(root: Path, check: str, surface: Surface) -> list[Finding]:
    world = _world(root, check, surface)
    found = findings_of(CHECKS[check], world)
    assert world.judged_count == 1
    return found


@pytest.mark.parametrize("surface", PLACES)
@pytest.mark.parametrize("check", CHECKS)
def test_a_tree_that_does_what_the_plan_says_passes(check: str, surface: Surface, tmp_path: Path) -> None:
    """At each of the three places, by what it mints and by what it calls."""
    assert _found(plan_tree(tmp_path), check, surface) == []


@pytest.mark.parametrize(
    ("surface", "title"),
    [
        (Surface.AUTH, "_validate_token_with_auth_service mints session_id by uuid.uuid4, once."),
        (
            Surface.DISPATCHER,
            "create_from_deprecated_execution_engine mints thread_id, run_id by secrets.token_hex and uuid.uuid4,"
            " 2 times.",
        ),
        (Surface.WEBSOCKET, "authenticate_websocket_ssot mints connection_id by uuid.uuid4, once."),
    ],
)
def test_a_raw_mint_is_found_at_its_own_place_only(surface: Surface, title: str, tmp_path: Path) -> None:
    """One finding for all that is minted there, and none at the other two."""
    root = plan_tree(tmp_path, **{surface: RAW[surface]})
    (finding,) = _found(root, "S1", surface)
    assert (finding.symptom, finding.problem) == ("raw-mint", title)
    assert not [found for other in PLACES if other is not surface for found in _found(root, "S1", other)]


def test_a_raw_mint_is_told_with_its_line_and_what_to_write_instead(tmp_path: Path) -> None:
    """The place goes by module, function and target, so that it stays the same when lines move."""
    root = plan_tree(tmp_path, auth=RAW[Surface.AUTH])
    (finding,) = _found(root, "S1", Surface.AUTH)
    (place,) = finding.places
    line = (root / AUTH).read_text().splitlines()[place.line - 1].strip()
    assert line == place.text == "session_id = str(uuid.uuid4())"
    assert finding.evidence == (f"{AUTH}:{place.line}: {line}",)
    assert place.anchor == f"{AUTH}:_validate_token_with_auth_service:session_id"
    assert finding.replacement in finding.fix
    assert finding.replacement.startswith("session_id = UnifiedIdGenerator.generate_session_id(user_id")
    moved = plan_tree(tmp_path / "moved", auth=f"# one line more\n{RAW[Surface.AUTH]}")
    assert _found(moved, "S1", Surface.AUTH)[0].fingerprint == finding.fingerprint


@pytest.mark.parametrize("check", CHECKS)
def test_the_import_that_the_place_lacks_is_told(check: str, tmp_path: Path) -> None:
    """Where the tree has a generator to import, and the module does not import it yet."""
    root = plan_tree(tmp_path, auth=RAW[Surface.AUTH], websocket=f"{IMPORT}\n{RAW[Surface.WEBSOCKET]}")
    assert _found(root, check, Surface.AUTH)[0].import_line == ""
    write(root, {GENERATOR: "class UnifiedIdGenerator: ...\n"})
    assert _found(root, check, Surface.AUTH)[0].import_line == IMPORT
    assert _found(root, check, Surface.WEBSOCKET)[0].import_line == ""


@pytest.mark.parametrize(
    ("surface", "text", "words"),
    [
        (Surface.AUTH, RAW[Surface.AUTH], ["never calls the generator's generate_session_id."]),
        (
            Surface.AUTH,
            auth("session_id = UnifiedIdGenerator.generate_session_id('system', 'auth')", IMPORT),
            ["with a constant for the user ('system'): it names nobody."],
        ),
        (
            Surface.WEBSOCKET,
            websocket("connection_id = UnifiedIdGenerator.generate_websocket_connection_id()", IMPORT),
            ["calls generate_websocket_connection_id without a user."],
        ),
        (
            Surface.DISPATCHER,
            dispatcher(
                "thread_id, run_id, request_id = UnifiedIdGenerator.generate_user_context_ids('u', 'dispatcher')\n"
                "UserExecutionContext.from_request_supervisor(user_id='u', thread_id=run_id, run_id=thread_id,\n"
                "    request_id=request_id, metadata={})",
                IMPORT,
            ),
            ["thread_id is item 1 of the result", "run_id is item 0 of the result"],
        ),
    ],
    ids=["no-call", "a-constant", "no-user", "swapped"],
)
def test_each_departure_from_the_plans_call_is_a_finding(
    surface: Surface, text: str, words: list[str], tmp_path: Path
) -> None:
    """With the call as it should be, and a place of its own."""
    found = _found(plan_tree(tmp_path, **{surface: text}), "S2", surface)
    assert {finding.symptom for finding in found} == {"not-the-plans-call"}
    assert len({finding.fingerprint for finding in found}) == len(found) == len(words)
    for finding, sentence in zip(found, words, strict=True):
        assert sentence in finding.problem
        assert str(finding.places[0]) in finding.evidence[0]
        assert "\n" not in finding.fix


@pytest.mark.parametrize("carry_out", CHECKS.values(), ids=CHECKS)
def test_without_its_module_a_place_is_not_applicable(carry_out: CarryOut, tmp_path: Path) -> None:
    """Nor without any tree."""
    with pytest.raises(NotApplicable, match="no source tree"):
        carry_out(_world(None, "S1", Surface.AUTH))
    root = write(tmp_path, {DISPATCHER: "", WEBSOCKET: ""})
    with pytest.raises(NotApplicable, match=f"the checkout has no {AUTH}"):
        carry_out(_world(root, "S1", Surface.AUTH))


@pytest.mark.parametrize("carry_out", CHECKS.values(), ids=CHECKS)
def test_a_module_in_which_the_place_is_gone_is_inconclusive(carry_out: CarryOut, tmp_path: Path) -> None:
    """Nothing was judged, so it is no pass; one that cannot be read is broken."""
    root = plan_tree(tmp_path, auth="x = 1\n", websocket="def broken(:\n")
    with pytest.raises(Inconclusive, match="has no function _validate_token_with_auth_service"):
        carry_out(_world(root, "S1", Surface.AUTH))
    with pytest.raises(BackendBroke, match=r"could not be read: .*line 1"):
        carry_out(_world(root, "S1", Surface.WEBSOCKET))
