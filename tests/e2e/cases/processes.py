"""What a process can be made of beside one task: gateways, loops over collections, subprocesses, errors, messages, times, incidents of its own.
No worker: the test does the jobs. It shows that the engine of open parts does what a broker does; with E2E_ENGINE_HOME a broker shows it.
"""

import json

import grpc

from harness import check, same

SCALE = 1
WORKER = None
BUDGET = 120

_HEAD = ('<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
         'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:lambda-connector:e2e" id="definitions">')


def _flows(text):
    """Sequence flows: "a>b" each, "a>b:=condition" with a condition."""
    lines = []
    for number, flow in enumerate(text.split()):
        ends, _, condition = flow.partition(":")
        source, target = ends.split(">")
        inner = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>' if condition else ""
        lines.append(f'<bpmn:sequenceFlow id="{source}_{target}_{number}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>')
    return "".join(lines)


def _task(name, job_type, mapping="", loop=""):
    mapping = f"<zeebe:ioMapping>{mapping}</zeebe:ioMapping>" if mapping else ""
    return (f'<bpmn:serviceTask id="{name}"><bpmn:extensionElements><zeebe:taskDefinition type="{job_type}"/>{mapping}'
            f'</bpmn:extensionElements>{loop}</bpmn:serviceTask>')


def _loop(sequential, **attributes):
    given = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return (f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}"><bpmn:extensionElements><zeebe:loopCharacteristics {given}/>'
            '</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>')


def _start(e2e, name, body, variables=None, flows="", outside="", start='<bpmn:startEvent id="start"/>'):
    """A new instance of a new process of that body."""
    document = f'{_HEAD}<bpmn:process id="{name}" isExecutable="true">{start}{body}{_flows(flows)}</bpmn:process>{outside}</bpmn:definitions>'
    e2e.deploy(document.encode())
    return e2e.instance(e2e.gateway.create(name, variables or {}))


def _ended(e2e, instance, at="done", within=15):
    e2e.wait(lambda: instance.completed or instance.terminated, within, f"instance {instance.key} to end")
    check(instance.completed and instance.passed(at) >= 1, f"the instance must end at `{at}`", instance)
    return instance.variables()


def _work(e2e, job_type, answer=lambda given: {}):
    job = e2e.gateway.activate(job_type)
    e2e.gateway.complete(job.key, json.dumps(answer(json.loads(job.variables))))
    return job


def _serial(e2e):
    e2e.serial += 1
    return f"number {e2e.serial}"


_DONE = '<bpmn:endEvent id="done"/>'


def case_the_first_condition_that_holds_decides_else_the_default(e2e):
    body = ('<bpmn:exclusiveGateway id="choice" default="choice_small_3"/><bpmn:endEvent id="large"/><bpmn:endEvent id="middle"/>'
            '<bpmn:endEvent id="small"/>')
    flows = 'start>choice choice>large:=n&gt;100 choice>middle:=n&gt;10 choice>small'
    for number, end in ((500, "large"), (50, "middle"), (5, "small")):
        _ended(e2e, _start(e2e, "processes-choice", body, {"n": number}, flows), at=end)


def case_no_condition_that_holds_is_an_incident_that_can_be_mended(e2e):
    instance = _start(e2e, "processes-no-choice", '<bpmn:exclusiveGateway id="choice"/><bpmn:endEvent id="done"/><bpmn:endEvent id="other"/>',
                      {"n": 1}, "start>choice choice>done:=n&gt;10 choice>other:=n&gt;100")
    e2e.settled([instance.key], 10)
    told = instance.incidents()[0]
    same(told["errorType"], "CONDITION_ERROR", "type of the incident", instance)
    e2e.gateway.set_local(instance.key, {"n": 11})
    e2e.gateway.resolve(told["key"])
    _ended(e2e, instance)


def case_an_inclusive_gateway_takes_every_flow_that_holds(e2e):
    body = ('<bpmn:inclusiveGateway id="choice" default="choice_c_3"/><bpmn:endEvent id="a"/><bpmn:endEvent id="b"/><bpmn:endEvent id="c"/>')
    instance = _start(e2e, "processes-inclusive", body, {"n": 50}, "start>choice choice>a:=n&gt;1 choice>b:=n&gt;10 choice>c")
    _ended(e2e, instance, at="a")
    same((instance.passed("b"), instance.passed("c")), (1, 0), "ends b and c", instance)


def case_a_parallel_gateway_waits_for_all_that_it_joins(e2e):
    body = ('<bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>' + _DONE
            + _task("one", "processes-one", '<zeebe:output source="=x" target="found.one"/>')
            + _task("two", "processes-two", '<zeebe:output source="=x" target="found.two"/>'))
    instance = _start(e2e, "processes-parallel", body, {"found": {"three": 3}},
                      "start>fork fork>one fork>two one>join two>join join>done")
    _work(e2e, "processes-two", lambda given: {"x": 2})
    check(not instance.completed, "it must wait for the other", instance)
    _work(e2e, "processes-one", lambda given: {"x": 1})
    same(_ended(e2e, instance)["found"], {"three": 3, "one": 1, "two": 2}, "the nested outputs", instance)


def case_a_loop_runs_over_a_collection_and_keeps_the_order_of_results(e2e):
    loop = {"inputCollection": "=items", "inputElement": "item", "outputCollection": "results", "outputElement": "=result"}
    for sequential in ("false", "true"):
        name = f"processes-loop-{sequential}"
        body = _task("call", name, loop=_loop(sequential, **loop)) + _DONE
        for items in ([], [7], list(range(20))):
            instance = _start(e2e, name, body, {"items": items}, "start>call call>done")
            jobs = []
            for _ in items:
                job = e2e.gateway.activate(name)
                given = json.loads(job.variables)
                same(items[given["loopCounter"] - 1], given["item"], "item and loopCounter", instance)
                jobs.append((job.key, given["item"]))
                if sequential == "true":
                    e2e.gateway.complete(job.key, json.dumps({"result": given["item"] * 2}))
            for key, item in reversed(jobs) if sequential == "false" else ():
                e2e.gateway.complete(key, json.dumps({"result": item * 2}))
            found = _ended(e2e, instance)
            same(found["results"], [item * 2 for item in items], "results", instance)
            check("result" not in found and "item" not in found, "what one run has stays there", instance)


def case_a_subprocess_runs_for_each_item_with_a_scope_of_its_own(e2e):
    inner = ('<bpmn:startEvent id="inner"/><bpmn:endEvent id="inner_done"/>' + _task("call", "processes-inner")
             + _flows("inner>call call>inner_done"))
    loop = _loop("false", inputCollection="=items", inputElement="item", outputCollection="results", outputElement="=mine")
    body = f'<bpmn:subProcess id="sub">{loop}{inner}</bpmn:subProcess>' + _DONE
    instance = _start(e2e, "processes-each", body, {"items": ["a", "b"]}, "start>sub sub>done")
    for _ in range(2):
        _work(e2e, "processes-inner", lambda given: {"mine": given["item"] + "!"})
    same(_ended(e2e, instance)["results"], ["a!", "b!"], "results", instance)


def case_an_error_goes_through_a_subprocess_to_the_event_that_catches_it(e2e):
    inner = ('<bpmn:startEvent id="inner"/><bpmn:endEvent id="inner_done"/><bpmn:boundaryEvent id="not_this" attachedToRef="call">'
             '<bpmn:errorEventDefinition errorRef="other"/></bpmn:boundaryEvent><bpmn:endEvent id="wrong"/>'
             + _task("call", "processes-throws") + _flows("inner>call call>inner_done not_this>wrong"))
    mapping = ('<bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=n + 1" target="local"/></zeebe:ioMapping>'
               '</bpmn:extensionElements>')
    body = (f'<bpmn:subProcess id="sub">{mapping}{inner}</bpmn:subProcess><bpmn:boundaryEvent id="caught" attachedToRef="sub">'
            '<bpmn:extensionElements><zeebe:ioMapping><zeebe:output source="=detail" target="told"/></zeebe:ioMapping></bpmn:extensionElements>'
            '<bpmn:errorEventDefinition errorRef="sold_out"/></bpmn:boundaryEvent><bpmn:endEvent id="handled"/>' + _DONE)
    errors = '<bpmn:error id="sold_out" errorCode="SOLD_OUT"/><bpmn:error id="other" errorCode="OTHER"/>'
    instance = _start(e2e, "processes-error", body, {"n": 1}, "start>sub sub>done caught>handled", errors)
    job = e2e.gateway.activate("processes-throws")
    same(json.loads(job.variables), {"n": 1, "local": 2}, "the job's variables", instance)
    e2e.gateway.throw(job.key, "SOLD_OUT", {"detail": "no stock"})
    found = _ended(e2e, instance, at="handled")
    same(found, {"n": 1, "told": "no stock"}, "variables", instance)
    same((instance.passed("sub"), instance.passed("done")), (0, 0), "what was interrupted", instance)


def case_an_end_event_throws_an_error(e2e):
    inner = ('<bpmn:startEvent id="inner"/><bpmn:endEvent id="thrown"><bpmn:errorEventDefinition errorRef="failed"/></bpmn:endEvent>'
             + _flows("inner>thrown"))
    body = (f'<bpmn:subProcess id="sub">{inner}</bpmn:subProcess><bpmn:boundaryEvent id="caught" attachedToRef="sub">'
            '<bpmn:errorEventDefinition/></bpmn:boundaryEvent><bpmn:endEvent id="handled"/>' + _DONE)
    instance = _start(e2e, "processes-thrown", body, {}, "start>sub sub>done caught>handled", '<bpmn:error id="failed" errorCode="FAILED"/>')
    _ended(e2e, instance, at="handled")


def case_a_message_is_correlated_by_its_key_whether_it_comes_before_or_after(e2e):
    message = ('<bpmn:message id="paid" name="paid"><bpmn:extensionElements><zeebe:subscription correlationKey="=order"/>'
               '</bpmn:extensionElements></bpmn:message>')
    body = ('<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition messageRef="paid"/></bpmn:intermediateCatchEvent>' + _DONE)
    before = {"order": f"early {_serial(e2e)}"}
    e2e.gateway.publish("paid", before["order"], {"amount": 1}, time_to_live=60_000)
    early = _start(e2e, "processes-message", body, before, "start>wait wait>done", message)
    same(_ended(e2e, early)["amount"], 1, "amount", early)
    after = {"order": f"late {_serial(e2e)}"}
    late = _start(e2e, "processes-message", body, after, "start>wait wait>done", message)
    other = _start(e2e, "processes-message", body, {"order": "another"}, "start>wait wait>done", message)
    e2e.gateway.publish("paid", after["order"], {"amount": 2})
    same(_ended(e2e, late)["amount"], 2, "amount", late)
    check(not other.completed, "the other key is not meant", other)
    e2e.gateway.cancel(other.key)
    e2e.wait(lambda: other.terminated, 10, "the other to be cancelled")


def case_the_first_event_behind_a_gateway_decides(e2e):
    message = ('<bpmn:message id="answer" name="answer"><bpmn:extensionElements><zeebe:subscription correlationKey="=order"/>'
               '</bpmn:extensionElements></bpmn:message>')
    body = ('<bpmn:eventBasedGateway id="first"/><bpmn:intermediateCatchEvent id="answered"><bpmn:messageEventDefinition messageRef="answer"/>'
            '</bpmn:intermediateCatchEvent><bpmn:intermediateCatchEvent id="late"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1S'
            '</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent><bpmn:endEvent id="too_late"/>' + _DONE)
    flows = "start>first first>answered first>late answered>done late>too_late"
    silent = _start(e2e, "processes-first", body, {"order": "silent"}, flows, message)
    order = f"told {_serial(e2e)}"
    told = _start(e2e, "processes-first", body, {"order": order}, flows, message)
    e2e.gateway.publish("answer", order, {"yes": True}, time_to_live=10_000)
    same(_ended(e2e, told)["yes"], True, "what the message brought", told)
    _ended(e2e, silent, at="too_late")


def case_a_timer_interrupts_or_runs_beside(e2e):
    for interrupting, name in (("true", "processes-timer"), ("false", "processes-reminder")):
        body = (_task("call", name) + f'<bpmn:boundaryEvent id="late" attachedToRef="call" cancelActivity="{interrupting}">'
                '<bpmn:timerEventDefinition><bpmn:timeDuration>=wait</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>'
                '<bpmn:endEvent id="too_late"/>' + _DONE)
        instance = _start(e2e, name, body, {"wait": "PT0.2S"}, "start>call call>done late>too_late")
        job = e2e.gateway.activate(name)
        e2e.wait(lambda: instance.passed("too_late") == 1, 10, "the timer")  # pylint: disable=cell-var-from-loop
        if interrupting == "true":
            _ended(e2e, instance, at="too_late")
            check(instance.jobs("CANCELED"), "the job is cancelled", instance)
        else:
            e2e.gateway.complete(job.key)
            _ended(e2e, instance)


def case_a_message_at_a_boundary_runs_beside_as_often_as_it_comes(e2e):
    message = ('<bpmn:message id="note" name="note"><bpmn:extensionElements><zeebe:subscription correlationKey="=order"/>'
               '</bpmn:extensionElements></bpmn:message>')
    body = (_task("call", "processes-noted") + '<bpmn:boundaryEvent id="noted" attachedToRef="call" cancelActivity="false">'
            '<bpmn:messageEventDefinition messageRef="note"/></bpmn:boundaryEvent><bpmn:endEvent id="kept"/>' + _DONE)
    order = f"noted {_serial(e2e)}"
    instance = _start(e2e, "processes-noted", body, {"order": order}, "start>call call>done noted>kept", message)
    job = e2e.gateway.activate("processes-noted")
    for number in (1, 2):
        e2e.gateway.publish("note", order, {"number": number})
        e2e.wait(lambda: instance.passed("kept") == number, 10, f"note {number}")  # pylint: disable=cell-var-from-loop
    e2e.gateway.complete(job.key)
    same(_ended(e2e, instance)["number"], 2, "number", instance)


def case_a_terminating_end_takes_away_what_runs_beside_it(e2e):
    body = ('<bpmn:parallelGateway id="fork"/>' + _task("slow", "processes-never") + _DONE
            + '<bpmn:endEvent id="stop"><bpmn:terminateEventDefinition/></bpmn:endEvent>' + _task("quick", "processes-quick"))
    instance = _start(e2e, "processes-terminate", body, {}, "start>fork fork>slow fork>quick slow>done quick>stop")
    _work(e2e, "processes-quick")
    _ended(e2e, instance, at="stop")
    check(instance.jobs("CANCELED"), "the other job is cancelled", instance)


def case_several_flows_out_of_a_task_are_all_taken_and_two_into_one_are_two_tokens(e2e):
    body = _task("first", "processes-first-task") + _task("second", "processes-second-task") + _DONE
    instance = _start(e2e, "processes-tokens", body, {}, "start>first first>second first>second second>done")
    _work(e2e, "processes-first-task")
    for _ in range(2):
        _work(e2e, "processes-second-task")
    _ended(e2e, instance)
    same(instance.passed("done"), 2, "tokens at the end", instance)


def case_a_script_task_gives_the_value_of_its_expression(e2e):
    body = ('<bpmn:scriptTask id="sum"><bpmn:extensionElements><zeebe:script expression="=sum(numbers) + 1" resultVariable="total"/>'
            '</bpmn:extensionElements></bpmn:scriptTask>' + _DONE)
    instance = _start(e2e, "processes-script", body, {"numbers": [1, 2, 3]}, "start>sum sum>done")
    same(_ended(e2e, instance)["total"], 7, "total", instance)


def case_a_result_is_waited_for(e2e):
    body = _task("call", "processes-result") + _DONE
    _start(e2e, "processes-result", body, {}, "start>call call>done")
    _work(e2e, "processes-result")
    call = e2e.gateway.create_with_result("processes-result", {"a": 1}, ["b"])
    _work(e2e, "processes-result", lambda given: {"b": given["a"] + 1, "c": 3})
    same(json.loads(call.result().variables), {"b": 2}, "variables that were asked for")
    late = e2e.gateway.create_with_result("processes-result", {}, [], timeout=300)
    check(late.code() == grpc.StatusCode.DEADLINE_EXCEEDED, f"{late.code()}: {late.details()}")
    _work(e2e, "processes-result")


def case_what_is_not_there_is_not_found(e2e):
    key = (1 << 51) + 77
    for ask in (lambda: e2e.gateway.create("processes-unknown", {}), lambda: e2e.gateway.cancel(key), lambda: e2e.gateway.resolve(key),
                lambda: e2e.gateway.set_local(key, {"a": 1})):
        try:
            ask()
        except grpc.RpcError as told:
            same(told.code(), grpc.StatusCode.NOT_FOUND, told.details())
        else:
            check(False, "it must be refused")


def case_what_waits_when_the_engine_goes_still_waits_when_it_is_back(e2e):
    message = ('<bpmn:message id="back" name="back"><bpmn:extensionElements><zeebe:subscription correlationKey="=order"/>'
               '</bpmn:extensionElements></bpmn:message>')
    loop = _loop("false", inputCollection="=[1, 2]", inputElement="item", outputCollection="results", outputElement="=result")
    body = ('<bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>' + _task("call", "processes-back", loop=loop) + _DONE
            + '<bpmn:intermediateCatchEvent id="message"><bpmn:messageEventDefinition messageRef="back"/></bpmn:intermediateCatchEvent>'
            '<bpmn:intermediateCatchEvent id="time"><bpmn:timerEventDefinition><bpmn:timeDuration>PT2S</bpmn:timeDuration>'
            '</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>')
    order = f"back {_serial(e2e)}"
    instance = _start(e2e, "processes-back", body, {"order": order},
                      "start>fork fork>call fork>message fork>time call>join message>join time>join join>done", message)
    _work(e2e, "processes-back", lambda given: {"result": given["item"] * 10})
    held = e2e.gateway.activate("processes-back")
    e2e.engine.kill()
    e2e.engine.start_again()
    e2e.gateway.complete(held.key, json.dumps({"result": json.loads(held.variables)["item"] * 10}))
    e2e.gateway.publish("back", order, {"told": True})
    found = _ended(e2e, instance)
    same((found["results"], found["told"]), ([10, 20], True), "results and what the message brought", instance)


def case_what_was_answered_before_the_engine_went_counts_when_it_is_back(e2e):
    body = _task("call", "processes-answered") + _DONE
    instances = [_start(e2e, "processes-answered", body, {"number": number}, "start>call call>done") for number in range(30)]
    jobs = [e2e.gateway.activate("processes-answered") for _ in instances]
    for job in jobs:
        e2e.gateway.complete(job.key, json.dumps({"answer": json.loads(job.variables)["number"] + 1}))
    e2e.engine.kill()
    e2e.engine.start_again()
    for number, instance in enumerate(e2e.settled([instance.key for instance in instances], within=15)):
        same(e2e.completed(instance).get("answer"), number + 1, "answer", instance)
