"""The Python client pyzeebe as command client and as worker, by poll and by stream, at the sandbox's gateway."""

import client_programs
from client_cases import *  # noqa: F401,F403 pylint: disable=wildcard-import,unused-wildcard-import

SCALE = 0
WORKER = None
BUDGET = 90


def prepare():
    client_programs.python()


def start(e2e):
    return Parts(e2e, "python", client_programs.python())  # noqa: F405
