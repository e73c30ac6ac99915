"""Hand-made runs as the embedded backends give them: what reports are tested and looked at with."""

from __future__ import annotations

from dataclasses import replace

from id_isolation.checks.check import all_checks
from id_isolation.history.events import Act, Event, ShownId
from id_isolation.history.finding import Finding, Outcome, Place, Verdict
from id_isolation.history.record import RunRecord
from id_isolation.plan.kinds import Kind, Level, Surface

AUTH = "netra_backend/app/auth_integration/auth.py"
DISPATCHER = "netra_backend/app/core/tools/unified_tool_dispatcher.py"
WEBSOCKET = "netra_backend/app/websocket_core/unified_websocket_auth.py"
ANONYMOUS = "migration_compat_9f01ab33"
SECRET = "canary-3f1c9e77b2d84a60"

REPLAY = "steps = [\n    1,\n    2,\n]\nfor step in steps:\n    print(step)\n"

SESSION_CALL = 'session_id = UnifiedIdGenerator.generate_session_id(user_id, "auth")'
IMPORT_LINE = "from shared.id_generation.unified_id_generator import UnifiedIdGenerator"
CONTEXT_CALL = (
    'user_id = "migration_compat_user"\n'
    'thread_id, run_id, request_id = UnifiedIdGenerator.generate_user_context_ids("migration_compat", "dispatcher")'
)
CONNECTION_CALL = (
    'user = (getattr(websocket, "auth_context", None) or {}).get("user_id") or "unknown"\n'
    "connection_id = preliminary_connection_id or UnifiedIdGenerator.generate_websocket_connection_id(user)"
)

AUTH_PLACE = Place(
    AUTH,
    39,
    "session_id = str(uuid.uuid4())",
    "netra_backend.app.auth_integration.auth:_validate_token_with_auth_service:session_id",
)
DISPATCHER_PLACES = tuple(
    Place(
        DISPATCHER,
        line,
        f'{name}_id = f"migration_{part}_{{uuid.uuid4().hex[:8]}}"',
        f"netra_backend.app.core.tools.unified_tool_dispatcher:_create_migration_context:{name}_id",
    )
    for line, name, part in (
        (51, "user", "compat"),
        (52, "thread", "thread"),
        (53, "run", "run"),
        (54, "request", "req"),
    )
)
WEBSOCKET_PLACE = Place(
    WEBSOCKET,
    32,
    "connection_id = preliminary_connection_id or str(uuid.uuid4())",
    "netra_backend.app.websocket_core.unified_websocket_auth:authenticate:connection_id",
)
WAYS = (("a user", "has several sessions at once"),)
PLACES = {
    Surface.AUTH: ((AUTH_PLACE,), SESSION_CALL, "generate_session_id"),
    Surface.DISPATCHER: (DISPATCHER_PLACES, CONTEXT_CALL, "generate_user_context_ids"),
    Surface.WEBSOCKET: ((WEBSOCKET_PLACE,), CONNECTION_CALL, "generate_websocket_connection_id"),
}


def finding(check: str, surface: Surface, symptom: str, title: str, **more: object) -> Finding:
    """A finding with the impact and the fix that the catalogue has for its check."""
    declared = all_checks()[check]
    said = {"impact": declared.impact, "fix": declared.fix, "severity": declared.severity, "level": declared.level}
    given = {"evidence": (), **said, **more}
    return Finding(check=check, surface=surface, symptom=symptom, problem=title, **given)  # type: ignore[arg-type]


def raw_mint(surface: Surface) -> Finding:
    places, call, _ = PLACES[surface]
    what = "mints its IDs" if len(places) > 1 else "mints its ID"
    return finding(
        "S1",
        surface,
        "raw-mint",
        f"the {surface} place {what} with a bare uuid.uuid4()",
        places=places,
        replacement=call,
        import_line=IMPORT_LINE,
    )


def other_method(surface: Surface) -> Finding:
    places, call, method = PLACES[surface]
    return finding(
        "S2",
        surface,
        "no-generator",
        f"the {surface} place does not call UnifiedIdGenerator.{method}",
        places=places,
        replacement=call,
    )


def no_grammar(surface: Surface, *ids: ShownId) -> Finding:
    return finding("F1", surface, "no-grammar", f"IDs of {surface} have no grammar", ids=ids, kind=ids[0].kind)


SESSION_IDS = (
    ShownId("0b5c1c0e-52bb-4f8e-9c34-6f3e53a2a9f1", Kind.SESSION, "user-amelia-01"),
    ShownId("77f2a6a4-1f0d-4f3a-8a0d-1b1b9a51c3de", Kind.SESSION, "user-bruno-02"),
)
CONNECTION_IDS = (
    ShownId("e9c1a0a4-94c5-4f6f-b7f3-0d54bd4c9a11", Kind.CONNECTION, "user-amelia-01"),
    ShownId("5f0cfa3c-2a6d-4b07-9d94-7d7bb8ab0a2c", Kind.CONNECTION, "user-bruno-02"),
)
CONTEXT_IDS = (
    ShownId("migration_thread_41ac7e02", Kind.THREAD, ANONYMOUS),
    ShownId("migration_run_c29d0f11", Kind.RUN, ANONYMOUS),
)


def _legacy_findings() -> list[Finding]:
    return [
        *(raw_mint(surface) for surface in PLACES),
        *(other_method(surface) for surface in PLACES),
        no_grammar(Surface.AUTH, *SESSION_IDS),
        no_grammar(Surface.DISPATCHER, *CONTEXT_IDS),
        no_grammar(Surface.WEBSOCKET, *CONNECTION_IDS),
        finding("U1", Surface.AUTH, "names-nobody", "session IDs name no user", ids=SESSION_IDS, kind=Kind.SESSION),
        finding(
            "U1",
            Surface.WEBSOCKET,
            "names-nobody",
            "connection IDs name no user",
            ids=CONNECTION_IDS,
            kind=Kind.CONNECTION,
        ),
        finding(
            "C1",
            Surface.DISPATCHER,
            "uncorrelated",
            "a thread and its run share no correlation token",
            evidence=("20 of 20 contexts have a thread and a run without a common token",),
            ids=CONTEXT_IDS,
        ),
        finding(
            "C2",
            Surface.DISPATCHER,
            "left-behind",
            "releasing by run left the thread's resources behind",
            evidence=("3 of 3 resources of migration_thread_41ac7e02 were still held after its run was released",),
            ids=CONTEXT_IDS,
            history=(
                Event(1, Act.MINT, ANONYMOUS, "migration_thread_41ac7e02"),
                Event(1, Act.START, ANONYMOUS, "migration_run_c29d0f11", note="3 resources registered"),
                Event(1, Act.CLOSE, ANONYMOUS, "migration_run_c29d0f11", note="nothing found", leak=True),
            ),
        ),
        finding(
            "C5",
            Surface.DISPATCHER,
            "left-behind",
            "the registry grows with every connection",
            evidence=("after 40 cycles of connect and disconnect 120 resources are held; it was 0 before",),
            ids=CONTEXT_IDS,
        ),
    ]


def run(backend: str, level: Level, findings: list[Finding], more: tuple[Verdict, ...] = ()) -> RunRecord:
    """A run in which every check of the level passes but those with findings, and those given whole."""
    made = []
    whole = {(verdict.check, verdict.surface): verdict for verdict in more}
    for check, declared in all_checks().items():
        for surface in declared.surfaces:
            if not level.includes(declared.level_on(surface)):
                continue
            mine = tuple(f for f in findings if (f.check, f.surface) == (check, surface))
            outcome = Outcome.FAILED if mine else Outcome.PASSED
            verdict = Verdict(check, surface, outcome, findings=mine, judged=24, seconds=0.125, seed=7, policies=WAYS)
            made.append(whole.get((check, surface), verdict))
    strict = sum(declared.level is Level.STRICT for declared in all_checks().values()) if level is Level.PLAN else 0
    return RunRecord(backend, level, tuple(made), seed=7, strict_not_run=strict, seconds=11.4, version="0.1.0")


def legacy() -> RunRecord:
    """The backend as it was, at plan level."""
    return run("legacy", Level.PLAN, _legacy_findings())


def remediated(level: Level = Level.PLAN) -> RunRecord:
    """The plan carried out to the letter: green at plan level, red on its known weaknesses at strict level."""
    return run("remediated", level, _weaknesses() if level is Level.STRICT else [])


def _weaknesses() -> list[Finding]:
    twins = (
        ShownId("session_auth_amelia-s_1726234567890_001_a1b2c3d4", Kind.SESSION, "amelia-smith"),
        ShownId("session_auth_amelia-s_1726234567890_002_9e8d7c6b", Kind.SESSION, "amelia-stone"),
    )
    victim = "ws_conn_user-ame_1726234567890_014_0f1e2d3c"
    own = "ws_conn_user-bru_1726234567950_015_77aa10bd"
    return [
        finding(
            "U2",
            Surface.AUTH,
            "same-user-part",
            "two users look like one in their session IDs",
            evidence=("amelia-smith and amelia-stone both read amelia-s",),
            ids=twins,
            kind=Kind.SESSION,
        ),
        finding(
            "C7",
            Surface.WEBSOCKET,
            "foreign-release",
            "closing one user's connection took down another's",
            evidence=("4 steps, the shortest of 212 histories that failed",),
            ids=(ShownId(victim, Kind.CONNECTION, "user-amelia-01"), ShownId(own, Kind.CONNECTION, "user-bruno-02")),
            history=(
                Event(1, Act.MINT, "user-amelia-01", victim, note="connects", owner="user-amelia-01"),
                Event(1, Act.MINT, "user-bruno-02", own, note="connects", owner="user-bruno-02"),
                Event(1, Act.NAME, "user-bruno-02", victim, note="as preliminary ID", owner="user-amelia-01"),
                Event(
                    1, Act.RECEIVE, "user-bruno-02", victim, note="amelia's event", owner="user-amelia-01", leak=True
                ),
                Event(1, Act.CLOSE, "user-bruno-02", victim, note="disconnects", owner="user-amelia-01", leak=True),
                Event(1, Act.NAME, "user-amelia-01", victim, note="her socket is gone", owner="user-amelia-01"),
            ),
            replay=REPLAY,
        ),
    ]


def troubled() -> RunRecord:
    """A run with every kind of outcome: errors with noise, nothing to judge, not applicable, and failures."""
    sick = (
        Verdict(
            "A1",
            Surface.AUTH,
            Outcome.ERRORED,
            reason="importing netra_backend.app.auth_integration.auth failed: No module named 'redis'",
            noise="loading\nTraceback (most recent call last):\nModuleNotFoundError: No module named 'redis'\n",
        ),
        Verdict("A6", Surface.AUTH, Outcome.ERRORED, reason="the backend did not answer within 20 s"),
        Verdict("E1", Surface.WEBSOCKET, Outcome.INCONCLUSIVE, reason="no event was received by anybody"),
        Verdict(
            "F2", Surface.GENERATOR, Outcome.NOT_APPLICABLE, reason="the tree's generator has no parse_id", notes=("x",)
        ),
    )
    return replace(
        run("./checkout", Level.PLAN, _legacy_findings()[:1], sick), notes=("The checkout has 9,000 files.",)
    )
