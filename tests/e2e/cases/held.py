"""A job that takes longer than its activation is held by extending it, and done once; a worker that goes leaves no job behind."""

from harness import check, same

SCALE = 1
LEASE_MS = 5000
WORKER = {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT": str(LEASE_MS)}
BUDGET = 120


def case_a_call_longer_than_its_activation_is_made_once(e2e):
    instance = _started(e2e, "held-long", 12_000)
    e2e.settled([instance.key], within=60)
    same(e2e.completed(instance).get("payload"), {"ms": 12_000}, "payload", instance)
    same(e2e.executions(instance), 1, "executions", instance)
    same(_activations(e2e, instance), 1, "activations", instance)
    check(not instance.jobs("TIMED_OUT"), "the activation must not end before the call", instance)
    check(len(instance.jobs("TIMEOUT_UPDATED")) >= 2, "the activation must have been extended", instance)
    created, completed = instance.jobs("CREATED")[0], instance.jobs("COMPLETED")[0]
    same(completed["value"]["retries"], created["value"]["retries"], "retries", instance)


def case_a_stopping_worker_ends_what_it_began(e2e):
    instance = _started(e2e, "held-stopping", 3000)
    code = e2e.stop_worker()
    check(code == 0, f"exit code {code}", instance)
    e2e.settled([instance.key], within=10)
    same(e2e.completed(instance).get("payload"), {"ms": 3000}, "payload", instance)
    same(e2e.executions(instance), 1, "executions", instance)
    same(_activations(e2e, instance), 1, "activations", instance)


def case_a_job_of_a_killed_worker_is_taken_by_the_next(e2e):
    e2e.need_worker()
    instance = _started(e2e, "held-killed", 2000)
    e2e.kill_worker()
    e2e.need_worker()
    e2e.settled([instance.key], within=40)
    same(e2e.completed(instance).get("payload"), {"ms": 2000}, "payload", instance)
    check(e2e.executions(instance) <= 2, "it may have run once for each worker, not more", instance)
    check(_activations(e2e, instance) >= 2, "it must have been activated again", instance)
    check(instance.jobs("TIMED_OUT"), "the first activation must have run out", instance)
    # The gateway itself may give back what it sent into a closed connection, with the retries as they were.
    same(instance.jobs("COMPLETED")[0]["value"]["retries"], 3, "retries", instance)


def _started(e2e, name, milliseconds):
    """An instance whose function is running or about to."""
    e2e.process(name, "slow")
    return e2e.start(name, {"given": {"ms": milliseconds}})


def _activations(e2e, instance):
    """How often the job reached a worker. One that the gateway could not push is yielded, and counts for nothing."""
    return e2e.records.activations[instance.jobs("CREATED")[0]["key"]] - len(instance.jobs("YIELDED"))
