"""What a BPMN document says: processes with their elements and flows. Plain values; `documents.py` reads them."""

import dataclasses

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"


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
