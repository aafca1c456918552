"""Jobs that are failed with retries left: nothing ran, so it may work later, or it may have run. What their headers make of the last
attempt. All of them fail twice at the same time, a second apart.
"""

import bpmn
from harness import check, failures, same

SCALE = 1
# No program listens on port 1.
_AWAY = "http://127.0.0.1:1"
_ROLE = "arn:aws:iam::123456789012:role/e2e"
WORKER = {"ALLOWED_HOSTS": "https://127.0.0.1:1", "ALLOWED_ROLE_ARNS": _ROLE, "AWS_ENDPOINT_URL_STS": _AWAY,
          "SECRETS_AWS_SECRET_ID": "e2e", "AWS_ENDPOINT_URL_SECRETS_MANAGER": _AWAY}
BUDGET = 120
_SOON = {"retryBackoff": "PT1S"}


def case_what_did_not_run_is_retried_with_one_retry_less(e2e):
    started = {
        "CONNECTION_ERROR": _start(e2e, "echo", inputs={"lambda.endpoint": bpmn.text("https://127.0.0.1:1")}),
        "CREDENTIALS_ERROR": _start(e2e, "echo", inputs={"lambda.authentication.type": bpmn.text("assumeRole"),
                                                         "lambda.authentication.roleArn": bpmn.text(_ROLE)}),
        "SECRET_ERROR": _start(e2e, "echo", headers={"qualifier": "{{secrets.OF_A_STORE_THAT_IS_AWAY}}"}),
    }
    e2e.settled([instance.key for instance in started.values()], within=60)
    for code, instance in started.items():
        e2e.incident(instance, code)
        same(failures(instance), [(code, 1, 1000), (code, 0, 0)], "how it failed", instance)
        same(e2e.executions(instance), 0, "executions", instance)


def case_what_may_have_run_is_retried_by_the_engine_alone(e2e):
    started = [_start(e2e, name) for name in ("service-exception", "html-503", "wire-reset", "wire-half-body")]
    started.append(_start(e2e, "slow", {"ms": 4000}, inputs={"lambda.timeout": bpmn.text("PT1S")}))
    e2e.settled([instance.key for instance in started], within=60)
    for instance in started:
        e2e.incident(instance, "AMBIGUOUS", "may have")
        same(failures(instance), [("AMBIGUOUS", 1, 1000), ("AMBIGUOUS", 0, 0)], "how it failed", instance)
        same(e2e.executions(instance), 2, "one call for each activation", instance)


def case_without_a_header_the_backoff_grows_with_the_attempts_counted_in_the_task(e2e):
    instance = _start(e2e, "service-exception", headers={})
    e2e.settled([instance.key], within=60)
    same([(code, retries) for code, retries, _ in failures(instance)], [("AMBIGUOUS", 1), ("AMBIGUOUS", 0)], "how it failed", instance)
    check(1000 <= failures(instance)[0][2] <= 300_000, f"a back-off of a second at least: {failures(instance)}", instance)
    counted = [(record["value"]["value"], record["value"]["scopeKey"] == instance.key)
               for record in instance.of("VARIABLE", "CREATED", "UPDATED") if record["value"]["name"] == "lambdaAttempt"]
    same(counted, [("1", False), ("2", False)], "lambdaAttempt and whether it is the process's", instance)


def case_the_last_attempt_throws_or_completes_when_asked_to(e2e):
    thrown = _start(e2e, "service-exception", headers=dict(_SOON, bpmnErrors="AMBIGUOUS"), catch="AMBIGUOUS")
    completed = _start(e2e, "service-exception", headers=dict(_SOON, onError="complete"))
    once = _start(e2e, "service-exception", headers=dict(_SOON, atMostOnce="true"))
    e2e.settled([thrown.key, completed.key, once.key], within=60)
    same(failures(thrown), [("AMBIGUOUS", 1, 1000)], "only the first attempt fails", thrown)
    check(thrown.completed and thrown.passed("caught") == 1, "the second is thrown and caught", thrown)
    same(thrown.variables()["error"]["code"], "AMBIGUOUS", "error.code", thrown)
    same(failures(completed), [("AMBIGUOUS", 1, 1000)], "only the first attempt fails", completed)
    found = e2e.completed(completed)
    same(found["error"]["code"], "AMBIGUOUS", "error.code", completed)
    check("payload" in found and found["payload"] is None, "there is no payload", completed)
    e2e.incident(once, "AMBIGUOUS", "service-exception")
    same(failures(once), [("AMBIGUOUS", 0, 0)], "with atMostOnce the first is the last", once)
    same(e2e.executions(once), 1, "executions", once)


def case_a_failed_function_asked_to_fail_uses_up_the_retries(e2e):
    instance = _start(e2e, "fail", {"type": "NoStock", "message": "sold out"}, headers=dict(_SOON, onFunctionError="fail"))
    e2e.settled([instance.key], within=60)
    same(failures(instance), [("FUNCTION_ERROR", 1, 1000), ("FUNCTION_ERROR", 0, 0)], "how it failed", instance)
    same(e2e.executions(instance), 2, "executions", instance)


def _start(e2e, function, given=None, headers=None, **parts):
    """An instance, with two attempts, of a process of its own."""
    e2e.serial += 1
    name = f"retried-{e2e.serial}-{function}"
    e2e.process(name, function, headers=_SOON if headers is None else headers, retries=2, **parts)
    return e2e.instance(e2e.gateway.create(name, {"given": given}))
