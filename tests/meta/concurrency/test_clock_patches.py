"""Putting attributes back, and finding what a module holds."""

from __future__ import annotations

import sys
import time
import types

from id_isolation.concurrency.clock_patches import Undo, replace_everywhere


def test_attributes_are_put_back_in_the_opposite_order():
    """What was set twice, and what was not there before, is as it was."""
    thing = types.SimpleNamespace(kept=1)
    with Undo() as undo:
        undo.set(thing, "kept", 2)
        undo.set(thing, "kept", 3)
        undo.set(thing, "new", 4)
        assert vars(thing) == {"kept": 3, "new": 4}
    assert vars(thing) == {"kept": 1}


def test_globals_class_attributes_and_defaults_are_found(monkeypatch):
    """Under any name, and only in owned files."""
    module, other = types.ModuleType("an_owned_module"), types.ModuleType("another_module")
    code = "class K:\n    c = staticmethod(now)\n    class I:\n        d = now\ndef f(a=now, *, b=now): return a, b\n"
    for space, name in ((module, "owned.py"), (other, "other.py")):
        space.__file__, space.now = name, time.time
        exec(code, vars(space))
        monkeypatch.setitem(sys.modules, space.__name__, space)
    with Undo() as undo:
        replace_everywhere({id(time.time): "fake"}, lambda name: name == "owned.py", undo)
        assert (module.now, module.K.c, module.K.I.d, module.f()) == ("fake", "fake", "fake", ("fake", "fake"))
        assert other.f() == (time.time, time.time)
    assert module.f() == (time.time, time.time)
    assert module.K.c is time.time
