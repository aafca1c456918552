"""A deployed process: its model, its plan of steps, and the checks of a deployment that need FEEL."""

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

import feel
import model
from steps import Plan


class Definition:
    """A process at one version."""

    def __init__(self, process, plan, key, version, content):
        self.process, self.plan, self.key, self.version, self.content = process, plan, key, version, content


def plan_of(interpreter, process):
    """Its plan of steps. Raises model.Refused when an expression cannot be read, a target is a word of FEEL, or the library takes no such flow."""
    _check(interpreter, process)
    try:
        return Plan(process)
    except ValidationException as problem:
        raise model.Refused(str(problem)) from problem


def _check(interpreter, process):
    for element in process.elements.values():
        for _, target in element.inputs + element.outputs:
            if target in feel.RESERVED:
                raise model.Refused(f"Element: {element.id}: Expected path expression '{target}' but is one of the reserved words")
        for source in _expressions(element, process):
            if source and source.startswith("="):
                try:
                    interpreter.check(source[1:])
                except feel.Failed as problem:
                    raise model.Refused(f"Element: {element.id}: {problem}") from problem


def _expressions(element, process):
    yield from (source for source, _ in element.inputs + element.outputs)
    yield from (element.job_type, element.retries)
    yield from element.message or ()
    yield (element.timer or (None, None))[1]
    yield (element.script or (None, None))[0]
    yield from ((element.loop or {}).get(name) for name in ("inputCollection", "outputElement"))
    yield from (process.flows[flow].condition for flow in element.outgoing)
