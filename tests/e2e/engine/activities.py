"""What an element does once it is entered: a job, a message or a time to wait for, a choice of flows, an error to throw."""

import choices
import errors
import jobs
import mappings
import waiting


def work(instance, activation):
    element = activation.element
    if element.job_type:
        jobs.create(instance, activation)
    elif element.script:
        expression, name = element.script
        activation.scope.put(name, mappings.value(instance.executor.feel, expression, activation.scope.visible()))
        instance.done(activation, {name: activation.scope.values.pop(name)})
    elif element.kind in ("exclusiveGateway", "inclusiveGateway") and len(element.outgoing) > 1:
        instance.complete(activation, choices.chosen(instance, activation))
    elif element.kind == "eventBasedGateway":
        waiting.first_event(instance, activation)
    elif element.kind == "intermediateCatchEvent" and waiting.came_by_gateway(instance, element):
        instance.done(activation, activation.above.given.pop(element.id, {}))
    elif element.message is not None:
        waiting.wait_for_message(instance, activation, element, lambda brought: instance.done(activation, brought))
    elif element.timer is not None:
        waiting.wait_for_time(instance, activation, element, lambda: instance.done(activation, {}))
    elif element.event == "error" and element.kind == "endEvent":
        errors.throw_at_end(instance, activation)
    else:
        instance.complete(activation)
