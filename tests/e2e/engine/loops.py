"""What one run of a multi-instance has for itself, and what it gives to the collection."""

import mappings


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
