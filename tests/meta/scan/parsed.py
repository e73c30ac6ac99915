"""Short sources, parsed, and their nodes found by how they are written."""

from __future__ import annotations

import ast
from textwrap import dedent

from id_isolation.scan.mints import RawMint, judge_source
from id_isolation.scan.names import Resolver
from id_isolation.scan.syntax import Module
from id_isolation.scan.universe import Known


def known(text: str) -> Known:
    """The source as a module, with the resolver of its names."""
    module = Module(dedent(text), "app/mod.py")
    return Known(module, Resolver(module))


def node(source: Known, written: str, turn: int = 0) -> ast.AST:
    """The expression that is written so: the first one, or that of another turn (from 0; -1 the last)."""
    alike = [item for item in source.module.spots if isinstance(item, ast.expr) and ast.unparse(item) == written]
    return sorted(alike, key=lambda item: (item.lineno, item.col_offset))[turn]


def scan_source(text: str, path: str) -> list[RawMint]:
    """The raw mints of one source."""
    return judge_source(text, path).mints
