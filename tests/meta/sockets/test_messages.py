"""Any text survives its way through a header, and an event names what its context names."""

from __future__ import annotations

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.world import delivery
from id_isolation.world.delivery import event, from_header, in_header, refusal


@pytest.mark.parametrize(
    "text", ["", "ana.silva", "a b\r\nx: y", "a,b;c=d/%41", "äö€\u202e", "\ud800", "\0", "x" * 500]
)
def test_a_text_comes_out_of_a_header_as_it_went_in(text: str) -> None:
    """And what is in the header is plain ASCII that ends no line and splits no list."""
    header = in_header(text)
    assert from_header(header) == text
    assert header.isascii()
    assert not set(header) & set("\r\n,; /\0")


def test_an_event_carries_its_contexts_names() -> None:
    """User, thread and run, each in its own field."""
    made = event("agent_started", ContextIds("ana", "t", "r", "q"), {"step": 0})
    assert {name: made[name] for name in made if name != "timestamp"} == {
        "type": "agent_started",
        "user_id": "ana",
        "thread_id": "t",
        "run_id": "r",
        "payload": {"step": 0},
    }
    assert isinstance(made["timestamp"], float)


def test_the_words_on_the_line_are_the_protocols() -> None:
    """Adapters of other systems speak them; the plan names the events and the close code."""
    events = "agent_started agent_thinking tool_executing tool_completed agent_completed"
    assert list(delivery.RUN_EVENTS) == events.split()
    assert (delivery.ESTABLISHED, delivery.REFUSED) == ("connection_established", 1008)
    asked = (delivery.START, delivery.RESUME, delivery.CANCEL, delivery.READ, delivery.SYNC)
    assert asked == ("start_run", "resume_run", "cancel_run", "read_run", "sync")
    assert (delivery.SYNCED, delivery.RUN_LOG, delivery.ERROR) == ("synced", "run_log", "error")
    assert delivery.FEATURES == ("hold", "sync", "commands", "threads")


def test_a_refusal_is_an_error_with_its_code() -> None:
    """And a sentence for the reader."""
    assert refusal("forbidden", "not yours") == {"type": "error", "code": "forbidden", "detail": "not yours"}
