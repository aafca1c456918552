#!/usr/bin/python3
"""The engine of open parts as one process with its children: `main.py --port N --data FOLDER --sandbox PROGRAM --packages FOLDER --node PROGRAM
--feel FOLDER`. Serves the gateway's protocol at that port. The folder keeps its records (records.json) and its state.
"""

import argparse
import json
import os
import pathlib
import select
import sys
import threading
import time


def main():
    options = parse()
    sys.path.insert(0, str(options.packages))
    sys.setrecursionlimit(20_000)  # documents may be nested
    threading.stack_size(512 << 20)
    failed = []
    thread = threading.Thread(target=guarded, args=(options, failed))
    thread.start()
    thread.join()
    return 1 if failed else 0


def parse():
    parser = argparse.ArgumentParser(prog="engine", description="A BPMN engine of open parts.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="its records and its state")
    parser.add_argument("--sandbox", type=pathlib.Path, required=True, help="the program lambda-sandbox")
    parser.add_argument("--packages", type=pathlib.Path, required=True, help="Python packages: SpiffWorkflow")
    parser.add_argument("--node", type=pathlib.Path, required=True, help="the program node")
    parser.add_argument("--feel", type=pathlib.Path, required=True, help="a folder with feelin in its node_modules")
    return parser.parse_args()


def guarded(options, failed):
    try:
        serve(options)
    except BaseException:  # pylint: disable=broad-except
        failed.append(True)
        raise


def serve(options):
    # After the path is set: these import the packages.
    # pylint: disable=import-outside-toplevel
    from channel import Channel
    from executor import Executor
    from exporter import Exporter
    from feel import Feel
    from journal import Journal

    options.data.mkdir(parents=True, exist_ok=True)
    exporter = Exporter(options.data / "records.json", now)
    journal = Journal(options.data / "journal.json")
    channel, events = Channel(), options.data / "events.json"
    executor = Executor(Feel(options.node, options.feel), channel, exporter)
    for at, line in journal.entries():
        again(executor, line, at)
    take(executor, journal, journal.unread(events))
    events.unlink(missing_ok=True)
    journal.started(now())
    channel.open(options.sandbox, options.port, "8.6.0", events)
    rest = b""
    while True:
        due = executor.timers.next()
        wait = None if due is None else max(0, due - now()) / 1000
        if select.select([channel.output], [], [], wait)[0]:
            block = os.read(channel.output.fileno(), 1 << 20)
            if not block:
                raise RuntimeError("the engine of jobs has ended")
            *lines, rest = (rest + block).split(b"\n")
            take(executor, journal, [json.loads(text) for text in lines])
        if due is not None and due <= now():
            at = now()
            journal.note(at)
            journal.flush()
            executor.due(at)
        exporter.flush()


def again(executor, line, at):
    """One entry of the journal once more."""
    if line is None:
        executor.due(at)
    elif isinstance(line, dict):
        executor.line(line, at)


def take(executor, journal, lines):
    """Notes all of them before the first is worked on, because what is worked on may be answered."""
    at = now()
    for line in lines:
        if "ready" not in line:
            journal.note(at, line)
    journal.flush()
    for line in lines:
        if "ready" in line:
            print(f"ready at port {line['ready']['port']}", flush=True)
        else:
            executor.line(line, at)


def now():
    return int(time.time() * 1000)


if __name__ == "__main__":
    sys.exit(main())
