"""Tasks of Camunda's AWS Lambda connector (template versions 1 to 8, and its hybrid form) as tasks of our template Invoke."""

import dataclasses
import re

from generator.regions import REGIONS

JOB_TYPE = "io.camunda:aws-lambda:1"
TEMPLATES = {"io.camunda.connectors.AWSLAMBDA.v1", "io.camunda.connectors.AWSLAMBDA.v2", "io.camunda.connectors.AWSLAMBDA.v2-hybrid"}
_REFERENCE = re.compile(r"\{\{\s*secrets\.([A-Za-z0-9][\w./-]*)\s*\}\}|(?:^|\")secrets\.([A-Za-z0-9][\w./-]*)(?:\"|$)")
_WHOLE_REFERENCE = re.compile(r"\{\{\s*secrets\.[\w./-]+\s*\}\}|secrets\.[\w./-]+")
_FEEL_TEXT = re.compile(r'=\s*"((?:[^"\\]|\\["\\])*)"\s*')
_LONGEST_CALL = 30 * 60 + 30


@dataclasses.dataclass
class Plan:
    """What becomes of one task. `values`: {field of Invoke: what a person would enter}. `inputs`, `headers`: what goes into the task
    beside the fields. `notes`: what changed its meaning, or needs a person. `stop`: why the task stays as it is.
    """

    job_type: str = "lambdaConnector.INVOKE"
    values: dict = dataclasses.field(default_factory=dict)
    inputs: dict = dataclasses.field(default_factory=dict)
    headers: dict = dataclasses.field(default_factory=dict)
    notes: list = dataclasses.field(default_factory=list)
    stop: str = ""


def is_one(task):
    return task.template in TEMPLATES or task.type == JOB_TYPE


def plan(task, text_payload="json"):
    """`text_payload`: how the runtime of before sent text, "json" (as JSON when it is JSON, up to 8.8.6) or "quoted" (later)."""
    out = Plan()
    inputs, headers = dict(task.inputs), dict(task.headers)
    if inputs.pop("awsCredential", ""):
        out.stop = ("it uses a reusable credential (awsCredential), which the worker does not know: give the worker a credential profile, choose "
                    "it in the task after taking the credential away, and migrate again")
        return out
    if task.type != JOB_TYPE:
        out.job_type = task.type
        out.notes.append(f"its job type is its own: the worker must serve {task.type}=invoke")
    _function(inputs, out)
    _payload(inputs, out, text_payload)
    _region(inputs, out)
    _credentials(inputs, out)
    _secrets(task.inputs, out)
    _results(task, headers, out)
    _retries(task, headers, out)
    for name in ("elementTemplateId", "elementTemplateVersion"):
        headers.pop(name, None)
    inputs.pop("awsFunction.operationType", None)  # without effect, one word only
    for target, source in inputs.items():
        out.inputs[target] = source
        out.notes.append(f"the input mapping {target} is not of that template; it stays")
    for key, value in headers.items():
        out.headers[key] = value
        out.notes.append(f"the header {key} is not of that template; it stays")
    return out


def _function(inputs, out):
    out.values["functionName"] = inputs.pop("awsFunction.functionName", "")
    if not out.values["functionName"]:
        out.stop = "it names no function"


def _payload(inputs, out, text_payload):
    payload = inputs.pop("awsFunction.payload", "")
    if payload:
        out.values["payload"] = payload
    if text_payload == "quoted":
        out.values["payloadFormat"] = "text"


def _region(inputs, out):
    region = inputs.pop("configuration.region", "") or inputs.pop("awsFunction.region", "")
    inputs.pop("awsFunction.region", None)
    if region in REGIONS:
        out.values["region"] = region
    elif region:
        out.values["regionText"] = region
    if endpoint := inputs.pop("configuration.endpoint", ""):
        out.values["endpoint"] = endpoint
        out.notes.append("it has an endpoint: the worker's operator must allow its host (ALLOWED_HOSTS)")


def _credentials(inputs, out):
    # Without a type (up to version 3) the keys count.
    kind = inputs.pop("authentication.type", "credentials")
    keys = {name: inputs.pop(f"authentication.{name}", "") for name in ("accessKey", "secretKey")}
    if kind == "defaultCredentialsChain":
        return
    if kind != "credentials":
        out.stop = f"its authentication.type is {kind}, which is decided while the process runs"
        return
    out.values["authenticationType"] = "static"
    for name, (field, place) in {"accessKey": ("accessKeyId", "accessKeyId"), "secretKey": ("secretAccessKey", "secretAccessKey")}.items():
        value = _plain(keys[name])
        if not value.startswith("="):
            out.values[field] = value
            if not _WHOLE_REFERENCE.fullmatch(value):
                out.notes.append(f"{name} is in clear: put it into a secret of the worker, and write {{{{secrets.NAME}}}}")
            continue
        out.inputs[f"lambda.authentication.{place}"] = value
        out.notes.append(f"{name} is an expression, so it stays an input mapping (lambda.authentication.{place}); the form has no place for it")


def _plain(source):
    """The text of a FEEL expression that is only a text."""
    found = _FEEL_TEXT.fullmatch(source)
    return re.sub(r"\\(.)", r"\1", found.group(1)) if found else source


def _secrets(inputs, out):
    """References in variables count when the model lists them; those in headers need no entry."""
    held = [source for target, source in inputs.items() if not target.startswith("authentication.")]
    held += out.inputs.values()
    names = sorted({one or other for source in held for one, other in _REFERENCE.findall(source)})
    if names:
        out.values["secrets"] = ", ".join(names)
        out.notes.append(f"its inputs refer to secrets, now listed: {', '.join(names)}. Better each with its place, such as payload.token:"
                         f"{names[0]}")


def _results(task, headers, out):
    # A function that failed completed the task.
    out.values["onFunctionError"] = "complete"
    for name in ("resultVariable", "resultExpression", "errorExpression"):
        if value := headers.pop(name, ""):
            out.values[name] = value
    if "resultVariable" not in out.values and "resultExpression" not in out.values:
        # Nothing reached the process.
        out.values["resultExpression"] = "={}"
    elif "errorExpression" in out.values:
        out.notes.append("its error expression saw the variables that the result headers make; now it sees the response (statusCode, payload, "
                         "error and more): look whether it names such variables")
    if task.outputs:
        out.notes.append("its output mappings stay")
    if "errorExpression" in out.values:
        out.notes.append("its error expression stays, but the codes of calls that fail are the worker's own, such as NOT_FOUND and "
                         "TOO_MANY_REQUESTS: look whether it names others")
        out.notes.append("its error expression saw no error when the function failed; now error is there, with the code FUNCTION_ERROR")
    else:
        out.notes.append("a call that is refused for good becomes an incident at once; before, the retries were used up first")


def _retries(task, headers, out):
    if task.retries:
        out.values["retries"] = task.retries
    if pause := headers.pop("retryBackoff", ""):
        out.values["retryBackoff"] = pause
    else:
        out.notes.append("it has no pause between tries, and had none; now the worker waits 1 s to 5 min, longer with each try. PT0S: none")
    if longest := headers.pop("jobTimeout", ""):
        seconds = _seconds(longest)
        if seconds is None or seconds <= _LONGEST_CALL:
            out.values["timeout"] = longest
        else:
            out.notes.append(f"its jobTimeout {longest} is left out: no call takes longer than PT30M30S")


def _seconds(text):
    found = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", text)
    if not found:
        return None
    return sum(float(part or 0) * factor for part, factor in zip(found.groups(), (86400, 3600, 60, 1)))
