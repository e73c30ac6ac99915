"""One of everything is minted, as plain data with its kind and user."""

from __future__ import annotations

from collections import Counter
from itertools import count

import pytest

from id_isolation.backend.optional import mint_every_kind, parts_of
from id_isolation.backend.protocol import ContextIds
from id_isolation.plan.kinds import Kind


class _Minting:
    """Numbers what it mints, and remembers the operations."""

    def __init__(self) -> None:
        self.numbers = count()
        self.operations: list[str] = []

    def kinds(self) -> list[Kind]:
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind: Kind, user: str) -> str:
        return f"{kind}-{user}-{next(self.numbers)}"

    def mint_context(self, user: str, operation: str) -> ContextIds:
        self.operations.append(operation)
        number = next(self.numbers)
        return ContextIds(user, f"t{number}", f"r{number}", f"q{number}")


def test_a_context_has_three_ids_each_of_its_own_kind() -> None:
    """With the context's user."""
    assert parts_of(ContextIds("alice", "t", "r", "q")) == [
        (Kind.THREAD, "t", "alice"),
        (Kind.RUN, "r", "alice"),
        (Kind.REQUEST, "q", "alice"),
    ]


@pytest.mark.parametrize("times", [0, 1, 3])
def test_so_many_of_every_kind_and_so_many_contexts_are_minted(times: int) -> None:
    """Each of them anew, for the one user."""
    minting = _Minting()
    minted = mint_every_kind(minting, "alice", times, "import")  # type: ignore[arg-type]
    kinds = Counter(kind for kind, _, _ in minted)
    assert set(kinds.values()) <= {times}
    assert len(kinds) == (5 if times else 0)
    assert len({text for _, text, _ in minted}) == len(minted)
    assert {user for _, _, user in minted} <= {"alice"}
    assert minting.operations == ["import"] * times
