"""What happened, as lines of JSON in the shape of a broker's log exporter, so that one reader (`tests/e2e/records.py`) serves both."""

import json

import journal

PARTITION = 1


class Exporter:
    """Appends to a file. What had happened before is gone through once more after a restart: what the file has already is not written again."""

    def __init__(self, path, clock):
        self._written = journal.whole_lines(path)
        self._sink = open(path, "a", encoding="ascii")
        self._clock = clock
        self._position = 0

    def record(self, value_type, intent, key, value, at=None):
        self._position += 1
        if self._position <= self._written:
            return
        told = {"partitionId": PARTITION, "position": self._position, "recordType": "EVENT", "valueType": value_type, "intent": intent,
                "key": key, "timestamp": self._clock() if at is None else at, "value": value}
        self._sink.write(json.dumps(told, separators=(",", ":")) + "\n")

    def flush(self):
        self._sink.flush()
