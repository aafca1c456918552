"""The element templates, as a modeler applies them: each document of template/ is deployed and run, from the field to the process
variable. One instance at least for each template and for each type of credentials. `templates/generate.py` makes the documents.
"""

import json
import pathlib
import sys

import standins
from harness import check, same

_TEMPLATES = pathlib.Path(__file__).resolve().parents[3] / "templates"
sys.path.insert(0, str(_TEMPLATES))
from generator.documents import documents  # noqa: E402  pylint: disable=wrong-import-position

_KEY = standins.KEY
_FOLDER = pathlib.Path(__file__).resolve().parent.parent / "template"
SCALE = 1
WORKER = {"LAMBDA_CONNECTOR_CONFIG": _FOLDER / "worker.yaml", "SECRET_TEMPLATE_TOKEN": "tok-5d41402abc4b2a76",
          "SECRET_TEMPLATE_KEY_ID": _KEY[0], "SECRET_TEMPLATE_SECRET_KEY": _KEY[1]}
BUDGET = 120


def run(e2e, name, variables=None):
    e2e.deploy((_FOLDER / f"template-{name}.bpmn").read_bytes())
    return e2e.run(f"template-{name}", variables)


def _answered(e2e, name, variables=None):
    """The instance's variables; the function got {"number": 7} and gave it back."""
    instance = run(e2e, name, {"number": 7, **(variables or {})})
    found = e2e.completed(instance)
    same(found.get("payload"), {"number": 7}, "payload", instance)
    return found


# Templates.

def case_invoke_with_function_and_payload_alone_the_answer_reaches_the_process(e2e):
    instance = run(e2e, "defaults", {"number": 7, "words": "seven"})
    found = e2e.completed(instance)
    same(found.get("payload"), {"number": 7, "words": "seven"}, "payload", instance)
    same(found.get("statusCode"), 200, "statusCode", instance)
    check("error" in found and found["error"] is None, "error must be there and null", instance)
    check("log" in found and found["log"] is None, "the log comes only when it is asked for", instance)
    check("lambda" not in found, "the inputs must stay in the task", instance)


def case_json_typed_into_the_payload_is_sent_as_that_json(e2e):
    instance = run(e2e, "json-text")
    same(e2e.completed(instance).get("payload"), {"list": [1, 2.5, None]}, "payload", instance)


def case_an_order_number_that_is_sent_as_text_stays_text(e2e):
    instance = run(e2e, "order-number", {"orderNumber": "4711"})
    same(e2e.completed(instance).get("payload"), "4711", "payload", instance)


def case_a_failed_function_is_an_incident_unless_asked_otherwise(e2e):
    e2e.incident(run(e2e, "fails"), "FUNCTION_ERROR", "NoStock")


def case_a_failed_function_completes_the_task_when_asked_to(e2e):
    instance = run(e2e, "completes")
    same(e2e.completed(instance)["error"]["type"], "NoStock", "error.type", instance)


def case_every_field_does_what_it_says(e2e):
    instance = run(e2e, "every-field", {"name": "echo", "number": 7})
    response = e2e.completed(instance).get("response")
    check(isinstance(response, dict), "the whole response must be in the result variable", instance)
    # The token went out in clear and came back masked, as maskPayload asks.
    same(response.get("payload"), {"token": "Bearer ***", "number": 7}, "response.payload", instance)
    same(response.get("executedVersion"), "2", "the version behind the alias PROD", instance)
    same(response.get("log"), None, "response.log", instance)
    check("payload" not in instance.variables(), "nothing beside the result variable", instance)


def case_invoke_asynchronously_completes_with_202(e2e):
    instance = run(e2e, "queued", {"number": 7})
    found = e2e.completed(instance)
    same(found.get("statusCode"), 202, "statusCode", instance)
    same(found.get("payload"), None, "payload", instance)


def case_invoke_durable_on_the_connection_and_get_the_execution(e2e):
    response = e2e.completed(run(e2e, "durable", {"name": "echo", "number": 7}))["response"]
    same(response["payload"], {"number": 7}, "response.payload")
    asked = e2e.completed(run(e2e, "get-execution", {"arn": response["durableExecutionArn"]}))
    same((asked["status"], asked["result"]), ("SUCCEEDED", {"number": 7}), "status and result")


def case_invoke_durable_by_asking(e2e):
    _answered(e2e, "durable-poll", {"name": "echo"})


def case_answer_a_callback_that_nobody_waits_for(e2e):
    instance = run(e2e, "send-callback", {"callbackId": "nobody"})
    told = instance.incidents()
    check(len(told) == 1 and "callback" in told[0]["errorMessage"].lower(), "an incident about the callback", instance)


def case_call_a_function_url(e2e):
    found = _answered(e2e, "url", {"url": e2e.standins.info["lambdaEndpoint"] + "/function-url/echo/"})
    same(found.get("statusCode"), 200, "statusCode")


def case_list_functions_all_that_fit(e2e):
    instance = run(e2e, "list")
    found = e2e.completed(instance)
    check(len(found["functions"]) > 2, "more than one page of two", instance)
    same(sorted(found["functions"][0]), ["functionName", "version"], "the fields of each", instance)
    check(found["nextMarker"] is None, "nothing is left", instance)


def case_list_functions_page_by_page(e2e):
    first = e2e.completed(run(e2e, "list-page", {"marker": None}))["page"]
    second = e2e.completed(run(e2e, "list-page", {"marker": first["nextMarker"]}))["page"]
    same(len(first["functions"]), 1, "functions on the first page")
    check(first["functions"] != second["functions"], "the second page goes on behind the first")


def case_a_process_variable_named_lambda_does_not_reach_a_list(e2e):
    instance = run(e2e, "list", {"lambda": {"region": "mars-north-1", "maxItems": 1000}})
    check(len(e2e.completed(instance)["functions"]) > 2, "the task's own inputs count", instance)


def case_get_a_function(e2e):
    instance = run(e2e, "get", {"name": "echo"})
    found = e2e.completed(instance)
    same(found["configuration"]["version"], "2", "configuration.version behind the alias PROD", instance)


def case_delete_a_function(e2e):
    instance = run(e2e, "delete", {"name": "is-not-there"})
    same(e2e.completed(instance).get("deleted"), False, "deleted", instance)


def case_alfresco_names_and_only_those_that_are_mapped(e2e):
    instance = run(e2e, "alfresco", {"name": "echo", "given": {"number": 7}})
    found = e2e.completed(instance)
    same(found.get("lambdaPayload"), {"number": 7}, "lambdaPayload", instance)
    same(found.get("lambdaStatus"), 200, "lambdaStatus", instance)
    check("lambdaLog" not in found, "a field that was emptied maps nothing", instance)


def case_alfresco_goes_on_after_a_function_that_failed(e2e):
    instance = run(e2e, "alfresco", {"name": "fail", "given": {"type": "NoStock"}})
    check("NoStock" in str(e2e.completed(instance).get("lambdaError")), "lambdaError says why", instance)


def case_hybrid_by_a_job_type_of_its_own(e2e):
    _answered(e2e, "hybrid")


def case_expressions_make_variables_of_the_response(e2e):
    instance = run(e2e, "expressions", {"name": "echo", "given": {"number": 7}})
    found = e2e.completed(instance)
    same((found.get("answer"), found.get("status")), (7, 200), "answer and status", instance)
    check("payload" not in found, "nothing but the entries", instance)


def case_an_error_expression_throws(e2e):
    instance = run(e2e, "expressions", {"name": "fail", "given": {"type": "NoStock"}})
    told = instance.incidents()
    check(len(told) == 1 and "OUT_OF_STOCK" in told[0]["errorMessage"], "a BPMN error that no event catches is an incident with its code", instance)


def case_what_a_task_of_version_1_wrote_still_counts(e2e):
    """The fields that an update keeps: keys, a log and how text is read, all as inputs."""
    kept = {"authenticationTypeOfVersion1": "static", "accessKeyIdOfVersion1": "{{secrets.TEMPLATE_KEY_ID}}",
            "secretAccessKeyOfVersion1": "{{secrets.TEMPLATE_SECRET_KEY}}", "logTypeOfVersion1": "Tail", "payloadFormatOfVersion1": "text"}
    values = {"functionName": "echo", "payload": "=orderNumber", **kept,
              "secrets": "authentication.accessKeyId:TEMPLATE_KEY_ID, authentication.secretAccessKey:TEMPLATE_SECRET_KEY"}
    template = json.loads((_TEMPLATES / "lambda-connector-invoke.json").read_text())
    made = documents({"invoke": template}, {"template-of-version-1": {"template": "invoke", "values": values}})
    e2e.deploy(made["template-of-version-1.bpmn"].encode())
    instance = e2e.run("template-of-version-1", {"orderNumber": "4711"})
    found = e2e.completed(instance)
    same(found.get("payload"), "4711", "payload", instance)
    check("REPORT" in (found.get("log") or ""), "the log that version 1 asked for", instance)


# The template of all operations, for newer engines.

def case_operations_invoke(e2e):
    _answered(e2e, "operations-invoke")


def case_operations_invoke_asynchronously(e2e):
    same(e2e.completed(run(e2e, "operations-queued", {"number": 7})).get("statusCode"), 202, "statusCode")


def case_operations_call_a_function_url(e2e):
    _answered(e2e, "operations-url", {"url": e2e.standins.info["lambdaEndpoint"] + "/function-url/echo/"})


def case_operations_list_get_and_delete(e2e):
    check(len(e2e.completed(run(e2e, "operations-list"))["functions"]) > 2, "more than one page of two")
    same(e2e.completed(run(e2e, "operations-get", {"name": "echo"}))["configuration"]["functionName"], "echo", "configuration.functionName")
    same(e2e.completed(run(e2e, "operations-delete", {"name": "is-not-there"})).get("deleted"), False, "deleted")


# Types of credentials: the worker's own and a key are above.

def case_a_role_that_the_worker_takes_over(e2e):
    _answered(e2e, "role")


def case_a_role_that_a_key_takes_over(e2e):
    _answered(e2e, "role-by-key")


def case_a_profile_of_the_worker(e2e):
    _answered(e2e, "profile")


def case_an_unsigned_call_of_a_function_url(e2e):
    _answered(e2e, "url-unsigned", {"url": e2e.standins.info["lambdaEndpoint"] + "/public-url/echo/"})


def case_no_process_variable_becomes_a_credential(e2e):
    """The task has no credentials of its own; variables of the process name some that would be refused."""
    instance = run(e2e, "defaults", {"number": 7, "words": "w", "authentication": {"type": "profile", "name": "unknown"},
                                     "lambda": {"authentication": {"type": "profile", "name": "unknown"}}})
    same(e2e.completed(instance).get("statusCode"), 200, "statusCode", instance)
