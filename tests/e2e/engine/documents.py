"""Reads BPMN documents with their `zeebe:` elements. What this engine cannot do is refused here, by the element's id."""

from lxml import etree

import elements
import limits
from model import BPMN, Flow, Process, Refused

TASKS = {"task", "manualTask", "serviceTask", "sendTask", "scriptTask", "businessRuleTask", "userTask", "receiveTask"}
GATEWAYS = {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"}
EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
_ELEMENTS = TASKS | GATEWAYS | EVENTS | {"subProcess"}
# Of a process, without an effect on how it runs.
_SILENT = {"documentation", "extensionElements", "laneSet", "textAnnotation", "association", "group", "dataObject", "dataObjectReference",
           "dataStoreReference", "sequenceFlow", "ioSpecification", "incoming", "outgoing", "property", "multiInstanceLoopCharacteristics",
           "dataInputAssociation", "dataOutputAssociation", "category", "script"}


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
        if element.kind == "boundaryEvent" and element.attached_to not in process.elements:
            raise Refused(f"'{element.id}': it is attached to '{element.attached_to}', which is not there")
        if element.default is not None and element.default not in element.outgoing:
            raise Refused(f"'{element.id}': its default flow '{element.default}' is none of its own")
        if element.attached_to:
            process.elements[element.attached_to].boundary.append(element.id)
        limits.check(element, process)
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
            element = elements.read(child, kind, process, within, root)
            if not element.id or element.id in process.elements:
                raise Refused(f"'{element.id}': each element needs an id of its own")
            process.elements[element.id] = element
            starts += kind == "startEvent"
            if kind == "subProcess":
                _level(child, process, element.id, root)
        elif kind not in _SILENT:
            raise Refused(f"'{child.get('id')}': this engine does not do '{kind}'")
    if starts != 1:
        raise Refused(f"'{within or process.id}': one start event is expected, there are {starts}")
