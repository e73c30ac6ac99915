"""A dispatcher's context is read as it is, and one that is not whole is a break."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, ContextIds
from id_isolation.drivers.checkout_ports import DispatcherContexts, context_ids, make_context


class _Context:
    """A context class that refuses blank users."""

    def __init__(self, **parts: Any) -> None:
        self.__dict__.update(parts)

    @classmethod
    def from_request_supervisor(cls, **parts: Any) -> _Context:
        if not parts["user_id"].strip():
            raise ValueError("user_id must not be blank")
        return cls(**parts)


def _module(context: Any = None) -> Any:
    module: Any = ModuleType("dispatcher_of_a_test")

    class UnifiedToolDispatcher:
        @classmethod
        async def create_from_deprecated_execution_engine(cls, user_context: Any = None) -> Any:
            made = _Context(user_id="compat", thread_id="t", run_id="r", request_id="q")
            return SimpleNamespace(user_context=context or user_context or made)

    module.UnifiedToolDispatcher = UnifiedToolDispatcher
    return module


IDS = ContextIds("ana", "thread_1", "run_1", "request_1")


async def test_a_dispatcher_makes_a_context_for_who_brings_none_and_carries_one_that_is_brought() -> None:
    """Each as it is."""
    contexts = DispatcherContexts(_module(), _Context)
    assert await contexts.open_anonymous() == ContextIds("compat", "t", "r", "q")
    assert await contexts.carry(IDS) == IDS


async def test_a_dispatcher_that_swaps_the_context_shows() -> None:
    """What it works in is read, not what it was given."""
    other = _Context(user_id="eve", thread_id="t", run_id="r", request_id="q")
    assert (await DispatcherContexts(_module(other), _Context).carry(IDS)).user == "eve"


def test_a_context_is_made_by_the_backends_own_class_and_may_be_refused() -> None:
    """With all four IDs."""
    assert context_ids(make_context(_Context, IDS)) == IDS
    with pytest.raises(BackendRefused, match="user_id must not be blank"):
        make_context(_Context, ContextIds(" ", "t", "r", "q"))
    with pytest.raises(BackendBroke, match=r"UserExecutionContext\.from_request_supervisor raised AttributeError"):
        make_context(object, IDS)


@pytest.mark.parametrize("absent", ["user_id", "thread_id", "run_id", "request_id"])
def test_a_context_that_lacks_an_id_is_a_break(absent: str) -> None:
    """And so is one whose ID is no plain string."""
    parts: dict[str, Any] = {"user_id": "u", "thread_id": "t", "run_id": "r", "request_id": "q"}
    whole = _Context(**parts)
    delattr(whole, absent)
    with pytest.raises(BackendBroke, match=f"the context is _Context and has no {absent}"):
        context_ids(whole)
    with pytest.raises(BackendBroke, match=f"the context's {absent} gave int 7 where an ID, a plain string, is due"):
        context_ids(_Context(**{**parts, absent: 7}))


async def test_a_dispatcher_that_cannot_be_made_is_a_break() -> None:
    """The sentence names the call."""
    module = _module()

    async def fail(**named: Any) -> Any:
        raise RuntimeError("no registry")

    module.UnifiedToolDispatcher.create_from_deprecated_execution_engine = fail
    with pytest.raises(BackendBroke, match="create_from_deprecated_execution_engine raised RuntimeError: no registry"):
        await DispatcherContexts(module, _Context).open_anonymous()


def test_a_module_without_the_helper_is_told_with_what_it_lacks() -> None:
    """With the class or without it."""
    assert DispatcherContexts.lacking(_module()) is None
    module: Any = ModuleType("dispatcher_of_a_test")
    for step in range(2):
        missing = DispatcherContexts.lacking(module)
        assert missing is not None, step
        assert "no UnifiedToolDispatcher.create_from_deprecated_execution_engine" in missing.reason
        module.UnifiedToolDispatcher = object
