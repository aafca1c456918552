"""DeployResource, and which process a call means."""

import base64

import definition
import documents
import model
from refusals import INVALID_ARGUMENT, NOT_FOUND, rejected

TENANT = "<default>"


def deploy(executor, request, _call):
    resources = request.get("resources", [])
    if not resources:
        raise rejected(INVALID_ARGUMENT, "CREATE", "INVALID_ARGUMENT", "Expected to deploy at least one resource, but none given")
    read, wrong = [], []
    for resource in resources:
        name, content = resource.get("name", ""), base64.b64decode(resource.get("content", ""))
        try:
            read += [(process, definition.plan_of(executor.feel, process), name, content) for process in documents.read(content)]
        except model.Refused as problem:
            wrong.append(f"'{name}': {problem}")
    if wrong:
        raise rejected(INVALID_ARGUMENT, "CREATE", "INVALID_ARGUMENT",
                        "Expected to deploy new resources, but encountered the following errors:\n" + "\n".join(wrong))
    deployed = []
    for process, plan, name, content in read:
        versions = executor.definitions.setdefault(process.id, [])
        if not versions or versions[-1].content != content:
            versions.append(definition.Definition(process, plan, executor.next_key(), len(versions) + 1, content))
        deployed.append({"process": {**of(versions[-1]), "resourceName": name, "tenantId": TENANT}})
    return {"key": executor.next_key(), "deployments": deployed, "tenantId": TENANT}


def of(found):
    """What every answer says of a process."""
    return {"processDefinitionKey": found.key, "bpmnProcessId": found.process.id, "version": found.version}


def meant(executor, request):
    """The definition that a request names by key, or by id and version (-1: the latest)."""
    key, name, version = int(request.get("processDefinitionKey", 0)), request.get("bpmnProcessId", ""), int(request.get("version", 0))
    if key:
        found = [each for versions in executor.definitions.values() for each in versions if each.key == key]
        told = f"key '{key}'"
    else:
        versions = executor.definitions.get(name, [])
        found = versions[-1:] if version == -1 else [each for each in versions if each.version == version]
        told = f"process ID '{name}'" + ("" if version == -1 else f" and version '{version}'")
    if not found:
        raise rejected(NOT_FOUND, "CREATE", "NOT_FOUND", f"Expected to find process definition with {told}, but none found")
    return found[0]
