"""What is wrong with an element template that the official schema does not see, and where it and the worker's tables differ.

The schema lets pass: no $schema or another one, keys that do not exist, engines that are no range, a group that is not declared, an id
that stands twice, a condition on a field that does not exist, a condition without a type.
"""

import re
import urllib.parse

from generator.build import SCHEMA

_KEYS = {"$schema", "name", "id", "version", "description", "keywords", "category", "appliesTo", "elementType", "engines", "icon", "groups",
         "properties", "documentationRef", "entriesVisible", "steps", "presets"}
_RANGE = re.compile(r"\^[0-9]+\.[0-9]+(\.[0-9]+)?")
# What the properties panel of the modeler shows in one line.
_LONGEST_CHOICE = 44
_LONGEST_LABEL = 40
# A preset beats the operator's default headers, so each has a reason: a modeller expects that a failed function fails the task, and did
# not ask for the log.
_PRESETS = {"onFunctionError": "fail", "logType": "None"}


def findings(template):
    """One line for each mistake."""
    return [*_of_head(template), *_of_groups(template), *_of_properties(template), *_of_menu(template)]


def _of_head(template):
    if template.get("$schema") != SCHEMA:
        yield f"$schema must be {SCHEMA}"
    for key in template.keys() - _KEYS:
        yield f"unknown key {key}"
    if type(template.get("version")) is not int or template["version"] < 1:
        yield "version must be a whole number from 1"
    if not _RANGE.fullmatch(template.get("engines", {}).get("camunda", "")):
        yield f"engines.camunda is no version range: {template.get('engines')}"
    kind, _, svg = template.get("icon", {}).get("contents", "").partition(",")
    if kind != "data:image/svg+xml" or not re.fullmatch(r"<svg .*</svg>", urllib.parse.unquote(svg), re.S):
        yield "the icon is no SVG in a data URI"


def _of_groups(template):
    declared = [each["id"] for each in template["groups"]]
    used = {each.get("group") for each in template["properties"]}
    for name in {each for each in declared if declared.count(each) > 1}:
        yield f"the group {name} stands twice"
    for name in set(declared) - used:
        yield f"the group {name} is empty"
    for each in template["properties"]:
        if each["type"] != "Hidden" and each.get("group") not in declared:
            yield f"{_name(each)} is in the group {each.get('group')}, which is not declared"


def _of_properties(template):
    fields = {}
    for each in template["properties"]:
        if "id" in each and each["id"] in fields:
            yield f"the id {each['id']} stands twice"
        fields.setdefault(each.get("id"), each)
    for each in template["properties"]:
        yield from _of_words(each)
        yield from _of_values(each)
        for one in _conditions(each):
            yield from _of_condition(each, one, fields)
    yield from _bound_twice(template["properties"])


def _of_words(field):
    if field["type"] == "Hidden":
        return
    for key in ("id", "label", "tooltip", "group"):
        if not field.get(key):
            yield f"{_name(field)} has no {key}"
    if len(field.get("label", "")) > _LONGEST_LABEL:
        yield f"the label of {_name(field)} is cut after {_LONGEST_LABEL} characters"
    for choice in field.get("choices", []):
        if len(choice["name"]) > _LONGEST_CHOICE:
            yield f"the choice {choice['value']} of {_name(field)} is cut after {_LONGEST_CHOICE} characters"


def _of_values(field):
    words = [each["value"] for each in field.get("choices", [])]
    value = field.get("value", "")
    if words and value and value not in words:
        yield f"{_name(field)} is preset to none of its choices"
    if words and "" in words:
        yield f"{_name(field)} has an empty choice; an optional field has one of its own"
    key = field["binding"].get("key")
    if field["type"] == "Dropdown" and key in _PRESETS and _PRESETS[key] != value:
        yield f"{_name(field)} must be preset to {_PRESETS[key]}"
    if field["type"] == "Dropdown" and value and key not in _PRESETS and field["binding"]["type"] != "zeebe:property":
        yield f"{_name(field)} writes its preset into each task, over the operator's default header"
    yield from _of_pattern(field)


def _of_pattern(field):
    constraints = field.get("constraints", {})
    if field.get("optional") and constraints and constraints.get("notEmpty") is not False:
        yield f"{_name(field)} is optional and has constraints, so it says notEmpty: false"
    if "pattern" not in constraints:
        return
    try:
        pattern = re.compile(constraints["pattern"]["value"])
    except re.error as problem:
        yield f"the pattern of {_name(field)} is not a pattern: {problem}"
        return
    for key in ("value", "placeholder"):
        if field.get(key) and not pattern.search(field[key]):
            yield f"the {key} of {_name(field)} does not match its own pattern"
    if field.get("optional") and not (pattern.search("") and pattern.search("undefined")):
        yield f"the pattern of {_name(field)} refuses an empty field"


def _of_condition(field, condition, fields):
    if condition.get("type") != "simple":
        yield f"a condition of {_name(field)} has no type"
    other = fields.get(condition.get("property"))
    if other is None:
        yield f"{_name(field)} depends on {condition.get('property')}, which does not exist"
        return
    choices = [each["value"] for each in other.get("choices", [])]
    for value in condition.get("oneOf", [condition["equals"]] if "equals" in condition else []):
        if choices and value not in choices:
            yield f"{_name(field)} waits for {other['id']} to be {value}, which is no choice"


def _bound_twice(properties):
    """Two fields may have one binding only when their conditions cannot hold together."""
    for number, one in enumerate(properties):
        for other in properties[number + 1:]:
            if one["binding"] == other["binding"] and not _exclude_each_other(one, other):
                yield f"{_name(one)} and {_name(other)} are bound to the same: {one['binding']}"


def _exclude_each_other(one, other):
    ours = {each["property"]: _words(each) for each in _conditions(one)}
    theirs = {each["property"]: _words(each) for each in _conditions(other)}
    return any(name in theirs and not words & theirs[name] for name, words in ours.items())


def _of_menu(template):
    presets = {each["id"] for each in template.get("presets", [])}
    fields = {each["id"]: each for each in template["properties"] if "id" in each}
    used = set(_presets_of(template.get("steps", [])))
    for name in used ^ presets:
        yield f"the preset {name} has no step, or the step no preset"
    for preset in template.get("presets", []):
        for name, value in preset["properties"].items():
            if name not in fields:
                yield f"the preset {preset['id']} sets {name}, which does not exist"
            elif value not in [each["value"] for each in fields[name].get("choices", [])] + [fields[name].get("value")]:
                yield f"the preset {preset['id']} sets {name} to {value}, which is no choice"


def _presets_of(steps):
    for step in steps:
        yield from [step["presetId"]] if "presetId" in step else _presets_of(step["steps"])


def _conditions(field):
    condition = field.get("condition")
    return [] if not condition else condition.get("allMatch", [condition])


def _words(condition):
    return set(condition.get("oneOf", [condition.get("equals")]))


def _name(field):
    return field.get("id") or str(field["binding"])
