"""`atMostOnce=true`: a marker in the task is written before the call, so that no second activation calls again, whatever became of the
first; and what is proven not to have run is retried all the same.
"""

import signal

import bpmn
from harness import check, failures, job_of, same

SCALE = 1
WORKER = {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT": "5000"}
BUDGET = 180
_ONCE = {"atMostOnce": "true", "retryBackoff": "PT1S"}


def case_the_marker_is_the_tasks_own_and_names_the_job(e2e):
    instance = _start(e2e, "echo", "once")
    e2e.settled([instance.key], within=20)
    found = e2e.completed(instance)
    same(found.get("payload"), "once", "payload", instance)
    check("lambdaCall" not in found, "the marker must stay in the task", instance)
    markers = _markers(instance)
    check(len(markers) == 1 and str(job_of(instance)) in markers[0], f"one marker with the job's key: {markers}", instance)


def case_killed_between_marker_and_answer_it_is_not_called_again(e2e):
    e2e.need_worker()
    instance = _start(e2e, "slow", {"ms": 3000})
    e2e.wait(lambda: _markers(instance) and e2e.executions(instance) == 1, 20, "the function to run")
    e2e.kill_worker()
    e2e.need_worker()
    e2e.settled([instance.key], within=60)
    e2e.incident(instance, "AMBIGUOUS", "atMostOnce", "'lambdaCall' to null", str(job_of(instance)))
    same(e2e.executions(instance), 1, "executions", instance)
    same(failures(instance), [("AMBIGUOUS", 0, 0)], "how it failed", instance)
    # What the message says to do lets it be called once more.
    e2e.gateway.set_local(instance.incidents()[0]["elementInstanceKey"], {"lambdaCall": None})
    e2e.mended(instance)
    e2e.wait(lambda: instance.completed, 30, "the call that was let through to complete")
    same(e2e.completed(instance).get("payload"), {"ms": 3000}, "payload", instance)
    same(e2e.executions(instance), 2, "executions", instance)


def case_stalled_past_its_lease_it_is_called_once_and_the_answer_counts(e2e):
    worker = e2e.need_worker()
    instance = _start(e2e, "slow", {"ms": 1500})
    e2e.wait(lambda: _markers(instance) and e2e.executions(instance) == 1, 20, "the function to run")
    worker.child.signal(signal.SIGSTOP)
    try:
        e2e.wait(lambda: instance.jobs("TIMED_OUT"), 30, "the lease to run out")
    finally:
        worker.child.signal(signal.SIGCONT)
    e2e.settled([instance.key], within=60)
    same(e2e.executions(instance), 1, "executions", instance)
    same(e2e.completed(instance).get("payload"), {"ms": 1500}, "payload", instance)


def case_throttled_after_the_marker_it_is_tried_again(e2e):
    e2e.need_worker()
    later = _start(e2e, "throttle-once", {"id": f"once {e2e.engine.name}"})
    never = _start(e2e, "throttle-always", None, retries=2)
    early = _start(e2e, "echo", None, inputs={"lambda.qualifer": bpmn.text("PROD")})
    e2e.settled([later.key, never.key, early.key], within=60)
    e2e.completed(later)
    same((e2e.executions(later), failures(later)), (1, []), "executions and failures", later)
    e2e.incident(never, "TOO_MANY_REQUESTS", "throttle-always")
    same(failures(never), [("TOO_MANY_REQUESTS", 1, 1000), ("TOO_MANY_REQUESTS", 0, 0)], "how it failed", never)
    same(e2e.executions(never), 0, "executions", never)
    markers = _markers(never)
    same([marker == "null" for marker in markers], [False, True] * 2, "the marker is taken back with each failure", never)
    e2e.incident(early, "INVALID_INPUT", "qualifer")
    same(_markers(early), [], "no marker for what is not called at all", early)


def case_refused_by_lambda_it_can_be_called_once_what_was_wrong_is_mended(e2e):
    instance = _start(e2e, "no-such-function", "mended")
    e2e.settled([instance.key], within=20)
    e2e.incident(instance, "NOT_FOUND", "no-such-function")
    same([marker == "null" for marker in _markers(instance)], [False, True], "nothing ran, so the marker is taken back", instance)
    told = instance.incidents()[0]
    e2e.gateway.set_local(told["elementInstanceKey"], {"lambda": {"functionName": "echo", "payload": "mended"}})
    e2e.mended(instance)
    e2e.wait(lambda: instance.completed or len(failures(instance)) > 1, 20, "the mended job to end")
    same(e2e.completed(instance).get("payload"), "mended", "payload", instance)
    same(e2e.executions(instance), 1, "executions", instance)


def _start(e2e, function, given, retries=3, **parts):
    e2e.serial += 1
    name = f"once-{e2e.serial}-{function}"
    e2e.process(name, function, headers=_ONCE, retries=retries, **parts)
    return e2e.instance(e2e.gateway.create(name, {"given": given}))


def _markers(instance):
    """What the marker of the task was set to, in order."""
    return [record["value"]["value"] for record in instance.of("VARIABLE", "CREATED", "UPDATED")
            if record["value"]["name"] == "lambdaCall" and record["value"]["scopeKey"] != instance.key]
