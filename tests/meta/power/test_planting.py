"""A planted change is laid over the hardened backend as it is written down, with the imports that it needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from id_isolation.embedded import compose
from id_isolation.embedded.layer import AUTH, DISPATCHER, GENERATOR, WEBSOCKET, Layer, LayerError
from id_isolation.power.fault import change, in_dispatcher, in_generator, in_log_in, in_websocket

PLACES: dict[str, Callable[..., Layer]] = {
    GENERATOR: in_generator,
    AUTH: in_log_in,
    DISPATCHER: in_dispatcher,
    WEBSOCKET: in_websocket,
}
LINE = "from __future__ import annotations\n"


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
