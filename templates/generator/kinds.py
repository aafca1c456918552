"""The element templates: which fields each has, in which groups, and what it sets by itself."""

import dataclasses

from generator.kept import Kept

REGION = ("region", "regionText")
CREDENTIALS = ("authenticationType", "accessKeyId", "secretAccessKey", "sessionToken", "roleArn", "profileName")
ROLE = ("externalId", "roleSessionName", "durationSeconds", "sessionTags", "roleAccessKeyId", "roleSecretAccessKey", "roleSessionToken")
RETRIES = ("retries", "retryBackoff", "timeout")
MORE_ERRORS = ("onError", "atMostOnce", "outputs", "maskPayload")
TRACING = ("traceparent", "traceHeader")

_SAME_AS_TIMEOUT = "bounds the same time as the input timeout, which has the field"
_STANDS_FOR = "stands for outputs and onError, which have fields"
_OF_THE_RUNTIME = "for tasks that were written for the connector runtime (worker/dropin)"
_SET = "the template sets it"
_NO_FUNCTION = "this operation runs no function"
_DURABLE = dict.fromkeys(("durable", "wait", "pollInterval", "onCancel", "durablePrefix", "durableRerun"),
                         "durable functions have a template of their own")
# Of every template.
WITHOUT = {"inputs": _SET, "jobTimeout": _SAME_AS_TIMEOUT, "profile": _STANDS_FOR, "jobContext": _OF_THE_RUNTIME,
           "stringPayload": _OF_THE_RUNTIME, "retryPermanentErrors": _OF_THE_RUNTIME, **_DURABLE}
_WITHOUT_OF_API = {**WITHOUT, "onFunctionError": _NO_FUNCTION, "jobContextInPayload": _NO_FUNCTION,
                   "outputs": "renames the results of INVOKE only", "atMostOnce": _NO_FUNCTION}


@dataclasses.dataclass(frozen=True)
class Group:
    id: str
    label: str
    fields: tuple
    open: bool = False


@dataclasses.dataclass(frozen=True)
class Kind:
    """One template. `sets`: headers with a fixed value. `changes`: {field: what differs here from its row}. `without`: {input or
    header of the operation: why it has no field}. `kept`: {older version: what it had in another place of the task}. `outputs`: {result variable: name of the field with its place in the process}; a
    template without them shows the modeler's own group of output mappings. `editable_type`: the form asks for the job type.
    """

    file: str
    id: str
    version: int
    name: str
    description: str
    job_type: str
    groups: tuple
    keywords: tuple = ()
    sets: dict = dataclasses.field(default_factory=lambda: {"inputs": "lambda"})
    changes: dict = dataclasses.field(default_factory=dict)
    without: dict = dataclasses.field(default_factory=lambda: WITHOUT)
    outputs: dict = dataclasses.field(default_factory=dict)
    kept: dict = dataclasses.field(default_factory=dict)
    engines: str = "^8.5"
    editable_type: bool = False
    like: str = ""  # for the page: whose fields these are


def _function(*fields, label="Function"):
    return Group("function", label, (*fields, *REGION, *CREDENTIALS), open=True)


def _result(*fields):
    return Group("result", "Result, errors and retries", (*fields, *RETRIES), open=True)


_SECRETS = Group("secrets", "Secrets and roles", ("secrets", *ROLE))
_TRACING = Group("tracing", "Tracing", TRACING)

_INVOKE_GROUPS = (
    _function("functionName", "payload"),
    _result("resultVariable", "resultExpression", "onFunctionError", "bpmnErrors", "errorExpression"),
    Group("call", "More about the call", ("invocationType", "jobContextInPayload", "payloadFormat", "qualifier", "clientContext",
                                          "logType", "endpoint", "functionTenantId", "durableExecutionName")),
    Group("errors", "More about errors and results", MORE_ERRORS),
    _SECRETS,
    _TRACING,
)
_NONE = ("none", "None: an unsigned call")

_OLD_ROLE = {"now": "authenticationType", "when": (("authenticationType", ("assumeRole",)),)}
_OLD_KEYS = {"now": "authenticationType", "when": (("authenticationType", ("static",)),)}
# What version 1 of Invoke gave as input mappings, and version 2 gives as headers.
_INPUTS_OF_VERSION_1 = (
    Kept("payloadFormat", now="payloadFormat", words=("json", "text")),
    Kept("invocationType", now="invocationType", words=("Event", "DryRun")),
    Kept("jobContextInPayload", now="invocationType", when=(("invocationType", ("Event",)),)),
    Kept("logType", now="logType", words=("Tail",), hides="logType"),
    Kept("authenticationType", now="authenticationType", words=("assumeRole", "profile", "static", "none")),
    *(Kept(name, **_OLD_ROLE) for name in ("roleArn", "externalId", "roleSessionName", "durationSeconds", "sessionTags")),
    Kept("profileName", now="authenticationType", when=(("authenticationType", ("profile",)),)),
    *(Kept(name, **_OLD_KEYS) for name in ("accessKeyId", "secretAccessKey", "sessionToken")),
    Kept("jobTimeout"),
)

INVOKE = Kind(
    file="lambda-connector-invoke", id="lambda-connector.invoke", version=3,
    name="Invoke AWS Lambda function", description="Calls an AWS Lambda function and brings back its answer.",
    keywords=("invoke", "call"), job_type="lambdaConnector.INVOKE", groups=_INVOKE_GROUPS,
    changes={"functionName": {"tooltip": "Name, name:alias, partial ARN or ARN of the function. For a function URL there is a template of "
                                         "its own."},
             "authenticationType": {"add_choice": _NONE}},
    kept={1: _INPUTS_OF_VERSION_1},
)

ASYNC = Kind(
    file="lambda-connector-invoke-async", id="lambda-connector.invoke-async", version=1,
    name="Invoke AWS Lambda function asynchronously",
    description="Puts a call into the queue of an AWS Lambda function and goes on. Lambda itself repeats it when the function fails.",
    keywords=("invoke", "asynchronous", "event", "queue"), job_type="lambdaConnector.INVOKE",
    sets={"inputs": "lambda", "invocationType": "Event"},
    groups=(
        _function("functionName", "payload", "jobContextInPayload"),
        _result("resultVariable", "resultExpression", "bpmnErrors", "errorExpression"),
        Group("call", "More about the call", ("payloadFormat", "qualifier", "endpoint", "functionTenantId", "durableExecutionName")),
        Group("errors", "More about errors and results", MORE_ERRORS),
        _SECRETS,
        _TRACING,
    ),
    changes={"jobContextInPayload": {"when": (), "tooltip": "With a name here, an object payload gets a field of that name with job key and "
                                                            "process, such as for a message that answers."},
             "payload": {"tooltip": "What the function gets, at most 1 MiB: an expression such as ={order: orderId}, or JSON text. Empty: no "
                                    "payload."}},
    without={**WITHOUT, "invocationType": _SET, "clientContext": "a queued call has none", "logType": "a queued call has none",
             "onFunctionError": "the function runs later", "authentication.none": "for function URLs only"},
)

URL = Kind(
    file="lambda-connector-function-url", id="lambda-connector.function-url", version=1,
    name="Call AWS Lambda function URL", description="Posts the payload to the URL of an AWS Lambda function.",
    keywords=("function url", "http", "call"), job_type="lambdaConnector.INVOKE",
    groups=(
        _function("functionName", "payload", label="Function URL"),
        _result("resultVariable", "resultExpression", "onFunctionError", "bpmnErrors", "errorExpression"),
        Group("call", "More about the call", ("payloadFormat",)),
        Group("errors", "More about errors and results", MORE_ERRORS),
        _SECRETS,
        _TRACING,
    ),
    changes={
        "functionName": {"label": "URL", "tooltip": "Only hosts that the operator of the worker allows (ALLOWED_HOSTS).",
                         "placeholder": "https://abc123.lambda-url.eu-central-1.on.aws/orders",
                         "pattern": (r"https?://\S+", "must begin with https://")},
        "authenticationType": {"add_choice": _NONE},
        "region": {"description": "Empty: that of the URL's host, else the worker's"},
        "onFunctionError": {"tooltip": "For a function that says so with X-Amz-Function-Error. Its own HTTP status counts as well: a 4xx is an "
                                       "incident, a 429 or 5xx means that it may have run."},
    },
    without={**WITHOUT, "jobContextInPayload": "the job's data are headers of the request",
             **dict.fromkeys(("qualifier", "clientContext", "functionTenantId", "durableExecutionName", "endpoint", "invocationType",
                              "logType"), "has no meaning for a function URL")},
)

LIST = Kind(
    file="lambda-connector-list-functions", id="lambda-connector.list-functions", version=1,
    name="List AWS Lambda functions", description="Lists the functions of an account and region, one page or all.",
    keywords=("list",), job_type="lambdaConnector.LIST_FUNCTIONS",
    groups=(
        Group("function", "What to list", ("all", "maxItems", "marker", "fields", *REGION, *CREDENTIALS), open=True),
        _result("resultVariable", "resultExpression", "bpmnErrors", "errorExpression"),
        Group("errors", "More about errors and results", ("onError", "maskPayload", "endpoint")),
        _SECRETS,
    ),
    changes={"resultVariable": {"tooltip": "Takes the whole response object. Empty: functions and nextMarker become variables of their own."},
             "region": {"tooltip": "Whose functions.", "description": "Empty: the worker's"},
             "secrets": {"label": "Secrets that inputs may use"},
             "retries": {"tooltip": "How often the job runs before it becomes an incident."}},
    without={**_WITHOUT_OF_API},
)

_ONE_FUNCTION = dict(
    groups=(
        _function("functionName", "qualifier"),
        _result("resultVariable", "resultExpression", "bpmnErrors", "errorExpression"),
        Group("errors", "More about errors and results", ("onError", "maskPayload", "endpoint")),
        _SECRETS,
    ),
    without={**_WITHOUT_OF_API},
)

GET = Kind(
    file="lambda-connector-get-function", id="lambda-connector.get-function", version=1,
    name="Get AWS Lambda function", description="Reads a function's configuration, tags and reserved concurrency.",
    keywords=("get", "read", "configuration"), job_type="lambdaConnector.GET_FUNCTION",
    changes={"resultVariable": {"tooltip": "Takes the whole response object. Empty: configuration, tags and concurrency become variables of "
                                           "their own."},
             "secrets": {"label": "Secrets that inputs may use"},
             "retries": {"tooltip": "How often the job runs before it becomes an incident."}},
    **_ONE_FUNCTION,
)

DELETE = Kind(
    file="lambda-connector-delete-function", id="lambda-connector.delete-function", version=1,
    name="Delete AWS Lambda function",
    description="Deletes a function, or one of its versions. Only workers do it whose operator has them serve this job type.",
    keywords=("delete", "remove"), job_type="lambdaConnector.DELETE_FUNCTION",
    changes={"resultVariable": {"tooltip": "Takes the whole response object. Empty: deleted becomes a variable: true, or false when the "
                                           "function was not there."},
             "qualifier": {"label": "Version", "tooltip": "Empty: the whole function with all its versions.", "placeholder": "3"},
             "secrets": {"label": "Secrets that inputs may use"},
             "retries": {"tooltip": "How often the job runs before it becomes an incident."}},
    **_ONE_FUNCTION,
)

_BARE = "the short form has only functionName and payload; the template of Invoke has it"
ALFRESCO = Kind(
    file="lambda-connector-invoke-alfresco", id="lambda-connector.invoke-alfresco", version=1,
    name="Invoke AWS Lambda function (Alfresco names)",
    description="Calls an AWS Lambda function with the variables and results of Alfresco's connector.",
    keywords=("alfresco", "invoke"), job_type="lambdaConnector.INVOKE",
    sets={"inputs": "short", "profile": "alfresco"},
    groups=(
        Group("function", "Function", ("functionName", "payload", "region", *CREDENTIALS), open=True),
        Group("result", "Result, errors and retries", ("lambdaPayload", "lambdaStatus", "lambdaLog", "lambdaError", "bpmnErrors", *RETRIES),
              open=True),
        Group("secrets", "Secrets", ("secrets",)),
    ),
    changes={
        "region": {"type": "String", "choices": (), "placeholder": "eu-central-1"},
        "functionName": {"binding": {"type": "zeebe:input", "name": "functionName"}},
        "payload": {"binding": {"type": "zeebe:input", "name": "payload"}},
        "timeout": {"binding": {"type": "zeebe:taskHeader", "key": "timeout"}, "feel": ""},
        "bpmnErrors": {"tooltip": "Error codes, separated by commas, that are thrown as BPMN errors; * for any. Without it the task goes on, "
                                  "and lambdaError has the error."},
    },
    outputs={"lambdaPayload": "The function's answer", "lambdaStatus": "Status", "lambdaLog": "Log", "lambdaError": "Error"},
    without={**WITHOUT, "profile": _SET, "outputs": "profile sets it", "onError": "profile sets it",
             **dict.fromkeys(("payloadFormat", "qualifier", "invocationType", "logType", "clientContext", "functionTenantId",
                              "durableExecutionName", "traceparent", "traceHeader", "endpoint", "resultVariable", "onFunctionError",
                              "atMostOnce", "maskPayload", "jobContextInPayload", "resultExpression", "errorExpression"), _BARE),
             **dict.fromkeys(("authentication.externalId", "authentication.roleSessionName", "authentication.durationSeconds",
                              "authentication.sessionTags"), _BARE), "authentication.none": "for function URLs only"},
)

HYBRID = dataclasses.replace(
    INVOKE, file="lambda-connector-invoke-hybrid", id="lambda-connector.invoke-hybrid", version=1,
    name="Invoke AWS Lambda function (own job type)",
    description="Calls an AWS Lambda function through a worker that serves a job type of its own.",
    keywords=("invoke", "hybrid", "job type"), editable_type=True, kept={}, like="The field *Job type*, and the fields of *Invoke AWS Lambda function*.",
    groups=(Group("jobType", "Job type", ("jobType",), open=True), *_INVOKE_GROUPS),
)

DURABLE = Kind(
    file="lambda-connector-invoke-durable", id="lambda-connector.invoke-durable", version=1,
    name="Invoke durable AWS Lambda function",
    description="Starts one execution of a durable function for the job, waits for its end, and brings back its result.",
    keywords=("invoke", "durable", "execution", "wait"), job_type="lambdaConnector.INVOKE",
    sets={"inputs": "lambda", "durable": "true"},
    groups=(
        Group("function", "Function", ("functionName", "payload", "wait", "pollInterval", *REGION, *CREDENTIALS), open=True),
        _result("resultVariable", "resultExpression", "onFunctionError", "bpmnErrors", "errorExpression"),
        Group("execution", "More about the execution", ("durableRerun", "onCancel", "durablePrefix", "durableExecutionName")),
        Group("call", "More about the call", ("jobContextInPayload", "payloadFormat", "qualifier", "clientContext", "logType", "endpoint",
                                              "functionTenantId")),
        Group("errors", "More about errors and results", ("onError", "outputs", "maskPayload")),
        _SECRETS,
        _TRACING,
    ),
    changes={
        "functionName": {"tooltip": "Name with a version or an alias, such as charge-card:PROD: Lambda wants one for a durable function.",
                         "placeholder": "charge-card:PROD"},
        "payload": {"tooltip": "What the function gets. It must be the same for each try of the job: no now(), nothing that changes meanwhile."},
        "jobContextInPayload": {"when": ()},
        "durableExecutionName": {"tooltip": "In place of the name that the worker makes of the job's key. Two jobs with one name and one payload "
                                            "share an execution."},
        "timeout": {"tooltip": "ISO 8601 duration of one call, at most PT30M30S. A task that waits by asking makes short calls; how long the "
                               "execution may take is the function's own setting."},
        "retries": {"tooltip": "How often the job runs before it becomes an incident. A retry finds the execution that runs. A function that failed "
                               "is an incident at once, unless each retry starts another execution."},
    },
    without={**{name: why for name, why in WITHOUT.items() if name not in _DURABLE}, "durable": _SET,
             "invocationType": "the way of waiting decides it", "atMostOnce": "one job is one execution anyway",
             "authentication.none": "for function URLs only"},
)

GET_EXECUTION = Kind(
    file="lambda-connector-get-execution", id="lambda-connector.get-execution", version=1,
    name="Get durable execution",
    description="Asks how a durable execution stands. Only workers do it whose operator has them serve this job type.",
    keywords=("durable", "execution", "status"), job_type="lambdaConnector.GET_EXECUTION",
    groups=(
        Group("function", "Execution", ("executionArn", *REGION, *CREDENTIALS), open=True),
        _result("resultVariable", "resultExpression", "bpmnErrors", "errorExpression"),
        Group("errors", "More about errors and results", ("onError", "maskPayload", "endpoint")),
        _SECRETS,
    ),
    changes={"resultVariable": {"tooltip": "Takes the whole response object. Empty: status, result, executionError and others become variables of "
                                           "their own."},
             "secrets": {"label": "Secrets that inputs may use"},
             "retries": {"tooltip": "How often the job runs before it becomes an incident."}},
    without={**_WITHOUT_OF_API},
)

CALLBACK = Kind(
    file="lambda-connector-send-callback", id="lambda-connector.send-callback", version=1,
    name="Answer durable execution",
    description="Answers a callback for which a durable execution waits. Only workers do it whose operator has them serve this job type.",
    keywords=("durable", "callback", "answer"), job_type="lambdaConnector.SEND_CALLBACK",
    groups=(
        Group("function", "Callback", ("callbackId", "callback", "payload", "errorType", "errorMessage", "errorData", *REGION, *CREDENTIALS),
              open=True),
        _result("resultVariable", "resultExpression", "bpmnErrors", "errorExpression"),
        Group("errors", "More about errors and results", ("onError", "maskPayload", "endpoint")),
        _SECRETS,
    ),
    changes={"resultVariable": {"tooltip": "Takes the whole response object. Empty: sent becomes a variable."},
             "payload": {"label": "Result", "tooltip": "Of a success: an expression or JSON text."},
             "retries": {"tooltip": "How often the job runs before it becomes an incident."}},
    without={**_WITHOUT_OF_API},
)

KINDS = (INVOKE, ASYNC, DURABLE, URL, LIST, GET, DELETE, GET_EXECUTION, CALLBACK, ALFRESCO, HYBRID)
