"""The example processes of templates/examples, with functions of the stand-in in place of those that they name."""

import pathlib

from harness import check, same

SCALE = 1
WORKER = {}
BUDGET = 60
_FOLDER = pathlib.Path(__file__).resolve().parents[3] / "templates" / "examples"


def _deploy(e2e, name, function, stand_in):
    text = (_FOLDER / f"{name}.bpmn").read_text()
    named = f'source="{function}" target="lambda.functionName"'
    check(text.count(named) == 1, f"{name} calls {function}")
    e2e.deploy(text.replace(named, named.replace(function, stand_in)).encode())


def _ended_at(instance, element):
    check(instance.completed and instance.passed(element) == 1, f"the instance must end at `{element}`", instance)
    return instance.variables()


def case_an_order_that_is_accepted(e2e):
    _deploy(e2e, "order-check", "check-order", "echo")
    instance = e2e.run("order-check", {"order": {"id": 7}})
    same(_ended_at(instance, "accepted").get("checked"), {"id": 7}, "checked", instance)


def case_an_order_without_stock_takes_its_own_way(e2e):
    _deploy(e2e, "order-check", "check-order", "fail")
    instance = e2e.run("order-check", {"order": {"type": "NoStock", "message": "none left"}})
    check("none left" in _ended_at(instance, "reorder")["reason"], "the reason must be the function's", instance)


def case_an_order_that_is_rejected_takes_its_own_way(e2e):
    _deploy(e2e, "order-check", "check-order", "fail")
    instance = e2e.run("order-check", {"order": {"type": "OrderRejected", "message": "no items"}})
    check("no items" in _ended_at(instance, "refused")["reason"], "the reason must be the function's", instance)


def case_an_error_that_no_boundary_event_names_is_an_incident(e2e):
    _deploy(e2e, "order-check", "check-order", "fail")
    instance = e2e.run("order-check", {"order": {"type": "TypeError"}})
    check(len(instance.incidents()) == 1 and "TypeError" in instance.incidents()[0]["errorMessage"], "an incident with the type", instance)


def case_items_are_priced_all_at_once(e2e):
    _deploy(e2e, "price-items", "price-item", "echo")
    instance = e2e.run("price-items", {"items": [{"item": number} for number in range(20)]})
    same(_ended_at(instance, "done").get("prices"), [{"item": number} for number in range(20)], "prices, in the order of the items", instance)
    same(len(instance.jobs("CREATED")), 20, "jobs", instance)
    check("payload" not in instance.variables(), "nothing but the prices reaches the process", instance)


def case_a_report_is_queued_and_its_message_goes_on(e2e):
    _deploy(e2e, "report-by-message", "make-report", "echo")
    instance = e2e.instance(e2e.gateway.create("report-by-message", {"reportId": "report-1"}))
    e2e.wait(lambda: instance.passed("order") == 1, 20, "the call to be queued")
    e2e.gateway.publish("report-ready", "report-1", {"pages": 12}, 60_000)
    found = _ended_at(e2e.settled([instance.key], 30)[0], "done")
    same(found.get("pages"), 12, "what the message brought", instance)
    same(found.get("queued"), 202, "the status of the queued call", instance)
