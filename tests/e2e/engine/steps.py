"""The token flow of a process in words of SpiffWorkflow: a BPMN document that holds nothing but start and end events, gateways, subprocesses,
boundary events, and manual tasks. Each manual task is a step at which `instances.py` says what happens; the library says what comes next.

    a task          X
    a subprocess    X -> body(X) -> leave(X)
    multi-instance  X -> loop(X) [ start -> each(X), as above -> end ] -> leave(X)
    a choice        X -> an exclusive gateway, whose conditions are the ids of the flows that X chose
    event gateway   the same, X waiting for the first of its events
    end with error  X -> an end event;   boundary event   X -> caught(X)
    several flows out of a task: a parallel gateway behind it
"""

from lxml import etree

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser

import model

_B = model.BPMN


def body(name):
    return f"{name}..body"


def loop(name):
    return f"{name}..loop"


def each(name):
    return f"{name}..each"


def leave(name):
    return f"{name}..leave"


def caught(name):
    return f"{name}..caught"


def before(name):
    """The step before the body, the loop or the leaving of that name; None when it is none of these."""
    base, _, ending = name.rpartition("..")
    if ending not in ("body", "loop", "leave"):
        return None
    return each(base.removesuffix("..one")) if base.endswith("..one") else base


class Plan:
    """The library's specification of one process, and what each of its steps stands for."""

    def __init__(self, process):
        self.process = process
        self.roles = {}  # name of a step: (element, role)
        self._flows = 0
        self._root = etree.Element(_B + "definitions", nsmap={"bpmn": _B[1:-1]}, targetNamespace="urn:steps")
        top = etree.SubElement(self._root, _B + "process", id=process.id, isExecutable="true")
        self._level(top, None)
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(etree.tostring(self._root)))
        self.spec = parser.get_spec(process.id)
        self.parts = parser.get_subprocess_specs(process.id)

    def _level(self, parent, within):
        for element in self.process.elements.values():
            if element.within == within:
                self._element(parent, element)

    def _node(self, parent, kind, name, **attributes):
        return etree.SubElement(parent, _B + kind, id=name, **attributes)

    def _step(self, parent, element, name, role):
        self.roles[name] = (element, role)
        self._node(parent, "manualTask", name)
        return name

    def _flow(self, parent, source, target, condition=None):
        self._flows += 1
        flow = self._node(parent, "sequenceFlow", f"..flow{self._flows}", sourceRef=source, targetRef=target)
        if condition is not None:
            etree.SubElement(flow, _B + "conditionExpression").text = condition

    def _element(self, parent, element):
        kind, name = element.kind, element.id
        if kind == "boundaryEvent":
            attached = self.process.elements[element.attached_to]
            to = loop(attached.id) if attached.loop else body(attached.id) if attached.kind == "subProcess" else attached.id
            event = self._node(parent, "boundaryEvent", name, attachedToRef=to, cancelActivity=str(element.interrupting).lower())
            etree.SubElement(event, _B + "errorEventDefinition")
            last = self._step(parent, element, caught(name), "caught")
            self._flow(parent, name, last)
        elif kind in ("startEvent", "parallelGateway"):
            self.roles[name] = (element, "passed")
            self._node(parent, kind, name)
            last = name
        elif kind == "endEvent":
            return self._end(parent, element)
        elif element.loop:
            last = self._loop(parent, element)
        elif kind == "subProcess":
            last = self._subprocess(parent, element, name, name)
        else:
            last = self._step(parent, element, name, "run")
        return self._out(parent, element, last)

    def _end(self, parent, element):
        end = f"{element.id}..end"
        self._step(parent, element, element.id, "run")
        node = self._node(parent, "endEvent", end)
        if element.event == "terminate":
            etree.SubElement(node, _B + "terminateEventDefinition")
        self._flow(parent, element.id, end)

    def _subprocess(self, parent, element, enter, name):
        """`enter` is the step before; `name` is what body and leave are named after."""
        self._step(parent, element, enter, "enter" if enter == name else "each")
        inner = self._node(parent, "subProcess", body(name))
        self._level(inner, element.id)
        self._step(parent, element, leave(name), "leave" if enter == name else "each left")
        self._flow(parent, enter, body(name))
        self._flow(parent, body(name), leave(name))
        return leave(name)

    def _loop(self, parent, element):
        name = element.id
        self._step(parent, element, name, "loop")
        around = self._node(parent, "subProcess", loop(name))
        many = etree.SubElement(around, _B + "multiInstanceLoopCharacteristics", isSequential=str(element.loop["sequential"]).lower())
        etree.SubElement(many, _B + "loopCardinality").text = name
        self._node(around, "startEvent", f"{name}..first")
        self._node(around, "endEvent", f"{name}..last")
        if element.kind == "subProcess":
            last = self._subprocess(around, element, each(name), f"{name}..one")
        else:
            last = self._step(around, element, each(name), "each")
        self._flow(around, f"{name}..first", each(name))
        self._flow(around, last, f"{name}..last")
        self._step(parent, element, leave(name), "loop left")
        self._flow(parent, name, loop(name))
        self._flow(parent, loop(name), leave(name))
        return leave(name)

    def _out(self, parent, element, last):
        flows = [self.process.flows[flow] for flow in element.outgoing]
        if element.kind in ("exclusiveGateway", "inclusiveGateway", "eventBasedGateway") and len(flows) > 1:
            split = f"{element.id}..split"
            # An inclusive gateway of the library chooses every flow whose condition holds, an exclusive one the first.
            self._node(parent, "inclusiveGateway" if element.kind == "inclusiveGateway" else "exclusiveGateway", split)
            self._flow(parent, last, split)
            for flow in flows:
                self._flow(parent, split, flow.target, flow.id)
            return
        if len(flows) > 1 and element.kind != "parallelGateway":
            self._node(parent, "parallelGateway", f"{element.id}..fork")
            self._flow(parent, last, f"{element.id}..fork")
            last = f"{element.id}..fork"
        if not flows:
            # A token that comes here is at its end.
            self._node(parent, "endEvent", f"{element.id}..end")
            self._flow(parent, last, f"{element.id}..end")
        for flow in flows:
            self._flow(parent, last, flow.target)
