"""Turns a token into a user, and keeps one login for each token."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from chat.login.identity import Refused, provider

_logins: dict[str, dict[str, Any]] = {}


async def check_token(token: str) -> dict[str, Any]:
    """What the provider says of a token; opens its login at first use."""
    key = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    answer = await provider.look_up(token)
    if not token.strip() or not answer["known"] or not answer["person"]:
        _logins.pop(key, None)
        raise Refused
    owner = answer["person"]
    if key not in _logins or _logins[key]["owner"] != owner:
        login_id = str(uuid.uuid4())
        _logins[key] = {"owner": owner, "login_id": login_id}
    return answer
