"""The engine of jobs (`lambda-sandbox engine`, tests/sandbox/control) as a child: lines of JSON both ways. Also keeps what it needs to bring
open jobs back when all of this is started again.
"""

import json
import subprocess

# What a job is after an event of that name.
_STATES = {"activated": "activated", "timeoutUpdated": "activated", "givenBack": "activatable", "timedOut": "activatable",
           "backoffOver": "activatable", "resolved": "activatable", "incident": "incident"}
_ENDED = ("completed", "cancelled")


class Channel:
    """Muted until it is opened."""

    def __init__(self):
        self._child = None
        self.output = None
        self.muted = True
        self._open = {}  # job key: the line that makes it, with its state

    def _say(self, **line):
        if not self.muted:
            self._child.stdin.write(json.dumps(line).encode() + b"\n")
            self._child.stdin.flush()

    def open(self, program, port, version, events):
        """Starts the child, gives it the jobs that are open, and has it listen. `events`: a file for its events."""
        self._child = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", str(program), "engine", "--port", str(port),
                                        "--version", version, "--events", str(events)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.output, self.muted = self._child.stdout, False
        for line in self._open.values():
            self._say(**line)
        self._say(do="start")

    def create(self, **job):
        self._open[job["job"]] = dict(job, do="create")
        self._say(**self._open[job["job"]])

    def variables(self, job, variables, process):
        line = self._open[job]
        if (line["variables"], line["process"]) != (variables, process):
            line.update(variables=variables, process=process)
            self._say(do="variables", job=job, variables=variables, process=process)

    def cancel(self, job):
        self._open.pop(job, None)
        self._say(do="cancel", job=job)

    def answer(self, call, response):
        self._say(do="answer", call=call, response=response)

    def refuse(self, call, status, message):
        self._say(do="answer", call=call, status=status, message=message)

    def keep(self, event):
        """Takes in what an event says of a job's state."""
        line = self._open.get(event["job"])
        if line is None:
            return
        name = event["event"]
        if name in _ENDED:
            self._open.pop(event["job"])
            return
        line["retries"] = event["retries"]
        state = _STATES.get(name)
        if name == "failed":
            state = "backoff" if event["until"] else "activatable"
        if state:
            kept = line.get("state", {})
            line["state"] = {"is": state, "until": event.get("until", 0), "worker": event.get("worker", kept.get("worker", ""))}
            if state == "incident":
                line["state"].update({name: event[name] for name in ("incident", "type", "message")})

    def caught(self, job):
        """An error of that job was thrown and caught: it has ended."""
        self._open.pop(job, None)
