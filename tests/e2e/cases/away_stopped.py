"""The broker goes away, and the worker is stopped before it is back: what could not be told is said in the log, and the next worker finds
the jobs. Without `atMostOnce` the function runs a second time, with it never.
"""

from harness import check, failures, job_of, same

FULL = True
SCALE = 1
WORKER = {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT": "5000", "LAMBDA_CONNECTOR_DRAIN_TIME": "1s"}
BUDGET = 240
_ONCE = {"atMostOnce": "true"}


def case_only_a_task_that_allows_it_is_called_again(e2e):
    worker = e2e.need_worker()
    e2e.process("gone-again", "slow")
    e2e.process("gone-once", "slow", headers=_ONCE)
    # Nothing runs, but the word of it does not arrive, and a marker stands: a false AMBIGUOUS, rather than a second call.
    e2e.process("gone-throttled", "throttle-always", headers=_ONCE)
    again, once = (e2e.start(name, {"given": {"ms": 2000}}) for name in ("gone-again", "gone-once"))
    e2e.wait(lambda: e2e.executions(again) + e2e.executions(once) == 2, 20, "both functions to run")
    throttled = e2e.start("gone-throttled", {"given": None})
    e2e.wait(lambda: "lambdaCall" in [record["value"]["name"] for record in throttled.of("VARIABLE")], 20, "its marker")
    e2e.engine.kill()
    worker.wait_for("results_held", 2)
    worker.wait_for("jobs_ended_total", 1, end="undelivered")
    same(e2e.stop_worker(), 1, "exit code of a stop that leaves something untold")
    told = [line for line in worker.log_lines() if line["level"] == "error"]
    for instance in (again, once, throttled):
        check(any(str(job_of(instance)) == line.get("jobKey") for line in told), f"an error line with the job's key: {told}", instance)
    e2e.engine.start_again()
    e2e.need_worker()
    e2e.settled([again.key, once.key, throttled.key], within=60)
    same(e2e.completed(again).get("payload"), {"ms": 2000}, "payload", again)
    for instance, executions in ((again, 2), (once, 1), (throttled, 0)):
        same(e2e.executions(instance), executions, "executions", instance)
    for instance in (once, throttled):
        e2e.incident(instance, "AMBIGUOUS", "'lambdaCall' to null")
        same(failures(instance), [("AMBIGUOUS", 0, 0)], "how it failed", instance)
