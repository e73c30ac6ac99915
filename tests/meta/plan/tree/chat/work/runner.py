"""Runs jobs."""

from __future__ import annotations

import secrets
from typing import Any

from chat.work.context import WorkContext


class JobRunner:
    """Runs the jobs of one context."""

    def __init__(self, work: WorkContext) -> None:
        self.work = work

    @classmethod
    async def start(cls, work: WorkContext | None = None, **more: Any) -> JobRunner:
        """A runner for a context, or for one of nobody's."""
        return cls(work or cls._of_nobody())

    @classmethod
    def _of_nobody(cls) -> WorkContext:
        owner = "nobody"
        talk_id = f"talk-{secrets.token_hex(4)}"
        job_id = f"job-{secrets.token_hex(4)}"
        ask_id = f"ask-{secrets.token_hex(4)}"
        return WorkContext.of(owner=owner, talk_id=talk_id, job_id=job_id, ask_id=ask_id)
