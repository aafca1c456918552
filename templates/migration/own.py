"""Tasks of version 1 of our template Invoke as tasks of its newest version: what a person entered goes to its field of today."""

from migration.existing import Plan, _plain
from generator.regions import REGIONS

TEMPLATE = "lambda-connector.invoke"
_SAME = ("functionName", "payload", "qualifier", "clientContext", "endpoint", "timeout", "functionTenantId", "durableExecutionName",
         "traceparent", "traceHeader")
_TO_HEADERS = ("payloadFormat", "invocationType", "logType")
_KEYS = ("accessKeyId", "secretAccessKey", "sessionToken")
_CREDENTIALS = {"type": "authenticationType", "name": "profileName", **{name: name for name in (*_KEYS, "roleArn", "externalId", "roleSessionName",
                                                                                                 "durationSeconds", "sessionTags")}}
_HEADERS = ("resultVariable", "onFunctionError", "bpmnErrors", "retryBackoff", "jobContextInPayload", "onError", "atMostOnce", "outputs",
            "maskPayload", "secrets")


def is_one(task):
    return task.template == TEMPLATE and task.version == "1"


def plan(task):
    out = Plan(job_type=task.type)
    inputs = {target.removeprefix("lambda."): source for target, source in task.inputs.items()}
    headers = dict(task.headers)
    headers.pop("inputs", None)
    for name in (*_SAME, *_TO_HEADERS):
        if value := inputs.pop(name, ""):
            out.values[name] = value
    if region := inputs.pop("region", ""):
        out.values["region" if region in REGIONS else "regionText"] = region
    for name, field in _CREDENTIALS.items():
        source = inputs.pop(f"authentication.{name}", "")
        value = source if name == "sessionTags" else _plain(source)
        if name == "durationSeconds":
            value = value.removeprefix("=")
        if not value:
            continue
        if value.startswith("=") and name != "sessionTags":
            out.inputs[f"lambda.authentication.{name}"] = value
            out.notes.append(f"{name} is an expression, so it stays an input mapping (lambda.authentication.{name}); the form has no place for it")
        else:
            out.values[field] = value
    if out.values.get("authenticationType") == "default":
        del out.values["authenticationType"]
    if task.retries:
        out.values["retries"] = task.retries
    for name in _HEADERS:
        if value := headers.pop(name, ""):
            out.values[name] = value
    if bound := headers.pop("jobTimeout", ""):
        out.headers["jobTimeout"] = bound
        out.notes.append("its upper bound of the whole job stays as the header jobTimeout; the form has one field for the longest time")
    out.inputs.update({f"lambda.{name}": source for name, source in inputs.items()})
    out.headers.update(headers)
    return out
