"""Whose work a job is."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class WorkContext:
    """The IDs under which one job runs."""

    owner: str
    talk_id: str
    job_id: str
    ask_id: str
    metadata: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, owner: str, talk_id: str, job_id: str, ask_id: str, metadata: dict[str, str] | None = None
    ) -> WorkContext:
        if not all(isinstance(one, str) and one.strip() for one in (owner, talk_id, job_id, ask_id)):
            raise ValueError("a context has four IDs")
        return cls(owner, talk_id, job_id, ask_id, dict(metadata or {}))
