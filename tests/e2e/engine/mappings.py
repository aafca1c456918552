"""Input and output mappings of an element, and single expressions of it."""

import feel
import values


class NoValue(feel.Failed):
    """An expression gives something else than what is needed."""

    incident = "EXTRACT_VALUE_ERROR"


def value(interpreter, source, variables):
    """What a source gives: a FEEL expression when it begins with "=", else a text."""
    return interpreter.evaluate(source[1:], variables) if source.startswith("=") else source


def typed(interpreter, source, seen, kinds, what):
    """The value of an expression that must be of these kinds."""
    found = value(interpreter, source, seen)
    if not isinstance(found, kinds) or isinstance(found, bool):
        raise NoValue(f"'{source}' gives {values.text(found)}, {what} is expected")
    return found


def inputs(interpreter, element, scope):
    """Fills the element's own scope. A target with points builds one object; later mappings see what earlier ones gave."""
    local = {}
    for source, target in element.inputs:
        _place(local, target.split("."), _alone(interpreter, source, {**scope.visible(), **local}), {})
    for name, found in local.items():
        scope.put(name, found)


def outputs(interpreter, element, scope, above):
    """Takes out of the element's scope what is mapped. A target with points keeps the other fields of its object."""
    mapped = {}
    for source, target in element.outputs:
        _place(mapped, target.split("."), _alone(interpreter, source, scope.visible()), above.visible())
    for name, found in mapped.items():
        above.merge(name, found)


def _alone(interpreter, source, variables):
    """As a value of its own, where the engine's expressions hold less than its variables do."""
    found = value(interpreter, source, variables)
    if isinstance(found, int) and not isinstance(found, bool) and not -(1 << 63) <= found < 1 << 63:
        raise feel.Failed(f"the value of '{source}' has more than 63 bits")
    if found in ("Infinity", "-Infinity") and source.startswith("="):
        raise feel.Failed(f"the value of '{source}' is no number")
    return found


def _place(into, path, found, existing):
    if len(path) == 1:
        into[path[0]] = found
        return
    kept = into.get(path[0], existing.get(path[0]))
    inner = dict(kept) if isinstance(kept, dict) else {}
    _place(inner, path[1:], found, {})
    into[path[0]] = inner
