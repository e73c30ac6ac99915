"""Renews a login before it runs out."""

from __future__ import annotations

import uuid
from typing import Any


def renew(login: dict[str, Any]) -> dict[str, Any]:
    """A login of the same user under a new ID."""
    owner = login["owner"]
    renewed_id = uuid.uuid1().hex
    return {**login, "owner": owner, "renewed_id": renewed_id}
