"""What the engine says happened: its own records, which its log exporter writes as one JSON object per line.

This is the only source for what became of an instance, so assertions do not rest on what the worker believes.
"""

import collections
import json


class Instance:
    """All records of one process instance, in the engine's order."""

    def __init__(self, key):
        self.key = key
        self.records = []

    def of(self, value_type, *intents):
        return [r for r in self.records if r["valueType"] == value_type and (not intents or r["intent"] in intents)]

    def _own(self, *intents):
        return [r for r in self.of("PROCESS_INSTANCE", *intents) if r["key"] == self.key]

    @property
    def completed(self):
        return bool(self._own("ELEMENT_COMPLETED"))

    @property
    def terminated(self):
        return bool(self._own("ELEMENT_TERMINATED"))

    def incidents(self):
        """Open incidents, the oldest first: the record's value with its `key`."""
        resolved = {r["key"] for r in self.of("INCIDENT", "RESOLVED")}
        return [dict(r["value"], key=r["key"]) for r in self.of("INCIDENT", "CREATED") if r["key"] not in resolved]

    def passed(self, element):
        """How often that element was completed."""
        return sum(r["value"]["elementId"] == element for r in self.of("PROCESS_INSTANCE", "ELEMENT_COMPLETED"))

    def texts(self):
        """The variables at process level, each as the JSON text that the engine keeps."""
        return {r["value"]["name"]: r["value"]["value"]
                for r in self.of("VARIABLE", "CREATED", "UPDATED") if r["value"]["scopeKey"] == self.key}

    def variables(self):
        """The variables at process level, parsed."""
        return {name: json.loads(text) for name, text in self.texts().items()}

    def jobs(self, *intents):
        return self.of("JOB", *intents)

    def story(self):
        """A few lines for the report of a failure."""
        lines = [f"instance {self.key}: " + ("completed" if self.completed else "terminated" if self.terminated else "not ended")]
        for record in self.records:
            value, kind = record["value"], record["valueType"]
            if kind == "PROCESS_INSTANCE":
                if record["intent"] not in ("ELEMENT_ACTIVATED", "ELEMENT_COMPLETED", "ELEMENT_TERMINATED"):
                    continue
                what = value["elementId"]
            elif kind == "VARIABLE":
                where = "process" if value["scopeKey"] == self.key else "local"
                what = f"{where} {value['name']} = {value['value'][:200]}"
            elif kind == "JOB":
                what = f"retries {value['retries']} backoff {value.get('retryBackoff')} {value['errorMessage'][:300]}"
            else:
                what = f"{value.get('errorType')} {value.get('errorMessage', '')[:300]}"
            lines.append(f"  {record['timestamp']} {kind} {record['intent']}: {what}")
        return "\n".join(lines[:60])


class Records:
    """Reads the log of an engine as it grows."""

    _KEPT = ("PROCESS_INSTANCE", "VARIABLE", "JOB", "INCIDENT")

    def __init__(self, log):
        self._log = log
        self._offset = 0
        self._rest = b""
        self._position = -1
        self._instances = collections.OrderedDict()
        # How often each job was activated, by job key: activation is recorded per batch, not per instance.
        self.activations = collections.Counter()
        # When and by whom, by job key: pairs of the engine's time in ms and the worker's name, the oldest first.
        self.activated_by = collections.defaultdict(list)

    def pump(self):
        """Takes in what was written since the last call."""
        try:
            with open(self._log, "rb") as source:
                source.seek(self._offset)
                data = source.read()
        except FileNotFoundError:
            return
        self._offset += len(data)
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            start = line.find(b"{")
            if start >= 0 and b'"recordType"' in line:
                try:
                    record = json.loads(line[start:])
                except ValueError:
                    continue
                self._take(record)

    def _take(self, record):
        # A broker that was killed exports some records once more when it is back.
        if record["position"] <= self._position:
            return
        self._position = record["position"]
        if record["recordType"] != "EVENT":
            return
        kind = record["valueType"]
        if kind == "JOB_BATCH" and record["intent"] == "ACTIVATED":
            self.activations.update(record["value"]["jobKeys"])
            for key in record["value"]["jobKeys"]:
                self.activated_by[key].append((record["timestamp"], record["value"]["worker"]))
        elif kind in self._KEPT:
            key = record["value"]["processInstanceKey"]
            self.instance(key).records.append(record)

    def instance(self, key):
        if key not in self._instances:
            self._instances[key] = Instance(key)
        return self._instances[key]
