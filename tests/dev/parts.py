"""The modules of docker/dev for their tests, and the way a test file is run."""
import importlib
import os
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "docker", "dev"))


def load(name):
    return importlib.import_module(name)


def build_folder():
    """The build that runs this test, the first argument; None without one."""
    return os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else None


def run():
    unittest.main(module="__main__", argv=sys.argv[:1])
