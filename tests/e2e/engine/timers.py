"""What is due at a time of the engine's clock, and FEEL's texts of times."""

import datetime
import heapq
import re

_DURATION = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def after(text, now):
    """The time in ms which lies that ISO 8601 duration behind `now`; ValueError for another text."""
    match = _DURATION.fullmatch(text)
    if not match or text.endswith(("P", "T")):
        raise ValueError(f"'{text}' is no duration")
    sign = -1 if match.group(1) else 1
    years, months, weeks, days, hours, minutes = (sign * int(part or 0) for part in match.groups()[1:7])
    begin = datetime.datetime.fromtimestamp(now / 1000, datetime.timezone.utc)
    month = begin.month - 1 + months + 12 * years
    year, month = begin.year + month // 12, month % 12 + 1
    last = (datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)).day
    moved = begin.replace(year=year, month=month, day=min(begin.day, last))
    moved += datetime.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=sign * float(match.group(8) or 0))
    return int(moved.timestamp() * 1000)


def at(text):
    """The time in ms of an ISO 8601 date and time; ValueError for another text. Without a zone it is UTC."""
    moment = datetime.datetime.fromisoformat(re.sub(r"\[.*\]$", "", text))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return int(moment.timestamp() * 1000)


class Timers:
    """In the order in which they are due. An entry is a list whose last member is None once it was cancelled."""

    def __init__(self):
        self._heap = []
        self._count = 0

    def add(self, due, action):
        self._count += 1
        entry = [due, self._count, action]
        heapq.heappush(self._heap, entry)
        return entry

    @staticmethod
    def cancel(entry):
        entry[-1] = None

    def next(self):
        """When the next one is due; None without one."""
        while self._heap and self._heap[0][-1] is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def take(self, now):
        """The action of one that is due; None without one."""
        due = self.next()
        if due is None or due > now:
            return None
        return heapq.heappop(self._heap)[-1]
