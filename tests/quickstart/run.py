#!/usr/bin/env python3
"""./dev quickstart: types the commands of docker/operations.md as they stand and looks at each result.

usage: run.py WORKER SANDBOX PROMETHEUS [--alert-after SECONDS] [--picture FILE] [--keep]

    --alert-after SECONDS   the alerts' own waiting times are shortened to this; said in the output
    --picture FILE          the dashboard is drawn of what Prometheus knows at the end (SVG)
    --keep                  the folder of the run stays (build/quickstart)

It runs in a network of its own, which has a loopback and nothing else, so the page's ports are free there. Where the machine
does not allow that, the ports must be free on the machine itself.
"""
import argparse
import fcntl
import json
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import page
import picture
from shell import Failed, Shell
from site_of_an_operator import CLIENT_SECRETS, Site, TOKENS

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docker/operations.md"
FOLDER = ROOT / "build/quickstart"
PORTS = (26500, 18080, 8443, 8080, 8081, 9090)
MOST_MINUTES = 10
INSIDE = "LC_QUICKSTART_NETWORK"


def check(holds, what, *facts):
    if not holds:
        raise Failed(f"not so: {what}" + "".join(f"\n{fact}" for fact in facts))


def until(look, within, what, pause=0.2):
    """What `look` gives as soon as it gives something."""
    end = time.monotonic() + within
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise Failed(f"not within {within:.0f} s: {what}")
        time.sleep(pause)


class Run:
    def __init__(self, options):
        self.options = options
        shutil.rmtree(FOLDER, ignore_errors=True)
        self.folder = FOLDER / "operator"
        self.folder.mkdir(parents=True)
        self.blocks = page.commands_of(PAGE.read_text())
        self.typed = set()
        programs = FOLDER / "bin"
        programs.mkdir()
        (programs / "lambda-connector").symlink_to(options.worker)
        (programs / "prometheus").symlink_to(options.prometheus)
        self.site = Site(options.sandbox, FOLDER / "site", self.folder / "given")
        # What makes the stand-ins AWS; a real site sets none of these.
        stand_ins = {"AWS_ENDPOINT_URL_LAMBDA": self.site.addresses["lambda"], "AWS_ENDPOINT_URL_STS": self.site.addresses["sts"],
                     "AWS_CA_BUNDLE": str(FOLDER / "site/lambda-ca.pem"), "AWS_EC2_METADATA_DISABLED": "true"}
        self.shell = Shell({"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(self.folder), "PROJECT": str(ROOT), **stand_ins}, self.folder)
        self.begin = time.monotonic()
        self.throttled = 0
        self.refused = 0

    # --- typing

    def type(self, heading, number=0, within=60):
        blocks = self.blocks.get(heading, [])
        check(number < len(blocks), f"the page has commands number {number + 1} below '{heading}'")
        self.typed.add((heading, number))
        return self.shell.type(blocks[number], within)

    def step(self, text):
        print(f"quickstart: {time.monotonic() - self.begin:6.1f} s  {text}", flush=True)

    # --- looking

    def complete(self, count=5, **headers):
        """New jobs, all completed; the variables of the last one."""
        keys = self.site.jobs(count, **headers)
        until(lambda: all(self.site.job(key)["state"] == "completed" for key in keys), 40, f"{count} jobs to complete")
        return self.site.job(keys[-1])["variables"]

    def query(self, text):
        told = self.shell.type(f"curl --silent --fail --get http://localhost:9090/api/v1/query --data-urlencode 'query={text}'")
        return json.loads(told)["data"]["result"]

    def value(self, text):
        found = self.query(text)
        return float(found[0]["value"][1]) if found else None

    def log_of_workers(self):
        return "".join(path.read_text() for path in sorted(self.folder.glob("worker*.log")))

    # --- the page

    def everything(self):
        self.from_program_to_jobs()
        self.metrics()
        self.site.start_flow()
        self.begin_to_throttle()
        self.run_books_without_restart()
        self.engine_away()
        self.alert()
        self.run_books_with_a_new_worker()
        if self.options.picture:
            self.draw()
        self.stop()
        left = {(heading, number) for heading, blocks in self.blocks.items() for number in range(len(blocks))} - self.typed
        check(not left, "each command of the page is typed", sorted(left))

    def from_program_to_jobs(self):
        self.type("Keys and certificates", 0)
        self.type("Keys and certificates", 1)
        for path in [*(self.folder / "keys").iterdir(), *(self.folder / "secrets").iterdir()]:
            check(path.stat().st_mode & 0o077 == 0, f"{path.name} is its owner's alone")
        self.type("Settings")
        told = self.type("Look before you start")
        for line in ("ok    gateway https://localhost:26500", "ok    login at the gateway: ", "ok    secrets: files in secrets",
                     "ok    credentials: ", "ok    Lambda in us-east-1: ", "ok    function echo: the worker may call it"):
            check(line in told, f"check says '{line}'", told)
        self.step("check finds everything in order")
        self.type("Start")
        check(TOKENS[0] in self.complete(20), "the function got the secret of the task")
        totals = self.site.totals()
        check(totals["completed"] == totals["created"] == 20 and totals["unsigned"] == 0, "20 jobs are completed", totals)
        check(totals["letIn"] > 0, "the gateway let the worker in by its token", totals)
        self.step(f"20 jobs served: TLS with a client certificate, {totals['tokensGiven']} tokens, secrets from files")

    def metrics(self):
        self.type("Metrics and alerts", 0)
        if self.options.alert_after is not None:
            alerts = self.folder / "alerts.yaml"
            alerts.write_text(re.sub(r"for: \d+m", f"for: {self.options.alert_after}s", alerts.read_text()))
            self.shell.type("kill -HUP %prometheus")
            print(f"quickstart: the alerts wait {self.options.alert_after} s, not their own minutes (--alert-after)")
        ready = until(lambda: json.loads(self.type("Metrics and alerts", 1))["data"]["result"], 60, "Prometheus to have read the metrics", 1)
        check(ready[0]["value"][1] == "1", "lambda_connector_ready is 1", ready)
        until(lambda: self.value('sum(lambda_connector_jobs_ended_total{end="completed"})') == 20, 30, "Prometheus to know of 20 jobs", 1)
        self.step("a real Prometheus reads the metrics and knows of 20 completed jobs")

    def begin_to_throttle(self):
        # They never get through; so many retries last longer than the run.
        self.throttled = len(self.site.jobs(8, function="throttle-always", retries=100_000, retryBackoff="PT2S"))

    def alert(self):
        def firing():
            told = json.loads(self.type("Metrics and alerts", 2))["data"]["alerts"]
            return [one for one in told if one["state"] == "firing"]

        first = until(firing, 540, "an alert to fire", 2)
        names = {one["labels"]["alertname"] for one in first}
        check(names == {"LambdaConnectorThrottled"}, "LambdaConnectorThrottled fires, and no other alert", first)
        check("Raise the function's reserved concurrency" in first[0]["annotations"]["description"], "the alert says what to do", first)
        self.step("the alert LambdaConnectorThrottled fires")

    def run_books_without_restart(self):
        check(TOKENS[0] in self.complete(), "jobs have the old secret")
        self.type("A secret of tasks")
        check(TOKENS[1] in self.complete(), "jobs have the new secret")
        self.step("a secret of tasks is rotated")

        self.site.keys("first", "second")
        self.type("The access key of AWS")
        until(lambda: self.site.totals()["lastKey"] == "AKIDSECOND", 60, "AWS to see the new key alone")
        self.site.keys("second")
        self.complete()
        check(self.site.totals()["unsigned"] == 0, "no call was refused", self.site.totals())
        self.step("the access key is rotated")

        self.site.gateway_lets_in("clients-root", "new-clients-root")
        self.site.restart_gateway()
        self.complete()
        self.type("The worker's certificate")
        self.site.gateway_lets_in("new-clients-root")
        self.site.restart_gateway()
        self.complete()
        self.step("the worker's certificate is rotated")

        self.type("The gateway's authority", 0)
        self.site.gateway_shows("new-gateway")
        self.site.restart_gateway()
        self.complete()
        self.type("The gateway's authority", 1)
        self.site.restart_gateway()
        self.complete()
        self.step("the gateway's authority has changed")

        key = self.site.jobs(1, function="context")[0]
        until(lambda: self.site.job(key)["state"] == "incident", 30, "the function to be refused")
        self.refused += 1
        check("allowedFunctions" in self.site.job(key)["incident"] or "ALLOWED_FUNCTIONS" in self.site.job(key)["incident"],
              "the incident names the list", self.site.job(key))
        self.type("Allow-lists and log level")
        until(lambda: "guards.allowedFunctions" in self.log_of_workers(), 20, "the log to name what changed")
        self.complete(1, function="context")
        self.step("an allow-list has changed by SIGHUP")

    def engine_away(self):
        self.site.ask(do="stopGateway")
        self.type("The engine is upgraded, or away")

        def is_down():
            return '"DOWN"' in self.type("The engine is upgraded, or away")

        until(is_down, 60, "readyz to say DOWN", 1)
        self.site.ask(do="startGateway")
        self.complete()
        until(lambda: not is_down(), 30, "readyz to say UP", 1)
        self.step("the engine was away and is back")

    def run_books_with_a_new_worker(self):
        self.type("Replace the running worker")
        self.site.ask(do="clientSecrets", secrets=CLIENT_SECRETS)
        self.type("The client's secret")
        self.site.ask(do="clientSecrets", secrets=CLIENT_SECRETS[1:])
        self.site.ask(do="revokeTokens")
        self.complete()
        self.step("the client's secret is rotated, by a new worker under load")

        (self.folder / "new").mkdir()
        shutil.copy(self.options.worker, self.folder / "new/lambda-connector")
        self.type("A new version of the worker")
        self.complete()
        target = json.loads((self.folder / "targets.json").read_text())[0]["targets"][0]
        until(lambda: self.value(f'lambda_connector_ready{{instance="{target}"}}') == 1, 60, "Prometheus to follow the new worker", 1)
        self.step("a new version serves, the old one ended with 0")

    def draw(self):
        until(lambda: self.value("min(lambda_connector_ready)") == 1, 60, "Prometheus to forget the old worker", 1)
        end = time.time()
        step = 5
        # Whole steps, so that the last point is at the end.
        begin = end - step * int((time.monotonic() - self.begin) / step)

        def ask(expression):
            words = urllib.parse.urlencode({"query": expression, "start": begin, "end": end, "step": step})
            with urllib.request.urlopen(f"http://localhost:9090/api/v1/query_range?{words}", timeout=30) as answer:
                found = json.load(answer)["data"]["result"]
            return [(one["metric"], [(float(at), float(value)) for at, value in one["values"]]) for one in found]

        board = json.loads((ROOT / "docker/dashboards/lambda-connector.json").read_text())
        self.options.picture.write_text(picture.draw(board, ask))
        self.step(f"the dashboard of this run is drawn: {self.options.picture}")

    def stop(self):
        self.site.stop_flow()
        until(lambda: self.site.totals()["open"] == self.throttled, 120, "all jobs but the throttled ones to end")
        self.type("Stop")
        totals = self.site.totals()
        check(totals["completed"] + self.throttled + self.refused == totals["created"], "every job is accounted for", totals)
        check(totals["incident"] == self.refused, "no other job failed", totals, self.site.ask(do="incidents"))
        check(totals["repeated"] == 0, "no function ran twice for a job", totals)
        for secret in (*TOKENS, *CLIENT_SECRETS, "wJalrXUtnFEMI"):
            check(secret not in self.log_of_workers(), "no secret is in a log")
        self.step(f"stopped with code 0: {totals['created']} jobs, {totals['completed']} completed, {self.refused} refused by the list, "
                  f"{self.throttled} still throttled, 0 lost, 0 called twice")

    def end(self):
        """Stops all that was started, and makes sure of it."""
        self.shell.kill()
        self.site.stop()
        # A process that was killed is there until the system has taken its memory back.
        until(lambda: not self.shell.leftovers() + self.site.leftovers(), 20, "all that was started to end")


def own_network():
    """Runs this program again in a network of its own; gives False where the machine does not let us."""
    if os.environ.get(INSIDE):
        # A new network has its loopback switched off.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            fcntl.ioctl(one, 0x8914, struct.pack("16sH", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up, running
        return True
    words = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
    if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
        os.environ[INSIDE] = "1"
        os.execvp(words[0], [*words, "--", sys.executable, *sys.argv])
    return False


def ports_in_use():
    found = []
    for port in PORTS:
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                found.append(port)
    return found


def options_of(words):
    parser = argparse.ArgumentParser(usage="./dev quickstart [--alert-after SECONDS] [--picture FILE] [--keep]")
    for name in ("worker", "sandbox", "prometheus"):
        parser.add_argument(name, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--alert-after", type=int)
    parser.add_argument("--picture", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--keep", action="store_true")
    return parser.parse_args(words)


def main():
    options = options_of(sys.argv[1:])
    if not own_network():
        print("quickstart: this machine allows no network of its own, so the page's ports must be free on it")
    if taken := ports_in_use():
        print(f"quickstart: in use on this machine: {', '.join(map(str, taken))}; the page needs them", file=sys.stderr)
        return 1
    begin, run, code = time.monotonic(), None, 1
    try:
        run = Run(options)
        run.everything()
        code = 0
    except Failed as problem:
        print(f"quickstart: {problem}", file=sys.stderr)
        print(f"quickstart: logs are in {FOLDER}", file=sys.stderr)
    finally:
        if run:
            run.end()
    minutes = (time.monotonic() - begin) / 60
    print(f"quickstart: {minutes:.1f} minutes, {'as the page says' if code == 0 else 'failed'}; everything that was started is stopped")
    if code == 0 and minutes > MOST_MINUTES:
        print(f"quickstart: more than {MOST_MINUTES} minutes", file=sys.stderr)
        code = 1
    if code == 0 and not options.keep:
        shutil.rmtree(FOLDER)
    return code


if __name__ == "__main__":
    sys.exit(main())
