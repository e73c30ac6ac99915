"""What `--backend` names, and the one sentence for what it does not.

A target is opened as a backend, or the sentence says why it is none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.drivers.spec import TargetKind, mint_in_new_process, on_disk, open_backend, resolve, spec_of
from id_isolation.embedded import compose
from id_isolation.plan.kinds import Kind
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.users import user_number

OPAQUE = "id_isolation.power.twins.designs:OpaqueBackend"

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        ("legacy", TargetKind.EMBEDDED),
        ("legacy+auth+dispatcher", TargetKind.EMBEDDED),
        ("my_tests.adapter:make", TargetKind.ADAPTER),
        ("ws://localhost:8000/ws", TargetKind.ENDPOINT),
        ("wss://staging.invalid/ws", TargetKind.ENDPOINT),
    ],
)
def test_a_text_is_told_by_its_form(spec: str, kind: TargetKind) -> None:
    """Nothing has to be imported or reached to know what a text names."""
    assert resolve(spec).kind is kind


def test_a_directory_with_one_module_of_the_layout_is_a_checkout(tmp_path: Path) -> None:
    """A tree may lack most of the layout."""
    (tmp_path / "shared" / "id_generation").mkdir(parents=True)
    (tmp_path / "shared" / "id_generation" / "unified_id_generator.py").write_text("")
    assert resolve(str(tmp_path)).root == tmp_path.resolve()


def _file(path: Path) -> Path:
    path.write_text("")
    return path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda here: here / "nowhere", "there is no such directory"),
        (lambda here: _file(here / "file"), "that is a file"),
        (lambda here: here, "that directory is empty"),
        (lambda here: _file(here / "file").parent, "has none of the modules"),
    ],
    ids=["nowhere", "file", "empty", "no layout"],
)
def test_a_path_that_is_no_checkout_is_refused_in_one_sentence(make: object, said: str, tmp_path: Path) -> None:
    """The sentence begins with the option and says what to name instead."""
    with pytest.raises(UsageError, match=said) as caught:
        resolve(str(make(tmp_path)))  # type: ignore[operator]
    assert str(caught.value).startswith("--backend ")
    assert "Name " in str(caught.value)


@pytest.mark.parametrize("spec", ["legcy", "legacy+atuh", "", "a:b:c"])
def test_a_misspelt_name_is_refused(spec: str) -> None:
    """What is nearly a name is never taken for another."""
    with pytest.raises(UsageError):
        resolve(spec)


def test_an_embedded_backend_is_on_disk_only_while_it_is_judged() -> None:
    """Its directory goes when the run is over."""
    with on_disk(resolve("legacy")) as target:
        assert target.root is not None
        root = target.root
        assert (root / "netra_backend").is_dir()
    assert not root.exists()


@pytest.fixture(autouse=True)
def as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Started in an empty directory; what a test imports is forgotten afterwards."""
    monkeypatch.setenv("ENVIRONMENT", "as before")
    monkeypatch.chdir(tmp_path)
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.partition(".")[0] in ("netra_backend", "shared", "written_here"):
            del sys.modules[name]


def _adapter(text: str) -> str:
    Path("written_here.py").write_text(dedent(text))
    return "written_here:make"


def test_an_adapter_is_found_where_the_run_was_started() -> None:
    """Also by a program that does not look there by itself."""
    sys.path[:] = [entry for entry in sys.path if entry not in ("", str(Path.cwd()))]
    spec = _adapter("from id_isolation.power.twins.designs import OpaqueBackend as make\n")
    backend = open_backend(spec, None)
    assert isinstance(backend, OpaqueBackend)
    assert spec_of(backend) == spec


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def (:\n", "written_here.py:1)."),
        ("import no_such_thing\n", "ModuleNotFoundError: No module named 'no_such_thing'"),
        ("def make():\n    raise KeyError('slot')\n", "written_here.py:2 in make"),
        ("def make():\n    raise SystemExit(3)\n", "SystemExit: 3"),
        ("def make(config): ...\n", "TypeError: make() missing 1 required"),
    ],
)
def test_an_adapter_that_cannot_be_made_is_the_users_error(text: str, words: str) -> None:
    """With what was raised, and where."""
    with pytest.raises(UsageError) as caught:
        open_backend(_adapter(text), None)
    assert str(caught.value).startswith("--backend written_here:make: the adapter cannot be made: ")
    assert words in str(caught.value)


def test_what_is_not_there_is_named_without_a_frame() -> None:
    """A module, and a name of one, with the one that is like it."""
    with pytest.raises(UsageError, match=r"no module no_such_package, neither where .*\.$"):
        open_backend("no_such_package.adapter:make", None)
    with pytest.raises(UsageError, match=r"the module written_here has no make; did you mean maker\?"):
        open_backend(_adapter("maker = None\n"), None)


def test_an_error_of_an_adapter_is_told_without_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a password, nor an address's credentials, nor what a variable holds that is called after a secret."""
    monkeypatch.setenv("SHOP_API_KEY", "k-4711-very-long")
    spec = _adapter(
        """
        def make():
            raise OSError("password='hunter22', pg://ana:pa55word@db/x, Bearer abcdefgh1234, k-4711-very-long")
        """
    )
    with pytest.raises(UsageError) as caught:
        open_backend(spec, None)
    assert not [word for word in ("hunter22", "pa55word", "abcdefgh1234", "4711") if word in str(caught.value)]
    assert "OSError" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def make(): ...\n", "make() returns None; let it return the adapter"),
        ("async def make(): ...\n", "make is a coroutine function"),
        ("def make():\n    yield 1\n", "make has a `yield`"),
        ("async def make():\n    yield 1\n", "make has a `yield`"),
        ("def make():\n    return 3\n", "make() returns a int, which is no adapter"),
    ],
)
def test_what_a_factory_makes_instead_of_an_adapter_is_told_in_one_sentence(text: str, told: str) -> None:
    """No list of what it lacks."""
    with pytest.raises(UsageError) as caught:
        open_backend(_adapter(text), None)
    assert told in str(caught.value)
    assert "it has no" not in str(caught.value)


def test_what_is_no_backend_is_told_with_all_that_it_lacks() -> None:
    """Member by member."""
    spec = _adapter(
        """
        class make:
            name, opaque_ids, missing = "x", False, {}
            minting = reading = tokens = sessions = contexts = cleanup = stored = None
            def surfaces(self): return []
        """
    )
    with pytest.raises(UsageError, match=r"is no Backend; it has no sockets, matching\.$"):
        open_backend(spec, None)


def test_an_adapter_that_does_not_do_what_it_says_is_refused() -> None:
    """Before anything is judged."""
    spec = _adapter(
        """
        from id_isolation.power.twins.designs import OpaqueBackend
        class make(OpaqueBackend):
            async def records(self):
                return []
        """
    )
    with pytest.raises(UsageError, match="does not show a session that was just made"):
        open_backend(spec, None)


def test_a_directory_is_opened_as_a_checkout(tmp_path: Path) -> None:
    """Under the name that it was asked for by, module after module."""
    told: list[str] = []
    root = compose.write("legacy", tmp_path / "tree")
    backend = open_backend("legacy", root, {}, told.append)
    assert backend.name == spec_of(backend) == "legacy"
    assert told[0] == "shared.id_generation.unified_id_generator"
    assert told[-1] == ""
    assert len(told) == 8


@pytest.mark.parametrize("spec", ["", OPAQUE])
def test_a_process_mints_for_the_user_of_its_number(spec: str, tmp_path: Path) -> None:
    """From a checkout or an adapter; so many of every kind, all different."""
    root = None if spec else str(compose.write("remediated", tmp_path / "tree"))
    minted = mint_in_new_process(spec, root, 3, MOMENT, list(map(user_number, range(8))), 7)
    assert {user for _, _, user in minted} == {user_number(7)}
    assert len({text for _, text, _ in minted}) == len(minted)
    runs = [text for kind, text, _ in minted if kind is Kind.RUN]
    assert len(runs) == 3


def test_an_adapter_without_a_generator_mints_nothing() -> None:
    """Which is no error."""
    spec = _adapter(
        """
        from id_isolation.backend.protocol import Missing
        from id_isolation.power.twins.designs import OpaqueBackend
        def make():
            backend = OpaqueBackend()
            backend.minting = None
            backend.missing = {**backend.missing, "minting": Missing("it mints elsewhere")}
            return backend
        """
    )
    assert mint_in_new_process(spec, None, 3, MOMENT, ["kira.moreno"], 0) == []
