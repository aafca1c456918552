"""Kubernetes manifests beside the schemas of Kubernetes, and ours of the two kinds that other projects add.

`problems(text)` gives a line for each thing that is wrong; nothing is only a warning.
"""

import json
import pathlib
import sys

import packages

HERE = pathlib.Path(__file__).resolve().parent
SCHEMAS = HERE / "schemas"
# The oldest version that the manifests are for, and the newest that the checker knows.
VERSIONS = ("1.25", "1.37")


def checkers():
    """The folder of kubernetes-validate and hadolint."""
    return packages.python_path(HERE / "checker-packages.txt", "checkers")


def problems(text):
    _find_packages()
    import jsonschema
    import kubernetes_validate

    found = []
    for one in documents(text):
        name = f"{one.get('kind')} {one.get('metadata', {}).get('name')}"
        own = SCHEMAS / f"{str(one.get('kind')).lower()}.json"
        if own.exists():
            checks = jsonschema.Draft7Validator(json.loads(own.read_text()))
            found += [f"{name}: {'.'.join(map(str, each.path))}: {each.message}" for each in checks.iter_errors(one)]
            continue
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(one, version, strict=True)
            except kubernetes_validate.ValidationError as problem:
                found.append(f"{name} ({version}): {'.'.join(map(str, problem.path))}: {problem.message}")
            except (kubernetes_validate.SchemaNotFoundError, kubernetes_validate.InvalidSchemaError) as problem:
                found.append(f"{name} ({version}): {problem}")
    return found


def documents(text):
    _find_packages()
    import yaml

    return [one for one in yaml.safe_load_all(text) if one is not None]


def _find_packages():
    folder = str(checkers())
    if folder not in sys.path:
        sys.path.insert(0, folder)
