"""Messages and who waits for them, by name and correlation key. A message goes to one subscription of each process, the first; what lives
longer waits for subscriptions to come.
"""


class Known(Exception):
    """A message of that name, key and id still lives."""


class Messages:
    def __init__(self):
        self._waiting = []  # [name, key, process, action]
        self._kept = []  # [name, key, id, variables, until, processes that had it]

    def publish(self, name, key, identity, variables, until, now):
        self._kept = [message for message in self._kept if message[4] > now]
        if identity and any(message[:3] == [name, key, identity] for message in self._kept):
            raise Known()
        had = set()
        for entry in list(self._waiting):
            if entry in self._waiting and entry[:2] == [name, key] and entry[2] not in had:
                had.add(entry[2])
                entry[3](variables)
        if until > now:
            self._kept.append([name, key, identity, variables, until, had])

    def subscribe(self, name, key, process, action, now):
        """Gives the subscription, which stays until it is cancelled. `action` may be called at once."""
        entry = [name, key, process, action]
        self._waiting.append(entry)
        for message in self._kept:
            if message[:2] == [name, key] and message[4] > now and process not in message[5]:
                message[5].add(process)
                action(message[3])
                break
        return entry

    def cancel(self, entry):
        if entry in self._waiting:
            self._waiting.remove(entry)
