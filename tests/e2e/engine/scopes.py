"""Variables and where they lie: one scope for the process, one for each element that runs. What is not in a scope is looked for above it."""


class Scope:
    """`changed(scope, name, value, is_new)` is told of each change."""

    def __init__(self, key, above, changed):
        self.key = key
        self.above = above
        self.values = {}
        self._changed = changed

    def put(self, name, value):
        """Here and nowhere else."""
        is_new = name not in self.values
        if is_new or self.values[name] != value or type(self.values[name]) is not type(value):
            self.values[name] = value
            self._changed(self, name, value, is_new)

    def merge(self, name, value):
        """Where its name is known, else in the process."""
        scope = self
        while name not in scope.values and scope.above is not None:
            scope = scope.above
        scope.put(name, value)

    def visible(self):
        """{name: value} of all that is seen from here."""
        found = dict(self.above.visible()) if self.above is not None else {}
        found.update(self.values)
        return found
