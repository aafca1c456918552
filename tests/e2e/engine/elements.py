"""Reads one element of a BPMN document."""

from model import BPMN, ZEEBE, Element, Refused

_EXTENSIONS = {"taskDefinition", "taskHeaders", "ioMapping", "script", "subscription", "loopCharacteristics", "properties", "versionTag",
               "formDefinition", "assignmentDefinition", "taskSchedule", "priorityDefinition"}


def read(node, kind, process, within, root):
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
