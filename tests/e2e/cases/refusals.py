"""What the engine of open parts cannot do, it refuses when a document is deployed, and names the element. A broker does most of it, so there
these cases are skipped.
"""

import grpc

import brought
import harness
from harness import check

SCALE = 1
WORKER = None
BUDGET = 60

_HEAD = ('<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
         'targetNamespace="urn:lambda-connector:e2e" id="definitions">')
_INNER = '<bpmn:startEvent id="inner"/><bpmn:sequenceFlow id="inner_flow" sourceRef="inner" targetRef="inner_end"/><bpmn:endEvent id="inner_end"/>'
_TASK = '<bpmn:extensionElements><zeebe:taskDefinition type="refused"/>{}</bpmn:extensionElements>'

# What stands in the place of the one element `odd`: what the refusal says.
_ODD = {
    '<bpmn:callActivity id="odd"/>': "callActivity",
    '<bpmn:transaction id="odd"/>': "transaction",
    '<bpmn:adHocSubProcess id="odd"/>': "adHocSubProcess",
    f'<bpmn:subProcess id="odd" triggeredByEvent="true">{_INNER}</bpmn:subProcess>': "event subprocesses",
    '<bpmn:subProcess id="odd"/>': "one start event",
    '<bpmn:intermediateThrowEvent id="odd"><bpmn:signalEventDefinition/></bpmn:intermediateThrowEvent>': "signal",
    '<bpmn:intermediateThrowEvent id="odd"><bpmn:compensateEventDefinition/></bpmn:intermediateThrowEvent>': "compensate",
    '<bpmn:intermediateCatchEvent id="odd"><bpmn:timerEventDefinition><bpmn:timeCycle>R3/PT1S</bpmn:timeCycle></bpmn:timerEventDefinition>'
    '</bpmn:intermediateCatchEvent>': "no cycles",
    '<bpmn:intermediateCatchEvent id="odd"><bpmn:messageEventDefinition/></bpmn:intermediateCatchEvent>': "no name",
    '<bpmn:serviceTask id="odd"/>': "no task definition",
    f'<bpmn:serviceTask id="odd">{_TASK.format("<zeebe:executionListeners/>")}</bpmn:serviceTask>': "zeebe:executionListeners",
    '<bpmn:userTask id="odd"><bpmn:extensionElements><zeebe:userTask/></bpmn:extensionElements></bpmn:userTask>': "zeebe:userTask",
    '<bpmn:businessRuleTask id="odd"><bpmn:extensionElements><zeebe:calledDecision/></bpmn:extensionElements></bpmn:businessRuleTask>':
        "zeebe:calledDecision",
    f'<bpmn:serviceTask id="odd">{_TASK.format("")}<bpmn:standardLoopCharacteristics/></bpmn:serviceTask>': "standard loops",
    f'<bpmn:serviceTask id="odd">{_TASK.format("")}<bpmn:multiInstanceLoopCharacteristics/></bpmn:serviceTask>': "input collection",
    f'<bpmn:serviceTask id="odd">{_TASK.format("")}<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>'
    '<zeebe:loopCharacteristics inputCollection="=a"/></bpmn:extensionElements><bpmn:completionCondition>=true</bpmn:completionCondition>'
    '</bpmn:multiInstanceLoopCharacteristics></bpmn:serviceTask>': "completion condition",
    '<bpmn:serviceTask id="odd">' + _TASK.format('<zeebe:ioMapping><zeebe:input source="=1 +" target="a"/></zeebe:ioMapping>')
    + "</bpmn:serviceTask>": "failed to parse expression",
    '<bpmn:serviceTask id="odd">' + _TASK.format('<zeebe:ioMapping><zeebe:input source="=1" target="a b"/></zeebe:ioMapping>')
    + "</bpmn:serviceTask>": "is no path",
}


def prepare():
    if brought.named():
        raise brought.artifacts.Missing("is about the engine of open parts, and another one was brought")


def case_an_element_that_it_does_not_do_is_refused_by_its_id(e2e):
    for odd, told in _ODD.items():
        message = _refused(e2e, f'<bpmn:startEvent id="start"/><bpmn:sequenceFlow id="in" sourceRef="start" targetRef="odd"/>{odd}'
                           '<bpmn:sequenceFlow id="out" sourceRef="odd" targetRef="done"/><bpmn:endEvent id="done"/>')
        check("odd" in message and told in message, f"{odd} must be refused with {told!r}: {message}")


def case_a_start_that_waits_for_something_is_refused(e2e):
    message = _refused(e2e, '<bpmn:startEvent id="odd"><bpmn:timerEventDefinition><bpmn:timeDate>2030-01-01T00:00:00Z</bpmn:timeDate>'
                       '</bpmn:timerEventDefinition></bpmn:startEvent>')
    check("odd" in message and "startEvent" in message, message)


def case_a_joining_inclusive_gateway_is_refused(e2e):
    flows = "".join(f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>' for number, (source, target) in
                    enumerate((("start", "fork"), ("fork", "odd"), ("fork", "odd"), ("odd", "done"))))
    message = _refused(e2e, '<bpmn:startEvent id="start"/><bpmn:parallelGateway id="fork"/><bpmn:inclusiveGateway id="odd"/>'
                       f'<bpmn:endEvent id="done"/>{flows}')
    check("odd" in message and "inclusive" in message, message)


def case_what_hangs_in_the_air_is_refused(e2e):
    whole = '<bpmn:startEvent id="start"/><bpmn:sequenceFlow id="in" sourceRef="start" targetRef="done"/><bpmn:endEvent id="done"/>'
    for odd, told in (('<bpmn:sequenceFlow id="odd" sourceRef="start" targetRef="nowhere"/>', "nowhere"),
                      ('<bpmn:boundaryEvent id="odd" attachedToRef="nowhere"><bpmn:errorEventDefinition/></bpmn:boundaryEvent>', "nowhere"),
                      ('<bpmn:task/>', "id of its own"), ('<bpmn:task id="done"/>', "done"), ('<bpmn:exclusiveGateway id="odd" default="in"/>', "default")):
        message = _refused(e2e, whole + odd)
        check(told in message, f"{odd} must be refused with {told!r}: {message}")


def case_a_document_that_is_none_is_refused(e2e):
    for content, told in ((b"no XML", ""), (b"<a/>", "no BPMN document"), (f"{_HEAD}</bpmn:definitions>".encode(), "no executable process"),
                          (f'{_HEAD}<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]></bpmn:definitions>'.encode(), "")):
        try:
            e2e.deploy(content)
        except grpc.RpcError as problem:
            check(problem.code() == grpc.StatusCode.INVALID_ARGUMENT and told in problem.details(), f"{problem.code()}: {problem.details()}")
        else:
            check(False, f"{content} must be refused with {told}")


def _refused(e2e, body):
    try:
        e2e.deploy(f'{_HEAD}<bpmn:process id="refused" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'.encode())
    except grpc.RpcError as problem:
        if problem.code() != grpc.StatusCode.INVALID_ARGUMENT:
            raise harness.Failed(f"{problem.code()}: {problem.details()}") from problem
        return problem.details()
    raise harness.Failed(f"it must be refused: {body}")
