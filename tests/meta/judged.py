"""Judges whole backends for the tests of the machinery, without pytest in between."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from id_isolation.checks.check import check_of
from id_isolation.drivers.spec import Target, TargetKind, on_disk, resolve
from id_isolation.embedded import compose
from id_isolation.embedded.layer import Layer
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.judging.client import Judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

Pair = tuple[str, Surface]

TESTS = Path(__file__).parents[1]
FILES = {
    "violations": "unit/id_migration/test_uuid_violations_detection.py",
    "compliance": "unit/id_migration/test_unified_id_generator_ssot_compliance.py",
    "auth flow": "integration/id_migration/test_auth_flow_id_generation_integration.py",
    "multi-user": "integration/id_migration/test_multi_user_id_isolation_integration.py",
    "staging": "e2e/staging/id_migration/test_golden_path_user_isolation_staging.py",
    "control": "mission_critical/test_websocket_agent_events_suite.py",
}


def pairs_in(file: str, level: Level = Level.PLAN) -> list[Pair]:
    """The checks and surfaces that the tests of one of the suite's files name, as far as the level includes them."""
    tree = ast.parse((TESTS / FILES[file]).read_text("utf-8"))
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    calls = [(test.body[-1].value, test.args.args[0].arg) for test in tests if isinstance(test.body[-1], ast.Expr)]
    pairs = [
        (call.func.id.upper(), Surface(name))
        for call, name in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    ]
    return [pair for pair in pairs if level.includes(check_of(pair[0]).level_on(pair[1]))]


def all_pairs(level: Level = Level.PLAN) -> list[Pair]:
    """The checks and surfaces of all files."""
    return list(dict.fromkeys(pair for file in FILES for pair in pairs_in(file, level)))


def verdicts(
    spec: str,
    pairs: Iterable[Pair],
    level: Level = Level.PLAN,
    *,
    seed: int = 1,
    scale: float = 0.3,
    layers: Iterable[Layer] = (),
    options: Mapping[str, str] | None = None,
) -> dict[Pair, Verdict]:
    """The verdict of each pair on a backend; `layers` are laid over an embedded one first."""
    wanted = list(pairs)
    with ExitStack() as stack:
        extra = tuple(layers)
        if extra:
            directory = Path(stack.enter_context(TemporaryDirectory(prefix="id-isolation-"))).resolve()
            target = Target(str(directory), TargetKind.CHECKOUT, compose.write(spec, directory, extra))
        else:
            target = stack.enter_context(on_disk(resolve(spec)))
        judge = stack.enter_context(
            Judge(target, level, seed, Effort(scale, tuple((options or {}).items())), workers=2)
        )
        judge.submit(wanted)
        return {pair: judge.verdict(*pair) for pair in wanted}


def red(given: dict[Pair, Verdict]) -> set[tuple[str, str]]:
    """Check and surface of every verdict that is not green."""
    return {(check, str(surface)) for (check, surface), verdict in given.items() if not verdict.outcome.is_green}


def symptoms(given: dict[Pair, Verdict]) -> set[tuple[str, str, str, str]]:
    """Check, surface, symptom and kind of every finding."""
    return {
        (finding.check, str(finding.surface), finding.symptom, str(finding.kind or ""))
        for verdict in given.values()
        for finding in verdict.findings
    }


def outcomes(given: dict[Pair, Verdict], outcome: Outcome) -> set[tuple[str, str]]:
    """Check and surface of every verdict with this outcome."""
    return {(check, str(surface)) for (check, surface), verdict in given.items() if verdict.outcome is outcome}
