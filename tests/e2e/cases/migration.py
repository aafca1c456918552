"""templates/migrate.py: each diagram of the existing template's versions, run as it is (worker/dropin) and as our template. Both must end
alike and leave the same variables in the process.
"""

import pathlib
import sys

import standins
from harness import check, failures, same

_ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(_ROOT / "templates"))
from migrate import migrated  # noqa: E402  pylint: disable=wrong-import-position

_FIXTURES = _ROOT / "tests/templates/migration"
_VERSIONS = ("v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8")
_VARIABLES = {"number": 7, "words": "seven", "name": "echo"}
_HYBRID = "billing:aws-lambda=invoke"
SCALE = 1
WORKER = {"SECRET_AWS_KEY_ID": standins.KEY[0], "SECRET_AWS_SECRET_KEY": standins.KEY[1], "SECRET_TEMPLATE_TOKEN": "tok-5d41402abc4b2a76",
          "LAMBDA_CONNECTOR_JOB_TYPES": "lambdaConnector.INVOKE,io.camunda:aws-lambda:1"}
BUDGET = 180


def _documents(version, function=None):
    """The document before and after, its task aimed at another function when one is given."""
    before = (_FIXTURES / f"migrate-{version}.bpmn").read_bytes()
    if function:
        changed = before
        for named in (b'source="echo" target="awsFunction.functionName"', b'source="=name" target="awsFunction.functionName"',
                      b'source="fail" target="awsFunction.functionName"'):
            changed = changed.replace(named, f'source="{function}" target="awsFunction.functionName"'.encode())
        check(changed != before or function.encode() in before, f"{version} names no function")
        before = changed
    after, _, left = migrated(before)
    same(left, 0, "tasks that were left")
    check(after != before, f"{version}: the task was not rewritten")
    return before, after


def _run(e2e, version, document):
    e2e.deploy(document)
    return e2e.run(f"migrate-{version}", _VARIABLES)


def _left(e2e, instance, version):
    """What the process has of a task that completed. Of the response the three fields that both have."""
    found = {name: value for name, value in e2e.completed(instance).items() if name not in _VARIABLES}
    if "response" in found:
        found["response"] = {name: found["response"][name] for name in ("statusCode", "executedVersion", "payload")}
    e2e.note(f"{version}: {found}")
    return found


def case_each_version_answers_as_before(e2e):
    for version in _VERSIONS:
        before, after = (_left(e2e, _run(e2e, version, document), version) for document in _documents(version))
        same(after, before, version)
        if version == "v8":
            same(after["response"]["payload"]["token"], WORKER["SECRET_TEMPLATE_TOKEN"], "the secret reached the function, and came back")
        check(bool(after) == (version != "v7"), f"{version}: something must reach the process unless no result header is there")


def case_each_version_goes_on_after_a_function_that_failed(e2e):
    for version in _VERSIONS:
        before, after = (_left(e2e, _run(e2e, version, document), version) for document in _documents(version, "fail"))
        # Told by the script's page: where no result variable takes the response, the error of the function is a variable beside.
        told = after.pop("error", None)
        check(("response" in before) == (told is None), f"{version}: error must be there, or in the response: {told}")
        same(after, before, version)


def case_each_version_is_an_incident_when_the_function_does_not_exist(e2e):
    for version in _VERSIONS:
        ends = []
        for document in _documents(version, "no-such-function"):
            instance = _run(e2e, version, document)
            e2e.incident(instance, "NOT_FOUND", "no-such-function")
            ends.append(([each[:2] for each in failures(instance)], sorted(instance.variables())))
        same(ends[1], ends[0], version)
        same(ends[0], ([("NOT_FOUND", 0)], sorted(_VARIABLES)), f"{version}: one failure, and nothing in the process")


def case_a_job_type_of_its_own_answers_as_before(e2e):
    """One job type is of one profile, so the operator changes the worker with the diagram."""
    document, rewritten = _documents("hybrid")
    e2e.stop_worker()
    worker = e2e.worker_beside(dict(WORKER, LAMBDA_CONNECTOR_JOB_TYPES=_HYBRID, LAMBDA_CONNECTOR_PROFILE="camunda"))
    before = _left(e2e, _run(e2e, "hybrid", document), "hybrid")
    same(worker.stop(), 0, "exit code")
    e2e.worker_beside(dict(WORKER, LAMBDA_CONNECTOR_JOB_TYPES=_HYBRID))
    same(_left(e2e, _run(e2e, "hybrid", rewritten), "hybrid"), before, "hybrid")
    same(before["response"]["payload"], {"number": 7, "words": "seven"}, "payload")
