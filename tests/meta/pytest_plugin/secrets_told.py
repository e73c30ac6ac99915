"""A side channel that a test opens: every process of a run tells which secrets it drew, and what each output holds.

It is independent of what the suite takes for a secret: it listens where random numbers are drawn, by a
`sitecustomize` that every interpreter of the run imports. Without the test there is no such file.
"""

from __future__ import annotations

import os
from pathlib import Path

LONGEST_ID_PART = 8
"""Bytes of randomness in an ID at most; IDs are evidence and no secrets."""

LISTENER = f"""
import os, secrets

def listening(draw):
    def drawn(size=None):
        text = draw(size)
        if (size or 32) > {LONGEST_ID_PART}:
            with open(os.environ["SECRETS_TOLD"], "a") as file:
                file.write(text + "\\n")
        return text
    return drawn

secrets.token_hex, secrets.token_urlsafe = listening(secrets.token_hex), listening(secrets.token_urlsafe)
"""
TALKATIVE = """
import re
from id_isolation.history import redaction

redaction._known = lambda: None
redaction._LOOKS_SECRET = re.compile("(?!)")
"""


def opened(folder: Path, *, leaking: bool = False) -> dict[str, str]:
    """The environment of a run that tells its secrets; `leaking` takes out what keeps them from the outputs."""
    (folder / "sitecustomize.py").write_text(LISTENER + (TALKATIVE if leaking else ""))
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH", ""))))
    return {"PYTHONPATH": path, "SECRETS_TOLD": str(folder / "told")}


def told(folder: Path) -> set[str]:
    """The secrets of the run."""
    return set((folder / "told").read_text().split())


def leaks(secrets: set[str], outputs: Path) -> dict[str, int]:
    """How many of the secrets each file of a folder holds; those that hold none are left out."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in outputs.iterdir()}
    found = {name: sum(secret in text for secret in secrets) for name, text in texts.items()}
    return {name: count for name, count in found.items() if count}
