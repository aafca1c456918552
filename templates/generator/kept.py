"""Fields for what an older version of a template wrote in another place of the task.

A modeler finds the values of a task by their place (binding), not by the field. So an update to a new version takes away what the new version
has in another place. A kept field has the old place. The form shows it only while the task has a value there, so a new task never has it; and it
goes, with its value, when the person enters the same in its new field.
"""

import dataclasses
import json
import pathlib

_VERSIONS = pathlib.Path(__file__).resolve().parent.parent / "versions"


@dataclasses.dataclass(frozen=True)
class Kept:
    """A field of an older version. `now`: the field that takes its place; while that is empty, the old one counts. `words`: of a choice, those
    that do not mean the same as nothing. `when`: as in Field, over fields of the older version; without it the field shows by its own value.
    `hides`: the new field is in the form only while this one is empty, because it has a preset, which would win.
    """

    id: str
    now: str = ""
    words: tuple = ()
    when: tuple = ()
    hides: str = ""


def own_id(name, version):
    return f"{name}OfVersion{version}"


def group_of(version):
    return {"id": f"version{version}", "label": f"Kept from version {version}", "openByDefault": True}


def is_kept(field):
    """Whether a property of a template is one of these."""
    return field.get("group", "").startswith("version")


def add_kept(template, file, kept):
    """Adds the groups and fields to a template. `kept`: {version: rows}."""
    for version, rows in kept.items():
        old = json.loads((_VERSIONS / f"{file}-{version}.json").read_text())
        fields = {each["id"]: each for each in old["properties"] if "id" in each}
        template["groups"].append(group_of(version))
        for row in rows:
            template["properties"].append(_property(row, fields[row.id], version, template))
            _hide(template, row, version)


def _property(row, old, version, template):
    labels = {each["id"]: each["label"] for each in template["properties"] if "id" in each}
    instead = f' Use the field "{labels[row.now]}" instead, and this one goes.' if row.now else ""
    out = {"id": own_id(row.id, version), "label": f"{old['label']} (v{version})",
           "tooltip": f"Version {version} of the template had this field, and the task keeps its value.{instead}",
           "group": f"version{version}", **{key: old[key] for key in ("type", "feel", "optional", "language", "choices", "constraints") if key in old}}
    if not row.when:  # such a field goes when it is emptied
        out["optional"] = True
    if "constraints" in out and out.get("optional"):
        out["constraints"] = {**out["constraints"], "notEmpty": False}
    conditions = _conditions(row, version)
    out["condition"] = conditions[0] if len(conditions) == 1 else {"allMatch": conditions}
    out["binding"] = old["binding"]
    return out


def _conditions(row, version):
    out = [{"type": "simple", "property": row.now, "isEmpty": True}] if row.now and not row.hides else []
    for name, words in row.when:
        out.append(_is(own_id(name, version), words))
    if row.words:
        out.append(_is(own_id(row.id, version), row.words))
    elif not row.when:
        out.append({"type": "simple", "property": own_id(row.id, version), "isEmpty": False})
    return out


def _is(name, words):
    key, value = ("equals", words[0]) if len(words) == 1 else ("oneOf", list(words))
    return {"type": "simple", "property": name, key: value}


def _hide(template, row, version):
    if not row.hides:
        return
    new = next(each for each in template["properties"] if each.get("id") == row.hides)
    if "condition" in new:
        raise ValueError(f"{row.hides} has a condition already")
    place = list(new).index("binding")
    items = list(new.items())
    items.insert(place, ("condition", {"type": "simple", "property": own_id(row.id, version), "isEmpty": True}))
    new.clear()
    new.update(items)
