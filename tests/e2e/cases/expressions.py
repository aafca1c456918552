"""The expressions of the main README and of worker/feel/README.md, as they stand there, from the header to the process."""

import html
import json
import pathlib
import re

from harness import check, failures, same

SCALE = 1
WORKER = {}
BUDGET = 90
_ROOT = pathlib.Path(__file__).resolve().parents[3]
_README = (_ROOT / "README.md").read_text()
_FEEL = (_ROOT / "worker/feel/README.md").read_text()
_HEADERS = {key: html.unescape(value) for key, value in re.findall(r'^<zeebe:header key="(\w+)" value="([^"]*)"/>$', _README, re.M)}
_ROW = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \|$", re.M)
_RESPONSES = [json.loads(each) for each in re.findall(r"```json\n(.*?)```", _FEEL, re.S)]
_RESULTS = _ROW.findall(_FEEL.split("Seven result expressions")[1].split("Three error expressions")[0])
_ERRORS = _ROW.findall(_FEEL.split("Three error expressions")[1].split("Try them")[0])
_SOLD_OUT = {"type": "OutOfStock", "message": _RESPONSES[1]["error"]["message"]}


def case_the_page_has_one_example_of_each_header_and_ten_expressions(_):
    same(sorted(_HEADERS), ["errorExpression", "resultExpression", "resultVariable", "retryBackoff"], "headers of the README")
    same((len(_RESULTS), len(_ERRORS)), (7, 3), "expressions of the page")


def case_a_result_variable_takes_the_response(e2e):
    instance = _run(e2e, "echo", {"total": 61.5}, resultVariable=_HEADERS["resultVariable"])
    found = e2e.completed(instance)
    same(found["response"]["payload"], {"total": 61.5}, "response.payload", instance)
    check("payload" not in found, "nothing beside it", instance)


def case_a_result_expression_with_a_filter_makes_the_variables(e2e):
    given = {"total": 61.5, "items": [{"name": "cup", "price": 5}, {"name": "pan", "price": 12.5}]}
    instance = _run(e2e, "echo", given, resultExpression=_HEADERS["resultExpression"])
    same(_made(e2e, instance), {"total": 61.5, "dear": ["pan"]}, "variables", instance)


def case_an_error_expression_reaches_its_boundary_event(e2e):
    instance = _run(e2e, "fail", _SOLD_OUT, catch="NO_STOCK", errorExpression=_HEADERS["errorExpression"])
    check(instance.completed and instance.passed("caught") == 1, "the instance must end at `caught`", instance)
    other = _run(e2e, "fail", {"type": "Other"}, catch="NO_STOCK", errorExpression=_HEADERS["errorExpression"])
    same(e2e.completed(other)["error"]["type"], "Other", "what the expression leaves to the other rules", other)


def case_a_retry_backoff_by_expression_is_the_pause_of_the_engine(e2e):
    instance = _run(e2e, "service-exception", None, retries=3, retryBackoff=_HEADERS["retryBackoff"])
    e2e.incident(instance, "AMBIGUOUS")
    same([failure[:2] for failure in failures(instance)], [("AMBIGUOUS", 2), ("AMBIGUOUS", 1), ("AMBIGUOUS", 0)], "how it failed", instance)
    # 2 s, then 4 s, each a tenth longer or shorter by chance.
    first, second, last = (failure[2] for failure in failures(instance))
    check(1800 <= first <= 2200 and 3600 <= second <= 4400 and last == 0, f"pauses of {first}, {second} and {last} ms", instance)


def case_seven_result_expressions_give_the_variables_of_the_page(e2e):
    for expression, variables in _RESULTS:
        instance = _run(e2e, "echo", _RESPONSES[0]["payload"], resultExpression=expression)
        same(_made(e2e, instance), json.loads(variables), expression, instance)


def case_three_error_expressions_end_as_the_page_says(e2e):
    thrown, failed, ignored = (_start(e2e, number, expression) for number, (expression, _) in enumerate(_ERRORS))
    e2e.wait(lambda: failed.jobs("FAILED"), 20, "the job to be failed")
    same(failures(failed), [(_SOLD_OUT["message"].split(":")[0], 2, 30_000)], _ERRORS[1][1], failed)
    e2e.settled([thrown.key, ignored.key], within=30)
    check(thrown.completed and thrown.passed("caught") == 1, _ERRORS[0][1], thrown)
    same(_made(e2e, ignored), json.loads(_ERRORS[2][1].removeprefix("completes with ")), _ERRORS[2][1], ignored)


def _made(e2e, instance):
    return {name: value for name, value in e2e.completed(instance).items() if name != "given"}


def _run(e2e, function, given, retries=1, catch=None, **headers):
    e2e.serial += 1
    name = f"expressions-{e2e.serial}"
    e2e.process(name, function, headers=headers, retries=retries, catch=catch)
    return e2e.run(name, {"given": given})


def _start(e2e, number, expression):
    name = f"expressions-ends-{number}"
    e2e.process(name, "fail", headers={"errorExpression": expression}, catch="NO_STOCK")
    return e2e.start(name, {"given": _SOLD_OUT})
