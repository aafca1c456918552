"""BPMN documents: the task of checks/task.bpmn with a template applied, for each row of checks/values.json."""

import json
import pathlib
from xml.sax.saxutils import quoteattr

from generator.apply import apply

_CHECKS = pathlib.Path(__file__).resolve().parent.parent / "checks"
_ZEEBE = ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'


def documents(templates, sets=None):
    """{file name: text}; `templates`: {file name without ending: template}. `sets`: other rows than those of values.json."""
    frame = (_CHECKS / "task.bpmn").read_text()
    sets = sets or json.loads((_CHECKS / "values.json").read_text())
    return {f"{name}.bpmn": _document(frame, name, templates[each["template"]], each["values"]) for name, each in sets.items()}


def _document(frame, name, template, values):
    before, rest = frame.split('    <bpmn:task id="call" name="Charge card">\n')
    flows, after = rest.split("    </bpmn:task>\n", 1)
    known = (f'zeebe:modelerTemplate={quoteattr(template["id"])} zeebe:modelerTemplateVersion="{template["version"]}" '
             f'zeebe:modelerTemplateIcon={quoteattr(template["icon"]["contents"])}')
    task = [f'    <bpmn:serviceTask id="call" name="Charge card" {known}>', "      <bpmn:extensionElements>",
            *("        " + line for line in extension_lines(apply(template, values))), "      </bpmn:extensionElements>"]
    text = before + "\n".join(task) + "\n" + flows + "    </bpmn:serviceTask>\n" + after
    return text.replace("charge-order", name).replace(" id=\"definitions\"", _ZEEBE + " id=\"definitions\"")


def extension_lines(applied, zeebe="zeebe"):
    """The lines of the task's extension elements; `zeebe`: the document's prefix for that namespace."""
    out = [f"<{zeebe}:taskDefinition" + "".join(f" {key}={quoteattr(value)}" for key, value in applied.definition.items()) + " />"]
    mappings = [f"<{zeebe}:input source={quoteattr(source)} target={quoteattr(target)} />" for source, target in applied.inputs]
    mappings += [f"<{zeebe}:output source={quoteattr(source)} target={quoteattr(target)} />" for source, target in applied.outputs]
    out += _element(f"{zeebe}:ioMapping", mappings)
    out += _element(f"{zeebe}:taskHeaders",
                    [f"<{zeebe}:header key={quoteattr(key)} value={quoteattr(value)} />" for key, value in applied.headers])
    out += _element(f"{zeebe}:properties",
                    [f"<{zeebe}:property name={quoteattr(name)} value={quoteattr(value)} />" for name, value in applied.properties])
    return out


def _element(name, lines):
    return [f"<{name}>", *("  " + line for line in lines), f"</{name}>"] if lines else []
