"""The element template, as the modeler's library applies it: each document of template/ is deployed and run. `./dev templates` makes the
documents from the template and fails when they differ from these.
"""

import pathlib

import standins
from harness import check, same

_KEY = standins.KEY
SCALE = 1
WORKER = {"SECRET_TEMPLATE_TOKEN": "tok-5d41402abc4b2a76", "SECRET_TEMPLATE_KEY_ID": _KEY[0], "SECRET_TEMPLATE_SECRET_KEY": _KEY[1]}
BUDGET = 120
_FOLDER = pathlib.Path(__file__).resolve().parent.parent / "template"


def _run(e2e, name, variables=None):
    e2e.deploy((_FOLDER / f"template-{name}.bpmn").read_bytes())
    return e2e.run(f"template-{name}", variables)


def case_with_function_and_payload_alone_the_answer_reaches_the_process(e2e):
    instance = _run(e2e, "defaults", {"number": 7, "words": "seven"})
    found = e2e.completed(instance)
    same(found.get("payload"), {"number": 7, "words": "seven"}, "payload", instance)
    same(found.get("statusCode"), 200, "statusCode", instance)
    check("error" in found and found["error"] is None, "error must be there and null", instance)
    check("lambda" not in found, "the inputs must stay in the task", instance)


def case_json_typed_into_the_payload_is_sent_as_that_json(e2e):
    instance = _run(e2e, "json-text")
    same(e2e.completed(instance).get("payload"), {"list": [1, 2.5, None]}, "payload", instance)


def case_a_failed_function_is_an_incident_unless_asked_otherwise(e2e):
    e2e.incident(_run(e2e, "fails"), "FUNCTION_ERROR", "NoStock")


def case_a_failed_function_completes_the_task_when_asked_to(e2e):
    instance = _run(e2e, "completes")
    same(e2e.completed(instance)["error"]["type"], "NoStock", "error.type", instance)


def case_every_field_does_what_it_says(e2e):
    instance = _run(e2e, "every-field", {"name": "echo", "number": 7})
    response = e2e.completed(instance).get("response")
    check(isinstance(response, dict), "the whole response must be in the result variable", instance)
    # The token went out in clear and came back masked, as maskPayload asks.
    same(response.get("payload"), {"token": "Bearer ***", "number": 7}, "response.payload", instance)
    same(response.get("executedVersion"), "2", "the version behind the alias PROD", instance)
    same(response.get("log"), None, "response.log", instance)
    check("payload" not in instance.variables(), "nothing beside the result variable", instance)


def case_a_queued_call_completes_with_202(e2e):
    instance = _run(e2e, "queued", {"number": 7})
    found = e2e.completed(instance)
    same(found.get("statusCode"), 202, "statusCode", instance)
    same(found.get("payload"), None, "payload", instance)


def case_a_role_that_the_operator_does_not_allow_is_refused(e2e):
    e2e.incident(_run(e2e, "role"), "FORBIDDEN", "ALLOWED_ROLE_ARNS")


def case_a_profile_that_the_operator_does_not_allow_is_refused(e2e):
    e2e.incident(_run(e2e, "profile"), "FORBIDDEN", "ALLOWED_PROFILES")


def case_a_function_url_that_the_operator_does_not_allow_is_refused(e2e):
    e2e.incident(_run(e2e, "url", {"number": 7}), "FORBIDDEN", "ALLOWED_HOSTS")
