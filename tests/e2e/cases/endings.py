"""How a job ends: what the function or the service answers, what the headers say, and what the engine then shows."""

import bpmn
import standins
from harness import check, failures, same

SCALE = 1
WORKER = {}
BUDGET = 180


def case_a_function_error_completes_with_error(e2e):
    instance = _run(e2e, "fail", {"type": "NoStock", "message": "sold out"})
    found = e2e.completed(instance)
    same(found.get("statusCode"), 200, "statusCode", instance)
    error = found.get("error")
    check(isinstance(error, dict), "error must be an object", instance)
    wanted = {"code": "FUNCTION_ERROR", "type": "NoStock", "message": "sold out", "functionName": "fail"}
    for name, value in wanted.items():
        same(error.get(name), value, f"error.{name}", instance)
    check(isinstance(error.get("stackTrace"), list) and error["stackTrace"], "error.stackTrace must be a list", instance)
    check(error.get("requestId"), "error.requestId must be there", instance)


def case_a_function_error_is_an_incident_when_asked_to_fail(e2e):
    instance = _run(e2e, "fail", {"type": "NoStock", "message": "sold out"}, headers={"onFunctionError": "fail"}, retries=1)
    e2e.incident(instance, "FUNCTION_ERROR", "NoStock", "sold out", "fail")


def case_a_missing_function_is_an_incident_at_once(e2e):
    instance = _run(e2e, "no-such-function", None)
    e2e.incident(instance, "NOT_FOUND", "no-such-function", standins.REGION, "404")
    check([job["value"]["retries"] for job in instance.jobs("FAILED")] == [0], "one failure with no retries left", instance)


def case_the_incident_can_be_resolved_once_the_input_is_mended(e2e):
    instance = _run(e2e, "no-such-function", None)
    told = instance.incidents()[0]
    e2e.gateway.set_local(told["elementInstanceKey"], {"lambda": {"functionName": "echo", "payload": "mended"}})
    e2e.gateway.give_retries(told["jobKey"], 1)
    e2e.gateway.resolve(told["key"])
    e2e.wait(lambda: instance.completed, 20, "the mended instance to end")
    same(e2e.completed(instance).get("payload"), "mended", "payload", instance)


def case_a_refused_call_completes_when_asked_to(e2e):
    instance = _run(e2e, "no-such-function", None, headers={"onError": "complete"})
    found = e2e.completed(instance)
    check(isinstance(found.get("error"), dict), "error must be an object", instance)
    same(found["error"].get("code"), "NOT_FOUND", "error.code", instance)
    check("payload" in found and found["payload"] is None, "payload must be null", instance)


def case_any_error_can_be_caught(e2e):
    instance = _run(e2e, "no-such-function", None, headers={"bpmnErrors": "*"}, catch="")
    check(instance.completed and instance.passed("caught") == 1, "the instance must end at `caught`", instance)
    same(instance.variables().get("error", {}).get("code"), "NOT_FOUND", "error.code", instance)


def case_a_function_error_can_be_caught_by_its_type_or_as_any_function_error(e2e):
    long = "Long" * 60
    for listed, thrown in (("CONFLICT, NoStock", "NoStock"), ("FUNCTION_ERROR", "NoStock"), ("FUNCTION_ERROR", long)):
        instance = _run(e2e, "fail", {"type": thrown, "message": "sold out"}, headers={"bpmnErrors": listed}, catch=thrown[:200])
        check(instance.completed and instance.passed("caught") == 1, f"{thrown} must be caught", instance)
        error = instance.variables().get("error", {})
        same((error.get("code"), error.get("type")), ("FUNCTION_ERROR", thrown), "error.code and error.type", instance)


def case_what_headers_cannot_mean_is_an_incident_that_names_header_and_values(e2e):
    for header, value, told in (("onFunctionError", "ignore", "bpmnError"), ("retryBackoff", "soon", "PT30S")):
        instance = _run(e2e, "echo", None, headers={header: value})
        e2e.incident(instance, "INVALID_INPUT", header, told)
        same(failures(instance), [("INVALID_INPUT", 0, 0)], "how it failed", instance)
        same(e2e.executions(instance), 0, "executions", instance)


def case_a_functions_long_message_is_cut_for_the_incident(e2e):
    instance = _run(e2e, "fail", {"type": "NoStock", "message": "m" * 5000}, headers={"onFunctionError": "fail"}, retries=1)
    message = e2e.incident(instance, "FUNCTION_ERROR", "NoStock", "m" * 1000)
    check("m" * 1001 not in message, f"a thousand characters of it, not more: {message}", instance)


def case_an_error_nobody_catches_is_an_incident(e2e):
    instance = _run(e2e, "fail", {"type": "NoStock"}, headers={"onFunctionError": "bpmnError"}, catch="SomethingElse")
    told = instance.incidents()
    check(told and told[0]["errorType"] == "UNHANDLED_ERROR_EVENT" and "NoStock" in told[0]["errorMessage"],
          "an incident with the thrown code is expected", instance)


def case_a_throttled_call_is_tried_again_by_the_worker_itself(e2e):
    instance = _run(e2e, "throttle-once", {"id": e2e.engine.name})
    same(e2e.completed(instance).get("payload"), {"id": e2e.engine.name}, "payload", instance)
    check(not instance.jobs("FAILED"), "the engine must not see a failure", instance)


def case_a_call_that_may_have_run_is_retried_by_the_engine_after_its_backoff(e2e):
    instance = _run(e2e, "service-exception", None, headers={"retryBackoff": "PT1S"}, retries=2)
    e2e.incident(instance, "AMBIGUOUS", "service-exception", "500")
    failures = [job["value"] for job in instance.jobs("FAILED")]
    same([job["retries"] for job in failures], [1, 0], "retries of the failures", instance)
    same(failures[0]["retryBackoff"], 1000, "backoff of the first failure", instance)
    check(failures[0]["errorMessage"].startswith("AMBIGUOUS"), "each failure tells its code", instance)
    check(len(instance.jobs("RECURRED_AFTER_BACKOFF")) == 1, "the engine gives it again once, after the backoff", instance)


def case_an_answer_just_below_the_limit_completes(e2e):
    instance = _run(e2e, "big", {"bytes": 1_900_000})
    same(len(e2e.completed(instance).get("payload")), 1_900_000 - 2, "length of the payload", instance)


def case_an_answer_over_the_limit_is_an_incident_that_names_size_and_limit(e2e):
    # The engine has three ways to say it: over half of its message size, just below the whole, and above it.
    for size in (3_000_000, 4_194_000, 5_000_000):
        instance = _run(e2e, "big", {"bytes": size})
        e2e.incident(instance, "RESPONSE_TOO_LARGE", "big", str(size)[:3], "maxMessageSize")
        same(failures(instance), [("RESPONSE_TOO_LARGE", 0, 0)], "how it failed", instance)
        same(e2e.executions(instance), 1, "executions", instance)


def case_a_deeply_nested_answer_leaves_the_broker_alive(e2e):
    instance = _run(e2e, "nested", {"depth": 100_000})
    e2e.incident(instance, "RESPONSE_REFUSED", "nested")
    check(e2e.engine.alive(), "the broker must still lead its partition")
    instance = _run(e2e, "nested", {"depth": 400})
    e2e.completed(instance)
    same(instance.texts().get("payload"), "[" * 400 + "]" * 400, "payload", instance)


def case_an_integer_beyond_the_engine_is_an_incident(e2e):
    e2e.incident(_run(e2e, "huge-integer", None), "RESPONSE_REFUSED", "huge-integer")


def case_an_answer_that_is_no_json_becomes_a_string(e2e):
    found = e2e.completed(_run(e2e, "not-json", None))
    same(found.get("payload"), "this is no JSON", "payload")


def case_an_empty_answer_becomes_null(e2e):
    found = e2e.completed(_run(e2e, "empty", None))
    check("payload" in found and found["payload"] is None, f"payload must be null: {found}")


def case_an_event_and_a_dry_run_have_their_own_status(e2e):
    for kind, status in (("Event", 202), ("DryRun", 204)):
        instance = _run(e2e, "echo", {"kind": kind}, inputs={"lambda.invocationType": bpmn.text(kind)})
        found = e2e.completed(instance)
        same(found.get("statusCode"), status, f"statusCode of {kind}", instance)
        check("payload" in found and found["payload"] is None, "payload must be null", instance)


def case_a_version_that_was_asked_for_is_told(e2e):
    instance = _run(e2e, "versioned", None, inputs={"lambda.qualifier": bpmn.text("PROD")})
    found = e2e.completed(instance)
    same(found.get("executedVersion"), found.get("payload", {}).get("version"), "executedVersion", instance)
    check(found["executedVersion"] != "$LATEST", "the alias must count", instance)


def case_the_function_is_told_which_job_calls_it(e2e):
    instance = _run(e2e, "context", None)
    seen = e2e.completed(instance).get("payload")
    told = seen["clientContext"]["custom"]["job"]
    created = instance.jobs("CREATED")[0]
    same(str(told.get("jobKey")), str(created["key"]), "jobKey", instance)
    same(str(told.get("processInstanceKey")), str(instance.key), "processInstanceKey", instance)
    same(told.get("bpmnProcessId"), created["value"]["bpmnProcessId"], "bpmnProcessId", instance)
    same(told.get("elementId"), "call", "elementId", instance)


def case_a_cancelled_instance_harms_nobody(e2e):
    e2e.process("endings-cancelled", "slow")
    instance = e2e.start("endings-cancelled", {"given": {"ms": 3000}})
    e2e.gateway.cancel(instance.key)
    e2e.wait(lambda: instance.terminated, 10, "the instance to be cancelled")
    # The other one takes longer, so it ends after the late answer of the first.
    other = e2e.run("endings-cancelled", {"given": {"ms": 4000}})
    same(e2e.completed(other).get("payload"), {"ms": 4000}, "payload", other)
    check(not instance.incidents() and not instance.jobs("FAILED"), "nothing may come after the cancellation", instance)


def _run(e2e, function, given, **parts):
    """One instance of a process of its own that calls that function with that payload."""
    e2e.serial += 1
    name = f"endings-{e2e.serial}-{function}"
    e2e.process(name, function, **parts)
    return e2e.run(name, {"given": given}, within=60)
