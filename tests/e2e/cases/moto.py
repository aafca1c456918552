"""moto with authentication on: every call is signed with keys that it gave out and checked by it, and by its policies.

Its own faults, known and gone round here: an encoded path (ARN, qualifier in the name) and encoded query characters do not verify;
a condition on the external id is not looked at; a function that is not there is invoked all the same.
"""

import json

import artifacts
import moto_standin
import packages
from harness import check, same

SCALE = 0
WORKER = None
BUDGET = 90


def prepare():
    packages.python_path()


def start(e2e):
    return moto_standin.Moto(e2e.logs)


def case_the_worker_lists_reads_and_invokes(e2e):
    environment = e2e.parts.environment(e2e.parts.info["worker"])
    same(_names(e2e.invoke(environment, "--operation", "list")), ["fn-a", "fn-b"], "functions")
    found = e2e.invoke(environment, "--operation", "get", "--function", "fn-a")
    same(found.answer()["configuration"]["environmentNames"], ["MARKED"], "names of the function's environment")
    check("never-passed-on" not in found.out + found.told, "values of the function's environment must not be told")
    answer = e2e.invoke(environment, "--function", "fn-a", "--payload", '{"id":12345678901234567890}').answer()
    same(answer["payload"], {"id": 12345678901234567890}, "payload")


def case_a_function_is_deleted_once(e2e):
    environment = e2e.parts.environment(e2e.parts.info["worker"])
    words = ("--operation", "delete", "--function", "fn-b")
    same(e2e.invoke(environment, *words).answer()["deleted"], True, "deleted")
    same(e2e.invoke(environment, *words).answer()["deleted"], False, "deleted, the second time")
    e2e.invoke(environment, "--operation", "get", "--function", "fn-b").refused("NOT_FOUND", "ResourceNotFoundException")
    same(_names(e2e.invoke(environment, "--operation", "list")), ["fn-a"], "functions")


def case_wrong_keys_and_missing_permissions_are_told(e2e):
    identity, secret = e2e.parts.info["worker"]
    session = e2e.parts.info["session"]
    for keys, parts in (((identity, secret[::-1]), ("UNAUTHORIZED", "SignatureDoesNotMatch")),
                        (("AKIAIOSFODNN7EXAMPLE", secret), ("UNAUTHORIZED", "InvalidClientTokenId")),
                        (session[:2] + ["not-the-token"], ("UNAUTHORIZED", "InvalidClientTokenId")),
                        (e2e.parts.info["stranger"], ("FORBIDDEN", "AccessDenied", "lambda:Invoke"))):
        done = e2e.invoke(e2e.parts.environment(keys), "--function", "fn-a", "--payload", "{}")
        message = done.refused(*parts, "Attempts: 1.")
        check(not any(key in message for key in keys[1:]), f"no secret may be told: {message}")


def case_a_task_calls_as_a_role(e2e):
    words = ("--input", "authentication=" + json.dumps({"type": "assumeRole", "roleArn": e2e.parts.info["role"]}))
    _calls_as_the_role(e2e, e2e.parts.environment(e2e.parts.info["worker"], ALLOWED_ROLE_ARNS=e2e.parts.info["role"]), words)
    stranger = e2e.parts.environment(e2e.parts.info["stranger"], ALLOWED_ROLE_ARNS=e2e.parts.info["role"])
    e2e.invoke(stranger, "--operation", "list", *words).refused("CREDENTIALS_ERROR", "AssumeRole", "AccessDenied", "trust policy")


def case_the_worker_calls_as_a_role_of_its_shared_files(e2e):
    identity, secret = e2e.parts.info["worker"]
    shared = artifacts.BUILD / "moto-shared"
    shared.write_text(f"[profile base]\naws_access_key_id = {identity}\naws_secret_access_key = {secret}\n\n"
                      f"[profile caller]\nrole_arn = {e2e.parts.info['role']}\nsource_profile = base\n")
    _calls_as_the_role(e2e, e2e.parts.environment((), AWS_CONFIG_FILE=shared, AWS_SHARED_CREDENTIALS_FILE="/dev/null",
                                                  AWS_PROFILE="caller"), ())


def case_the_worker_calls_with_keys_of_a_session(e2e):
    environment = e2e.parts.environment(e2e.parts.info["session"])
    check("fn-a" in _names(e2e.invoke(environment, "--operation", "list")), "fn-a must be listed")


def _calls_as_the_role(e2e, environment, words):
    found = e2e.invoke(environment, "--operation", "list", *words)
    check("fn-a" in _names(found), "fn-a must be listed")
    check(f"role {e2e.parts.info['role']}" in found.told, f"must say whose credentials these are: {found.told}")
    found = e2e.invoke(environment, "--operation", "get", "--function", "fn-a", *words).answer()
    same(found["configuration"]["functionName"], "fn-a", "functionName")
    answer = e2e.invoke(environment, "--function", "fn-a", "--payload", '{"as":"role"}', *words).answer()
    same(answer["payload"], {"as": "role"}, "payload")


def _names(done):
    return [each["functionName"] for each in done.answer()["functions"]]
