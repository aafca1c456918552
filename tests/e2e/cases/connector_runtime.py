"""Forty jobs of io.camunda:aws-lambda:1, each done by the real connector runtime and by the worker, on the same engine and stand-in for
Lambda: what the engine is told must be the same, field by field. A difference that is meant is named in the job's row; it must be there,
and templates/README.md ("What changes when you switch") has its line.
"""

import json
import re

import bpmn
import broker
import connector_runtime
import standins
from harness import check

SCALE = 1
WORKER = {}
BUDGET = 400
FULL = True

_SECRETS = {"SECRET_KEY_ID": standins.KEY[0], "SECRET_KEY": standins.KEY[1], "SECRET_TOKEN": "t0ken-of-the-forty-jobs",
            "SECRET_NESTED": "x secrets.TOKEN x", "SECRET_FUNCTION": "no-such-function-t0ken", "SECRET_MY_DB_KEY": "db-of-the-forty-jobs"}
_R = {"resultVariable": "r"}

# What may differ, and the line of templates/README.md that says so.
RETRIES = "error that will not pass"
REPEATED = "result expression that fails in its evaluation"
UNREADABLE = "expression that cannot be read"
NOT_JSON = "answer that is no JSON"
NUMBERS = "numbers of the payload"
NESTED = "a secret's value that looks like a reference"
INPUT_TEXT = "message of `error` for wrong inputs"
ASYNC = "`operationType` `async`"
EMPTY_HEADER = "empty `retryBackoff`"
JOB_ERROR = "variables of `jobError`"
WAIT = "wait that Lambda asks for"


def row(name, function="echo", given=None, headers=None, differs=None, **parts):
    """`inputs`: over the usual ones, None takes one away. `catch`: of the boundary event. `retries`: at first."""
    return dict(parts, name=name, function=function, given=given, headers=_R if headers is None else headers, differs=differs)


ROWS = [
    # answers
    row("object", given={"id": 7, "list": [1, "two", None, True]}),
    row("list", given=[1, 2, {"a": "b"}]),
    row("number", given=42),
    row("text", given="str"),
    row("text that is JSON", given='{"key":"value"}'),
    row("text in quotes", given='"quoted"'),
    row("empty text", given=""),
    row("boolean", given=False),
    row("long and decimal numbers", given={"long": 9007199254740993, "most": 9223372036854775807, "d": 0.5}),
    row("nothing is stored", given=1, headers={}),
    row("function error", "fail", {"type": "NoStock", "message": "sold out"}),
    row("version", "versioned:PROD", {}),
    row("answer is text", "not-json", {}, differs=NOT_JSON),
    row("answer is empty", "empty", {}, differs=NOT_JSON),
    row("asynchronous", given={}, inputs={"awsFunction.operationType": bpmn.text("async")}, differs=ASYNC),
    # result expressions
    row("result expression", given={"n": 2}, headers={"resultExpression": "={a: payload.n + 1, status: statusCode, all: response.payload}"}),
    row("both result headers", given={"n": 2}, headers=dict(_R, resultExpression="={r: payload.n, v: executedVersion}")),
    row("result expression without =", given={"n": 2}, headers={"resultExpression": "{ a: payload.n // comment\n }"}),
    row("null result", given={"n": 2}, headers={"resultExpression": "=null"}),
    row("null entries", given={}, headers={"resultExpression": "={a: payload.none}"}),
    row("result that is a list", given={}, headers={"resultExpression": "=[1]"}, differs=INPUT_TEXT),
    row("result expression fails", given={}, headers={"resultExpression": "={a: payload.fn(1)}"}, differs=REPEATED),
    row("result expression is none", given={}, headers={"resultExpression": "={a: "}, differs=UNREADABLE),
    # error expressions
    row("BPMN error of a function error", "fail", {"type": "NoStock", "message": "sold out"}, catch="",
        headers={"errorExpression": '=if payload.errorType != null then bpmnError(payload.errorType, payload.errorMessage, {error: payload.errorType}) else null'}),
    row("BPMN error of an exception", "no-such-function", {}, catch="NOT_FOUND",
        headers={"errorExpression": '=if ends with(error.type, ".ResourceNotFoundException") then bpmnError("NOT_FOUND", "none", {error: error.type}) else null'}),
    row("status in the message", "no-such-function", {}, catch="404",
        headers={"errorExpression": '=if contains(error.message, "Status Code: 404,") then bpmnError("404", error.message, {error: error.message}) else null'}),
    row("AccessDenied is a LambdaException", given={}, catch="",
        inputs={"authentication.secretKey": bpmn.text("wrong")},
        headers={"errorExpression": '=bpmnError("E", error.type, {error: string(error.code = null)})'}),
    row("no error", given={"n": 1}, headers=dict(_R, errorExpression="=null")),
    row("mapped variables hide the response", given={"n": 1}, catch="",
        headers=dict(_R, errorExpression='=if statusCode = null and r.statusCode = 200 then bpmnError("HIDDEN", "x", {error: string(response.r.payload.n)}) else null')),
    row("job error", given={}, headers={"errorExpression": '=jobError("no luck", {x: 1}, 0)'}, message=True, differs=JOB_ERROR),
    row("job error with retries and back-off", given={}, retries=3,
        headers={"errorExpression": '=if job.retries > 2 then jobError("later", {}, 1, @"PT1S") else null'}, message=True),
    row("input exception seen", given={}, catch="", inputs={"configuration.region": bpmn.text("")},
        headers={"errorExpression": '=bpmnError("INPUT", error.type, {error: error.type})'}),
    row("error expression gives text", given={}, headers=dict(_R, errorExpression='="x"'), differs=INPUT_TEXT),
    # failures
    row("missing function", "no-such-function", {}, differs=RETRIES),
    row("throttled", "throttle-always", {}, differs=WAIT),
    row("throttled with back-off", "throttle-always", {}, headers={"retryBackoff": "pt1s"}),
    row("service exception", "service-exception", {}),
    row("blank name", " ", {}, differs=INPUT_TEXT),
    row("no region", given={}, inputs={"configuration.region": None}, differs=INPUT_TEXT),
    row("null payload", given=None, differs=INPUT_TEXT),
    row("unreadable back-off", given={}, headers={"retryBackoff": "30"}, differs=INPUT_TEXT),
    row("empty back-off", given={}, headers=dict(_R, retryBackoff=""), differs=EMPTY_HEADER),
    # secrets
    row("both notations", given={"a": "Bearer {{secrets.TOKEN}}", "b": ["secrets.TOKEN", "mysecrets.TOKEN"], "secrets.TOKEN": 1}),
    row("relaxed name", given={"a": "{{secrets.my-db.key}}"}),
    row("missing secret", given={"a": "{{secrets.NONE}}"}, differs=INPUT_TEXT),
    row("missing secret in prose", given={"a": "see secrets.nothing here"}, differs=INPUT_TEXT),
    row("value that refers", given={"a": "secrets.NESTED"}, differs=NESTED),
    row("masked name", "{{secrets.FUNCTION}}", {}, headers={}, differs=RETRIES),
]


def prepare():
    connector_runtime.prepare()


def case_forty_jobs_end_alike(e2e):
    port = broker.free_ports(1)[0]
    aws = e2e.standins_beside("runtime", "--any-sdk", "--plain-port", port)
    endpoint = {"AWS_ENDPOINT_URL_LAMBDA": aws.info["lambdaPlainEndpoint"]}
    runtime = connector_runtime.start(e2e.engine.address, {**_SECRETS, **endpoint, "AWS_MAX_ATTEMPTS": "2"}, e2e.logs)
    e2e.worker_beside({**_SECRETS, **endpoint, "LAMBDA_CONNECTOR_JOB_TYPES": "io.camunda:aws-lambda:1",
                       "LAMBDA_CONNECTOR_DEFAULT_HEADERS": "stringPayload=quoted"})
    try:
        ends = {job_type: _ends(e2e, job_type) for job_type in (connector_runtime.JOB_TYPE, "io.camunda:aws-lambda:1")}
    finally:
        runtime.kill()
        aws.stop()
    wrong = []
    for one, theirs, ours in zip(ROWS, *ends.values()):
        if (theirs == ours) == (one["differs"] is None):
            continue
        if one["differs"] is None:
            wrong.append(f"{one['name']}: {_difference(theirs, ours)}")
        else:
            wrong.append(f"{one['name']}: the difference \"{one['differs']}\" is not there any more")
    e2e.note(f"{len(ROWS)} jobs, {sum(one['differs'] is not None for one in ROWS)} with a difference that is meant")
    check(not wrong, f"{len(wrong)} jobs end otherwise than they should:\n" + "\n".join(wrong))


def case_each_difference_has_its_line(_e2e):
    page = (connector_runtime.artifacts.ROOT / "templates" / "README.md").read_text()
    listed = page.split("## What changes when you switch\n")[1].split("\n## ")[0]
    for one in ROWS:
        check(one["differs"] is None or one["differs"] in listed, f"templates/README.md says nothing of \"{one['differs']}\"")


def _ends(e2e, job_type):
    """How each row's job ended with that job type, in order."""
    keys = []
    for number, one in enumerate(ROWS):
        inputs = {"authentication.accessKey": bpmn.text("{{secrets.KEY_ID}}"), "authentication.secretKey": bpmn.text("secrets.KEY"),
                  "configuration.region": bpmn.text(standins.REGION), "awsFunction.functionName": bpmn.text(one["function"]),
                  "awsFunction.payload": "=given", **one.get("inputs", {})}
        name = f"forty_{number}_{re.sub('[^a-z]', '_', job_type)}"
        e2e.deploy(bpmn.process(name, {target: source for target, source in inputs.items() if source is not None}, one["headers"],
                                catch=one.get("catch"), job_type=job_type, retries=one.get("retries", 2)))
        keys.append(e2e.gateway.create(name, {"given": one["given"]}))
    return [_end(instance, one) for one, instance in zip(ROWS, e2e.settled(keys, 150))]


def _end(instance, one):
    commands = []
    for record in instance.jobs("COMPLETED", "FAILED", "ERROR_THROWN"):
        value = record["value"]
        # The message of a failed job is the worker's own, but for one that an expression gives.
        told = value["errorMessage"] if record["intent"] == "ERROR_THROWN" or one.get("message") else ""
        # A wait before no retry has no effect.
        wait = value["retryBackoff"] if value["retries"] else 0
        commands.append((record["intent"], value["retries"], wait, value["errorCode"], _clean(told)))
    local = {}
    for record in instance.of("VARIABLE", "CREATED", "UPDATED"):
        value = record["value"]
        if value["scopeKey"] != instance.key and value["name"] not in ("authentication", "configuration", "awsFunction"):
            local[value["name"]] = _clean(value["value"])
    process = {name: _clean(text) for name, text in instance.texts().items() if name != "given"}
    return {"commands": commands, "local": local, "process": process, "caught": instance.passed("caught")}


def _clean(text):
    """Without what is new in each call, and what the runtime puts behind the message of a job error."""
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)
    text = re.sub(r"\(SDK Attempt Count: \d+\)", "(SDK Attempt Count: N)", text)
    text = re.sub(r'"stackTrace":\[[^\]]*\]', '"stackTrace":[]', text)
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return re.sub(r" \| Error variables: .*", "", text, flags=re.S)


def _difference(theirs, ours):
    return "; ".join(f"{part}: {theirs[part]} at the runtime, {ours[part]} here" for part in theirs if theirs[part] != ours[part])
