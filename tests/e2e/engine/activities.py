"""What an element does once it is entered: a job, a message or a time to wait for, a choice of flows, an error to throw."""

import feel
import mappings
import timers
import values


class NoChoice(feel.Failed):
    incident = "CONDITION_ERROR"


class NotCaught(feel.Failed):
    incident = "UNHANDLED_ERROR_EVENT"


class NoValue(feel.Failed):
    incident = "EXTRACT_VALUE_ERROR"


def work(instance, activation):
    element = activation.element
    if element.job_type:
        _job(instance, activation)
    elif element.script:
        expression, name = element.script
        activation.scope.put(name, mappings.value(instance.executor.feel, expression, activation.scope.visible()))
        instance.done(activation, {name: activation.scope.values.pop(name)})
    elif element.kind in ("exclusiveGateway", "inclusiveGateway") and len(element.outgoing) > 1:
        instance.complete(activation, _chosen(instance, activation))
    elif element.kind == "eventBasedGateway":
        _first_event(instance, activation)
    elif element.kind == "intermediateCatchEvent" and _came_by_gateway(instance, element):
        instance.done(activation, activation.above.given.pop(element.id, {}))
    elif element.message is not None:
        _wait_for_message(instance, activation, element, lambda brought: instance.done(activation, brought))
    elif element.timer is not None:
        _wait_for_time(instance, activation, element, lambda: instance.done(activation, {}))
    elif element.event == "error" and element.kind == "endEvent":
        _throw(instance, activation)
    else:
        instance.complete(activation)


# --- jobs ---------------------------------------------------------------------------------------------------------------------


def _job(instance, activation):
    element, executor = activation.element, instance.executor
    seen = activation.scope.visible()
    job_type = _value(executor.feel, element.job_type, seen, str, "a text")
    retries = _value(executor.feel, element.retries, seen, (int, str), "a number")
    try:
        retries = int(retries)
    except ValueError as problem:
        raise NoValue(f"'{element.retries}' gives no number of retries") from problem
    activation.job = executor.next_key()
    instance.jobs[activation.job] = activation
    instance.record("JOB", "CREATED", activation.job, job_value(activation, job_type, retries))
    executor.jobs[activation.job] = instance
    local, process = _variables(activation)
    executor.channel.create(job=activation.job, type=job_type, retries=retries, headers=values.text(element.headers), variables=local,
                            process=process, bpmnProcessId=instance.definition.process.id, elementId=element.id, element=activation.key,
                            processInstance=instance.key, definition=instance.definition.key, version=instance.definition.version,
                            caught=list(codes_caught(activation)))


def job_value(activation, job_type, retries, **more):
    return {"type": job_type, "retries": retries, "elementId": activation.element.id, "elementInstanceKey": activation.key,
            "errorMessage": "", "retryBackoff": 0, "worker": "", **more}


def _variables(activation):
    return values.text(activation.scope.values), values.text(activation.above.scope.visible())


def tell_variables(instance, key, activation):
    instance.executor.channel.variables(key, *_variables(activation))


def _value(interpreter, source, seen, kinds, what):
    found = mappings.value(interpreter, source, seen)
    if not isinstance(found, kinds) or isinstance(found, bool):
        raise NoValue(f"'{source}' gives {values.text(found)}, {what} is expected")
    return found


# --- errors -------------------------------------------------------------------------------------------------------------------


def _boundary(activation, kind):
    """The boundary events of that kind at what this activation stands for."""
    element = activation.element
    if element is None or (element.loop and activation.items is None):
        return []
    return [event for event in activation.events.values() if event.event == kind]


def codes_caught(activation):
    """Codes that an event at it, or above it, catches; "*" for any."""
    while activation is not None:
        for event in _boundary(activation, "error"):
            yield "*" if event.error_code is None else event.error_code
        activation = activation.above


def throw(instance, activation, code, brought):
    """To the nearest event that catches that code. False: none does."""
    while activation is not None:
        events = _boundary(activation, "error")
        fitting = [event for event in events if event.error_code == code] or [event for event in events if event.error_code is None]
        if fitting:
            instance.fire(activation, fitting[0], brought)
            return True
        activation = activation.above
    return False


def _throw(instance, activation):
    code = activation.element.error_code
    if not throw(instance, activation.above, code, {}):
        raise NotCaught(f"Expected to throw an error event with the code '{code}', but it was not caught.")


# --- choices ------------------------------------------------------------------------------------------------------------------


def _chosen(instance, activation):
    element, flows = activation.element, instance.definition.process.flows
    seen, chosen = activation.scope.visible(), []
    for name in element.outgoing:
        condition = flows[name].condition
        if name == element.default or condition is None:
            continue
        found = mappings.value(instance.executor.feel, condition, seen)
        if not isinstance(found, bool):
            raise NoChoice(f"the condition '{condition}' gives {values.text(found)}, true or false is expected")
        if found:
            chosen.append(name)
            if element.kind == "exclusiveGateway":
                break
    if not chosen and not element.default:
        raise NoChoice("Expected at least one condition to evaluate to true, or to have a default flow")
    return chosen or [element.default]


def _came_by_gateway(instance, element):
    process = instance.definition.process
    return any(process.elements[process.flows[flow].source].kind == "eventBasedGateway" for flow in element.incoming)


def _first_event(instance, activation):
    process = instance.definition.process
    for name in activation.element.outgoing:
        event = process.elements[process.flows[name].target]

        def happened(brought=None, name=name, event=event):
            activation.above.given[event.id] = brought or {}
            instance.complete(activation, [name])

        (_wait_for_message if event.message else _wait_for_time)(instance, activation, event, happened)


# --- messages and times -------------------------------------------------------------------------------------------------------


def watch_boundary(instance, activation):
    """From now on the boundary events of messages and times may happen."""
    process = instance.definition.process
    activation.events = {name: process.elements[name] for name in activation.element.boundary}
    for event in activation.events.values():
        def happened(brought=None, event=event):
            instance.fire(activation, event, brought or {})

        if event.message is not None:
            _wait_for_message(instance, activation, event, happened, activation.above.scope)
        elif event.timer is not None:
            _wait_for_time(instance, activation, event, happened, activation.above.scope)


def _soon(instance, activation, happened):
    """Unless something took the element away in the meantime."""
    instance.executor.soon(instance, lambda: happened() if activation.alive else None)


def _wait_for_message(instance, activation, event, happened, scope=None):
    executor, (name, key_source) = instance.executor, event.message
    seen = (scope or activation.scope).visible()
    name = _value(executor.feel, name, seen, str, "a text")
    key = _value(executor.feel, key_source, seen, (str, int), "a text or a number")

    def come(brought):
        if event.interrupting:
            executor.messages.cancel(entry[0])
        _soon(instance, activation, lambda: happened(brought))

    entry = [None]
    activation.waits.append(lambda: entry[0] and executor.messages.cancel(entry[0]))
    entry[0] = executor.messages.subscribe(name, str(key), instance.definition.process.id, come, executor.now())


def _wait_for_time(instance, activation, event, happened, scope=None):
    executor, (kind, source) = instance.executor, event.timer
    text = _value(executor.feel, source, (scope or activation.scope).visible(), str, "a text")
    try:
        due = timers.after(text, executor.now()) if kind == "timeDuration" else timers.at(text)
    except ValueError as problem:
        raise NoValue(str(problem)) from problem
    entry = executor.timers.add(due, lambda: _soon(instance, activation, happened))
    activation.waits.append(lambda: executor.timers.cancel(entry))


# --- runs of a loop -----------------------------------------------------------------------------------------------------------


def of_a_loop(activation, number):
    """What one run of a multi-instance has for itself."""
    loop, above = activation.element.loop, activation.above
    activation.number = number
    activation.scope.put("loopCounter", number + 1)
    if loop.get("inputElement"):
        activation.scope.put(loop["inputElement"], above.items[number])
    collected = loop.get("outputElement", "").lstrip("=").strip().split(".")[0]
    if collected.isidentifier():
        activation.scope.put(collected, None)


def result_of_a_run(instance, activation):
    source = activation.element.loop.get("outputElement")
    if source:
        found = mappings.value(instance.executor.feel, source, activation.scope.visible())
        activation.above.results[activation.number] = found
