"""What a modeler writes into a task when a template is applied and a person fills in fields."""

import dataclasses


@dataclasses.dataclass
class Applied:
    """The content of the task, in the order of the template's properties. `definition`: type and retries."""

    definition: dict = dataclasses.field(default_factory=dict)
    inputs: list = dataclasses.field(default_factory=list)  # (source, target)
    outputs: list = dataclasses.field(default_factory=list)  # (source, target)
    headers: list = dataclasses.field(default_factory=list)  # (key, value)
    properties: list = dataclasses.field(default_factory=list)  # (name, value)


def apply(template, values):
    """`values`: {field id: text}; a field without one has its preset. ValueError: no such field, or one whose condition does not hold."""
    fields = {each["id"]: each for each in template["properties"] if "id" in each}
    if unknown := set(values) - set(fields):
        raise ValueError(f"{template['id']} has no field {', '.join(sorted(unknown))}")
    out = Applied()
    for each in template["properties"]:
        if not _holds(each.get("condition"), fields, values, each.get("id")):
            if each.get("id") in values:
                raise ValueError(f"{template['id']}: the field {each['id']} is not shown beside these values")
            continue
        value = _value(each, values)
        if value or not each.get("optional"):
            _write(out, each["binding"], value)
    return out


def _value(field, values):
    return values.get(field.get("id"), field.get("value", ""))


def _holds(condition, fields, values, name):
    """`name`: whose condition it is. A field that shows by its own value has a condition on itself."""
    if not condition:
        return True
    if "allMatch" in condition:
        return all(_holds(each, fields, values, name) for each in condition["allMatch"])
    other = fields[condition["property"]]
    shown = condition["property"] == name or _holds(other.get("condition"), fields, values, other["id"])
    value = _value(other, values) if shown else ""
    if "isEmpty" in condition:
        return (not value) == condition["isEmpty"]
    return value in condition.get("oneOf", [condition.get("equals")])


def _write(out, binding, value):
    kind = binding["type"]
    if kind == "zeebe:taskDefinition":
        out.definition[binding["property"]] = value
    elif kind == "zeebe:input":
        out.inputs.append((value, binding["name"]))
    elif kind == "zeebe:output":
        out.outputs.append((binding["source"], value))
    elif kind == "zeebe:taskHeader":
        out.headers.append((binding["key"], value))
    elif kind == "zeebe:property":
        out.properties.append((binding["name"], value))
    else:
        raise ValueError(f"no task has a place for the binding {kind}")
