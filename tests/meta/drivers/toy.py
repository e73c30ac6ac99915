"""The toy's adapter as a class to derive liars from."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "examples" / "toy"


def toy_backend() -> Any:
    """The class `ToyBackend`, imported as its users import it: by bare names, from its own directory."""
    sys.path.insert(0, str(FOLDER))
    try:
        return import_module("adapter").ToyBackend
    finally:
        sys.path.remove(str(FOLDER))
        for name in ("adapter", "chat"):
            sys.modules.pop(name, None)


ToyBackend = toy_backend()
