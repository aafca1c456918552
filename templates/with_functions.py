#!/usr/bin/env python3
"""A template whose field for the function is a choice of your functions.

    lambda-connector check --functions > functions.json
    templates/with_functions.py functions.json lambda-connector-invoke > invoke-of-our-account.json

The copy has an id of its own, so a modeler shows it beside the template that it comes from.
"""

import argparse
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent


def with_functions(template, choices):
    """ValueError: no field for a function's name, or no list of functions."""
    field = next((each for each in template["properties"] if each.get("id") == "functionName"), None)
    if field is None:
        raise ValueError(f"the template {template['id']} has no field for a function")
    if not isinstance(choices, list) or not choices or not all(isinstance(each, dict) and each.get("name") and each.get("value") for each in choices):
        raise ValueError("the file has no list of functions, as lambda-connector check --functions prints it")
    chosen = {key: value for key, value in field.items() if key not in ("feel", "placeholder", "constraints")}
    chosen |= {"type": "Dropdown", "choices": [{"name": each["name"], "value": each["value"]} for each in choices],
               "constraints": {"notEmpty": True}}
    return {**template, "id": template["id"] + ".chosen", "name": template["name"] + " (of a list)",
            "properties": [chosen if each is field else each for each in template["properties"]]}


def main():
    options = argparse.ArgumentParser(description="A template whose field for the function is a choice of your functions.")
    options.add_argument("functions", type=pathlib.Path, help="what lambda-connector check --functions printed")
    options.add_argument("template", nargs="?", default="lambda-connector-invoke", help="a template of this folder (%(default)s)")
    given = options.parse_args()
    try:
        template = json.loads((FOLDER / f"{given.template.removesuffix('.json')}.json").read_text())
        made = with_functions(template, json.loads(given.functions.read_text()))
    except (OSError, ValueError) as problem:
        print(f"with_functions: {problem}", file=sys.stderr)
        return 2
    print(json.dumps(made, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
