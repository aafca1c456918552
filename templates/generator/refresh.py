"""Documents that use our templates: their tasks with the newest version, and the values that a person entered."""

from generator import bpmn
from generator.apply import apply
from generator.documents import extension_lines


def refreshed(document, templates):
    """`document`: bytes. `templates`: {file name: template}. Tasks of other templates stay."""
    by_id = {each["id"]: each for each in templates.values()}
    changes = []
    for task in bpmn.tasks(document):
        if template := by_id.get(task.template):
            applied = apply(template, values_of(task, template))
            applied.outputs += [(source, target) for target, source in task.outputs.items()]
            changes.append((task, template_attributes(template), extension_lines(applied, bpmn.prefix(document, task))))
    return bpmn.rewritten(document, changes)


def template_attributes(template):
    """By what a modeler knows the template of a task, and shows its icon."""
    return {"modelerTemplate": template["id"], "modelerTemplateVersion": str(template["version"]),
            "modelerTemplateIcon": template["icon"]["contents"]}


def values_of(task, template):
    """{field: what stands in the task}. ValueError: the task has something that no field writes."""
    inputs, headers = dict(task.inputs), dict(task.headers)
    values = {}
    for each in template["properties"]:
        kind = each["binding"]["type"]
        if kind == "zeebe:taskDefinition":
            value = {"type": task.type, "retries": task.retries}[each["binding"]["property"]]
        elif kind == "zeebe:input":
            value = inputs.pop(each["binding"]["name"], "")
        elif kind == "zeebe:taskHeader":
            value = headers.pop(each["binding"]["key"], "")
        else:
            continue
        if "id" in each and value:
            values[each["id"]] = value
    if inputs or headers:
        raise ValueError(f"the task {task.id} has {', '.join([*inputs, *headers])}, which the template {template['id']} does not write")
    return values
