#!/usr/bin/python3
"""End-to-end tests: the real worker and an engine. See README.md beside this file."""

import argparse
import fcntl
import importlib
import pathlib
import shutil
import signal
import sys
import time
import traceback

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import artifacts  # noqa: E402

try:
    import grpc
    import google.protobuf  # noqa: F401
except ImportError as problem:
    sys.exit(f"e2e: {problem}; install the Debian packages of docker/packages/e2e.txt and use /usr/bin/python3")

import children  # noqa: E402
import brought  # noqa: E402
import harness  # noqa: E402
import open_engine  # noqa: E402
import report as reports  # noqa: E402
import standins  # noqa: E402
import worker as workers  # noqa: E402

# The whole run, downloads included; --full may take longer.
LIMIT, FULL_LIMIT = 10 * 60, 30 * 60


class OverBudget(Exception):
    pass


def main():
    options = parse()
    started = time.monotonic()
    children.guard()
    signal.signal(signal.SIGALRM, over_budget)
    report = reports.Report()
    artifacts.BUILD.mkdir(parents=True, exist_ok=True)
    lock = open(artifacts.BUILD / "lock", "w")  # held until the process ends
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit("e2e: another run is going on in this folder")
    try:
        Run(options, report, started).all()
    except (artifacts.Missing, children.TimedOut) as problem:
        report.fail("e2e", "the run could not go on", time.monotonic() - started, problem,
                    [(child.name, child.tail()) for child in children.fallen()])
    finally:
        children.kill_all()
    return report.close(started)


def parse():
    parser = argparse.ArgumentParser(prog="e2e", description="The real worker against an engine.")
    build = artifacts.ROOT / "build" / "release"
    parser.add_argument("--full", action="store_true", help="also the longer modules")
    parser.add_argument("--worker", type=pathlib.Path, default=build / "lambda-connector", help="the worker program")
    parser.add_argument("--sandbox", type=pathlib.Path, default=build / "lambda-sandbox", help="the sandbox program")
    parser.add_argument("--conformance", type=pathlib.Path, default=build / "sigv4_conformance", help="the signing cases' program")
    parser.add_argument("--feel-conformance", type=pathlib.Path, default=build / "feel_scala_conformance",
                        help="the program that compares FEEL's answers")
    names = sorted(path.stem for path in (HERE / "cases").glob("*.py"))
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="of " + ", ".join(names) + "; all without")
    options = parser.parse_args()
    for name in options.modules:
        if name not in names:
            parser.error(f"no module {name}; there are {', '.join(names)}")
    options.named, options.modules = bool(options.modules), options.modules or names
    options.worker, options.sandbox = options.worker.resolve(), options.sandbox.resolve()
    return options


def over_budget(_number, _frame):
    raise OverBudget()


class Run:
    def __init__(self, options, report, started):
        self.options = options
        self.report = report
        self.end = started + (FULL_LIMIT if options.full else LIMIT)
        self.logs = artifacts.BUILD / "logs"
        self.modules = [importlib.import_module(f"cases.{name}") for name in options.modules]
        if not (options.full or options.named):
            longer = [module for module in self.modules if getattr(module, "FULL", False)]
            self.modules = [module for module in self.modules if module not in longer]
            print(f"     only with --full: {', '.join(map(short_name, longer))}", flush=True)
        self.standins = None
        self.worker = None
        self.worker_number = 0
        self.beside = []

    def all(self):
        shutil.rmtree(self.logs, ignore_errors=True)
        if any(module.WORKER is not None or not module.SCALE for module in self.modules):
            for program in (self.options.worker, self.options.sandbox):
                if not program.exists():
                    raise artifacts.Missing(f"no {program}; build it with ./dev build --release")
        # Fetched before anything runs, so that a slow network does not eat the time of a case.
        self.modules = [module for module in self.modules if self.prepared(module)]
        for module in self.modules:
            if not module.SCALE:
                self.cases(harness.Alone(self.options, self.logs), short_name(module), module)
        # Modules with the same worker settings beside each other: fewer restarts.
        wanting = sorted((m for m in self.modules if m.SCALE), key=lambda m: str(sorted((m.WORKER or {}).items())))
        if wanting:
            self.on_engine(wanting)

    def prepared(self, module):
        """False, and a skip, when something the module needs is not there and cannot be fetched."""
        try:
            getattr(module, "prepare", lambda: None)()
            return True
        except artifacts.Missing as reason:
            self.report.skip(short_name(module), "all cases", reason)
        except harness.Failed as reason:
            self.report.fail(short_name(module), "what it needs must be right", 0, reason)
        return False

    def on_engine(self, modules):
        try:
            if not brought.named():
                open_engine.prepare()
        except artifacts.Missing as reason:
            for module in modules:
                self.report.skip(short_name(module), "all cases", reason)
            return
        before = time.monotonic()
        engine = brought.start(self.logs) if brought.named() else open_engine.start(self.options.sandbox, self.logs)
        print(f"     {engine.name} is ready after {time.monotonic() - before:.1f} s", flush=True)
        try:
            for module in modules:
                self.module(engine, module)
            self.retire_worker()
        finally:
            if self.worker:
                self.worker.child.kill()
                self.worker = None
            if self.standins:  # engines give the same keys again, and it counts by job key
                self.standins.stop()
                self.standins = None
            engine.stop()

    def module(self, engine, module):
        try:
            if module.WORKER is not None:
                self.need_worker(engine, module.WORKER)
        except (artifacts.Missing, children.TimedOut) as problem:
            self.report.fail(short_name(module), "its programs must start", 0, problem, ends_of_logs())
            return
        e2e = harness.E2e(engine, self.standins, module.SCALE,
                          lambda: self.need_worker(engine, module.WORKER), self.stop_worker, self.kill_worker,
                          lambda more: self.worker_beside(engine, more),
                          lambda name, *words: standins.Standins(self.options.sandbox, self.logs, name, *words))
        self.cases(e2e, short_name(module), module)
        if not engine.alive() and hasattr(engine, "start_again"):  # a failed case left it so; the next ones shall not suffer
            engine.start_again()

    def cases(self, e2e, place, module):
        end = min(time.monotonic() + module.BUDGET, self.end)
        before, own = children.running(), []
        try:
            if hasattr(module, "start"):
                e2e.parts = module.start(e2e)
            own = [child for child in children.running() if child not in before]
            for name, function in list(vars(module).items()):
                if name.startswith("case_") and callable(function):
                    self.case(place, name[len("case_"):].replace("_", " "), function, e2e, end)
        except Exception as problem:  # pylint: disable=broad-except
            told = problem if isinstance(problem, (harness.Failed, children.TimedOut)) else traceback.format_exc()
            self.report.fail(place, "its programs must start", 0, told, ends_of_logs())
            own = [child for child in children.running() if child not in before]
        if not module.SCALE:  # what a case started again as well; of an engine that would be the engine's
            own = [child for child in children.running() if child not in before]
        for child in own:
            child.kill()

    def case(self, place, title, function, e2e, end):
        before, skipped = time.monotonic(), None
        if end <= before:
            self.report.fail(place, title, 0, "no time left: the module's budget or the whole run's is used up")
            return
        try:
            signal.setitimer(signal.ITIMER_REAL, end - before)
            try:
                function(e2e)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            reason = fallen_children()
        except OverBudget:
            reason = "over its time budget"
        except harness.Skip as told:
            reason = None
            skipped = str(told)
        except (harness.Failed, children.TimedOut) as problem:
            reason = problem
        except grpc.RpcError as problem:
            reason = f"{problem.code()}: {problem.details()}\n{traceback.format_exc(limit=-2)}"
        except Exception:  # pylint: disable=broad-except
            reason = traceback.format_exc()
        took = time.monotonic() - before
        tails = ends_of_logs() if reason else []
        for worker in self.beside:
            worker.child.kill()
        self.beside.clear()
        if reason:
            self.report.fail(place, title, took, reason, tails)
        elif skipped:
            self.report.skip(place, title, skipped)
        else:
            self.report.ok(place, title, took)

    def need_worker(self, engine, more):
        if self.standins is None:
            self.standins = standins.Standins(self.options.sandbox, self.logs, "cases")
        if self.worker and (self.worker.more != more or not self.worker.child.alive()):
            self.retire_worker()
        if self.worker is None:
            self.worker = self.new_worker(engine, more)
        return self.worker

    def new_worker(self, engine, more):
        self.worker_number += 1
        return workers.Worker(self.options.worker, engine, self.standins, more, self.logs, self.worker_number)

    def worker_beside(self, engine, more):
        self.beside.append(self.new_worker(engine, more))
        return self.beside[-1]

    def stop_worker(self):
        if self.worker is None:
            return None
        code = self.worker.stop()
        self.worker = None
        return code

    def kill_worker(self):
        if self.worker:
            self.worker.child.kill()
            self.worker = None

    def retire_worker(self):
        """Every stop is a case of its own: asked with SIGTERM, the worker ends with exit code 0."""
        if self.worker is None:
            return
        before = time.monotonic()
        tail, code = self.worker.child.tail, self.stop_worker()
        took, place, title = time.monotonic() - before, "worker", "ends when asked"
        if code == 0:
            self.report.ok(place, title, took)
        else:
            told = "it had to be killed" if code is None else f"exit code {code}"
            self.report.fail(place, title, took, told, [("lambda-connector", tail())])


def ends_of_logs():
    return [(f"{child.name} ({child.log.relative_to(artifacts.ROOT)})", child.tail()) for child in children.running()]


def short_name(module):
    return module.__name__.split(".")[-1]


def fallen_children():
    return "; ".join(f"{child.name} ended by itself, exit code {child.exit_code()}" for child in children.fallen())


if __name__ == "__main__":
    sys.exit(main())
