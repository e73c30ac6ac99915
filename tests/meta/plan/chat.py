"""The small tree of the second plan, as it was and with the plan carried out."""

from __future__ import annotations

from pathlib import Path

from id_isolation.embedded.compose import phases_of
from id_isolation.embedded.layer import apply_all
from id_isolation.plan.plan import load

PLAN_FILE = Path(__file__).with_name("chat_plan.toml")
PLAN = load(PLAN_FILE)
_TREE = Path(__file__).with_name("tree")
BEFORE = {path.relative_to(_TREE).as_posix(): path.read_text("utf-8") for path in _TREE.rglob("*.py")}
PHASES = phases_of(PLAN, BEFORE)


def write(directory: Path, *phases: str) -> Path:
    """Writes the tree down with these phases carried out, and returns its root."""
    for path, text in apply_all((PHASES[phase] for phase in phases), BEFORE).items():
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return directory
