"""What a process variable can do to the inputs of a task: nothing that the model did not say."""

import json

import bpmn
from harness import check, same

SCALE = 1
WORKER = {}
BUDGET = 60

_FOREIGN = {"functionName": "no-such-function", "qualifier": "9999", "invocationType": "DryRun", "payload": "foreign",
            "region": "eu-nowhere-1", "authentication": {"type": "static", "accessKeyId": "foreign"}}


def case_a_process_variable_lambda_adds_no_field_to_the_mapped_one(e2e):
    inputs = {"lambda.functionName": bpmn.text("echo"), "lambda.payload": "={own: true}"}
    e2e.deploy(bpmn.process("scope-seen", inputs=inputs, job_type="scope-seen"), bpmn.process("scope-lambda", inputs=inputs))
    e2e.gateway.create("scope-seen", {"lambda": _FOREIGN})
    job = e2e.gateway.activate("scope-seen")
    same(json.loads(job.variables), {"lambda": {"functionName": "echo", "payload": {"own": True}}}, "the job's variables")
    instance = e2e.run("scope-lambda", {"lambda": _FOREIGN})
    found = e2e.completed(instance)
    same(found.get("payload"), {"own": True}, "payload", instance)
    same(found.get("lambda"), _FOREIGN, "the process variable lambda", instance)


def case_other_process_variables_are_no_inputs_of_a_mapped_task(e2e):
    e2e.deploy(bpmn.process("scope-others", headers={"inputs": "lambda"},
                            inputs={"lambda.functionName": bpmn.text("echo"), "lambda.payload": "={own: true}"}))
    instance = e2e.run("scope-others", {name: value for name, value in _FOREIGN.items() if name != "payload"})
    found = e2e.completed(instance)
    same(found.get("payload"), {"own": True}, "payload", instance)
    same(found.get("statusCode"), 200, "statusCode", instance)


def case_the_short_form_maps_function_name_over_a_process_variable(e2e):
    e2e.deploy(bpmn.process("scope-short", headers={"inputs": "short"}, outputs={"answer": "=payload"},
                            inputs={"functionName": bpmn.text("echo"), "payload": "={own: true}"}))
    instance = e2e.run("scope-short", {"functionName": "no-such-function", "payload": "foreign"})
    found = e2e.completed(instance)
    same(found.get("answer"), {"own": True}, "answer", instance)
    same(found.get("payload"), "foreign", "the process variable payload", instance)
    check(found.get("functionName") == "no-such-function", "the process variable functionName must stay", instance)
