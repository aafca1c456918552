"""Incidents that are not a job's own, and what is known of those that are."""


class Incidents:
    def __init__(self, next_key):
        self._next_key = next_key
        self._open = {}  # key: (instance, activation, what to try again)

    def add(self, instance, activation, kind, message, again):
        key = self._next_key()
        activation.incident = key
        self._open[key] = instance, activation, again
        record(instance, activation, "CREATED", key, kind, message)

    def drop(self, key):
        found = self._open.pop(key, None)
        if found:
            record(found[0], found[1], "RESOLVED", key, "", "")

    def resolve(self, key):
        """The instance whose incident this was, tried again; None when there is no such incident."""
        found = self._open.pop(key, None)
        if found is None:
            return None
        instance, activation, again = found
        activation.incident = None
        record(instance, activation, "RESOLVED", key, "", "")
        again()
        return instance


def record(instance, activation, intent, key, kind, message, at=None):
    instance.record("INCIDENT", intent, key, {"errorType": kind, "errorMessage": message, "elementId": activation.element.id,
                                              "elementInstanceKey": activation.key, "jobKey": activation.job or -1}, at)
