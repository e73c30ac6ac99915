"""A reference that only inspects, annotates or replaces a minting function mints nothing."""

from __future__ import annotations

import pytest

from id_isolation.scan.mints.context import is_annotation, is_patch, is_used

from ..parsed import known, node

_HEAD = "import uuid\nfrom unittest import mock\n"


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("f(uuid.uuid4)", True),
        ("x = uuid.uuid4", True),
        ("x = [uuid.uuid4]", True),
        ("x = {'a': uuid.uuid4}", True),
        ("f(key=uuid.uuid4)", True),
        ("def f():\n    return uuid.uuid4", True),
        ("x = uuid.uuid4 if c else d", True),
        ("x = d[uuid.uuid4]", False),
        ("x = {uuid.uuid4: 1}", False),
        ("x = 1 if uuid.uuid4 else 2", False),
        ("x = uuid.uuid4 is y", False),
        ("x = y in (uuid.uuid4, z)", False),
        ("x = uuid.uuid4.__doc__", False),
        ("callable(uuid.uuid4)", False),
        ("inspect.getsource(uuid.uuid4)", False),
        ("x = f'{uuid.uuid4}'", False),
        ("x = not uuid.uuid4", False),
        ("assert uuid.uuid4", False),
        ("uuid.uuid4", False),
    ],
)
def test_a_reference_is_used_where_somebody_may_call_it_later(text: str, used: bool) -> None:
    """Handed on, stored or returned; not where it is compared, tested, shown or looked at."""
    source = known(_HEAD + text)
    assert is_used(source.module, node(source, "uuid.uuid4")) is used


@pytest.mark.parametrize(
    ("text", "annotation"),
    [
        ("x: uuid.uuid4 = 1", True),
        ("x: list[uuid.uuid4] = 1", True),
        ("def f(a: uuid.uuid4): ...", True),
        ("def f() -> uuid.uuid4: ...", True),
        ("x: Annotated[str, Field(default_factory=uuid.uuid4)] = 1", False),
        ("x: str = uuid.uuid4", False),
        ("def f(a=uuid.uuid4): ...", False),
    ],
)
def test_an_annotation_is_no_use_but_a_call_inside_it_is(text: str, annotation: bool) -> None:
    """A factory in an annotation makes IDs."""
    source = known(_HEAD + text)
    assert is_annotation(source.module, node(source, "uuid.uuid4"), False) is annotation


def test_a_mint_that_is_itself_called_in_an_annotation_is_part_of_it() -> None:
    """One that is called inside another call there is not."""
    source = known(_HEAD + "x: uuid.uuid4() = 1\ny: Annotated[str, F(uuid.uuid4())] = 1\n")
    assert is_annotation(source.module, node(source, "uuid.uuid4", 0), True)
    assert not is_annotation(source.module, node(source, "uuid.uuid4", 1), True)


@pytest.mark.parametrize(
    ("text", "patch"),
    [
        ("uuid.uuid1 = keep(uuid.uuid4)", False),
        ("uuid.uuid1 = uuid.uuid4", True),
        ("x.y = uuid.uuid4", False),
        ("x = uuid.uuid4", False),
        ("mock.patch.object(uuid, 'uuid1', uuid.uuid4)", True),
        ("mock.patch('a.b', new=uuid.uuid4)", True),
        ("monkeypatch.setattr(a, 'b', uuid.uuid4)", True),
        ("setattr(a, 'b', uuid.uuid4)", True),
        ("field(default_factory=uuid.uuid4)", False),
        ("a.object(uuid.uuid4)", False),
        ("mock.patch.object(a, 'b', lambda: uuid.uuid4)", False),
    ],
)
def test_a_replacement_of_a_minting_function_is_a_patch(text: str, patch: bool) -> None:
    """By assignment to its name or by a patching helper; a factory's keyword is none."""
    source = known(_HEAD + text)
    assert is_patch(source.module, source.resolver, node(source, "uuid.uuid4")) is patch
