"""The fields of the element templates: each stands here once, with its words for modellers.

A field is bound to an input mapping (`given`) or to a custom header (`header`). Inputs may be expressions. Headers are
texts that only the model can write, so what the model alone must decide is bound to headers: keys, roles, secrets, and
what happens after an error.

An optional field that is empty writes nothing into the task. The worker, or its operator's default headers, then decide.
"""

import dataclasses

from generator.regions import REGIONS

_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"
_SECRET_NAME = r"[A-Za-z0-9][A-Za-z0-9_./-]*"
# {{secrets.NAME}} as the whole value, or secrets.NAME: never a key in clear.
_REFERENCE = r"\{\{[ \t]*secrets\." + _SECRET_NAME + r"[ \t]*\}\}|secrets\." + _SECRET_NAME
# Text with something that looks like a reference and is not one: {{secret.X}}, {{SECRETS.X}}, {{secrets.X}.
_NEAR_REFERENCE = (r"\{\{\s*(?:[Ss]ecret\.|S[Ee][Cc][Rr][Ee][Tt][Ss]?\.|Secrets\.|[Ss]ecrets?\s)"
                   r"|\{\{\s*secrets\." + _SECRET_NAME + r"\s*(?:\}(?!\})|$)|(?:^|[^{])\{\s*secrets\.")
# At most PT30M30S, as far as a pattern can count.
_CALL_TIME = r"PT(?=[0-9])(?:(?:[0-2]?[0-9]|30)M)?(?:[0-9]{1,4}(?:[.,][0-9]+)?S)?"
_DURATION = r"P(?=[0-9T])(?:[0-9]+[YMWD])*(?:T(?:[0-9.,]+[HMS])+)?"


@dataclasses.dataclass(frozen=True)
class Field:
    """One line of the form. `choices`: (word, label) each. `pattern`: (regular expression for the whole value, what the
    form says when it does not match). `when`: (id of another field, words) or a tuple of such pairs.
    """

    id: str
    label: str
    binding: dict
    tooltip: str
    type: str = "String"
    feel: str = ""
    value: str = ""
    required: bool = False
    choices: tuple = ()
    placeholder: str = ""
    language: str = ""
    description: str = ""
    pattern: tuple = ()
    refuse: tuple = ()  # as `pattern`, for what must not occur anywhere
    when: tuple = ()


def given(name):
    return {"type": "zeebe:input", "name": "lambda." + name}


def header(key):
    return {"type": "zeebe:taskHeader", "key": key}


def _text(id, label, binding, tooltip, **more):
    return Field(id, label, binding, tooltip, **more)


def _input(id, label, tooltip, name="", **more):
    return Field(id, label, given(name or id), tooltip, feel=more.pop("feel", "optional"), **more)


def _header(id, label, tooltip, key="", **more):
    return Field(id, label, header(key or id), tooltip, **more)


def _choice(id, label, binding, tooltip, choices, **more):
    return Field(id, label, binding, tooltip, type="Dropdown", choices=choices, **more)


_KEYS = {"when": (("authenticationType", ("static",)),)}
_ROLE = {"when": (("authenticationType", ("assumeRole",)),)}
_REFERENCES_ONLY = (_REFERENCE, "takes a reference to a secret of the worker, such as {{secrets.AWS_SECRET_KEY}}")

_ALL = (
    # What to call.
    _input("functionName", "Function", "Name, name:alias, partial ARN or ARN of the function.",
           required=True, placeholder="charge-card"),
    _input("payload", "Payload",
           'What the function gets: an expression such as ={order: orderId}, or JSON text. Empty: no payload. A payload that is only an '
           'order number needs "Payload that is text": 123 would arrive as a number.',
           type="Text", language="json",
           refuse=(_NEAR_REFERENCE, "holds something like a reference to a secret; write {{secrets.NAME}}, and list NAME under Secrets")),
    _choice("region", "Region", header("region"), "Of the function.", tuple((each, each) for each in REGIONS),
            description="Empty: that of the function's ARN, else the worker's"),
    _input("regionText", "Region as text", "For a region that is not in the list, or as an expression.", name="region",
           placeholder="eu-central-1", when=(("region", None),)),

    # Whose credentials.
    _choice("authenticationType", "Credentials", header("authentication.type"),
            "As whom the task calls. Only the model can say it: no variable of the process reaches these fields. The operator of the "
            "worker allows roles and profiles; the worker refuses others with FORBIDDEN.",
            (("default", "The worker's own"),
             ("assumeRole", "A role that the worker takes over"),
             ("profile", "A profile of the worker's configuration"),
             ("static", "An access key")),
            description="Empty: the worker's own"),
    _header("accessKeyId", "Access key ID", "A reference to a secret of the worker. The form refuses a key in clear.",
            key="authentication.accessKeyId", required=True, placeholder="{{secrets.AWS_KEY_ID}}", pattern=_REFERENCES_ONLY, **_KEYS),
    _header("secretAccessKey", "Secret access key",
            "A reference to a secret of the worker. The form refuses a key in clear: each reader of the process would see it.",
            key="authentication.secretAccessKey", required=True, placeholder="{{secrets.AWS_SECRET_KEY}}", pattern=_REFERENCES_ONLY,
            **_KEYS),
    _header("sessionToken", "Session token", "Only for temporary keys: a reference to a secret of the worker.",
            key="authentication.sessionToken", placeholder="{{secrets.AWS_SESSION_TOKEN}}", pattern=_REFERENCES_ONLY, **_KEYS),
    _header("roleArn", "Role", "ARN of the role. Only roles that the operator of the worker allows.",
            key="authentication.roleArn", required=True, placeholder="arn:aws:iam::111111111111:role/orders",
            pattern=(r"arn:[^\s:]+:iam::[0-9]{12}:role/\S+", "is no ARN of a role, such as arn:aws:iam::111111111111:role/orders"), **_ROLE),
    _header("externalId", "External ID", "When the role's trust policy asks for one.", key="authentication.externalId", **_ROLE),
    _header("roleSessionName", "Name of the session", "Shown in AWS's logs. Empty: a name that the worker makes.",
            key="authentication.roleSessionName", **_ROLE),
    _header("durationSeconds", "Length of the session", "900 to 43200 seconds. Empty: one hour. Tasks that ask in the same words share a session.",
            key="authentication.durationSeconds", placeholder="3600",
            pattern=("9[0-9]{2}|[1-9][0-9]{3}|[1-3][0-9]{4}|4[0-2][0-9]{3}|43[01][0-9]{2}|43200", "takes 900 to 43200 seconds"), **_ROLE),
    _input("sessionTags", "Session tags", 'An object of texts such as ={team: "billing"}, for policies that look at them.',
           name="authentication.sessionTags", type="Text", feel="required", **_ROLE),
    _header("roleAccessKeyId", "Access key ID that takes over",
            "A reference to a secret of the worker. Empty: the worker's own credentials take over the role.",
            key="authentication.accessKeyId", placeholder="{{secrets.AWS_KEY_ID}}", pattern=_REFERENCES_ONLY, **_ROLE),
    _header("roleSecretAccessKey", "Secret access key that takes over", "A reference to a secret of the worker, beside the key ID.",
            key="authentication.secretAccessKey", placeholder="{{secrets.AWS_SECRET_KEY}}", pattern=_REFERENCES_ONLY, **_ROLE),
    _header("roleSessionToken", "Session token that takes over", "A reference to a secret of the worker, for temporary keys.",
            key="authentication.sessionToken", placeholder="{{secrets.AWS_SESSION_TOKEN}}", pattern=_REFERENCES_ONLY, **_ROLE),
    _header("profileName", "Profile", "A credential profile of the worker's configuration file. Only profiles that its operator allows.",
            key="authentication.name", required=True, placeholder="billing", when=(("authenticationType", ("profile",)),)),

    # What becomes of the answer.
    _header("resultVariable", "Result variable",
            "Takes the whole response object: statusCode, payload, log, error and more. Empty: each becomes a variable of its own, for the "
            "output mappings of this task, or for the process when there are none.",
            placeholder="response", pattern=(_VARIABLE, "takes letters, digits and _, and does not begin with a digit")),
    _header("resultExpression", "Result expression",
            "FEEL over the response: the entries of its object become variables in place of the usual ones, such as ={receipt: payload.id, "
            "status: statusCode}. Of a function that failed, error is written too. It does not see process variables.",
            type="Text", feel="required"),
    _choice("onFunctionError", "When the function fails", header("onFunctionError"),
            "A function fails when it throws, runs out of time or out of memory. Failing the job uses up a retry, and each retry runs the "
            "function again. A BPMN error has the function's errorType as its code, FUNCTION_ERROR when there is none.",
            (("fail", "Fail the job: retries, then an incident"),
             ("bpmnError", "Throw a BPMN error under its error type"),
             ("complete", "Go on, with the variable error")),
            value="fail"),
    _header("bpmnErrors", "Errors for boundary events",
            "Error codes, separated by commas, that are thrown as BPMN errors instead of failing the job; * for any. An error that may pass "
            "is thrown at the last attempt only. The reference of a task (task-reference.md) has the codes.",
            placeholder="NOT_FOUND, NoStock"),
    _header("errorExpression", "Error expression",
            "FEEL over the response, looked at first, after a success too: bpmnError(code, message), jobError(message), ignoreError(), or null "
            "for what the fields above say. error has code, type and message; job has attempt and retries.",
            type="Text", feel="required"),
    _text("retries", "Tries", {"type": "zeebe:taskDefinition", "property": "retries"},
          "How often the job runs before it becomes an incident. 1: nothing runs the function again, not even after its own error.",
          value="3", feel="optional", required=True,
          pattern=("[1-9][0-9]{0,3}", "takes a number from 1")),
    _header("retryBackoff", "Pause before the next try",
            "ISO 8601 duration, or FEEL over error and job that gives one. Empty: 1 s to 5 min, longer with each try.",
            feel="optional", placeholder="PT30S", pattern=(_DURATION, "must be an ISO 8601 duration such as PT30S")),
    _input("timeout", "Longest time of the call",
           "ISO 8601 duration over all attempts of one try, at most PT30M30S, which is also what an empty field means. When it is over and the "
           "request was sent, the function may still run.",
           placeholder="PT5M", pattern=(_CALL_TIME, "must be an ISO 8601 duration of at most PT30M30S, such as PT5M")),

    # More about the call.
    _choice("invocationType", "Kind of call", header("invocationType"),
            "A queued call brings no answer, and Lambda itself repeats it when the function fails.",
            (("RequestResponse", "Wait for the answer"), ("Event", "Queue it and go on"), ("DryRun", "Check permissions only")),
            description="Empty: wait for the answer"),
    _header("jobContextInPayload", "Field for the job's data",
            "A queued call has no client context. With a name here, an object payload gets a field of that name with job key and process.",
            placeholder="job", pattern=(_VARIABLE, "takes letters, digits and _, and does not begin with a digit"),
            when=(("invocationType", ("Event",)),)),
    _choice("payloadFormat", "Payload that is text", header("payloadFormat"),
            'How text becomes JSON. Objects, lists, numbers and booleans are always sent as they are. With "Always as text" an order number '
            "00123 or 123 stays text.",
            (("text", "Always as text: 123 stays \"123\""), ("json", "Must be JSON, else it is an incident"),
             ("auto", "As JSON when it is JSON, else as text")),
            description="Empty: as JSON when it is JSON, else as text"),
    _input("qualifier", "Version or alias", "Empty: the one that the function's name carries, else the newest.", placeholder="PROD"),
    _input("clientContext", "Client context",
           'An object such as ={custom: {source: "orders"}}, at most 2,685 bytes. The worker adds custom.job with the job key.',
           type="Text", feel="required"),
    _choice("logType", "Log", header("logType"),
            "The last 4 KB of the function's log as the variable log, without secrets. The operator of the worker can forbid it.",
            (("None", "None"), ("Tail", "The last 4 KB")), value="None"),
    _input("endpoint", "Endpoint", "For private endpoints. Only hosts that the operator of the worker allows.",
           placeholder="https://vpce-0a1b.lambda.eu-central-1.vpce.amazonaws.com"),
    _input("functionTenantId", "Tenant of the function", "Only for functions with tenant isolation."),
    _input("durableExecutionName", "Name of the durable execution",
           "Only for durable functions: a call under a name that has run is not run again."),

    # More about errors and results.
    _choice("onError", "When it cannot be called", header("onError"),
            "Wrong input, a function that does not exist, no permission: what another try does not mend.",
            (("fail", "Fail the job: an incident"), ("complete", "Go on, with the variable error")),
            description="Empty: an incident, unless the worker's operator decided otherwise"),
    _choice("atMostOnce", "When it is unknown whether it ran", header("atMostOnce"),
            "A connection breaks, or the time is over, after the request was sent. Never running it twice costs one more command to the "
            "engine for each job, and holds through a crash of the worker too.",
            (("true", "Never run it twice: an incident"), ("false", "The next try runs it again")),
            description="Empty: the next try runs it again, unless the operator decided otherwise"),
    _choice("outputs", "Names of the result variables", header("outputs"), "The second set is that of Alfresco's connector.",
            (("plain", "payload, statusCode, log, error"), ("alfresco", "lambdaPayload, lambdaStatus, lambdaLog, ...")),
            description="Empty: payload, statusCode, log, error"),
    _choice("maskPayload", "Mask secrets in the answer", header("maskPayload"),
            "Whether secrets of this task are replaced by *** where they stand in the function's answer.",
            (("true", "Yes"), ("false", "No")), description="Empty: no"),

    # Secrets.
    _header("secrets", "Secrets that the payload may use",
            "Where {{secrets.NAME}} counts in this task's inputs: place:NAME, separated by commas. A NAME without a place counts everywhere, "
            "also in text that a user typed. The credentials above need no entry.",
            placeholder="payload.apiKey:CARD_API_KEY",
            pattern=(r"[^{}=]+", "takes names such as payload.apiKey:CARD_API_KEY, without {{ and }}")),

    # Tracing.
    _input("traceparent", "W3C trace context", "Reaches the function as clientContext.custom.job.traceparent and goes out as a header."),
    _input("traceHeader", "X-Ray trace header", "Goes out as X-Amzn-Trace-Id."),

    # Durable functions.
    _choice("wait", "How the task waits", header("wait"),
            "On the connection: up to 30 minutes, payload up to 6 MB, the end is seen at once. By asking: up to a year, payload up to 1 MB, and "
            "nothing is held meanwhile.",
            (("connection", "On the connection, 30 minutes at most"), ("poll", "By asking, as long as it runs")),
            description="Empty: on the connection, unless the operator decided otherwise"),
    _header("pollInterval", "Longest pause between two questions", "ISO 8601 duration, PT1S to P1D. Empty: one minute.",
            placeholder="PT1M", pattern=(_DURATION, "must be an ISO 8601 duration such as PT1M"), when=(("wait", ("poll",)),)),
    _choice("onCancel", "When the task is cancelled", header("onCancel"),
            "Stopping is best effort: the worker must find that the job is gone.",
            (("keep", "Let the execution run"), ("stop", "Stop the execution")),
            description="Empty: let it run, unless the operator decided otherwise"),
    _choice("durableRerun", "What a retry does", header("durableRerun"),
            "A retry of a failed execution finds the failed execution, so a function that failed is an incident at once. With another "
            "execution for each try, the function's own error uses up the tries.",
            (("false", "Find the failed execution again"), ("true", "Start another execution")),
            description="Empty: find it again, unless the operator decided otherwise"),
    _header("durablePrefix", "Beginning of the execution's name",
            "The job's key follows. Two engines that call the same function need one each; their operator can set it for all tasks.",
            placeholder="shop-prod", pattern=("[A-Za-z0-9_-]{1,32}", "takes 1 to 32 letters, digits, hyphens and underscores")),

    # Executions and callbacks.
    _input("executionArn", "Execution", "ARN of the durable execution, such as durableExecutionArn of a result.", required=True,
           placeholder="=response.durableExecutionArn"),
    _input("callbackId", "Callback", "ID of the callback that the durable execution waits for.", required=True, placeholder="=callbackId"),
    _choice("callback", "What it says", header("callback"), "To the execution that waits.",
            (("success", "It went well"), ("failure", "It failed"), ("heartbeat", "Work goes on")), description="Empty: it went well"),
    _input("errorType", "Type of the error", "Of a failure: what the function sees as the error's type.", when=(("callback", ("failure",)),)),
    _input("errorMessage", "Message of the error", "Of a failure.", when=(("callback", ("failure",)),)),
    _input("errorData", "Data of the error", "Of a failure: text of at most 64 KB.", when=(("callback", ("failure",)),)),

    # Listing functions.
    _input("marker", "Where to go on", "nextMarker of a call before, as an expression. null: at the beginning.",
           type="Text", feel="required", value="=null", required=True),
    _choice("all", "Pages", header("all"), "All pages end before the worker's size limit; nextMarker then says where to go on.",
            (("true", "All that fit"), ("false", "One")), description="Empty: one"),
    _header("maxItems", "Functions on a page", "1 to 50. Empty: 50.", placeholder="50",
            pattern=("[1-9]|[1-4][0-9]|50", "takes a number from 1 to 50")),
    _header("fields", "What is kept of each function",
            "Names separated by commas. Empty: functionName, functionArn, runtime, version, description, lastModified.",
            placeholder="functionName, memorySize"),
)

FIELDS = {each.id: each for each in _ALL}
