"""What an element must have, and what this engine does not do, as far as one element shows it."""

import re

from model import Refused

_ALLOWED_EVENTS = {
    "startEvent": {None}, "endEvent": {None, "error", "message", "terminate"}, "intermediateCatchEvent": {"message", "timer"},
    "intermediateThrowEvent": {None, "message"}, "boundaryEvent": {"error", "message", "timer"}}
_TARGET = re.compile(r"[A-Za-z_][\w]*")


def check(element, process):
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
