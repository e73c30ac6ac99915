"""A fault names its checks by surface, and a name that stands twice is found.

A planted change is laid over the hardened backend as it is written down, with the imports that it needs. Every fault
and twin is declared whole, and every check has a fault that proves it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from id_isolation.checks.check import all_checks, check_of, judged_pairs
from id_isolation.drivers.spec import open_backend
from id_isolation.embedded import compose
from id_isolation.embedded.layer import AUTH, DISPATCHER, GENERATOR, WEBSOCKET, Layer, LayerError
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power import fault as declarations
from id_isolation.power.certificate import all_pairs
from id_isolation.power.fault import (
    Fault,
    all_faults,
    all_twins,
    change,
    faults_of,
    in_dispatcher,
    in_generator,
    in_log_in,
    in_websocket,
    on,
    pairs,
    port_fault,
)
from id_isolation.power.faults import plan
from id_isolation.power.faults.events import ToEverybody

from ..checks.test_strict_truth_table import WEAKNESSES

PLACES: dict[str, Callable[..., Layer]] = {
    GENERATOR: in_generator,
    AUTH: in_log_in,
    DISPATCHER: in_dispatcher,
    WEBSOCKET: in_websocket,
}
LINE = "from __future__ import annotations\n"

# What the published faults were seen in, one after the other; several where one fault has several.
PUBLISHED = (
    ("redis/redis-py#2624", "CVE-2023-28858"),
    ("GitHub post-mortem, March 2021",),
    ("Wyze, February 2024",),
    ("CWE-488",),
    ("python/cpython#140947", "Kludex/uvicorn#2167"),
    ("openSUSE/open-build-service#6731",),
    ("apache/superset#26023",),
    ("Okta, October 2024",),
    ("Spotify, 2013",),
    ("nextcloud/server#18135",),
    ("databendlabs/databend#14793",),
    ("ramsey/uuid#80", "RFC 9562 section 6.9"),
    ("quantumlib/Cirq#3906",),
    ("spring-attic/spring-cloud-deployer#399",),
    ("twitter-archive/snowflake#6",),
    ("paralleldrive/cuid#98",),
    ("google/adk-go#368",),
    ("Netflix/zuul#1280",),
    ("sammchardy/python-binance#1531",),
    ("milvus-io/milvus#28260",),
    ("infiniflow/ragflow#19359",),
    ("OWASP WSTG", "CWE-384"),
    ("topoteretes/cognee#4644",),
    ("microsoft/BotFramework-WebChat#1344",),
    ("mcp-use/mcp-use#1662",),
    ("telefonicaid/fiware-cosmos#207",),
    ("vectorize-io/hindsight#3675",),
    ("chadbyte/clay#208",),
    ("mdlmarkham/openclaw-voice#12",),
    ("josephdadams/TallyArbiter#1027",),
    ("IBM/mcp-context-forge#6688",),
    ("taoensso/sente#33",),
    ("mcdonc/klangk#1714",),
    ("mcdonc/klangk#3152",),
    ("CWE-639",),
    ("sebpiq/rhizome#86",),
    ("google/adk-python#6956",),
    ("icegatetech/icegate#196",),
    ("CWE-362",),
    ("seen in real clean-up helpers",),
)

# Designs that are right and must never be flagged, each with the twins that have it.
NEVER_FLAGGED = {
    "a user key that is hashed": ("hashed-user",),
    "a random part that is ordered by time": ("time-ordered-random-part", "time-ordered-ids-and-a-map"),
    "opaque tokens with a mapping on the server": ("opaque-ids", "opaque-connection-ids"),
    "a prefix for each process": ("process-in-the-counter",),
    "counters without padding, with gaps, out of order": ("unpadded-counter-with-gaps", "blocks-of-numbers"),
    "names with delimiters": ("escaped-session-key", "length-prefixed-session-key", "time-ordered-ids-and-a-map"),
    "sessions that are made lazily": ("sessions-made-when-first-read",),
    "one session for a user who comes again": ("one-session-for-each-user",),
    "the newest wins, several sockets, or the second is refused": (
        "newest-wins",
        "to-all-own-sockets",
        "second-refused",
    ),
    "clean-up by a sweep": ("deferred-release", "swept-at-the-next-call"),
    "sessions that the second use makes, one for each user, idle ones ended by another's log-in": (
        "records-made-by-the-second-use",
        "one-session-of-each-user",
        "idle-sessions-ended-by-the-next-log-in",
    ),
    "users who are folded or refused": ("folded-users", "casefolded-users", "refused-users"),
}


def test_checks_on_one_surface_are_that_surfaces_pairs() -> None:
    """In the order in which they are given."""
    assert on(Surface.AUTH, "U1", "A1") == (("U1", Surface.AUTH), ("A1", Surface.AUTH))
    assert on(Surface.AUTH) == ()


def test_pairs_are_read_from_a_text() -> None:
    """Surface by surface; none from an empty one."""
    assert pairs("auth U1 A1; websocket C7") == (*on(Surface.AUTH, "U1", "A1"), *on(Surface.WEBSOCKET, "C7"))
    assert pairs("") == ()


def test_a_fault_that_is_a_port_is_told_by_its_class() -> None:
    """As a sentence without its capital and its full stop."""
    fault = port_fault(ToEverybody, "to-all", "CWE-0", "websocket E1")
    assert fault.mechanism.startswith("there are no rooms: ")
    assert not fault.mechanism.endswith(".")
    assert (fault.delivery, fault.cleanup, fault.requests) == (ToEverybody, None, None)


def test_what_may_fail_besides_is_given_once_and_without_what_must() -> None:
    """Rooms share what may fail, whatever one of their faults must."""
    must, may = on(Surface.AUTH, "A1"), on(Surface.AUTH, "U1", "A1", "U1")
    fault = Fault("a", "it is wrong", "CWE-1", must, also=may)
    assert fault.allowed == on(Surface.AUTH, "U1")


def test_the_free_workload_may_meet_any_fault() -> None:
    """It plays whatever the ports allow; where it must, that it may is not said."""
    fault = Fault("a", "it is wrong", "CWE-1", on(Surface.AUTH, "A1", "C7"))
    assert fault.may(("C7", Surface.WEBSOCKET))
    assert not fault.may(("C7", Surface.AUTH))
    assert not fault.may(("U1", Surface.AUTH))


@pytest.mark.parametrize("path", PLACES)
def test_each_place_is_changed_in_its_own_file_alone(path: str) -> None:
    """The new text stands for the old one, and the imports stand among the file's own."""
    layer = PLACES[path]((LINE, f"{LINE}# planted\n"), imports="import zoneinfo")
    before, after = compose.sources("hardened"), compose.sources("hardened", [layer])
    assert [name for name in after if before.get(name) != after[name]] == [path]
    assert "# planted" in after[path]
    lines = after[path].splitlines()
    assert len(lines) == len(before[path].splitlines()) + 2
    assert lines.index("import zoneinfo") < next(
        n for n, line in enumerate(lines) if line.startswith(("class ", "def ", "async def "))
    )
    compile(after[path], path, "exec")


def test_several_pieces_are_changed_one_after_another() -> None:
    """The second may change what the first one wrote."""
    layer = in_generator((LINE, f"{LINE}# one\n"), ("# one", "# two"))
    text = compose.sources("hardened", [layer])[GENERATOR]
    assert "# two" in text
    assert "# one" not in text


def test_a_piece_that_is_not_there_is_refused() -> None:
    """A fault that no longer fits must not pass for one that nothing catches."""
    with pytest.raises(LayerError, match="stands 0 times"):
        compose.sources("hardened", [in_log_in(("no such text", "x"))])


def test_whole_files_may_be_added() -> None:
    """Beside the change, or alone."""
    layer = change(AUTH, added={"netra_backend/app/extra.py": "x = 1\n"})
    assert compose.sources("hardened", [layer])["netra_backend/app/extra.py"] == "x = 1\n"


def test_there_are_sixty_faults_and_ten_twins_at_least() -> None:
    """The certificate rests on many faults, not on a few."""
    assert len(all_faults()) >= 60
    assert len(all_twins()) >= 10


def test_every_check_that_is_carried_out_has_a_fault_on_each_of_its_surfaces() -> None:
    """No pair of check and surface is without a fault that must make it fail, or may."""
    named = {pair for fault in all_faults() for pair in (*fault.checks, *fault.also)}
    assert set(all_pairs()) <= named
    assert {check for check, _ in all_pairs()} <= {check for fault in all_faults() for check, _ in fault.checks}


def test_what_the_suite_stands_in_for_is_marked_wherever_no_fault_of_the_backends_source_turns_a_check_red(
    tmp_path: Path,
) -> None:
    """Each check and surface has a fault in the backend's own source, or a mark that says what was simulated."""
    backend = open_backend("hardened", compose.write("hardened", tmp_path))
    in_source = {pair for fault in all_faults() if fault.layer is not None for pair in fault.checks}
    judged = {pair for pair in judged_pairs() if pair[1] in backend.surfaces()}
    unmarked = {pair for pair in judged if not check_of(pair[0]).simulated(backend, pair[1])}
    assert unmarked - in_source == set()


def test_every_fault_says_what_goes_wrong_where_it_was_seen_and_who_catches_it() -> None:
    """A fault names at least one check that must catch it, on a surface that the check declares."""
    for fault in all_faults():
        assert len(fault.mechanism.split()) >= 4
        assert "`" not in fault.mechanism, f"{fault.name}: a mechanism is a sentence, not code"
        assert fault.source
        assert fault.checks
        for check, surface in (*fault.checks, *fault.also):
            assert surface in all_checks()[check].surfaces, f"{fault.name}: {check} on {surface}"


def test_every_fault_names_the_symptom_that_it_is_caught_by() -> None:
    """But one that hangs may only end in an error."""
    assert [fault.name for fault in all_faults() if not fault.says and not fault.hangs] == []


def test_a_fault_that_nothing_was_seen_of_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is what was seen of a fault that is gone."""
    place = tmp_path / "symptoms.json"
    place.write_text("{}")
    monkeypatch.setattr(declarations, "_SYMPTOMS", place)
    all_faults.cache_clear()
    with pytest.raises(ValueError, match="context-dropped"):
        all_faults()
    all_faults.cache_clear()


@pytest.mark.parametrize("subjects", [all_faults(), all_twins()], ids=["faults", "twins"])
def test_every_layer_fits_its_base_and_changes_it(subjects: tuple) -> None:  # type: ignore[type-arg]
    """Each edit stands exactly once in the tree that it is laid over, and the result is Python."""
    for subject in subjects:
        if subject.layer is not None:
            before = compose.sources(subject.base).items()
            changed = dict(compose.sources(subject.base, (subject.layer,)).items() - before)
            assert changed, subject.name
            for path, text in changed.items():
                compile(text, path, "exec")


@pytest.mark.parametrize("sources", PUBLISHED, ids=lambda sources: sources[0])
def test_every_published_fault_is_planted(sources: tuple[str, ...]) -> None:
    """At least one fault names each source."""
    assert len(PUBLISHED) == 40
    for source in sources:
        assert any(source in fault.source for fault in all_faults())


@pytest.mark.parametrize("design", NEVER_FLAGGED)
def test_every_design_that_must_never_be_flagged_has_its_twins(design: str) -> None:
    """Under the names that a report shows, each with what makes it right."""
    twins = {twin.name: twin for twin in all_twins()}
    for name in NEVER_FLAGGED[design]:
        assert twins[name].design
        assert twins[name].why


def test_a_plan_carried_out_differently_is_red_at_plan_level() -> None:
    """Each fault over `remediated` or `legacy` must be caught by checks of the plan that its base passes."""
    assert set(plan.REMEDIATED_FAILS) == WEAKNESSES
    for fault in (fault for fault in plan.FAULTS if fault.base != "hardened"):
        for pair in fault.checks:
            assert all_checks()[pair[0]].level is Level.PLAN, fault.name
            assert fault.base != "remediated" or pair not in plan.REMEDIATED_FAILS, fault.name


def test_the_faults_of_a_check_are_those_that_name_it() -> None:
    """A fault is listed under each check that must catch it, and not under those that only may."""
    assert "counter-without-a-lock" in {fault.name for fault in faults_of("X5")}
    assert "counter-without-a-lock" not in {fault.name for fault in faults_of("X7")}
    assert faults_of("no such check") == []
