"""Child processes that cannot outlive the run.

Each child has its own process group and its own log file. They are killed when the run ends, however it ends: normally, by an
exception, by Ctrl-C, SIGTERM or SIGHUP; and by the kernel (parent death signal) when the run itself is killed.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import time

_running = []


class Child:
    """One started program. `environment` is all it gets: nothing leaks in from the shell of the caller."""

    def __init__(self, name, command, environment, log, folder=None):
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with open(log, "ab") as sink:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--"] + [str(word) for word in command],
                stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
                env={key: str(value) for key, value in environment.items()},
                cwd=folder, start_new_session=True)
        _running.append(self)

    @property
    def pid(self):
        return self._process.pid

    def alive(self):
        return self._process.poll() is None

    def exit_code(self):
        return self._process.poll()

    def signal(self, number):
        self._process.send_signal(number)

    def stop(self, grace):
        """Asks with SIGTERM, waits `grace` seconds, then kills. Returns the exit code, or None when it had to be killed."""
        if self.alive():
            self._process.terminate()
            try:
                self._process.wait(grace)
            except subprocess.TimeoutExpired:
                self.kill()
                return None
        code = self._process.returncode
        self.kill()
        return code

    def kill(self):
        """Ends the whole process group at once. May be called more than once."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            print(f"e2e: {self.name} (pid {self.pid}) does not go away", file=sys.stderr)
        if self in _running:
            _running.remove(self)

    def tail(self, lines=25, width=400):
        """The end of its log, without the records that an engine's exporter writes there."""
        try:
            with open(self.log, "rb") as source:
                source.seek(0, os.SEEK_END)
                source.seek(max(0, source.tell() - 4_000_000))
                text = source.read().decode("utf-8", "replace")
        except OSError as problem:
            return f"(no log: {problem})"
        kept = [line[:width] for line in text.splitlines() if "partitionId" not in line and "[Exporter-" not in line]
        return "\n".join(kept[-lines:])


def kill_all():
    for child in list(_running):
        child.kill()


def running():
    """Those that were started and not yet stopped, fallen ones too."""
    return list(_running)


def fallen():
    """The children that ended although nothing stopped them."""
    return [child for child in _running if not child.alive()]


def guard():
    """Call once, before the first child."""

    def leave(number, _frame):
        raise SystemExit(128 + number)

    signal.signal(signal.SIGINT, leave)  # also where the caller had it ignored
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
    atexit.register(kill_all)


def environment(**more):
    """A small environment that does not depend on who starts the run."""
    base = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C.UTF-8"}
    base.update(more)
    return base


class TimedOut(Exception):
    """Something did not happen in its time."""


def until(condition, within, what, pause=0.05):
    """Polls `condition` until it gives something true, and returns that. A child that falls meanwhile ends the wait at once."""
    end = time.monotonic() + within
    while True:
        found = condition()
        if found:
            return found
        for child in fallen():
            raise TimedOut(f"{child.name} ended by itself (exit code {child.exit_code()}) while waiting for {what}")
        if time.monotonic() >= end:
            raise TimedOut(f"not within {within:.0f} s: {what}")
        time.sleep(pause)


def until_listening(child, port, within):
    """Waits until a program takes connections at that port of 127.0.0.1."""

    def connects():
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", port)) == 0

    until(connects, within, f"{child.name} to listen at port {port}")
