"""templates/migrate.py: tasks of the existing connector, rewritten to our template, do what they did."""

import pathlib
import sys

import standins
from harness import same

_ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(_ROOT / "templates"))
from migrate import migrated  # noqa: E402  pylint: disable=wrong-import-position

_FIXTURES = _ROOT / "tests/templates/migration"
_VARIABLES = {"number": 7, "words": "seven", "name": "echo"}
SCALE = 1
WORKER = {"SECRET_AWS_KEY_ID": standins.KEY[0], "SECRET_AWS_SECRET_KEY": standins.KEY[1], "SECRET_TEMPLATE_TOKEN": "tok-5d41402abc4b2a76"}
BUDGET = 60


def _response(e2e, version):
    document, _, left = migrated((_FIXTURES / f"migrate-{version}.bpmn").read_bytes())
    same(left, 0, "tasks that were left")
    e2e.deploy(document)
    response = e2e.completed(e2e.run(f"migrate-{version}", _VARIABLES))["response"]
    same((response["statusCode"], response["executedVersion"]), (200, "$LATEST"), f"{version}: statusCode and executedVersion")
    return response["payload"]


def case_versions_1_and_2(e2e):
    for version in ("v1", "v2"):
        same(_response(e2e, version), {"number": 7, "words": "seven"}, f"{version}: payload")


def case_version_5_with_text_as_payload(e2e):
    same(_response(e2e, "v5"), {"number": 7}, "payload")


def case_version_6_whose_function_failed_goes_on(e2e):
    same(_response(e2e, "v6")["errorType"], "NoStock", "errorType")


def case_version_8_with_a_secret_in_the_payload(e2e):
    same(_response(e2e, "v8")["token"], "tok-5d41402abc4b2a76", "the secret reached the function, and came back")
