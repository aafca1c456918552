"""The page about all fields, for people who want to know what a choice writes into the task."""

import re

from generator.build import field_of

_HEAD = """# Fields of the element templates

`templates/generate.py` makes this page. For each field it says what the field is called in the form, which words its choices write
into the task, and where. An empty field writes nothing, unless the table gives a preset. [task-reference.md](task-reference.md) explains
inputs, headers and error codes.
"""


def page(kinds):
    out = [_HEAD]
    for kind in kinds:
        out += [f"## {kind.name}", "", f"`{kind.file}.json`, id `{kind.id}`, version {kind.version}. {kind.description} Job type: "
                f"`{kind.job_type}`{' unless the form says another' if kind.editable_type else ''}. Always written: {_sets(kind)}.", ""]
        if kind.like:
            out += [f"{kind.like}", ""]
            continue
        for group in kind.groups:
            out += [f"**{group.label}**", "", "| field | writes | what it says |", "|---|---|---|"]
            out += [_row(field_of(kind, name)) for name in group.fields]
            out.append("")
        for version, rows in kind.kept.items():
            out += [f"**Kept from version {version}**: the places of that version, in the form only while a task has a value there: "
                    f"{', '.join(f'`{each.id}`' for each in rows)}.", ""]
        reasons = {}
        for name, why in kind.without.items():
            reasons.setdefault(why, []).append(f"`{name}`")
        out += ["Without a field:", "", *(f"- {', '.join(names)}: {why}" for why, names in reasons.items()), ""]
    return "\n".join(out)


def _sets(kind):
    return ", ".join(f"`{key}` = `{value}`" for key, value in kind.sets.items())


def _row(field):
    words = "<br>".join(f"`{value}`: {name}" for value, name in field.choices if field.id != "region")
    preset = f"<br>preset `{field.value}`" if field.value else ""
    shown = "".join(f"<br>shown when {_when(*each)}" for each in field.when)
    place = _place(field.binding)
    text = ". ".join(filter(None, (field.tooltip.rstrip("."), field.description))) + "."
    required = " (required)" if field.required else ""
    return f"| {field.label}{required} | {place}{'<br>' + words if words else ''}{preset} | {_cell(text)}{_cell(shown)} |"


def _when(other, words):
    return f"`{other}` is {'empty' if words is None else ' or '.join(f'`{each}`' for each in words)}"


def _place(binding):
    kinds = {"zeebe:input": ("input", "name"), "zeebe:output": ("output mapping of", "source"), "zeebe:taskHeader": ("header", "key"),
             "zeebe:taskDefinition": ("task definition", "property"), "zeebe:property": ("property", "name")}
    word, key = kinds[binding["type"]]
    return f"{word} `{binding[key]}`"


def _cell(text):
    return re.sub(r"\{\{[\w.]+\}\}", r"`\g<0>`", text.replace("|", "\\|"))
