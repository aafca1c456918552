"""Three brokers, and 100 jobs a second (E2E_RATE; fewer on a machine that does not carry half as many more) flow while brokers are killed: a leader,
the gateway in use, two of three for a minute, all.

Every instance that the engine knows must come to an end: completed with the answer to its own question; or, when the task said
`atMostOnce`, an incident that says that it may have run. Every instance that a client was told of must be among them. How often each function
ran is counted by the stand-in: a job is never called more often than it was activated, and with `atMostOnce` never twice.
"""

import collections
import json
import os
import types

import artifacts
import bpmn
import brought
import children
import cluster as clusters
import standins
import worker as workers
from harness import check, same

FULL = True
SCALE = 0
WORKER = None
BUDGET = 1500
# Jobs a second; an instance has so many, one behind the other.
_RATE = int(os.environ.get("E2E_RATE", 100))
_TASKS = 5
# Nothing that went astray is away for longer than this.
_LEASE_MS = 15_000
_AFTERWARDS = 240
_SETTINGS = {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT": str(_LEASE_MS), "LAMBDA_CONNECTOR_JOB_TYPES": bpmn.JOB_TYPE}
_ONCE = "cluster-once"
_PROCESSES = ["cluster-often"] * 9 + [_ONCE]


def prepare():
    if brought.home() is None:
        raise artifacts.Missing("needs brokers that a person brings: E2E_ENGINE_HOME names none")


def start(e2e):
    parts = types.SimpleNamespace()
    parts.cluster = clusters.Cluster(e2e.logs)
    parts.standins = standins.Standins(e2e.sandbox, e2e.logs, "cluster")
    parts.cluster.start()
    parts.ledger = clusters.Ledger(parts.cluster)
    inputs = {"lambda.functionName": bpmn.text("slow"), "lambda.payload": "=given"}
    parts.cluster.nodes[0].gateway.deploy(bpmn.process(_PROCESSES[0], inputs=inputs, retries=5, tasks=_TASKS),
                                          bpmn.process(_ONCE, inputs=inputs, retries=5, tasks=_TASKS, headers={"atMostOnce": "true"}))
    parts.worker = workers.Worker(e2e.program, parts.cluster, parts.standins, _SETTINGS, e2e.logs, 1)
    parts.worker.wait_for("ready", 1)
    parts.known = set()
    parts.met = {}
    parts.rate = _carried(parts)
    return parts


def _carried(parts):
    """Instances a second: the wanted jobs, or what leaves a part of the machine to brokers that start."""
    warm = clusters.Flow(parts.ledger, parts.cluster.nodes[0].gateway, 2 * _RATE / _TASKS, _PROCESSES, _question)
    warm.run(30)  # what a broker does in its first seconds is compiling
    carried = warm.carried(10)
    warm.stop()
    children.until(lambda: parts.ledger.pump() or parts.ledger.settled >= len(warm.keys), _AFTERWARDS, "the first instances to end",
                   pause=0.5)
    parts.known.update(parts.ledger.instances)
    rate = min(_RATE / _TASKS, max(2, 0.7 * carried))
    print(f"     of {2 * _RATE} jobs a second this machine carries {carried * _TASKS:.0f}; the cases start {rate * _TASKS:.0f}", flush=True)
    return rate


def case_a_leader_is_killed(e2e):
    def fault(parts, flow):
        number = parts.cluster.leader_beside_the_first()
        parts.cluster.kill(number)
        flow.run(15)
        parts.cluster.nodes[number].start()
        flow.back(parts.cluster)

    _under_load(e2e.parts, 0, "leader killed", fault)


def case_the_gateway_in_use_is_killed(e2e):
    def fault(parts, flow):
        parts.cluster.kill(0)
        flow.run(15)
        parts.cluster.nodes[0].start()
        flow.back(parts.cluster)

    _under_load(e2e.parts, 1, "gateway killed", fault)


def case_two_brokers_are_killed_and_are_back_after_a_minute(e2e):
    def fault(parts, flow):
        parts.cluster.kill(1, 2)
        flow.run(60)
        parts.cluster.nodes[1].start()
        parts.cluster.nodes[2].start()
        flow.back(parts.cluster)

    _under_load(e2e.parts, 0, "two killed", fault)


def case_all_brokers_are_started_again(e2e):
    def fault(parts, flow):
        parts.cluster.kill()
        flow.run(2)
        for node in parts.cluster.nodes:
            node.start()
        flow.back(parts.cluster)

    _under_load(e2e.parts, 0, "all started again", fault)


def case_the_worker_ends_when_asked(e2e):
    same(e2e.parts.worker.stop(), 0, "exit code")
    _print_table(e2e.parts.met)


def _under_load(parts, through, name, fault):
    parts.cluster.start()
    before = parts.worker.gateway_answers()
    flow = clusters.Flow(parts.ledger, parts.cluster.nodes[through].gateway, parts.rate, _PROCESSES, _question)
    flow.run(8)
    fault(parts, flow)
    flow.run(8)
    rate = flow.stop()
    check(flow.keys, "instances must have been started")
    ledger = parts.ledger

    def settled():
        ledger.pump()
        open_ones = [one for key, one in ledger.instances.items() if key not in parts.known and not one.settled()]
        return not open_ones and flow.keys.keys() <= ledger.instances.keys()

    try:
        children.until(settled, _AFTERWARDS, "every instance to come to an end", pause=0.5)
    except children.TimedOut:
        _say_who_is_open(parts, flow)
        raise
    _judge(parts, flow, name, rate, before)


def _question(number):
    # One in ten is in a long call when its broker dies.
    return {"given": {"ms": 1000 if number % 10 == 0 else 20, "number": number}}


def _say_who_is_open(parts, flow):
    ledger = parts.ledger
    lost = [key for key in flow.keys if key not in ledger.instances]
    open_ones = [(key, one.process, one.number, one.jobs, [ledger.activations[job] for job in one.jobs])
                 for key, one in ledger.instances.items() if key not in parts.known and not one.settled()]
    print(f"       of {len(flow.keys)}: lost {len(lost)} {lost[:5]}; open {len(open_ones)} {open_ones[:5]}", flush=True)


def _judge(parts, flow, name, rate, before):
    ledger, account = parts.ledger, parts.standins.account()
    new = {key: one for key, one in ledger.instances.items() if key not in parts.known}
    parts.known.update(new)
    runs, incidents = collections.Counter(), collections.Counter()
    for key, one in new.items():
        if one.completed:
            check(len(one.jobs) == _TASKS, f"instance {key} has jobs {one.jobs}, {_TASKS} expected")
            check(one.payload is not None and json.loads(one.payload) == _question(one.number)["given"],
                  f"instance {key} asked with number {one.number} and got {one.payload}")
        else:
            for message in one.incidents.values():
                incidents[message.split(":")[0]] += 1
                check(one.process == _ONCE and message.startswith("AMBIGUOUS"), f"instance {key} has the incident {message}")
        for job in one.jobs:
            ran = account.get(str(job), {}).get("executions", 0)
            runs[ran] += 1
            check(ran >= 1 or not one.completed, f"instance {key} completed, but its function never ran for job {job}")
            check(ran <= ledger.activations[job], f"job {job} ran {ran} times, activated {ledger.activations[job]} times")
            check(ran <= 1 or one.process != _ONCE, f"job {job} says atMostOnce and ran {ran} times")
    after = parts.worker.gateway_answers()
    codes = {what: count - before.get(what, 0) for what, count in after.items()
             if what[1] not in ("OK", "CANCELLED") and count > before.get(what, 0)}
    parts.met[name] = codes
    lines = [f"{name}: {len(new)} instances, {runs.total()} jobs ({rate * _TASKS:.0f}/s started, {sum(flow.refused.values())} refused: {dict(flow.refused)})",
             f"{sum(one.completed for one in new.values())} completed, incidents {dict(incidents)}; functions ran (times: jobs) {dict(runs)}"]
    for line in lines:
        print(f"       {line}", flush=True)


def _print_table(met):
    """The errors that the worker met, as a table of Markdown. CANCELLED is left out: so end its own polls and streams."""
    print("       | call | status | " + " | ".join(met) + " |\n       |" + "---|" * (2 + len(met)))
    for call, status in sorted({what for codes in met.values() for what in codes}):
        counts = " | ".join(str(codes.get((call, status), "")) for codes in met.values())
        print(f"       | `{call}` | {status} | {counts} |", flush=True)
