#!/usr/bin/env python3
"""Runs a command whose output goes to a file.

usage: run_logged.py [--no-digest] LOG LABEL COMMAND...
On a terminal one line is updated with what the command counts ("[12/302] ..." of ninja, "12/1500 Test ..." of
ctest). When the command fails, the first error and the end of the log are printed, without --no-digest.
The exit code is that of the command.
"""
import os
import re
import shutil
import signal
import subprocess
import sys

COUNTED = re.compile(r"^\s*\[(\d+/\d+)\]\s*(.*)|^\s*(\d+/\d+) Test\s+#\d+: (\S+)")
ERROR = re.compile(r"\b(?:fatal )?error\b|CMake Error|undefined (?:reference|symbol)", re.I)
# Lines of a failed command, and lines from the end of the log.
MAX_FIRST, MAX_LAST = 25, 10
MAX_WIDTH = 400


def progress_of(line):
    """"12/302 json.cc" of a line that counts, or None."""
    found = COUNTED.match(line)
    if not found:
        return None
    count, what = (found.group(1), found.group(2)) if found.group(1) else (found.group(3), found.group(4))
    return f"{count} {os.path.basename(what.split(' ')[-1])}"


def shortened(line):
    """Compile commands have thousands of characters and say nothing about the error."""
    return line if len(line) <= MAX_WIDTH else line[:MAX_WIDTH] + " ..."


def digest(text):
    """The lines to show of a log that ended with a failure."""
    lines = [shortened(line.rstrip()) for line in text.splitlines() if line.strip()]
    failed = [at for at, line in enumerate(lines) if line.startswith("FAILED: ")]
    if failed:
        return first_failure(lines, failed)
    first = next((at for at, line in enumerate(lines) if ERROR.search(line)), None)
    if first is None or first >= len(lines) - MAX_FIRST:
        return lines[-MAX_FIRST:]
    return lines[first:first + MAX_FIRST - MAX_LAST] + ["..."] + lines[-MAX_LAST:]


def first_failure(lines, failed):
    """What ninja's first failed command said. The line after FAILED is the command itself."""
    begin = failed[0]
    end = next((at for at in range(begin + 1, len(lines)) if COUNTED.match(lines[at]) or
                lines[at].startswith(("FAILED: ", "ninja: "))), len(lines))
    said = lines[begin + 2:end]
    # What stands before the first error are includes and the names of the command's own steps.
    first = next((at for at, line in enumerate(said) if ERROR.search(line)), 0)
    shown = [lines[begin]] + said[max(0, first - 2):][:MAX_FIRST]
    if len(failed) > 1:
        shown.append(f"{len(failed) - 1} more commands failed")
    return shown


def run(log, label, command):
    """The exit code. Ctrl-C reaches the command too, which then ends by itself."""
    shows = sys.stdout.isatty()
    os.makedirs(os.path.dirname(log) or ".", exist_ok=True)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with open(log, "w", encoding="utf-8", buffering=1) as sink:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                                 preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        for line in child.stdout:
            sink.write(line)
            counted = progress_of(line) if shows else None
            if counted:
                width = shutil.get_terminal_size().columns - 1
                print("\r\033[K" + f"{label}: {counted}"[:width], end="", flush=True)
        code = child.wait()
    if shows:
        print("\r\033[K", end="", flush=True)
    return code if code >= 0 else 128 - code


def main(arguments):
    shows_digest = arguments[0] != "--no-digest"
    log, label, *command = arguments if shows_digest else arguments[1:]
    code = run(log, label, command)
    if code and shows_digest:
        with open(log, encoding="utf-8") as file:
            lines = digest(file.read())
        print("\n".join(lines + [f"{label} failed, the whole log is {os.path.relpath(log)}"]), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
