"""Every input and header name that a modeller can use is accepted by the engine and reaches the job under that name.

No worker: the test takes the jobs itself, so it sees what a worker would be given.
"""

import json

import grpc

import bpmn
from harness import check, same

SCALE = 1
WORKER = None
BUDGET = 60

_AUTHENTICATION = ("type", "accessKeyId", "secretAccessKey", "sessionToken", "roleArn", "externalId", "roleSessionName",
                   "durationSeconds", "name")
# Of all operations.
_INPUTS = ("functionName", "payload", "payloadFormat", "qualifier", "invocationType", "logType", "clientContext",
           "functionTenantId", "durableExecutionName", "traceparent", "traceHeader", "region", "endpoint", "timeout",
           "marker", "maxItems", "all", "fields", "executionArn", "callbackId", "callback", "errorType", "errorMessage", "errorData")
_HEADERS = _INPUTS + ("inputs", "profile", "jobTimeout", "resultVariable", "resultExpression", "errorExpression", "outputs", "onFunctionError",
                      "onError", "bpmnErrors", "retryBackoff", "atMostOnce", "secrets", "maskPayload", "jobContextInPayload", "jobContext",
                      "stringPayload", "retryPermanentErrors",
                      "durable", "wait", "pollInterval", "onCancel", "durablePrefix", "durableRerun",
                      "authentication", "function")
_RESULTS = ("statusCode", "executedVersion", "payload", "log", "error", "payloadEncoding", "requestId", "functionError",
            "durationMs", "billedDurationMs", "durableExecutionArn", "functions", "nextMarker", "configuration", "tags",
            "concurrency", "deleted", "status", "result", "executionError", "executionName", "functionArn", "version", "startTimestamp",
            "endTimestamp", "sent", "environmentNames", "lambdaPayload", "lambdaStatus", "lambdaLog", "lambdaError",
            "lambdaCall", "lambdaAttempt", "lambdaExecution")
_ERROR_FIELDS = ("code", "type", "message", "stackTrace", "requestId", "functionName")


def case_every_input_can_be_mapped_below_lambda(e2e):
    wanted = {name: f"value of {name}" for name in _INPUTS}
    wanted["authentication"] = {name: f"value of authentication.{name}" for name in _AUTHENTICATION}
    inputs = {f"lambda.{name}": bpmn.text(wanted[name]) for name in _INPUTS}
    inputs.update({f"lambda.authentication.{name}": bpmn.text(wanted["authentication"][name]) for name in _AUTHENTICATION})
    job = _job(e2e, "names-lambda", inputs=inputs)
    same(json.loads(job.variables), {"lambda": wanted}, "the job's variables")


def case_every_input_can_be_mapped_bare(e2e):
    wanted = {name: f"value of {name}" for name in _INPUTS + ("authentication",)}
    job = _job(e2e, "names-bare", inputs={name: bpmn.text(value) for name, value in wanted.items()})
    same(json.loads(job.variables), wanted, "the job's variables")


def case_every_input_and_setting_can_be_a_header(e2e):
    wanted = {name: f"value of {name}" for name in _HEADERS}
    job = _job(e2e, "names-headers", headers=wanted)
    same(json.loads(job.customHeaders), wanted, "the job's headers")


def case_every_result_can_be_mapped_out(e2e):
    outputs = {f"out_{name}": f"={name}" for name in _RESULTS}
    outputs.update({f"out_error_{name}": f"=error.{name}" for name in _ERROR_FIELDS})
    results = {name: f"value of {name}" for name in _RESULTS if name != "error"}
    results["error"] = {name: f"value of error.{name}" for name in _ERROR_FIELDS}
    job = _job(e2e, "names-results", outputs=outputs)
    e2e.gateway.complete(job.key, json.dumps(results))
    found = e2e.completed(e2e.settled([job.processInstanceKey], within=10)[0])
    for name in _RESULTS:
        same(found.get(f"out_{name}"), results[name], f"out_{name}")
    for name in _ERROR_FIELDS:
        same(found.get(f"out_error_{name}"), results["error"][name], f"out_error_{name}")


def case_function_cannot_be_a_mapping_target(e2e):
    _refused(e2e, "reserved words", inputs={"function": bpmn.text("echo")})
    _refused(e2e, "error.function", outputs={"name": "=error.function"})


def case_function_below_lambda_can_be_mapped(e2e):
    # So a modeller who writes it deploys without a complaint: it is the worker that has to name the right field.
    job = _job(e2e, "names-lambda-function", inputs={"lambda.function": bpmn.text("echo")})
    same(json.loads(job.variables), {"lambda": {"function": "echo"}}, "the job's variables")


def case_function_can_be_a_header_and_a_process_variable(e2e):
    job = _job(e2e, "names-function", variables={"function": "echo"}, headers={"function": "echo"})
    same(json.loads(job.variables), {"function": "echo"}, "the job's variables")
    same(json.loads(job.customHeaders), {"function": "echo"}, "the job's headers")


def _job(e2e, name, variables=None, **parts):
    """The one job of a new instance of a new process. Each process has its own job type, which no worker serves."""
    e2e.deploy(bpmn.process(name, job_type=name, **parts))
    key = e2e.gateway.create(name, variables or {})
    job = e2e.gateway.activate(name)
    check(job.processInstanceKey == key, f"a job of instance {job.processInstanceKey}, expected {key}")
    return job


def _refused(e2e, reason, **parts):
    try:
        e2e.deploy(bpmn.process("names-refused", job_type="names-refused", **parts))
    except grpc.RpcError as told:
        check(told.code() == grpc.StatusCode.INVALID_ARGUMENT and reason in told.details(),
              f"refused with {told.code()}, but without {reason!r}: {told.details()}")
    else:
        check(False, f"the engine takes {parts}")
