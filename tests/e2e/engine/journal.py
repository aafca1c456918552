"""All that was taken in, as lines of a file, so that a process which takes the place of a killed one comes to the same state: it goes through them
once more without telling anybody. A line is written before it is worked on.
"""

import json


class Journal:
    def __init__(self, path):
        self._path = path
        self._sink = None

    def entries(self):
        """(time, line) of each; line None: what was due. Half a line at the end does not count."""
        if not self._path.exists():
            return
        with open(self._path, encoding="utf-8") as source:
            for text in source:
                if text.endswith("\n"):
                    yield json.loads(text)

    def note(self, at, line=None):
        if self._sink is None:
            self._sink = open(self._path, "a", encoding="utf-8")
        self._sink.write(json.dumps([at, line]) + "\n")

    def flush(self):
        if self._sink is not None:
            self._sink.flush()
