"""Secret references in a model: resolved where the model may use them, refused in data that the model did not list."""

import bpmn
from harness import check, same

SCALE = 1
_VALUE = 'tok"en-5d41402abc4b2a76'
WORKER = {"SECRET_E2E_TOKEN": _VALUE, "SECRET_E2E_FUNCTION": "echo"}
BUDGET = 60


def case_a_header_and_a_listed_payload_are_resolved(e2e):
    e2e.deploy(bpmn.process("secrets-listed", headers={"functionName": "{{secrets.E2E_FUNCTION}}", "secrets": "payload.token:E2E_TOKEN"}))
    instance = e2e.run("secrets-listed", {"payload": {"token": "Bearer {{secrets.E2E_TOKEN}}", "plain": 1}})
    same(e2e.completed(instance).get("payload"), {"token": "Bearer " + _VALUE, "plain": 1}, "payload", instance)


def case_an_unlisted_reference_in_data_is_an_incident_that_names_the_header(e2e):
    e2e.deploy(bpmn.process("secrets-unlisted", headers={"functionName": "echo"}))
    instance = e2e.run("secrets-unlisted", {"payload": {"typed": "by somebody {{secrets.E2E_TOKEN}}"}})
    message = "".join(told["errorMessage"] for told in instance.incidents())
    check("E2E_TOKEN" in message and "secrets" in message, f"the message must name the secret and the header: {message}", instance)
    check(_VALUE not in message, "the message must not tell the value", instance)


def case_a_missing_secret_is_an_incident_with_its_name(e2e):
    e2e.deploy(bpmn.process("secrets-missing", headers={"functionName": "echo", "qualifier": "{{secrets.E2E_NOT_THERE}}"}))
    e2e.incident(e2e.run("secrets-missing"), "SECRET_ERROR", "E2E_NOT_THERE")
