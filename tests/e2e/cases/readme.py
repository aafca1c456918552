"""The task of the main README, as it stands there, with the sandbox's function in place of the reader's."""

import pathlib
import re

from harness import check, same

SCALE = 1
WORKER = {}
BUDGET = 60
_README = pathlib.Path(__file__).resolve().parents[3] / "README.md"
_PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    targetNamespace="urn:lambda-connector:readme" id="definitions">
  <bpmn:process id="readme" isExecutable="true">
    <bpmn:startEvent id="start"/>
    <bpmn:sequenceFlow id="to_charge" sourceRef="start" targetRef="charge"/>
    {task}
    <bpmn:sequenceFlow id="to_done" sourceRef="charge" targetRef="done"/>
    <bpmn:endEvent id="done"/>
  </bpmn:process>
</bpmn:definitions>
"""


def _deploy(e2e, function):
    task = re.search(r"```xml\n(<bpmn:serviceTask.*?</bpmn:serviceTask>)\n```", _README.read_text(), re.S).group(1)
    check('source="charge-card"' in task, "the task of the README calls charge-card")
    e2e.deploy(_PROCESS.format(task=task.replace('source="charge-card"', f'source="{function}"')).encode())


def case_the_task_brings_its_answer_into_the_process(e2e):
    _deploy(e2e, "echo")
    instance = e2e.run("readme", {"orderId": "o-17", "total": 12.5})
    found = e2e.completed(instance)
    same(found.get("receipt"), {"order": "o-17", "amount": 12.5}, "receipt", instance)
    check("payload" not in found, "only what is mapped leaves the task", instance)


def case_its_function_error_is_an_incident(e2e):
    _deploy(e2e, "timed-out")
    instance = e2e.run("readme", {"orderId": "o-17", "total": 12.5}, within=60)
    e2e.incident(instance, "FUNCTION_ERROR", "Sandbox.Timedout")
