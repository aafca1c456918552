"""Documents, results, messages and incidents by the clients of other languages, on the engine: what needs processes beside jobs. Languages
whose tools are not installed are left out, and named; without any of them the module is skipped.
"""

import artifacts
import bpmn
import client_programs
from harness import check, same

SCALE = 1
WORKER = None
BUDGET = 180

_LANGUAGES = {"python": client_programs.python, "node": client_programs.node, "java": client_programs.java, "go": client_programs.go}

_HEAD = ('<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
         'targetNamespace="urn:lambda-connector:e2e" id="definitions">')


def prepare():
    missing = {}
    for language, command in _LANGUAGES.items():
        try:
            command()
        except artifacts.Missing as reason:
            missing[language] = str(reason).splitlines()[0]
    if len(missing) == len(_LANGUAGES):
        raise artifacts.Missing("; ".join(missing.values()))
    for language, reason in missing.items():
        print(f"     client_processes: without {language}: {reason}", flush=True)


def start(e2e):
    programs = []
    for language, command in _LANGUAGES.items():
        try:
            programs.append(client_programs.Program(language, command(), e2e.engine.address.removeprefix("http://"), e2e.logs / f"client-{language}-processes.log"))
        except artifacts.Missing:
            continue
    return programs


def case_a_process_is_deployed_and_its_result_is_told(e2e):
    for client in e2e.parts:
        name = _deployed(client, "result", bpmn.process(f"{client.language}-result", job_type=f"{client.language}.result"))
        client.do("open", type=f"{client.language}.result", stream=True)
        told = client.do("result", process=name, variables={"number": 41, "behave": "complete"})["variables"]
        same((told.get("answer"), told.get("number")), (42, 41), f"variables that {client.language} is told at the end")
        seen = client.do("close", jobs=1)["jobs"]
        same([job["process"] for job in seen], [name], f"processes of the jobs of {client.language}")


def case_an_error_takes_its_own_way(e2e):
    for client in e2e.parts:
        name = _deployed(client, "error", bpmn.process(f"{client.language}-error", job_type=f"{client.language}.error", catch="caught"))
        instance = client.do("create", process=name, variables={})["instance"]
        client.do("throw", job=_activated(client, "error")["key"], code="caught")
        ended = e2e.settled([int(instance)], 15)[0]
        check(ended.completed and ended.passed("caught") == 1, "the instance must end at `caught`", ended)


def case_a_message_reaches_the_instance_that_waits_for_it(e2e):
    for client in e2e.parts:
        name = f"{client.language}-message"
        _deployed(client, "message", (
            f'{_HEAD}<bpmn:message id="m" name="{name}"><bpmn:extensionElements><zeebe:subscription correlationKey="=order"/>'
            f'</bpmn:extensionElements></bpmn:message><bpmn:process id="{name}" isExecutable="true"><bpmn:startEvent id="start"/>'
            '<bpmn:intermediateCatchEvent id="waits"><bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>'
            '<bpmn:endEvent id="done"/><bpmn:sequenceFlow id="a" sourceRef="start" targetRef="waits"/>'
            '<bpmn:sequenceFlow id="b" sourceRef="waits" targetRef="done"/></bpmn:process></bpmn:definitions>').encode())
        instance = client.do("create", process=name, variables={"order": "o-7"})["instance"]
        client.do("publish", name=name, key="another", variables={"from": "nobody"})
        client.do("publish", name=name, key="o-7", variables={"from": client.language})
        found = e2e.completed(e2e.settled([int(instance)], 15)[0])
        same(found.get("from"), client.language, "variable of the message")


def case_an_incident_is_found_in_the_records_and_resolved(e2e):
    for client in e2e.parts:
        name = _deployed(client, "incident", bpmn.process(f"{client.language}-incident", job_type=f"{client.language}.incident"))
        instance = client.do("create", process=name, variables={})["instance"]
        job = _activated(client, "incident")
        client.do("fail", job=job["key"], retries=0, message="by the client", backOff=0)
        waits = e2e.settled([int(instance)], 15)[0]
        told = waits.incidents()[0]
        same((told["errorMessage"], str(told["jobKey"])), ("by the client", job["key"]), "message and job of the incident", waits)
        if client.do("retries", job=job["key"], retries=1) is None or client.do("resolve", incident=str(told["key"])) is None:
            e2e.mended(waits)
        client.do("complete", job=_activated(client, "incident")["key"], variables={})
        e2e.wait(lambda one=waits: one.completed, 15, "the instance to end")


def case_a_document_that_is_none_is_refused(e2e):
    for client in e2e.parts:
        refused = client.refused("deploy", file=_written(client, "wrong", b"<bpmn:definitions>"))
        same(refused.code, "INVALID_ARGUMENT", f"status of a broken document, told by {client.language} ({refused})")


def _deployed(client, kind, document):
    """The process of the document, deployed by the client."""
    told = client.do("deploy", file=_written(client, kind, document))["processes"]
    same(told, [f"{client.language}-{kind}"], "deployed processes")
    return told[0]


def _written(client, kind, document):
    file = artifacts.BUILD / f"client-{client.language}-{kind}.bpmn"
    file.write_bytes(document)
    return str(file)


def _activated(client, kind):
    told = client.do("activate", type=f"{client.language}.{kind}", timeout=60_000, wait=10_000)["jobs"]
    check(len(told) == 1, f"one job must be activated: {told}")
    return told[0]
