"""How often a long proof is repeated: twenty times, or as often as ID_ISOLATION_ROUNDS says."""

from __future__ import annotations

import os

SEEDS = range(int(os.environ.get("ID_ISOLATION_ROUNDS", "20")))
