"""Runs the suite by category: `python tests/unified_test_runner.py --category integration --real-services`.

The same as the command `id-isolation run`, under the name that the plan calls.
"""

from __future__ import annotations

import sys

from id_isolation.cli.main import main

if __name__ == "__main__":
    sys.exit(main(["run", *sys.argv[1:]]))
