#!/usr/bin/env python3
"""Rewrites the tasks of Camunda's AWS Lambda connector in a BPMN document to our template Invoke.

    templates/migrate.py ORDER.bpmn NEW.bpmn             a copy with the tasks rewritten
    templates/migrate.py ORDER.bpmn                      only says what would change
    templates/migrate.py ORDER.bpmn NEW.bpmn --text-payload quoted

It takes all versions of the template (1 to 8, and the one with an own job type), tasks without a template that have its job type, and tasks
of version 1 of our own template Invoke. Everything else in the document stays byte for byte. It says what it changed, what it left, and what
a person should look at. Exit code: 0, 1 when a task was left, 2 when the document cannot be read or the copy not be written.
"""

import argparse
import json
import pathlib
import sys

from generator.apply import apply
from generator.documents import extension_lines
from generator.refresh import template_attributes
from generator import bpmn
from migration import existing, own

FOLDER = pathlib.Path(__file__).resolve().parent


def migrated(document, text_payload="json"):
    """(the new document, a line for each thing to tell, tasks that were left)."""
    changes, told, left = [], [], 0
    for task in bpmn.tasks(document):
        if existing.is_one(task):
            plan, of = existing.plan(task, text_payload), f"{task.template or 'no template'} {task.version}".rstrip()
        elif own.is_one(task):
            plan, of = own.plan(task), f"{task.template} {task.version}"
        else:
            continue
        if plan.stop:
            left += 1
            told.append(f"{task.id} ({of}): left as it is: {plan.stop}")
            continue
        hybrid = plan.job_type != "lambdaConnector.INVOKE"
        template = _template("lambda-connector-invoke-hybrid" if hybrid else "lambda-connector-invoke")
        applied = _applied(template, {**plan.values, **({"jobType": plan.job_type} if hybrid else {})}, plan, task)
        changes.append((task, template_attributes(template), extension_lines(applied, bpmn.prefix(document, task))))
        told.append(f"{task.id} ({of}): now {template['id']} {template['version']}")
        told += [f"  {note}" for note in plan.notes]
    return bpmn.rewritten(document, changes), told, left


def _applied(template, values, plan, task):
    out = apply(template, values)
    # A required field without a value has its place among the inputs.
    out.headers = [(key, value) for key, value in out.headers if value] + list(plan.headers.items())
    out.inputs += [(source, target) for target, source in plan.inputs.items()]
    out.outputs += [(source, target) for target, source in task.outputs.items()]
    return out


def _template(name):
    return json.loads((FOLDER / f"{name}.json").read_text())


def main():
    options = argparse.ArgumentParser(description="Rewrites tasks of Camunda's AWS Lambda connector to our template Invoke.")
    options.add_argument("document", type=pathlib.Path, help="a BPMN document")
    options.add_argument("copy", type=pathlib.Path, nargs="?", help="where the new document goes; without it nothing is written")
    options.add_argument("--text-payload", choices=("json", "quoted"), default="json",
                         help="what a payload that is text was for the runtime of before: JSON when it is JSON (up to 8.8.6, the default), or "
                              "always a JSON string (later)")
    given = options.parse_args()
    try:
        document, told, left = migrated(given.document.read_bytes(), given.text_payload)
        if given.copy:
            given.copy.write_bytes(document)
    except (bpmn.Refused, OSError) as problem:
        print(f"migrate: {given.document}: {problem}", file=sys.stderr)
        return 2
    print("\n".join(told) if told else "no task of that connector")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
