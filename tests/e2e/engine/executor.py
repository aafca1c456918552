"""The engine of open parts: which processes there are, which instances run, and what each line of the engine of jobs means for them. One
thread; everything happens while one line, or one timer, is taken in.
"""

import collections

import calls
import job_events
from incidents import Incidents
from instance import Instance
from messages import Messages
from timers import Timers

# Above the numbers that the engine of jobs makes itself, below those of its incidents (tests/sandbox/engine/keys.h).
_FIRST_KEY = (1 << 51) + (1 << 49)


class Executor:
    def __init__(self, feel, channel, exporter):
        self.feel, self.channel, self.exporter = feel, channel, exporter
        self._now = 0
        self._last_key = _FIRST_KEY
        self._soon = collections.deque()
        self.definitions = {}  # id of a process: its versions, the oldest first
        self.instances = {}  # key: instance, those that run
        self.jobs = {}  # key: instance
        self.messages = Messages()
        self.timers = Timers()
        self.incidents = Incidents(self.next_key)

    def next_key(self):
        self._last_key += 1
        return self._last_key

    def now(self):
        """Milliseconds, as they were when the line was taken in that is being worked on."""
        return self._now

    def soon(self, instance, action):
        """Does it as soon as what is being worked on is done."""
        self._soon.append((instance, action))

    def line(self, line, at):
        """Takes in one line of the engine of jobs."""
        self._now = at
        if "event" in line:
            if line["job"] in self.jobs:
                job_events.take(self, line)
        elif "call" in line:
            calls.answer(self, line)
        elif "gone" in line:
            calls.gone(self, line["gone"])
        elif "wrong" in line:
            raise RuntimeError(f"the engine of jobs did not understand: {line}")
        self._settle()

    def due(self, at):
        """Does what is due."""
        self._now = at
        for action in iter(lambda: self.timers.take(at), None):
            action()
            self._settle()

    def _settle(self):
        while self._soon:
            instance, action = self._soon.popleft()
            if instance.ended is None:
                action()
                instance.advance()

    def create(self, definition, variables):
        instance = Instance(self, definition, self.next_key(), variables)
        self.instances[instance.key] = instance
        instance.on_end.append(lambda ended: self.instances.pop(ended.key))
        return instance
