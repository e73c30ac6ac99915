"""Admits live lines."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

from chat.ids.factory import IdFactory
from chat.login.identity import gatekeeper
from chat.work.context import WorkContext


async def admit(line: Any, reserved_id: str | None = None) -> Any:
    """Whose a live line is, and the context that it works in."""
    line_id = reserved_id or uuid.uuid4().hex
    answer, _ = await gatekeeper().identify(line, reserved_id=line_id)
    if not answer.success:
        return SimpleNamespace(success=False, work=None, error_message=answer.error, error_code=answer.error_code)
    job_id, talk_id, ask_id = IdFactory.context_for(answer.user_id, "live")
    work = WorkContext.of(owner=answer.user_id, talk_id=talk_id, job_id=job_id, ask_id=ask_id)
    return SimpleNamespace(success=True, work=work, error_message=None, error_code=None)
