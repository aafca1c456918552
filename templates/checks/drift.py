"""A template against the worker's own tables (`lambda-connector print-task-tables`): no input or header without a field, no field without
an input or header, the same words.
"""

from generator.kept import is_kept


def differences(kind, template, tables, shared_credentials=False):
    """One line for each; `kind` says what has no field on purpose. `shared_credentials`: the field is that of several operations, so it
    offers every type of credentials.
    """
    operation = next((each for each in tables["operations"] if each["jobType"] == kind.job_type), None)
    if operation is None:
        return [f"no operation is served under {kind.job_type}"]
    known = _known(operation, tables["headers"])
    types = _words(known["authentication.type"])
    if shared_credentials:
        types = {each for other in tables["operations"] for each in _words(_known(other, [])["authentication.type"])}
    elif "authentication.none" in kind.without:
        types.discard("none")
    known["authentication.type"]["words"] = "|".join(types)
    return [*_fields(kind, template, known), *_results(kind, operation)]


def _known(operation, headers):
    """{name: row} of the inputs and headers; the credentials by their fields."""
    known = {each["name"]: dict(each) for each in [*headers, *operation["inputs"]]}
    authentication = known.pop("authentication")
    for field in authentication["fields"].split("|"):
        known[f"authentication.{field}"] = {"words": authentication["types"] if field == "type" else ""}
    return known


def _words(row):
    return set(filter(None, row["words"].split("|")))


def _fields(kind, template, known):
    bound = {}
    for each in template["properties"]:
        name = _task_name(each["binding"])
        if is_kept(each):
            yield from _kept(name, known.get(name), each)
        elif name:
            bound.setdefault(name, []).append(each)
    for name in sorted(bound.keys() - known.keys()):
        yield f"a field for {name}, which is no input and no header"
    for name, row in known.items():
        fields = [each for each in bound.get(name, []) if each["type"] != "Hidden"]
        if fields and name in kind.without:
            yield f"{name} has a field, and a reason to have none"
        if name not in bound and name not in kind.without:
            yield f"no field for {name}"
        if name not in bound and row.get("required"):
            yield f"{name} is required and has no field"
        for each in fields:
            yield from _field(name, row, each)
    for name in sorted(kind.without.keys() - known.keys() - {"authentication.none"}):
        yield f"a reason why {name} has no field, which is no input and no header"


def _kept(name, row, field):
    """A field of an older version: the worker must still take what it writes."""
    if row is None:
        yield f"a field of an older version for {name}, which is no input and no header"
    elif _words(row) and not {choice["value"] for choice in field.get("choices", [])} <= _words(row):
        yield f"{name} takes {row['words']}, the field of an older version offers more"


def _field(name, row, field):
    offered = {choice["value"] for choice in field.get("choices", [])}
    if _words(row) and offered != _words(row):
        yield f"{name} takes {'|'.join(sorted(_words(row)))}, the field offers {'|'.join(sorted(offered)) or 'a text'}"
    if row.get("required") and not field.get("constraints", {}).get("notEmpty"):
        yield f"{name} is required, its field is not"


def _results(kind, operation):
    """The Alfresco names are those of the results with a word in front."""
    plain = {"Status": "statusCode", "Error": "error"}
    results = {*operation["outputs"], "error"}
    for name in kind.outputs:
        word = name.removeprefix("lambda")
        if plain.get(word, word.lower()) not in results:
            yield f"an output {name}, which is no result"


def _task_name(binding):
    """The input or header that a binding gives; None when it is something else."""
    if binding["type"] == "zeebe:taskHeader":
        return binding["key"]
    if binding["type"] == "zeebe:input":
        return binding["name"].removeprefix("lambda.")
    return None
