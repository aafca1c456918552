"""Which flows are taken behind an exclusive or inclusive gateway."""

import feel
import mappings
import values


class NoChoice(feel.Failed):
    incident = "CONDITION_ERROR"


def chosen(instance, activation):
    """Ids of the flows whose conditions hold, the first alone where one is enough; else the default."""
    element, flows = activation.element, instance.definition.process.flows
    seen, taken = activation.scope.visible(), []
    for name in element.outgoing:
        condition = flows[name].condition
        if name == element.default or condition is None:
            continue
        found = mappings.value(instance.executor.feel, condition, seen)
        if not isinstance(found, bool):
            raise NoChoice(f"the condition '{condition}' gives {values.text(found)}, true or false is expected")
        if found:
            taken.append(name)
            if element.kind == "exclusiveGateway":
                break
    if not taken and not element.default:
        raise NoChoice("Expected at least one condition to evaluate to true, or to have a default flow")
    return taken or [element.default]
