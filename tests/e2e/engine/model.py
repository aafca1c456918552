"""What a BPMN document says, with its `zeebe:` elements: the processes with their elements and flows. What this engine cannot do is refused
here, by name.
"""

import dataclasses
import re

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"

TASKS = {"task", "manualTask", "serviceTask", "sendTask", "scriptTask", "businessRuleTask", "userTask", "receiveTask"}
GATEWAYS = {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"}
EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
_ELEMENTS = TASKS | GATEWAYS | EVENTS | {"subProcess"}
# Of a process, without an effect on how it runs.
_SILENT = {"documentation", "extensionElements", "laneSet", "textAnnotation", "association", "group", "dataObject", "dataObjectReference",
           "dataStoreReference", "sequenceFlow", "ioSpecification", "incoming", "outgoing", "property", "multiInstanceLoopCharacteristics",
           "dataInputAssociation", "dataOutputAssociation", "category", "script"}
_EXTENSIONS = {"taskDefinition", "taskHeaders", "ioMapping", "script", "subscription", "loopCharacteristics", "properties", "versionTag",
               "formDefinition", "assignmentDefinition", "taskSchedule", "priorityDefinition"}


class Refused(Exception):
    """The document cannot be deployed; the text says why."""


@dataclasses.dataclass
class Element:
    id: str
    kind: str
    process: str
    within: str | None  # the subprocess it lies in
    name: str = ""
    outgoing: list = dataclasses.field(default_factory=list)  # ids of flows, in the document's order
    incoming: list = dataclasses.field(default_factory=list)
    default: str | None = None
    inputs: list = dataclasses.field(default_factory=list)  # pairs: source, target
    outputs: list = dataclasses.field(default_factory=list)
    job_type: str | None = None
    retries: str = "3"
    headers: dict = dataclasses.field(default_factory=dict)
    script: tuple | None = None  # expression, result variable
    loop: dict | None = None
    event: str | None = None  # error, message, timer, terminate
    error_code: str | None = None  # None of an error event: any
    message: tuple | None = None  # name, correlation key
    timer: tuple | None = None  # timeDuration or timeDate, expression
    attached_to: str | None = None
    interrupting: bool = True
    boundary: list = dataclasses.field(default_factory=list)  # ids of the events attached


@dataclasses.dataclass
class Flow:
    id: str
    source: str
    target: str
    condition: str | None


@dataclasses.dataclass
class Process:
    id: str
    elements: dict
    flows: dict


def read(content):
    """The executable processes of one document (bytes)."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as problem:
        raise Refused(str(problem)) from problem
    if root.tag != BPMN + "definitions":
        raise Refused("it is no BPMN document")
    found = [_process(node, root) for node in root.findall(BPMN + "process") if node.get("isExecutable") == "true"]
    if not found:
        raise Refused("it holds no executable process")
    return found


def _process(node, root):
    process = Process(node.get("id"), {}, {})
    _level(node, process, None, root)
    for flow in process.flows.values():
        for end, kind in ((flow.source, "outgoing"), (flow.target, "incoming")):
            if end not in process.elements:
                raise Refused(f"sequence flow '{flow.id}' begins or ends at '{end}', which is not there")
            getattr(process.elements[end], kind).append(flow.id)
    for element in process.elements.values():
        if element.attached_to:
            process.elements[element.attached_to].boundary.append(element.id)
        _consistent(element, process)
    return process


def _level(node, process, within, root):
    starts = 0
    for child in node:
        if not isinstance(child.tag, str) or not child.tag.startswith(BPMN):
            continue
        kind = child.tag[len(BPMN):]
        if kind == "sequenceFlow":
            condition = child.find(BPMN + "conditionExpression")
            process.flows[child.get("id")] = Flow(child.get("id"), child.get("sourceRef"), child.get("targetRef"),
                                                  condition.text.strip() if condition is not None and condition.text else None)
        elif kind in _ELEMENTS:
            element = _element(child, kind, process, within, root)
            process.elements[element.id] = element
            starts += kind == "startEvent"
            if kind == "subProcess":
                _level(child, process, element.id, root)
        elif kind not in _SILENT:
            raise Refused(f"'{child.get('id')}': this engine does not do '{kind}'")
    if starts != 1:
        raise Refused(f"'{within or process.id}': one start event is expected, there are {starts}")


def _element(node, kind, process, within, root):
    element = Element(node.get("id"), kind, process.id, within, node.get("name", ""), default=node.get("default"),
                      attached_to=node.get("attachedToRef"), interrupting=node.get("cancelActivity", "true") == "true")
    if node.get("triggeredByEvent") == "true":
        raise Refused(f"'{element.id}': this engine does not do event subprocesses")
    _extensions(node, element)
    _event(node, element, root)
    _loop(node, element)
    if kind == "userTask" and element.job_type is None:
        element.job_type = "io.camunda.zeebe:userTask"
    if kind == "receiveTask":
        element.event, element.message = "message", _message(node.get("messageRef"), element, root)
    return element


def _extensions(node, element):
    for part in node.iterfind(f"{BPMN}extensionElements/*"):
        if not isinstance(part.tag, str) or not part.tag.startswith(ZEEBE):
            continue
        kind = part.tag[len(ZEEBE):]
        if kind not in _EXTENSIONS:
            raise Refused(f"'{element.id}': this engine does not do 'zeebe:{kind}'")
        if kind == "taskDefinition":
            element.job_type, element.retries = part.get("type"), part.get("retries", "3")
        elif kind == "taskHeaders":
            element.headers = {header.get("key"): header.get("value") for header in part if header.get("key")}
        elif kind == "ioMapping":
            for mapping in part:
                side = element.inputs if mapping.tag == ZEEBE + "input" else element.outputs
                side.append((mapping.get("source", ""), mapping.get("target", "")))
        elif kind == "script":
            element.script = (part.get("expression"), part.get("resultVariable"))


def _event(node, element, root):
    definitions = [part for part in node if isinstance(part.tag, str) and part.tag.endswith("EventDefinition")]
    if len(definitions) > 1:
        raise Refused(f"'{element.id}': this engine does one event definition at an event")
    for part in definitions:
        element.event = part.tag[len(BPMN):-len("EventDefinition")]
        if element.event == "error":
            element.error_code = _error_code(part.get("errorRef"), element, root)
        elif element.event == "message" and element.kind not in ("endEvent", "intermediateThrowEvent"):
            element.message = _message(part.get("messageRef"), element, root)
        elif element.event == "timer":
            given = [(each.tag[len(BPMN):], (each.text or "").strip()) for each in part if isinstance(each.tag, str)]
            if len(given) != 1 or given[0][0] == "timeCycle":
                raise Refused(f"'{element.id}': this engine does timers with one duration or date, no cycles")
            element.timer = given[0]


def _error_code(reference, element, root):
    if reference is None:
        return None
    node = next((each for each in root.iterfind(BPMN + "error") if each.get("id") == reference), None)
    code = None if node is None else node.get("errorCode")
    if not code or code.startswith("="):
        raise Refused(f"'{element.id}': its error has no code, or one that is an expression")
    return code


def _message(reference, element, root):
    node = next((each for each in root.iterfind(BPMN + "message") if each.get("id") == reference), None)
    if node is None or not node.get("name"):
        raise Refused(f"'{element.id}': its message has no name")
    subscription = node.find(f"{BPMN}extensionElements/{ZEEBE}subscription")
    if subscription is None or not subscription.get("correlationKey"):
        raise Refused(f"'{element.id}': its message has no correlation key")
    return node.get("name"), subscription.get("correlationKey")


def _loop(node, element):
    if node.find(BPMN + "standardLoopCharacteristics") is not None:
        raise Refused(f"'{element.id}': this engine does not do standard loops")
    loop = node.find(BPMN + "multiInstanceLoopCharacteristics")
    if loop is None:
        return
    given = loop.find(f"{BPMN}extensionElements/{ZEEBE}loopCharacteristics")
    if given is None or not given.get("inputCollection"):
        raise Refused(f"'{element.id}': a multi-instance needs an input collection")
    if loop.find(BPMN + "completionCondition") is not None:
        raise Refused(f"'{element.id}': this engine does not do the completion condition of a multi-instance")
    element.loop = {"sequential": loop.get("isSequential") == "true", **dict(given.attrib)}


_ALLOWED_EVENTS = {
    "startEvent": {None}, "endEvent": {None, "error", "message", "terminate"}, "intermediateCatchEvent": {"message", "timer"},
    "intermediateThrowEvent": {None, "message"}, "boundaryEvent": {"error", "message", "timer"}}
_TARGET = re.compile(r"[A-Za-z_][\w]*")


def _consistent(element, process):
    name = f"'{element.id}'"
    allowed = _ALLOWED_EVENTS.get(element.kind)
    if allowed is not None and element.event not in allowed:
        where = "at this place" if element.event else "without a definition"
        raise Refused(f"{name}: this engine does not do a {element.kind} of the kind '{element.event}' {where}")
    if element.kind in ("serviceTask", "sendTask") and not element.job_type:
        raise Refused(f"{name}: it has no task definition")
    if element.event == "message" and element.message is None and not element.job_type:
        raise Refused(f"{name}: a message that is thrown needs a task definition")
    if element.kind in ("scriptTask", "businessRuleTask") and not (element.job_type or element.script):
        raise Refused(f"{name}: it has neither a task definition nor an expression")
    if element.kind == "inclusiveGateway" and len(element.incoming) > 1:
        raise Refused(f"{name}: this engine does not join at inclusive gateways")
    if element.kind == "eventBasedGateway":
        for flow in element.outgoing:
            if process.elements[process.flows[flow].target].kind != "intermediateCatchEvent":
                raise Refused(f"{name}: only catch events may follow an event-based gateway")
    for _, target in element.inputs + element.outputs:
        for part in target.split("."):
            if not _TARGET.fullmatch(part):
                raise Refused(f"{name}: the mapping's target '{target}' is no path")
