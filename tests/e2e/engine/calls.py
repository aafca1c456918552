"""The calls of the gateway's protocol that are no matter of a job: each a function of its request (JSON as protobuf writes it) that gives the
response, or raises Refused. A call that has to wait answers later.
"""

import deployment
import values
from deployment import TENANT
from messages import Known
from refusals import ALREADY_EXISTS, DEADLINE_EXCEEDED, INTERNAL, NOT_FOUND, Refused, rejected

_DEFAULT_TIMEOUT = 15_000


def answer(executor, line):
    call = line["call"]
    try:
        response = _CALLS[line["rpc"]](executor, line["request"], call)
    except Refused as problem:
        executor.channel.refuse(call, problem.status, str(problem))
    except RecursionError:
        executor.channel.refuse(call, INTERNAL, "the document is nested too deeply for this engine")
    else:
        if response is not None:
            executor.channel.answer(call, response)


def gone(executor, call):
    """The client that made that call has left."""
    for instance in executor.instances.values():
        instance.callers.pop(call, None)


def _key(request, name):
    return int(request.get(name, 0))


def _create(executor, request, _call):
    found = deployment.meant(executor, request)
    instance = executor.create(found, values.document(request.get("variables", "")))
    response = {**deployment.of(found), "processInstanceKey": instance.key, "tenantId": TENANT}
    instance.advance()
    return response


def _create_with_result(executor, request, call):
    found = deployment.meant(executor, request.get("request", {}))
    instance = executor.create(found, values.document(request.get("request", {}).get("variables", "")))
    limit = int(request.get("requestTimeout", 0)) or _DEFAULT_TIMEOUT
    wanted = request.get("fetchVariables", [])

    def late():
        if instance.callers.pop(call, None):
            executor.channel.refuse(call, DEADLINE_EXCEEDED,
                                    f"Time out between gateway and broker: Request timed out after PT{limit / 1000:g}S")

    def ended(one):
        executor.timers.cancel(timer)
        if not one.callers.pop(call, None):
            return
        if one.ended == "terminated":
            executor.channel.refuse(call, NOT_FOUND, f"Process instance '{one.key}' was cancelled before it had a result")
            return
        kept = {name: value for name, value in one.root.scope.values.items() if not wanted or name in wanted}
        executor.channel.answer(call, {**deployment.of(found), "processInstanceKey": one.key, "variables": values.text(kept), "tenantId": TENANT})

    timer = executor.timers.add(executor.now() + limit, late)
    instance.callers[call] = True
    instance.on_end.append(ended)
    instance.advance()


def _cancel(executor, request, _call):
    key = _key(request, "processInstanceKey")
    if key not in executor.instances:
        raise rejected(NOT_FOUND, "CANCEL", "NOT_FOUND",
                        f"Expected to cancel a process instance with key '{key}', but no such process was found")
    executor.instances[key].cancel()
    return {}


def _publish(executor, request, _call):
    name, key, identity = request.get("name", ""), request.get("correlationKey", ""), request.get("messageId", "")
    until = executor.now() + int(request.get("timeToLive", 0))
    try:
        executor.messages.publish(name, key, identity, values.document(request.get("variables", "")), until, executor.now())
    except Known as problem:
        raise rejected(ALREADY_EXISTS, "PUBLISH", "ALREADY_EXISTS",
                        f"Expected to publish a new message with id '{identity}', but a message with that id was already published") from problem
    return {"key": executor.next_key(), "tenantId": TENANT}


def _set_variables(executor, request, _call):
    key = _key(request, "elementInstanceKey")
    for instance in executor.instances.values():
        scope = instance.scope(key)
        if scope is not None:
            for name, value in values.document(request.get("variables", "")).items():
                (scope.put if request.get("local") else scope.merge)(name, value)
            instance.advance()
            return {"key": executor.next_key()}
    raise rejected(NOT_FOUND, "UPDATE", "NOT_FOUND",
                    f"Expected to update variables for element with key '{key}', but no such element was found")


def _resolve(executor, request, _call):
    key = _key(request, "incidentKey")
    instance = executor.incidents.resolve(key)
    if instance is None:
        raise rejected(NOT_FOUND, "RESOLVE", "NOT_FOUND",
                        f"Expected to resolve incident with key '{key}', but no such incident was found")
    instance.advance()
    return {}


_CALLS = {"DeployResource": deployment.deploy, "CreateProcessInstance": _create, "CreateProcessInstanceWithResult": _create_with_result,
          "CancelProcessInstance": _cancel, "PublishMessage": _publish, "SetVariables": _set_variables, "ResolveIncident": _resolve}
