"""Messages and times that an element waits for, at a boundary, behind a gateway or by itself."""

import timers
from mappings import NoValue, typed


def came_by_gateway(instance, element):
    """True of an event behind an event-based gateway, which waits for it."""
    process = instance.definition.process
    return any(process.elements[process.flows[flow].source].kind == "eventBasedGateway" for flow in element.incoming)


def first_event(instance, activation):
    """An event-based gateway: the first of the events behind it decides."""
    process = instance.definition.process
    for name in activation.element.outgoing:
        event = process.elements[process.flows[name].target]

        def happened(brought=None, name=name, event=event):
            activation.above.given[event.id] = brought or {}
            instance.complete(activation, [name])

        (wait_for_message if event.message else wait_for_time)(instance, activation, event, happened)


def watch_boundary(instance, activation):
    """From now on the boundary events of messages and times may happen."""
    process = instance.definition.process
    activation.events = {name: process.elements[name] for name in activation.element.boundary}
    for event in activation.events.values():
        def happened(brought=None, event=event):
            instance.fire(activation, event, brought or {})

        if event.message is not None:
            wait_for_message(instance, activation, event, happened, activation.above.scope)
        elif event.timer is not None:
            wait_for_time(instance, activation, event, happened, activation.above.scope)


def _soon(instance, activation, happened):
    """Unless something took the element away in the meantime."""
    instance.executor.soon(instance, lambda: happened() if activation.alive else None)


def wait_for_message(instance, activation, event, happened, scope=None):
    executor, (name, key_source) = instance.executor, event.message
    seen = (scope or activation.scope).visible()
    name = typed(executor.feel, name, seen, str, "a text")
    key = typed(executor.feel, key_source, seen, (str, int), "a text or a number")

    def come(brought):
        if event.interrupting:
            executor.messages.cancel(entry[0])
        _soon(instance, activation, lambda: happened(brought))

    entry = [None]
    activation.waits.append(lambda: entry[0] and executor.messages.cancel(entry[0]))
    entry[0] = executor.messages.subscribe(name, str(key), instance.definition.process.id, come, executor.now())


def wait_for_time(instance, activation, event, happened, scope=None):
    executor, (kind, source) = instance.executor, event.timer
    text = typed(executor.feel, source, (scope or activation.scope).visible(), str, "a text")
    try:
        due = timers.after(text, executor.now()) if kind == "timeDuration" else timers.at(text)
    except ValueError as problem:
        raise NoValue(str(problem)) from problem
    entry = executor.timers.add(due, lambda: _soon(instance, activation, happened))
    activation.waits.append(lambda: executor.timers.cancel(entry))
