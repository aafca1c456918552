"""An element that runs, or a process, with what belongs to it while it does."""


class Activation:
    """An element that runs, or the process itself (`element` None)."""

    def __init__(self, key, element, task, above, scope):
        self.key, self.element, self.task, self.above, self.scope = key, element, task, above, scope
        self.inner = []  # activations within, the oldest first
        self.alive = True
        self.job = None  # its key
        self.waits = []  # how to take back what it waits for
        self.incident = None
        self.items = None  # of a loop, and what its runs gave
        self.results = None
        self.number = None  # of a run of a loop
        self.events = {}  # its boundary events
        self.given = {}  # what an event-based gateway within was brought, for the event behind it
        if above is not None:
            above.inner.append(self)
