"""Numbers and texts on their way through a real engine, the worker and back.

The engine itself changes some of them. So each value is also taken through the engine without the worker (the test completes the
job); the worker must leave exactly what that leaves, character by character, and both must be what is written here.
"""

import json

import bpmn
from harness import check, same

SCALE = 1
WORKER = {}
BUDGET = 90

# What is sent to the engine, and the text that it keeps of it. Integers of 64 bits without sign are kept, everything with a point
# or an exponent becomes a double, and what no double holds becomes the text "Infinity".
_KEPT = {
    "12345678901234567890": "12345678901234567890",
    "18446744073709551615": "18446744073709551615",
    "-9223372036854775808": "-9223372036854775808",
    "1.10": "1.1",
    "1.0": "1.0",
    "-0.0": "-0.0",
    "1e22": "1.0E22",
    "0.1": "0.1",
    "1e400": '"Infinity"',
    '"h\\u00e9 \\u20ac \\ud83d\\ude00 \\u0000 \\" \\\\ \\/"': '"h\u00e9 \u20ac \\uD83D\\uDE00 \\u0000 \\" \\\\ /"',
    '{"b": 1, "a": {"b": 12345678901234567890, "c": 1.10}, "b": 3}': '{"b":1,"a":{"b":12345678901234567890,"c":1.1},"b":3}',
    "[1, [2, {}], null, true]": "[1,[2,{}],null,true]",
    '" "': '" "',
}


def case_an_unmapped_payload_comes_back_as_the_engine_keeps_it(e2e):
    e2e.deploy(bpmn.process("exact-alone", job_type="exact-alone"), bpmn.process("exact-worker", headers={"functionName": "echo"}))
    _compare(e2e, "exact-alone", "exact-worker", lambda text: f'{{"payload": {text}}}')


def case_a_payload_mapped_as_part_of_an_object_comes_back_as_the_engine_keeps_it(e2e):
    inputs = {"lambda.functionName": bpmn.text("echo"), "lambda.payload": "=document"}
    e2e.deploy(bpmn.process("exact-mapped-alone", inputs=inputs, job_type="exact-mapped-alone"),
               bpmn.process("exact-mapped-worker", inputs=inputs))
    _compare(e2e, "exact-mapped-alone", "exact-mapped-worker", lambda text: f'{{"document": {{"value": {text}}}}}',
             expected=lambda kept: f'{{"value":{kept}}}')


def case_an_integer_above_63_bits_cannot_be_mapped_alone(e2e):
    # The engine's own limit, met before any worker: a mapping that reads such a number as a value of its own is an incident.
    e2e.deploy(bpmn.process("exact-integer", inputs={"lambda.payload": "=number"}, job_type="exact-integer"))
    instance = e2e.settled([e2e.gateway.create("exact-integer", '{"number": 12345678901234567890}')], within=10)[0]
    told = instance.incidents()
    check(told and told[0]["errorType"] == "IO_MAPPING_ERROR", "an incident of the mapping is expected", instance)


def case_a_string_payload_that_is_json_text_is_sent_as_that_json(e2e):
    # The way round the engine's arithmetic: in a string nothing is touched.
    e2e.deploy(bpmn.process("exact-text", headers={"functionName": "echo"}))
    # An empty string counts as no payload at all, which `echo` answers with null.
    for text, kept in (("12345678901234567890", "12345678901234567890"), ("[1.10, 1e400]", '[1.1,"Infinity"]'), ("", "null")):
        instance = e2e.run("exact-text", {"payload": text})
        e2e.completed(instance)
        same(instance.texts().get("payload"), kept, "payload", instance)


def _compare(e2e, alone, worker, variables, expected=lambda kept: kept):
    for text, kept in _KEPT.items():
        sent = variables(text)
        control = e2e.gateway.create(alone, sent)
        job = e2e.gateway.activate(alone)
        given = json.loads(job.variables, parse_float=str, parse_int=str)
        check("payload" in given or "lambda" in given, f"the job carries no payload: {job.variables}")
        e2e.gateway.complete(job.key, f'{{"payload": {_payload_text(job.variables)}}}')
        control = e2e.settled([control], within=10)[0]
        same(control.texts().get("payload"), expected(kept), f"what the engine alone keeps of {text}", control)
        instance = e2e.run(worker, sent)
        e2e.completed(instance)
        same(instance.texts().get("payload"), control.texts()["payload"], f"what is left of {text}", instance)


def _payload_text(variables):
    """The text after `"payload":` of a variables document in which it is the last of its object's members or the only one."""
    decoder = json.JSONDecoder()
    start = variables.index('"payload":') + len('"payload":')
    return variables[start:decoder.raw_decode(variables, start)[1]]
