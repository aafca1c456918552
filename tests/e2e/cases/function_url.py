"""A function URL in place of a function's name: its own status, and a redirect that is an answer and not followed."""

import bpmn
from harness import check, same

SCALE = 1
WORKER = {"ALLOWED_HOSTS": "https://localhost:*"}
BUDGET = 60


def case_a_redirect_completes_and_is_not_followed(e2e):
    found = e2e.completed(_run(e2e, {"statusCode": 302, "headers": {"Location": "https://localhost:1/elsewhere"}, "body": "moved"}))
    same(found.get("statusCode"), 302, "statusCode")
    same(found.get("payload"), "moved", "payload")


def case_its_own_refusal_is_an_incident_at_once(e2e):
    instance = _run(e2e, {"statusCode": 422, "body": "no"})
    e2e.incident(instance, "UNPROCESSABLE_ENTITY", "422")
    check(len(instance.jobs("FAILED")) == 1, "it must fail once, with no retry", instance)


def _run(e2e, answer):
    e2e.serial += 1
    name = f"url-{e2e.serial}"
    address = e2e.standins.info["lambdaEndpoint"] + "/function-url/echo/"
    e2e.deploy(bpmn.process(name, inputs={"lambda.functionName": bpmn.text(address), "lambda.payload": "=given"}))
    return e2e.run(name, {"given": answer})
