"""The result of a call that ran is kept while the engine does not take it, and not when it never will; a job that is too old is not begun."""

import signal

from harness import failures, job_of, same

SCALE = 1
WORKER = {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT": "5000"}
BUDGET = 120


def case_failed_by_somebody_else_the_result_waits_for_the_next_activation(e2e):
    e2e.process("kept", "slow")
    waiting, stopped = (e2e.start("kept", {"given": {"ms": 2000, "number": number}}) for number in (1, 2))
    e2e.wait(lambda: e2e.executions(waiting) + e2e.executions(stopped) == 2, 20, "both functions to run")
    e2e.gateway.fail(job_of(waiting), 3, back_off=4000)
    e2e.gateway.fail(job_of(stopped), 0)
    e2e.wait(stopped.incidents, 10, "the incident")
    e2e.need_worker().wait_for("results_held", 2)
    e2e.mended(stopped)
    e2e.wait(lambda: waiting.completed and stopped.completed, 40, "both to complete")
    for number, instance in ((1, waiting), (2, stopped)):
        same(e2e.completed(instance).get("payload"), {"ms": 2000, "number": number}, "payload", instance)
        same(e2e.executions(instance), 1, "executions", instance)
        same(len(failures(instance)), 1, "failures, the test's own", instance)


def case_an_answer_that_only_the_engine_refuses_is_an_incident_with_its_words(e2e):
    # The gateway's reader stops at names of 50,000 characters. In a string the name gets past it, and the function answers with what
    # the string says.
    e2e.process("kept-in-vain", "echo")
    instance = e2e.run("kept-in-vain", {"given": '{"' + "k" * 60_000 + '": 1}'})
    e2e.incident(instance, "RESPONSE_REFUSED", "echo", "refused by the engine", "INTERNAL")
    same(failures(instance), [("RESPONSE_REFUSED", 0, 0)], "how it failed", instance)
    same(e2e.executions(instance), 1, "executions", instance)


def case_a_job_that_grew_too_old_on_its_way_is_not_begun(e2e):
    worker = e2e.need_worker()
    e2e.process("too-old", "echo")
    e2e.run("too-old", {"given": "so that the worker knows the broker's clock"})
    worker.child.signal(signal.SIGSTOP)
    try:
        instance = e2e.start("too-old", {"given": "old"})
        e2e.wait(lambda: instance.jobs("TIMED_OUT"), 30, "the lease to run out")
    finally:
        worker.child.signal(signal.SIGCONT)
    e2e.settled([instance.key], within=40)
    same(e2e.completed(instance).get("payload"), "old", "payload", instance)
    same(e2e.executions(instance), 1, "executions", instance)
    same(failures(instance), [], "how it failed", instance)
    e2e.note(f"{worker.figure('jobs_ended_total', end='lapsed'):.0f} activation was too old and not begun")
