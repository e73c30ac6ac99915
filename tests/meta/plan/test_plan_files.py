"""A plan file is read as it is meant, and one that cannot be used is refused in a sentence that says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.plan.kinds import Kind, Surface
from id_isolation.plan.plan import BUILT_IN, VARIABLE, built_in, current, load, use, using
from id_isolation.plan.tables import PlanError

pytestmark = pytest.mark.quick

CHAT = Path(__file__).with_name("chat_plan.toml")


def test_the_plan_in_the_box_has_three_places() -> None:
    """Each with its surface, the generator's method and the source that the plan writes."""
    places = built_in().places
    assert [place.surface for place in places] == [Surface.AUTH, Surface.DISPATCHER, Surface.WEBSOCKET]
    assert [place.method for place in places] == [
        "generate_session_id",
        "generate_user_context_ids",
        "generate_websocket_connection_id",
    ]
    assert all(place.method in place.replacement for place in places)
    assert places[0].import_line == "from shared.id_generation import UnifiedIdGenerator"


def test_another_plan_may_have_two_places_on_one_surface() -> None:
    """And its own module for each."""
    plan = load(CHAT)
    assert [place.phase for place in plan.places if place.surface is Surface.AUTH] == ["login", "renewal"]
    assert plan.files[:2] == ("chat/login/tokens.py", "chat/login/renewal.py")


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        (Kind.SESSION, 'IdFactory.login_for("renew", owner)'),
        (Kind.THREAD, 'IdFactory.context_for(owner, "renew")[1]'),
        (Kind.RUN, 'IdFactory.context_for(owner, "renew")[0]'),
        (Kind.CLIENT, 'IdFactory.plain("order")'),
        (None, 'IdFactory.plain("order")'),
    ],
)
def test_a_replacing_call_is_written_by_the_plans_own_method(kind: Kind | None, call: str) -> None:
    """With its own order of arguments and results; what has no method of its own is minted as any other ID."""
    assert load(CHAT).generator.call(kind, "owner", "renew", "order") == call


@pytest.mark.parametrize("path", [BUILT_IN, CHAT])
def test_an_id_that_is_written_by_the_grammar_is_of_the_grammar(path: Path) -> None:
    """For every kind of every plan."""
    plan = load(path)
    for kind, grammar in plan.grammar.items():
        user = "0badcafe0badcafe0bad"
        text = plan.write(kind, label="web", user=user, timestamp="1726234567890", counter="7", random="0badcafe0bad")
        found = grammar.fullmatch(text)
        assert found is not None
        assert found.groupdict().get("user", user) == user


def test_declared_texts_name_the_plans_own_methods() -> None:
    """Whatever the plan calls them."""
    text = "Call {plan.mint.session} of {plan.generator}, then {plan.reading.parse}; {this} stays."
    assert load(CHAT).fill(text) == "Call login_for of IdFactory, then take_apart; {this} stays."


def test_the_plan_in_use_is_the_one_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless this process was given one."""
    with using(built_in()):
        monkeypatch.setenv(VARIABLE, str(CHAT))
        use(None)
        assert current().name == "chat plan"
        use(built_in())
        assert current().name == "issue 841"


WRONG = {
    "no TOML": ("name =", "name ", ["no TOML", "line"]),
    "an unknown entry": (
        'surface = "auth"',
        'surfce = "auth"',
        ["[[places]] number 1", "'surfce'", "did you mean 'surface'"],
    ),
    "a missing entry": ('class = "IdFactory"\n', "", ["[generator]", "lacks 'class'", "a text"]),
    "a wrong type": ('targets = ["login_id"]', 'targets = "login_id"', ["'targets'", "is a text", "a list of texts"]),
    "a surface that there is not": ('surface = "auth"', 'surface = "login"', ["'surface'", "'login'", "dispatcher"]),
    "a surface without places": ('surface = "auth"', 'surface = "tree"', ["[[places]] number 1", "tree", "websocket"]),
    "a module without a name": (
        'module = "renewal"',
        'module = "renew"',
        ["[[places]] number 2", "'renew'", "[modules]"],
    ),
    "a phase without a name": ('phase = "renewal"', 'phase = "renew"', ["[[places]] number 2", "'renew'", "[phases]"]),
    "a kind that nothing mints": ('kind = "connection"', 'kind = "client"', ["[[places]] number 4", "'client'"]),
    "a target that is no field": ('"ask_id"]', '"asked_id"]', ["[[places]] number 3", "'asked_id'", "[context]"]),
    "a part that there is not": ("SCOPE_OWNER_WHEN", "SCOPE_USER_WHEN", ["[kinds.session]", "'USER'", "[parts]"]),
    "a pattern that is none": ("'[a-z]\\S*?'", "'[a-z'", ["[parts.SCOPE]", "regular expression"]),
    "a token that is not at the end": ('token = "WHEN_COUNT_RANDOM"', 'token = "COUNT"', ["[cleanup]", "COUNT"]),
    "a call with an unknown word": ('"{user}", "{operation}"]\noperation = "work"', '"{usr}"]', ["'{usr}'", "{user}"]),
    "a context of two": ('items = ["run", "thread", "request"]', 'items = ["run"]', ["[generator.context]", "thread"]),
    "a table without its module": ('dispatcher = "chat.work.runner"\n', "", ["[dispatcher]", "[modules]"]),
    "no generator": ('generator = "chat.ids.factory"\n', "", ["[modules]", "'generator'"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_bad_plan_is_refused_in_one_sentence(case: str, tmp_path: Path) -> None:
    """It says what is wrong and where, and what may stand there."""
    before, after, words = WRONG[case]
    text = CHAT.read_text("utf-8")
    assert before in text
    file = tmp_path / "plan.toml"
    file.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(PlanError) as caught:
        load(file)
    message = str(caught.value)
    assert "\n" not in message
    assert all(word in message for word in [str(file), *words]), message


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With the path and what to name instead."""
    with pytest.raises(PlanError, match=r"nowhere.toml cannot be read .*name a plan's TOML file"):
        load(tmp_path / "nowhere.toml")
