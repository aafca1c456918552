"""The job of an element: how it is made, and what it sees."""

import values
from errors import codes_caught
from mappings import NoValue, typed


def create(instance, activation):
    element, executor = activation.element, instance.executor
    seen = activation.scope.visible()
    job_type = typed(executor.feel, element.job_type, seen, str, "a text")
    retries = typed(executor.feel, element.retries, seen, (int, str), "a number")
    try:
        retries = int(retries)
    except ValueError as problem:
        raise NoValue(f"'{element.retries}' gives no number of retries") from problem
    activation.job = executor.next_key()
    instance.jobs[activation.job] = activation
    instance.record("JOB", "CREATED", activation.job, job_value(activation, job_type, retries))
    executor.jobs[activation.job] = instance
    local, process = variables(activation)
    executor.channel.create(job=activation.job, type=job_type, retries=retries, headers=values.text(element.headers), variables=local,
                            process=process, bpmnProcessId=instance.definition.process.id, elementId=element.id, element=activation.key,
                            processInstance=instance.key, definition=instance.definition.key, version=instance.definition.version,
                            caught=list(codes_caught(activation)))


def job_value(activation, job_type, retries, **more):
    return {"type": job_type, "retries": retries, "elementId": activation.element.id, "elementInstanceKey": activation.key,
            "errorMessage": "", "retryBackoff": 0, "worker": "", **more}


def variables(activation):
    return values.text(activation.scope.values), values.text(activation.above.scope.visible())


def tell_variables(instance, key, activation):
    instance.executor.channel.variables(key, *variables(activation))
