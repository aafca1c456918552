"""All that was taken in, as lines of a file, so that a process which takes the place of a killed one comes to the same state: it goes through them
once more without telling anybody. A line is written before it is worked on. What became of jobs is answered by the engine of jobs, maybe
before it is read here; that one writes it into a file of its own, in which the rest is found.
"""

import json
import os


_STARTED = "started"


def whole_lines(path):
    """How many lines the file has; half of one at its end, which a kill left there, is taken away."""
    if not path.exists():
        return 0
    content = path.read_bytes()
    end = content.rfind(b"\n") + 1
    if end < len(content):
        os.truncate(path, end)
    return content.count(b"\n")


class Journal:
    """`path` is a pathlib.Path."""

    def __init__(self, path):
        whole_lines(path)
        self._path = path
        self._sink = None

    def entries(self):
        """(time, line) of each; line None: what was due."""
        if not self._path.exists():
            return
        with open(self._path, encoding="utf-8") as source:
            yield from map(json.loads, source)

    def unread(self, events):
        """The events of that file which were not taken in, in order."""
        whole_lines(events)
        if not events.exists():
            return []
        known = 0
        for _, line in self.entries():
            known = 0 if line == _STARTED else known + (line is not None and "event" in line)
        with open(events, encoding="utf-8") as source:
            return [json.loads(text) for text in list(source)[known:]]

    def started(self, at):
        """A new engine of jobs, whose file of events is empty."""
        self.note(at, _STARTED)
        self.flush()

    def note(self, at, line=None):
        if self._sink is None:
            self._sink = open(self._path, "a", encoding="utf-8")
        self._sink.write(json.dumps([at, line]) + "\n")

    def flush(self):
        if self._sink is not None:
            self._sink.flush()
