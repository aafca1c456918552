"""20,000 generated expressions of FEEL, evaluated by FEEL-Scala as the connector runtime calls it, and by the worker's interpreter.

Where they differ for a reason that is known, feel/known_differences.txt says so; there are few. E2E_SEED repeats a run.
"""

import os
import random
import shutil
import subprocess

import artifacts
import children
import feel_oracle
from harness import check

SCALE = 0
WORKER = None
BUDGET = 500
FULL = True

_EXPRESSIONS = 20_000
_MOST_EXPLAINED = 100


def prepare():
    feel_oracle.prepare()


def case_generated_expressions_mean_what_they_mean_in_feel_scala(e2e):
    seed = int(os.environ.get("E2E_SEED") or random.randrange(1 << 32))
    print(f"     feel: E2E_SEED={seed}", flush=True)
    check(e2e.feel_conformance.exists(), f"no {e2e.feel_conformance}; ./dev e2e builds it")
    folder = artifacts.BUILD / "feel"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    answers = feel_oracle.answered(seed, _EXPRESSIONS, folder)
    done = subprocess.run([str(e2e.feel_conformance)], capture_output=True, text=True, timeout=200, check=False,
                          env=children.environment(FEEL_SCALA_FILE=str(answers)))
    *report, last = done.stdout.splitlines() or [""]
    check(done.returncode in (0, 1) and last.endswith(f"/{_EXPRESSIONS}"), done.stdout[-2000:] + done.stderr[-2000:])
    left, explained = feel_oracle.unexplained("\n".join(report)) if report else ([], 0)
    print(f"     {last}, {explained} explained by feel/known_differences.txt", flush=True)
    check(not left, f"{len(left)} differences that nothing explains, the first of them:\n" + "\n".join(left[:20]))
    check(explained <= _MOST_EXPLAINED, f"{explained} differences are explained, which is more than {_MOST_EXPLAINED}")
