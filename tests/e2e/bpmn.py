"""BPMN documents from a small description: start, one service task, end; with `catch` an error boundary event with its own end.

    start --> call --> done
               |
               +--(error)--> caught
"""

from xml.sax.saxutils import quoteattr

JOB_TYPE = "lambdaConnector.INVOKE"

_HEAD = ('<?xml version="1.0" encoding="UTF-8"?>\n'
         '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
         'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:lambda-connector:e2e" id="definitions">\n')


def text(value):
    """A FEEL expression that gives this text."""
    return '="' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def process(name, inputs=None, headers=None, outputs=None, catch=None, job_type=JOB_TYPE, retries=3, tasks=1):
    """One process, as bytes.

    inputs, outputs: {target: source}, a source being a FEEL expression that begins with "=".
    headers: {key: value}. catch: the error code of the boundary event, "" for one that catches any code; it maps `error` out,
    because what an error brings along stays in the boundary event otherwise. tasks: so many of the same, one behind the other.
    """
    mappings = [f"<zeebe:input source={quoteattr(source)} target={quoteattr(target)}/>"
                for target, source in (inputs or {}).items()]
    mappings += [f"<zeebe:output source={quoteattr(source)} target={quoteattr(target)}/>"
                 for target, source in (outputs or {}).items()]
    keys = [f"<zeebe:header key={quoteattr(key)} value={quoteattr(value)}/>" for key, value in (headers or {}).items()]
    lines = [
        f'<bpmn:process id={quoteattr(name)} isExecutable="true">',
        '<bpmn:startEvent id="start"><bpmn:outgoing>to_call</bpmn:outgoing></bpmn:startEvent>',
    ]
    calls = ["call"] + [f"call_{number}" for number in range(2, tasks + 1)]
    for before, call, after in zip(["start"] + calls, calls, calls[1:] + ["done"]):
        lines += [
            f'<bpmn:sequenceFlow id="to_{call}" sourceRef="{before}" targetRef="{call}"/>',
            f'<bpmn:serviceTask id="{call}"><bpmn:extensionElements>',
            f'<zeebe:taskDefinition type={quoteattr(job_type)} retries="{retries}"/>',
        ]
        if keys:
            lines.append("<zeebe:taskHeaders>" + "".join(keys) + "</zeebe:taskHeaders>")
        if mappings:
            lines.append("<zeebe:ioMapping>" + "".join(mappings) + "</zeebe:ioMapping>")
        lines.append(f"</bpmn:extensionElements><bpmn:incoming>to_{call}</bpmn:incoming>"
                     f"<bpmn:outgoing>to_{after}</bpmn:outgoing></bpmn:serviceTask>")
    lines += [
        f'<bpmn:sequenceFlow id="to_done" sourceRef="{calls[-1]}" targetRef="done"/>',
        '<bpmn:endEvent id="done"><bpmn:incoming>to_done</bpmn:incoming></bpmn:endEvent>',
    ]
    error = ""
    if catch is not None:
        reference = ' errorRef="error"' if catch else ""
        lines += [
            '<bpmn:boundaryEvent id="failed" attachedToRef="call"><bpmn:extensionElements><zeebe:ioMapping>'
            '<zeebe:output source="=error" target="error"/></zeebe:ioMapping></bpmn:extensionElements>'
            '<bpmn:outgoing>to_caught</bpmn:outgoing>'
            f'<bpmn:errorEventDefinition id="definition"{reference}/></bpmn:boundaryEvent>',
            '<bpmn:sequenceFlow id="to_caught" sourceRef="failed" targetRef="caught"/>',
            '<bpmn:endEvent id="caught"><bpmn:incoming>to_caught</bpmn:incoming></bpmn:endEvent>',
        ]
        if catch:
            error = f'<bpmn:error id="error" name="error" errorCode={quoteattr(catch)}/>\n'
    lines.append("</bpmn:process>\n")
    return (_HEAD + "\n".join(lines) + error + "</bpmn:definitions>\n").encode()
