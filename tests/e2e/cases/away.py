"""The broker goes away without a word while functions run, and comes back on the same address with its data."""

from harness import check, same

SCALE = 5
WORKER = {}
BUDGET = 150


def case_a_broker_that_comes_back_gets_the_results_of_calls_that_ran_meanwhile(e2e):
    e2e.process("away-running", "slow")
    started = [e2e.start("away-running", {"given": {"ms": 3000, "number": number}}) for number in range(e2e.scale)]
    e2e.wait(lambda: sum(map(e2e.executions, started)) == e2e.scale, 20, "all functions to run")
    e2e.engine.kill()
    e2e.engine.start_again()
    settled = e2e.settled([instance.key for instance in started], within=60)
    for number, instance in enumerate(settled):
        same(e2e.completed(instance).get("payload"), {"ms": 3000, "number": number}, "payload", instance)
        same(e2e.executions(instance), 1, "executions", instance)
        check(not instance.jobs("FAILED"), "no client may have failed it", instance)


def case_new_jobs_are_served_after_it_came_back(e2e):
    e2e.process("away-after", "echo")
    for number in range(e2e.scale):
        instance = e2e.run("away-after", {"given": number}, within=20)
        same(e2e.completed(instance).get("payload"), number, "payload", instance)
