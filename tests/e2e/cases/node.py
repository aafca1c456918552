"""Functions in real Node, called by the real worker for jobs of a real engine: success, a thrown error, a timeout, what reaches the
function as its client context, a function that is not waited for, one that does not exist, and 200 calls at once.
"""

import broker
import node_functions
from harness import check, same

_PORT, _OTHER_PORT = broker.free_ports(2)

SCALE = 200
WORKER = {"AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{_PORT}", "CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE": "200"}
BUDGET = 240
FULL = True


def prepare():
    node_functions.prepare()


def start(e2e):
    return node_functions.NodeFunctions(e2e.logs, _PORT, _OTHER_PORT)


def case_what_a_function_returns_arrives(e2e):
    e2e.process("node-answers", "answers")
    given = {"id": "12345678901234567890", "words": "\u4e2d\u6587 \U0001f600", "nested": {"list": [1, 2.5, None, True]}}
    found = e2e.completed(e2e.run("node-answers", {"given": given}))
    same(found.get("payload"), {"seen": given, "words": "h\u00e9 \U0001f600", "list": [1, 2.5, None, True]}, "payload")
    same(found.get("statusCode"), 200, "statusCode")
    # It tells neither, unlike AWS.
    check(found["executedVersion"] is None and found["log"] is None, "no version and no log were told")


def case_a_thrown_error_and_a_timeout_are_errors_of_the_function(e2e):
    e2e.process("node-throws", "throws", headers={"onFunctionError": "bpmnError"}, catch="Error")
    e2e.process("node-late", "late", headers={"onFunctionError": "bpmnError"}, catch="Error")
    # The code is the error's type, and that is always Error there.
    error = _caught(e2e.run("node-throws", {"given": {"article": 7}}))
    same(error.get("code"), "FUNCTION_ERROR", "error.code")
    same(error.get("message"), "no stock of 7", "error.message")
    # Node's field is `trace`; other runtimes have `stackTrace`.
    check("RangeError: no stock of 7" in error.get("stackTrace", [""])[0], f"the stack must begin with the error: {error}")
    error = _caught(e2e.run("node-late", {"given": {}}))
    check("timeout" in error.get("message", ""), f"the message must speak of the timeout: {error}")


def case_the_client_context_reaches_the_function(e2e):
    e2e.process("node-context", "context", inputs={"lambda.clientContext": '={custom: {mine: "x"}, client: {app_title: "h\u00e9"}}'})
    instance = e2e.run("node-context", {"given": {}})
    found = e2e.completed(instance)["payload"]
    job = found["given"]["custom"].pop("job")
    same(found["given"], {"custom": {"mine": "x"}, "client": {"app_title": "h\u00e9"}}, "client context", instance)
    same(job.get("jobKey"), str(instance.jobs("CREATED")[0]["key"]), "job.jobKey", instance)
    same(job.get("processInstanceKey"), str(instance.key), "job.processInstanceKey", instance)


def case_a_function_that_is_not_waited_for_runs_once(e2e):
    e2e.process("node-noted", "noted", inputs={"lambda.invocationType": '="Event"'})
    found = e2e.completed(e2e.run("node-noted", {"given": {"number": 5}}))
    same(found.get("statusCode"), 202, "statusCode")
    e2e.wait(lambda: e2e.parts.notes() == ["5"], 20, "the function to run once")


def case_a_function_that_does_not_exist_is_an_incident(e2e):
    e2e.process("node-none", "no-such-function")
    e2e.incident(e2e.run("node-none", {"given": {}}), "NOT_FOUND", "no-such-function", "ResourceNotFoundException")


def case_200_calls_at_once_end_each_with_its_own_answer(e2e):
    e2e.process("node-many", "waits")
    keys = e2e.gateway.create_many("node-many", [{"given": {"number": number, "ms": 3000}} for number in range(e2e.scale)])
    answers = []
    for number, instance in enumerate(e2e.settled(keys, within=150)):
        answers.append(e2e.completed(instance)["payload"])
        same(answers[-1]["number"], number, "payload.number", instance)
        check(not instance.jobs("FAILED"), "no client may have failed it", instance)
    most = max(sum(one["from"] <= other["from"] < one["until"] for one in answers) for other in answers)
    print(f"     node: up to {most} of {len(answers)} calls ran at the same time", flush=True)


def _caught(instance):
    check(instance.completed and instance.passed("caught") == 1, "the instance must end at `caught`", instance)
    return instance.variables()["error"]
