"""`lambda-connector check --functions`: the functions of the stand-in as the choices of a field, and a template with them."""

import json
import pathlib
import sys

import standins
from harness import check, same

_TEMPLATES = pathlib.Path(__file__).resolve().parents[3] / "templates"
sys.path.insert(0, str(_TEMPLATES))
from with_functions import with_functions  # noqa: E402  pylint: disable=wrong-import-position

SCALE = 0
WORKER = None
BUDGET = 60


def start(e2e):
    return standins.Standins(e2e.sandbox, e2e.logs, "function-list")


def case_the_functions_are_choices_of_a_template(e2e):
    choices = e2e.command(e2e.parts.environment(), "check", "--functions").answer()
    values = [each["value"] for each in choices]
    check({"echo", "fail"} <= set(values), f"the stand-in's functions: {values}")
    check(all(each["name"].startswith(each["value"] + " (") for each in choices), f"each name has the runtime: {choices[:2]}")
    template = json.loads((_TEMPLATES / "lambda-connector-invoke.json").read_text())
    field = next(each for each in with_functions(template, choices)["properties"] if each.get("id") == "functionName")
    same(field["choices"], choices, "the choices of the field")


def case_keys_that_nobody_knows_are_told(e2e):
    settings = {**e2e.parts.environment(), "AWS_ACCESS_KEY_ID": "AKIDUNKNOWN"}
    e2e.command(settings, "check", "--functions").refused("UNAUTHORIZED", code=4)


def case_an_endpoint_that_does_not_answer_is_told(e2e):
    settings = {**e2e.parts.environment(), "AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:1"}
    e2e.command(settings, "check", "--functions").refused("CONNECTION_ERROR", code=5)
