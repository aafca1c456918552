"""The process of the first page: mapped inputs, the short form with an output mapping, boundary events, an incident.

Five kinds of instances in equal parts, all started before the first is looked at, so the worker has many jobs at once.
"""

import bpmn
import standins
from harness import check, same

SCALE = 200
WORKER = {}
BUDGET = 120

_PAYLOAD = "={number: number, words: words, list: [1, 2.5, null, true]}"


def case_every_instance_ends_as_it_was_modelled(e2e):
    kinds = [
        (bpmn.process("basic-mapped", inputs={"lambda.functionName": bpmn.text("echo"), "lambda.payload": _PAYLOAD},
                      headers={"logType": "Tail"}), _mapped),
        (bpmn.process("basic-short", inputs={"functionName": bpmn.text("echo"), "payload": _PAYLOAD},
                      outputs={"answer": "=payload"}), _short),
        (bpmn.process("basic-function-error",
                      inputs={"lambda.functionName": bpmn.text("fail"), "lambda.payload": '={type: "NoStock", number: number}'},
                      headers={"onFunctionError": "bpmnError"}, catch="NoStock"), _function_error),
        (bpmn.process("basic-not-found", inputs={"lambda.functionName": bpmn.text("no-such-function")},
                      headers={"bpmnErrors": "CONFLICT, NOT_FOUND"}, catch="NOT_FOUND"), _not_found),
        (bpmn.process("basic-incident", inputs={"lambda.functionName": bpmn.text("no-such-function")}), _incident),
    ]
    e2e.deploy(*(document for document, _ in kinds))
    names = ("basic-mapped", "basic-short", "basic-function-error", "basic-not-found", "basic-incident")
    each = e2e.scale // len(kinds)
    started = [e2e.gateway.create_many(name, [_variables(number) for number in range(each)]) for name in names]
    settled = e2e.settled([key for keys in started for key in keys], within=90)
    check(len(settled) == e2e.scale, f"{len(settled)} instances, expected {e2e.scale}")
    for position, instance in enumerate(settled):
        kind, number = divmod(position, each)
        kinds[kind][1](e2e, instance, number)


def _variables(number):
    return {"number": number, "words": f'words of {number}: "quoted", h\u00e9 \U0001f600'}


def _answer(number):
    return dict(_variables(number), list=[1, 2.5, None, True])


def _started_with(instance, number):
    found = instance.variables()
    for name, value in _variables(number).items():
        same(found.get(name), value, f"the process variable {name}", instance)
    check("lambda" not in found, "the inputs must stay in the task", instance)


def _mapped(e2e, instance, number):
    found = e2e.completed(instance)
    _started_with(instance, number)
    same(found.get("payload"), _answer(number), "payload", instance)
    same(found.get("statusCode"), 200, "statusCode", instance)
    same(found.get("executedVersion"), "$LATEST", "executedVersion", instance)
    check("error" in found and found["error"] is None, "error must be there and null", instance)
    check(isinstance(found.get("log"), str), "the log tail must be a text", instance)


def _short(e2e, instance, number):
    found = e2e.completed(instance)
    _started_with(instance, number)
    same(found.get("answer"), _answer(number), "answer", instance)


def _caught(e2e, instance, code):
    check(instance.completed and instance.passed("caught") == 1 and instance.passed("done") == 0,
          "the instance must end at `caught`", instance)
    error = instance.variables().get("error")
    check(isinstance(error, dict), "`error` must be an object at process level", instance)
    same(error.get("code"), code, "error.code", instance)
    return error


def _function_error(e2e, instance, number):
    error = _caught(e2e, instance, "FUNCTION_ERROR")
    _started_with(instance, number)
    same(error.get("type"), "NoStock", "error.type", instance)
    same(error.get("functionName"), "fail", "error.functionName", instance)


def _not_found(e2e, instance, number):
    _caught(e2e, instance, "NOT_FOUND")
    _started_with(instance, number)


def _incident(e2e, instance, number):
    e2e.incident(instance, "NOT_FOUND", "no-such-function", standins.REGION)
    _started_with(instance, number)
    check(not instance.completed and instance.passed("call") == 0, "the task must wait at the incident", instance)
