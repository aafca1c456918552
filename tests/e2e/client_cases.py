"""The cases of each client that others wrote: cases/client_*.py take them all. What the client tells is compared with what the
gateway's protocol promises; a command that its library does not have is given by the test's own client instead.
"""

import grpc

import client_programs
from harness import Failed, check, same

JOBS = 100


class Parts:
    def __init__(self, e2e, language, command):
        self.language = language
        self.sandbox = client_programs.Sandbox(e2e, language)
        self.program = client_programs.Program(language, command, self.sandbox.address, e2e.logs / f"client-{language}.log")
        self.do, self.refused = self.program.do, self.program.refused

    def create(self, kind="single", **variables):
        told = self.do("create", process=f"{self.language}-{kind}", variables=dict({"number": 1, "behave": "complete"}, **variables))
        same(told["process"], f"{self.language}-{kind}", "the process of the new instance")
        return told["instance"]

    def activate(self, instance=None, wait=5000):
        """The next job of the process `single`, which must be of that instance."""
        told = self.do("activate", type=f"{self.language}.single", timeout=60_000, wait=wait)["jobs"]
        check(len(told) == 1, f"one job must be activated: {told}")
        if instance is not None:
            same(told[0]["instance"], instance, "instance of the activated job")
        return told[0]


def case_it_is_told_the_topology(e2e):
    told = e2e.parts.do("topology")
    same(told, {"version": "8.6.0", "partitions": 1, "brokers": 1}, "topology")


def case_the_gateway_says_that_it_serves(e2e):
    told = e2e.parts.do("health")
    if told is None:
        print(f"       {e2e.parts.language} has no command for the gateway's health", flush=True)
    else:
        same(told["status"], 1, "status of the health protocol")


def case_a_job_arrives_whole_and_is_completed(e2e):
    parts, given = e2e.parts, {"text": "\u4e2d\u6587 \U0001f600", "list": [1, 2.5, None, True], "object": {"a": {"b": ""}}}
    instance = parts.create(given=given)
    job = parts.activate(instance)
    same(job["type"], f"{parts.language}.single", "type")
    same(job["headers"], parts.sandbox.HEADERS, "custom headers")
    same(job["variables"], {"number": 1, "behave": "complete", "given": given}, "variables")
    same((job["tenant"], job["retries"], job["process"]), ("<default>", 3, f"{parts.language}-single"), "tenant, retries, process")
    check(job.get("kind") in (None, "BPMN_ELEMENT"), f"kind of the job: {job.get('kind')}")
    check(len({job["key"], job["instance"], job["element"]}) == 3, f"keys must differ: {job}")
    parts.do("complete", job=job["key"], variables={"answer": 2})
    same(parts.refused("complete", job=job["key"], variables={}).code, "NOT_FOUND", "status of a second completion")


def case_jobs_are_served_by_poll(e2e):
    serve(e2e, "poll", stream=False)


def case_jobs_are_served_by_stream(e2e):
    serve(e2e, "stream", stream=True)


def case_a_failed_job_comes_back_after_its_back_off(e2e):
    parts = e2e.parts
    instance = parts.create()
    parts.do("fail", job=parts.activate(instance)["key"], retries=2, message="not now", backOff=1500)
    early = parts.do("activate", type=f"{parts.language}.single", timeout=60_000, wait=300) if parts.language != "go" else None
    check(early is None or not early["jobs"], f"nothing may be activated in its back-off: {early}")
    job = parts.activate(instance)
    same(job["retries"], 2, "retries after the failure")
    parts.do("complete", job=job["key"], variables={})


def case_a_thrown_error_ends_the_job(e2e):
    parts = e2e.parts
    job = parts.activate(parts.create())
    parts.do("throw", job=job["key"], code="caught")
    same(parts.refused("complete", job=job["key"], variables={}).code, "NOT_FOUND", "status of a completion after the error")


def case_an_error_that_nobody_catches_is_an_incident_and_is_resolved(e2e):
    parts = e2e.parts
    instance = parts.create()
    job = parts.activate(instance)
    parts.do("throw", job=job["key"], code="nobody-catches-this")
    incident = parts.sandbox.next_incident()
    resolve(parts, incident)
    parts.do("complete", job=parts.activate(instance)["key"], variables={})


def case_a_job_without_retries_is_an_incident_and_is_mended(e2e):
    parts = e2e.parts
    instance = parts.create()
    job = parts.activate(instance)
    parts.do("fail", job=job["key"], retries=0, message="for good", backOff=0)
    incident = parts.sandbox.next_incident()
    refused = refusal_of(lambda: parts.do("resolve", incident=incident), lambda: parts.sandbox.gateway.resolve(int(incident)))
    same(refused, "NOT_FOUND", "status of a resolution before there are retries")
    if parts.do("retries", job=job["key"], retries=1) is None:
        parts.sandbox.gateway.give_retries(int(job["key"]), 1)
    resolve(parts, incident)
    again = parts.activate(instance)
    same((again["key"], again["retries"]), (job["key"], 1), "key and retries of the mended job")
    parts.do("complete", job=again["key"], variables={})
    refused = refusal_of(lambda: parts.do("resolve", incident=incident), lambda: parts.sandbox.gateway.resolve(int(incident)))
    same(refused, "NOT_FOUND", "status of a second resolution")


def case_an_activation_is_extended(e2e):
    parts = e2e.parts
    instance = parts.create()
    job = parts.do("activate", type=f"{parts.language}.single", timeout=1000, wait=5000)["jobs"][0]
    parts.do("extend", job=job["key"], timeout=60_000)
    if parts.language != "go":  # it waits until its deadline and calls that an error
        told = parts.do("activate", type=f"{parts.language}.single", timeout=1000, wait=2500)["jobs"]
        same(told, [], "jobs that are free after the first lease")
    parts.do("extend", job=job["key"], timeout=1)
    again = parts.activate(instance)
    same((again["key"], again["retries"]), (job["key"], 3), "key and retries after the lease was over")
    parts.do("complete", job=job["key"], variables={})
    same(parts.refused("extend", job=job["key"], timeout=1000).code, "NOT_FOUND", "status of an extension after the end")


def case_variables_of_the_task_reach_the_next_activation(e2e):
    parts = e2e.parts
    instance = parts.create()
    job = parts.activate(instance)
    if parts.do("set", element=job["element"], variables={"mark": {"of": "the task"}}) is None:
        parts.sandbox.gateway.set_local(int(job["element"]), {"mark": {"of": "the task"}})
    parts.do("fail", job=job["key"], retries=2, message="again", backOff=0)
    job = parts.activate(instance)
    same(job["variables"].get("mark"), {"of": "the task"}, "variable of the task")
    parts.do("complete", job=job["key"], variables={})


def case_a_cancelled_instance_takes_its_job_along(e2e):
    parts = e2e.parts
    instance = parts.create()
    job = parts.activate(instance)
    parts.do("cancel", instance=instance)
    same(parts.refused("cancel", instance=instance).code, "NOT_FOUND", "status of a second cancellation")
    for command, what in (("complete", {"variables": {}}), ("fail", {"retries": 1, "message": "", "backOff": 0}),
                          ("throw", {"code": "caught"}), ("extend", {"timeout": 1000})):
        same(parts.refused(command, job=job["key"], **what).code, "NOT_FOUND", f"status of {command} after the cancellation")


def case_a_refusal_keeps_its_status_and_text(e2e):
    parts = e2e.parts
    refused = parts.refused("create", process="no-such-process", variables={})
    same(refused.code, "NOT_FOUND", "status of a creation without its process")
    check("no-such-process" in refused.message, f"the text must name the process: {refused}")
    instance = parts.create()
    job = parts.activate(instance)
    parts.do("fail", job=job["key"], retries=2, message="waits", backOff=60_000)
    refused = parts.refused("fail", job=job["key"], retries=1, message="", backOff=0)
    same(refused.code, "FAILED_PRECONDITION", "status of a failure in back-off")
    if parts.do("retries", job=job["key"], retries=1) is not None:
        same(parts.refused("retries", job=job["key"], retries=0).code, "INVALID_ARGUMENT", "status of no retries")
    parts.do("cancel", instance=instance)


def case_a_call_that_is_not_served_says_its_name(e2e):
    refused = e2e.parts.refused("signal", name="nobody")
    same((refused.code, refused.message), ("UNIMPLEMENTED", "Method not found: gateway_protocol.Gateway/BroadcastSignal"), "refusal")


def serve(e2e, kind, stream):
    """A worker of the library with JOBS jobs: most are completed, some fail once, some throw an error that is caught."""
    parts = e2e.parts
    behaves = ["fail" if n % 10 == 3 else "throw" if n % 10 == 7 else "complete" for n in range(JOBS)]
    before = parts.sandbox.given_out()
    parts.do("open", type=f"{parts.language}.{kind}", stream=stream)
    for number, behave in enumerate(behaves):
        parts.create(kind, number=number, behave=behave)
    seen = parts.do("close", jobs=JOBS + behaves.count("fail"))["jobs"]
    found = sorted((job["variables"]["number"], job["retries"]) for job in seen)
    expected = sorted([(n, 3) for n in range(JOBS)] + [(n, 2) for n in range(JOBS) if behaves[n] == "fail"])
    same(found, expected, "numbers and retries of the jobs that the worker got")
    check(all(job["headers"] == parts.sandbox.HEADERS for job in seen), "each job must bring the headers")
    after = parts.sandbox.given_out()
    same(after["open"], before["open"], "jobs that have not ended")
    pushed = after["pushed"] - before["pushed"]
    # A job that was made before the stream was open goes out by poll, and so may one that failed.
    check(pushed >= JOBS // 2 if stream else pushed == 0, f"{pushed} of {JOBS} jobs went out by stream")


def resolve(parts, incident):
    if parts.do("resolve", incident=incident) is None:
        parts.sandbox.gateway.resolve(int(incident))


def refusal_of(by_client, by_test):
    """The status that the client meets, or the test's own client where the library lacks the command."""
    try:
        if by_client() is None:
            by_test()
    except client_programs.Refused as told:
        return told.code
    except grpc.RpcError as told:
        return told.code().name
    raise Failed("it must be refused")
