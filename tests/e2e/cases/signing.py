"""1,000 random requests, signed by AWS's own Python library and by the worker's signer: the same in every step.

botocore writes what it signed in the folder format of `./dev conformance sigv4`; that program compares. E2E_SEED repeats a run.
"""

import os
import random
import shutil
import sys

import artifacts
import packages
from harness import check, tool

SCALE = 0
WORKER = None
BUDGET = 400
FULL = True

_REQUESTS = 1000


def prepare():
    packages.python_path()


def case_random_requests_are_signed_as_botocore_signs_them(e2e):
    seed = int(os.environ.get("E2E_SEED") or random.randrange(1 << 32))
    print(f"     signing: E2E_SEED={seed}", flush=True)
    check(e2e.conformance.exists(), f"no {e2e.conformance}; ./dev e2e builds it")
    folder = artifacts.BUILD / "signing"
    shutil.rmtree(folder, ignore_errors=True)
    tool([sys.executable, packages.HERE / "botocore_cases.py", seed, _REQUESTS, folder], 240, "signing with botocore",
         PYTHONPATH=packages.python_path())
    told = tool([e2e.conformance], 120, f"comparison of the cases in {folder}", SIGV4_SUITE_DIR=folder)
    check(told.splitlines()[-1] == f"sigv4: {_REQUESTS}/{_REQUESTS}", told)
