"""Errors that are thrown: the nearest event that catches one is looked for from within to without."""

import feel


class NotCaught(feel.Failed):
    incident = "UNHANDLED_ERROR_EVENT"


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


def throw_at_end(instance, activation):
    """What an end event with an error does."""
    code = activation.element.error_code
    if not throw(instance, activation.above, code, {}):
        raise NotCaught(f"Expected to throw an error event with the code '{code}', but it was not caught.")
