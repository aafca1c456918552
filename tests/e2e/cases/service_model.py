"""The worker's tables of errors and regions beside the botocore that PyPI has today.

Errors: those of Lambda's service model and tests/unit/connector/aws/lambda_errors.txt, which a unit test holds the table to.
Regions: those of `endpoints.json` in which Lambda exists, and what `lambda-connector regions` prints.
"""

import json
import sys
import time

import artifacts
import lambda_errors
import packages
from harness import check, tool

SCALE = 0
WORKER = None
BUDGET = 400
FULL = True

_LIST = packages.HERE.parent / "unit/connector/aws/lambda_errors.txt"


def prepare():
    _botocore()


def _botocore():
    """Without a version and without a checksum: the point is what is new today. Nothing of it is run but what reads its data."""

    def install(folder):
        artifacts.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:",
                       "--target", folder, "botocore"], 300, "installation of today's botocore from PyPI")

    return packages.once("botocore-of-the-day", time.strftime("%Y-%m-%d").encode(), install) / "botocore/data"


def case_every_error_of_the_model_is_in_the_list(e2e):
    del e2e
    model = next(_botocore().glob("lambda/2015-03-31/service-2.json*"))
    missing = sorted(set(lambda_errors.lines(lambda_errors.load(model))) - set(_LIST.read_text().splitlines()))
    check(not missing, f"errors that {_LIST.name} lacks (make it again with lambda_errors.py, then add rows to error_table.cc): {missing}")


def case_every_region_of_lambda_is_known(e2e):
    partitions = json.loads((_botocore() / "endpoints.json").read_text())["partitions"]
    there = {region: one["partition"] for one in partitions for region in one["services"].get("lambda", {}).get("endpoints", {})
             if region in one["regions"]}
    printed = [line.split() for line in tool([e2e.program, "regions"], 20, "regions").splitlines() if line.strip()]
    known = {words[0]: words[-1] for words in printed}
    wrong = {region: (partition, known.get(region)) for region, partition in there.items() if known.get(region) != partition}
    check(len(there) > 30, f"only {len(there)} regions in endpoints.json")
    check(not wrong, f"regions of endpoints.json that the worker knows otherwise: {wrong}")
