"""The modules of templates/ for their tests, and the way a test file is run."""

import json
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
sys.path[:0] = [str(TEMPLATES), str(TEMPLATES / "checks")]


def read(name):
    """A template by its path below templates/, without ending."""
    return json.loads((TEMPLATES / f"{name}.json").read_text())


def argument():
    """What the test was given; None without."""
    return sys.argv[1] if len(sys.argv) > 1 else None


def run():
    unittest.main(module="__main__", argv=sys.argv[:1])
