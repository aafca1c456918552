"""Programs with a pipe to each: the shell that types a page's commands, and the stand-ins. None outlives the run."""
import atexit
import os
import select
import signal
import subprocess
import time


class Failed(Exception):
    """Something is not as the page says."""


class Piped:
    """A program in a process group of its own, which the kernel ends with this process."""

    def __init__(self, name, words, environment, folder, errors):
        self.name = name
        self._errors = open(errors, "ab")
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self._errors, env=environment, cwd=folder, start_new_session=True)
        self._rest = b""
        atexit.register(self.kill)

    def say(self, line):
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def hear(self, within):
        """One line of its output, without the end."""
        end = time.monotonic() + within
        while b"\n" not in self._rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._process.stdout], [], [], left)[0]:
                raise Failed(f"{self.name} said nothing within {within:.0f} s")
            piece = os.read(self._process.stdout.fileno(), 65536)
            if not piece:
                raise Failed(f"{self.name} ended with code {self._process.wait(10)}")
            self._rest += piece
        line, self._rest = self._rest.split(b"\n", 1)
        return line.decode()

    def kill(self):
        """Ends the whole group: what a shell started in the background too."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait(10)

    def leftovers(self):
        """Names of the processes of its group that still run."""
        found = []
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                    head, _, tail = file.read().rpartition(")")
            except OSError:
                continue
            state, _, group = tail.split()[:3]
            if int(group) == self._process.pid and state != "Z":
                found.append(head.split("(", 1)[1])
        return found


class Shell:
    """One bash that keeps its variables, functions and background jobs from block to block. It ends at a command that fails."""

    MARK = "end-of-block"

    def __init__(self, environment, folder):
        self.folder = folder
        self._log = folder / "commands.log"
        self._bash = Piped("bash", ["bash", "--noprofile", "--norc"], environment, folder, self._log)
        self._bash.say("set -eEu -o pipefail; trap 'printf \"failed: %s\\n\" \"$BASH_COMMAND\" >&2' ERR")
        self._count = 0

    def type(self, block, within=60):
        """The block's standard output."""
        self._count += 1
        script, output = self.folder / f".block-{self._count}", self.folder / f".output-{self._count}"
        script.write_text(block + "\n")
        self._bash.say(f". ./{script.name} > {output.name} < /dev/null; echo {self.MARK}")
        try:
            while self._bash.hear(within) != self.MARK:
                pass
        except Failed as problem:
            told = output.read_text() if output.exists() else ""
            raise Failed(f"these commands of the page failed ({problem}):\n{block}\nthey said:\n{told}{self.errors()}") from problem
        return output.read_text()

    def errors(self):
        return self._log.read_text(encoding="utf-8", errors="replace")[-3000:]

    def leftovers(self):
        return [name for name in self._bash.leftovers() if name != "bash"]

    def kill(self):
        self._bash.kill()
