"""All operations as one template with a menu (steps and presets), for modelers of engines from 8.10 on.

A choice says the operation. Every other field is shown for the operations whose own template has it. Each step of the menu is a preset
of that choice.
"""

import dataclasses

from generator.build import condition_of, field_of, head_of, property_of
from generator.kinds import ASYNC, CALLBACK, CREDENTIALS, DELETE, DURABLE, GET, GET_EXECUTION, INVOKE, LIST, REGION, URL, Group, Kind

FILE = "lambda-connector-operations"
OPERATIONS = {"invoke": INVOKE, "invokeAsync": ASYNC, "invokeDurable": DURABLE, "functionUrl": URL, "list": LIST, "get": GET, "delete": DELETE,
              "getExecution": GET_EXECUTION, "sendCallback": CALLBACK}
HEAD = Kind(
    file=FILE, id="lambda-connector.operations", version=1, name="AWS Lambda",
    description="Calls AWS Lambda functions, durable ones too, and lists, reads and deletes them.", job_type="", engines="^8.10",
    keywords=("invoke", "call", "list", "get", "delete"),
    groups=(Group("operation", "Operation", ("operation",), open=True),
            Group("function", "Function", ("functionName", "executionArn", "callbackId", "callback", "payload", "errorType", "errorMessage",
                                           "errorData", "wait", "pollInterval", *REGION, *CREDENTIALS), open=True),
            Group("list", "What to list", ("all", "maxItems", "marker", "fields"), open=True), INVOKE.groups[1],
            Group("execution", "More about the execution", ("durableRerun", "onCancel", "durablePrefix")), *INVOKE.groups[2:]))
# A field that one operation has in other words.
_OWN = {("functionUrl", "functionName"): "functionUrl", ("functionUrl", "onFunctionError"): "onFunctionUrlError",
        ("invokeAsync", "jobContextInPayload"): "jobContextInQueue", ("invokeDurable", "jobContextInPayload"): "jobContextInQueue",
        ("invokeDurable", "functionName"): "durableFunctionName", ("invokeDurable", "retries"): "durableRetries",
        ("sendCallback", "payload"): "callbackResult"}


def template():
    out = head_of(HEAD)
    out["properties"] = [*_hidden(), _choice(), *_fields()]
    out["steps"] = [{"name": kind.name, "description": kind.description, "keywords": list(kind.keywords), "presetId": name}
                    for name, kind in OPERATIONS.items()]
    out["presets"] = [{"id": name, "properties": {"operation": name}} for name in OPERATIONS]
    return out


def shown_for(made, operation):
    """The properties that are shown for an operation, as a template of their own that has no operations."""
    kept = [each for each in made["properties"] if _is_of(each, operation)]
    return {**made, "properties": [_without_operation(each) for each in kept if each.get("id") != "operation"]}


def _choice():
    return {"id": "operation", "label": "Operation", "tooltip": "What the task does. The fields below follow it.", "group": "operation",
            "type": "Dropdown", "value": "invoke", "choices": [{"name": kind.name, "value": name} for name, kind in OPERATIONS.items()],
            "binding": {"type": "zeebe:property", "name": "operation"}}


def _hidden():
    """Job type and fixed headers, each for the operations that have it."""
    fixed = {}
    for name, kind in OPERATIONS.items():
        for binding, value in (("", kind.job_type), *kind.sets.items()):
            fixed.setdefault((binding, value), []).append(name)
    for number, ((key, value), names) in enumerate(fixed.items(), 1):
        binding = {"type": "zeebe:taskHeader", "key": key} if key else {"type": "zeebe:taskDefinition", "property": "type"}
        made = {"id": f"fixed{number}", "type": "Hidden", "value": value, "condition": condition_of(_when(names)), "binding": binding}
        yield {key: value for key, value in made.items() if value}


def _fields():
    groups = {name: group.id for group in HEAD.groups for name in group.fields}
    for group in HEAD.groups[1:]:
        for name in group.fields:
            yield from _variants(name, group.id)
    extra = {name for kind in OPERATIONS.values() for group in kind.groups for name in group.fields} - groups.keys()
    if extra:
        raise ValueError(f"no group of {FILE} has {', '.join(sorted(extra))}")


def _variants(name, group):
    """The field, once for the operations that have it in the same words."""
    variants = {}
    for operation, kind in OPERATIONS.items():
        if any(name in each.fields for each in kind.groups):
            variants.setdefault(_OWN.get((operation, name), name), []).append(operation)
    for own, operations in variants.items():
        row = field_of(OPERATIONS[operations[0]], name)
        yield property_of(dataclasses.replace(row, id=own, when=(*_when(operations), *row.when)), group)


def _when(operations):
    return () if len(operations) == len(OPERATIONS) else (("operation", tuple(operations)),)


def _is_of(field, operation):
    return all(operation in each.get("oneOf", [each.get("equals")]) for each in _conditions(field) if each["property"] == "operation")


def _without_operation(field):
    rest = [each for each in _conditions(field) if each["property"] != "operation"]
    out = {key: value for key, value in field.items() if key != "condition"}
    if rest:
        out["condition"] = rest[0] if len(rest) == 1 else {"allMatch": rest}
    return out


def _conditions(field):
    condition = field.get("condition")
    return condition.get("allMatch", [condition]) if condition else []
