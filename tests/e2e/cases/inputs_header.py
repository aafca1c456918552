"""The header `inputs`: which variables a task reads, on a real engine where mappings and process variables mix."""

import bpmn
from harness import check, same

SCALE = 1
WORKER = {}
BUDGET = 60


def case_lambda_reads_only_the_variable_lambda(e2e):
    e2e.deploy(bpmn.process("inputs-lambda", headers={"inputs": "lambda"},
                            inputs={"lambda.functionName": bpmn.text("echo"), "lambda.payload": bpmn.text("of lambda")}))
    instance = e2e.run("inputs-lambda", {"functionName": "no-such-function", "function": "no-such-function", "qualifier": "9999"})
    same(e2e.completed(instance).get("payload"), "of lambda", "payload", instance)


def case_short_reads_only_bare_variables(e2e):
    e2e.deploy(bpmn.process("inputs-short", headers={"inputs": "short"}))
    instance = e2e.run("inputs-short", {"lambda": {"functionName": "no-such-function", "payload": "of lambda"},
                                        "functionName": "echo", "payload": "bare"})
    same(e2e.completed(instance).get("payload"), "bare", "payload", instance)


def case_short_reads_function_as_well(e2e):
    e2e.deploy(bpmn.process("inputs-function", headers={"inputs": "short"}))
    instance = e2e.run("inputs-function", {"function": "echo", "payload": "bare"})
    same(e2e.completed(instance).get("payload"), "bare", "payload", instance)


def case_without_it_both_are_an_incident_that_names_the_header(e2e):
    e2e.deploy(bpmn.process("inputs-both", inputs={"lambda.functionName": bpmn.text("echo")}))
    for name in ("functionName", "function"):
        instance = e2e.run("inputs-both", {name: "echo"})
        message = e2e.incident(instance, "INVALID_INPUT", "inputs")
        check("lambda" in message and name in message, f"the message must name both variables: {message}", instance)
        check(len(instance.jobs("FAILED")) == 1, "it must fail at once, with no retry", instance)


def case_without_it_a_header_function_name_leaves_only_the_payload_to_variables(e2e):
    e2e.deploy(bpmn.process("inputs-header", headers={"functionName": "echo"}),
               bpmn.process("inputs-header-short", headers={"function": "echo"}))
    process_variables = {"payload": {"own": True}, "qualifier": "9999", "region": "eu-nowhere-1", "timeout": "no duration",
                         "invocationType": "no-type", "authentication": "no object"}
    for name in ("inputs-header", "inputs-header-short"):
        instance = e2e.run(name, process_variables)
        found = e2e.completed(instance)
        same(found.get("payload"), {"own": True}, "payload", instance)
        same(found.get("executedVersion"), "$LATEST", "executedVersion", instance)


def case_without_it_whichever_is_there_is_read(e2e):
    e2e.deploy(bpmn.process("inputs-one"))
    instance = e2e.run("inputs-one", {"lambda": {"functionName": "echo", "payload": "of lambda"}})
    same(e2e.completed(instance).get("payload"), "of lambda", "payload", instance)
    instance = e2e.run("inputs-one", {"functionName": "echo", "payload": "bare"})
    same(e2e.completed(instance).get("payload"), "bare", "payload", instance)


def case_a_header_wins_over_a_variable(e2e):
    e2e.deploy(bpmn.process("inputs-wins", headers={"functionName": "echo", "payload": '{"of": "header"}'},
                            inputs={"lambda.functionName": bpmn.text("no-such-function"), "lambda.payload": bpmn.text("variable")}))
    instance = e2e.run("inputs-wins")
    same(e2e.completed(instance).get("payload"), {"of": "header"}, "payload", instance)


def case_neither_is_an_incident_that_says_what_is_missing(e2e):
    e2e.deploy(bpmn.process("inputs-none"))
    e2e.incident(e2e.run("inputs-none"), "MISSING_INPUT", "functionName")


def case_an_unknown_field_is_an_incident_with_the_nearest_name(e2e):
    e2e.deploy(bpmn.process("inputs-unknown", inputs={"lambda.functionName": bpmn.text("echo"), "lambda.qualifer": bpmn.text("1")}))
    e2e.incident(e2e.run("inputs-unknown"), "INVALID_INPUT", "qualifer", "qualifier")
