"""From rows to element templates, in the form of Camunda's schema."""

import dataclasses
import pathlib
import urllib.parse

from generator.fields import FIELDS, Field
from generator.kept import add_kept

SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
_ICON = pathlib.Path(__file__).parent / "icon.svg"


def template_of(kind):
    """The element template of a kind, keys in the order in which a person reads them."""
    out = head_of(kind)
    out["properties"] = [*_hidden(kind), *(property_of(field_of(kind, name), group.id) for group in kind.groups for name in group.fields)]
    add_kept(out, kind.file, kind.kept)
    return out


def head_of(kind):
    out = {
        "$schema": SCHEMA,
        "name": kind.name,
        "id": kind.id,
        "version": kind.version,
        "description": kind.description,
        "keywords": ["aws", "lambda", "serverless", "function", *kind.keywords],
        "category": {"id": "connectors", "name": "Connectors"},
        "appliesTo": ["bpmn:Task"],
        "elementType": {"value": "bpmn:ServiceTask"},
        "engines": {"camunda": kind.engines},
        "icon": {"contents": icon()},
    }
    if not kind.outputs:
        out["entriesVisible"] = {"outputs": True}
    out["groups"] = [{"id": each.id, "label": each.label, "openByDefault": each.open} for each in kind.groups]
    return out


def icon():
    text = " ".join(_ICON.read_text().split()).replace("> <", "><").replace('"', "'")
    return "data:image/svg+xml," + urllib.parse.quote(text, safe=" ='/:;,()-+.")


def field_of(kind, name):
    """The row of a field with what the kind changes in it."""
    if name == "jobType":
        return Field(name, "Job type", {"type": "zeebe:taskDefinition", "property": "type"},
                     "The job type that the operator gave to a worker, such as billingLambda.INVOKE.",
                     value=kind.job_type, feel="optional", required=True)
    if name in kind.outputs:
        return Field(name, kind.outputs[name], {"type": "zeebe:output", "source": "=" + name},
                     "The process variable that it goes to. Empty: it stays in the task.", value=name)
    changes = dict(kind.changes.get(name, {}))
    row = FIELDS[name]
    if added := changes.pop("add_choice", None):
        changes["choices"] = (*row.choices, added)
    return dataclasses.replace(row, **changes)


def _hidden(kind):
    if not kind.editable_type:
        yield {"type": "Hidden", "value": kind.job_type, "binding": {"type": "zeebe:taskDefinition", "property": "type"}}
    for key, value in kind.sets.items():
        yield {"type": "Hidden", "value": value, "binding": {"type": "zeebe:taskHeader", "key": key}}


def property_of(field, group):
    out = {"id": field.id, "label": field.label, "description": field.description, "tooltip": field.tooltip, "group": group, "type": field.type,
           "value": field.value, "feel": field.feel, "optional": not field.required and field.binding["type"] != "zeebe:taskDefinition",
           "language": field.language, "placeholder": field.placeholder}
    if _is_always_written(field):
        out["optional"] = False
    if field.choices:
        out["choices"] = [{"name": name, "value": value} for value, name in field.choices]
    out["constraints"] = _constraints(field, out["optional"])
    out["condition"] = condition_of(field.when)
    out["binding"] = field.binding
    return {key: value for key, value in out.items() if value not in ("", False, None, {}) or key == "binding"}


def _is_always_written(field):
    """A choice with a preset has no empty word."""
    return field.type == "Dropdown" and field.value != ""


def _constraints(field, optional):
    out = {}
    if field.required and field.type != "Dropdown":
        out["notEmpty"] = True
    if field.pattern:
        whole, message = field.pattern
        words = [whole]
        if field.feel:
            words.insert(0, r"=[\s\S]*")
        if not field.required:
            words.append("undefined")  # what the modeler's library makes of an empty field before it compares
        out["pattern"] = {"value": f"^(?:{'|'.join(words)}){'' if field.required else '?'}$", "message": message}
    if field.refuse:
        part, message = field.refuse
        out["pattern"] = {"value": rf"^(?![\s\S]*(?:{part}))", "message": message}
    if out and optional:
        out["notEmpty"] = False
    return out


def condition_of(when):
    simple = [_simple(field, words) for field, words in when]
    if len(simple) > 1:
        return {"allMatch": simple}
    return simple[0] if simple else None


def _simple(field, words):
    if words is None:
        return {"type": "simple", "property": field, "isEmpty": True}
    key, value = ("equals", words[0]) if len(words) == 1 else ("oneOf", list(words))
    return {"type": "simple", "property": field, key: value}
