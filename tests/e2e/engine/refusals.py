"""With which status and text a call is refused."""

INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, INTERNAL = 3, 4, 5, 6, 9, 13


class Refused(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def rejected(status, intent, kind, reason):
    return Refused(status, f"Command '{intent}' rejected with code '{kind}': {reason}")
