#!/usr/bin/python3
"""A BPMN document of your own, run by the real worker against the engine of open parts and a stand-in for Lambda, and how it ended.

    try_process.py FILE.bpmn [--variables JSON] [--set NAME=VALUE]... [--within SECONDS]
"""

import argparse
import fcntl
import json
import pathlib
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

# pylint: disable=wrong-import-position
import grpc  # noqa: E402

import artifacts  # noqa: E402
import children  # noqa: E402
import harness  # noqa: E402
import open_engine  # noqa: E402
import standins  # noqa: E402
import worker as workers  # noqa: E402


def main():
    options = parse()
    children.guard()
    artifacts.BUILD.mkdir(parents=True, exist_ok=True)
    lock = open(artifacts.BUILD / "lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit("try: the end-to-end tests, or another try, are running in this folder")
    try:
        return run(options)
    except (artifacts.Missing, children.TimedOut, harness.Failed) as problem:
        sys.exit(f"try: {problem}")
    except grpc.RpcError as problem:
        sys.exit(f"try: {problem.code().name}: {problem.details()}")
    finally:
        children.kill_all()


def parse():
    parser = argparse.ArgumentParser(prog="try", description="Runs a BPMN document with the worker, an engine and a stand-in for Lambda.")
    build = artifacts.ROOT / "build" / "release"
    parser.add_argument("document", type=pathlib.Path, metavar="FILE", help="a BPMN document")
    parser.add_argument("--variables", default="{}", help="of the new instance, as JSON")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the worker")
    parser.add_argument("--within", type=float, default=60, metavar="SECONDS", help="how long to wait for its end (%(default)s)")
    parser.add_argument("--worker", type=pathlib.Path, default=build / "lambda-connector", help="the worker program")
    parser.add_argument("--sandbox", type=pathlib.Path, default=build / "lambda-sandbox", help="the sandbox program")
    options = parser.parse_args()
    if any("=" not in each for each in options.set):
        parser.error("--set takes NAME=VALUE")
    if not options.document.is_file():
        parser.error(f"no file {options.document}")
    return options


def run(options):
    logs = artifacts.BUILD / "try"
    for log in logs.glob("*.log"):
        log.unlink()
    lambdas = standins.Standins(options.sandbox.resolve(), logs, "try")
    engine = open_engine.start(options.sandbox.resolve(), logs)
    told = engine.gateway.deploy(options.document.read_bytes())
    process = told.deployments[0].process.bpmnProcessId
    workers.Worker(options.worker.resolve(), engine, lambdas, dict(each.split("=", 1) for each in options.set), logs, 1)
    began = time.monotonic()
    instance = engine.records.instance(engine.gateway.create(process, options.variables))

    def settled():
        engine.records.pump()
        return instance.completed or instance.terminated or instance.incidents()

    try:
        children.until(settled, options.within, "the instance to end")
    except children.TimedOut as late:
        print(f"{process}: {late}; the logs are in {logs.relative_to(artifacts.ROOT)}")
        print(instance.story())
        return 2
    return tell(process, instance, time.monotonic() - began)


def tell(process, instance, took):
    passed = [record["value"]["elementId"] for record in instance.of("PROCESS_INSTANCE", "ELEMENT_COMPLETED")]
    for incident in instance.incidents():
        print(f"{process}: incident at {incident['elementId']} after {took:.1f} s, {incident['errorType']}")
        print(f"  {incident['errorMessage']}")
    if instance.completed:
        print(f"{process}: completed after {took:.1f} s")
    print(f"  passed: {', '.join(name for name in passed if name != process) or 'nothing'}")
    for name, value in instance.variables().items():
        print(f"  {name} = {json.dumps(value, ensure_ascii=False)}")
    return 0 if instance.completed else 1


if __name__ == "__main__":
    sys.exit(main())
