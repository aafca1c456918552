"""The status page of a worker that has worked, as the worker writes it and after its script ran in headless Chromium: both show what
/metrics says, and nothing in the page breaks its own content security policy.
"""

import html
import os
import re
import shutil
import subprocess

import artifacts
import bpmn
import children
from harness import check, same

SCALE = 60
WORKER = {}
BUDGET = 180
FULL = True

_TYPE = "lambdaConnector.INVOKE"
# Of the charts' captions; the other ends together are the last one.
_ENDS = ("completed", "bpmn_error", "failed")
_OTHER_ENDS = ("handed_back", "lapsed", "superseded")
# Chromium runs so much of the page's time at once: the script has asked for figures after five seconds.
_PAGE_TIME = 12_000


def prepare():
    if shutil.which("chromium") is None:
        if os.geteuid() != 0:
            raise artifacts.Missing("no chromium: install Debian's package chromium, or run as root")
        artifacts.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"], 300, "installation of Debian's chromium")


def case_the_page_shows_what_the_metrics_say(e2e):
    worker = _worked(e2e)
    for scripted in (False, True):
        # The figures must stand still while the page is read.
        before = _ends_of(worker)
        page, told = _chromium(e2e, _url(worker)) if scripted else (worker.page("/"), "")
        same(_ends_of(worker), before, "ends of jobs while nothing runs")
        same(_caption(page), before, f"ends of jobs on the page {'with' if scripted else 'without'} its script")
        calls = {(one[0], one[1]): int(one[2]) for one in _rows(page, "calls")}
        metrics = {(labels["operation"], labels["result"]): int(value) for labels, value in _samples(worker, "calls_total")}
        same(calls, metrics, "calls by operation and result")
        failures = _rows(page, "failures")
        check(failures and failures[0][2] == "NOT_FOUND" and failures[0][4] == "no-such-function", f"the last failure: {failures[:1]}")
        figures = dict(re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page))
        same(figures["Slots in use"], f"0 of {worker.figure('slots'):.0f}", "slots")
        same(figures["Takes jobs"], "yes", "readiness")
        same(figures["Results that the engine never took"], f"{worker.figure('results_dropped_total'):.0f}", "results dropped")
        check(not re.search(r"Content Security Policy|Uncaught|Refused", told), f"the page's console: {told}")
        shown = re.search(r'<span id="fresh">(.*?)</span>', page)
        same(shown.group(1), "", "what the page says of old figures")


def case_a_page_whose_worker_has_ended_says_that_its_figures_are_old(e2e):
    # The browser keeps the page's time for itself, so a page from a file that asks a port on which no program listens does as well.
    worker = e2e.need_worker()
    page = worker.page("/")
    check("setInterval(refresh" in page, "the page has its script")
    saved = artifacts.BUILD / "status-page.html"
    saved.write_text(page)
    shown, _ = _chromium(e2e, saved.as_uri())
    check("The worker does not answer; the figures are old." in shown, "the page must say that its figures are old")


def case_the_picture_is_drawn_light_and_dark(e2e):
    worker = _worked(e2e)
    for scheme in ("light", "dark"):
        picture = artifacts.BUILD / f"status-page-{scheme}.png"
        picture.unlink(missing_ok=True)
        dark = ["--force-dark-mode", "--enable-features=WebContentsForceDark"] if scheme == "dark" else []
        _chromium(e2e, _url(worker), f"--screenshot={picture}", "--window-size=1200,1400", *dark)
        check(picture.exists() and picture.stat().st_size > 20_000, f"no picture of the page, {scheme}")
        e2e.note(f"{picture}")


def _worked(e2e):
    """A worker some of whose jobs completed, threw and failed, and that is idle."""
    worker = e2e.need_worker()
    if sum(_ends_of(worker)) == 0:
        e2e.deploy(bpmn.process("page-fine", inputs={"lambda.functionName": bpmn.text("echo"), "lambda.payload": "=1"}),
                   bpmn.process("page-thrown", inputs={"lambda.functionName": bpmn.text("fail"), "lambda.payload": '={type: "NoStock"}'},
                                headers={"onFunctionError": "bpmnError"}, catch="NoStock"),
                   bpmn.process("page-failed", inputs={"lambda.functionName": bpmn.text("no-such-function")}))
        each = e2e.scale // 3
        keys = [key for name in ("page-fine", "page-thrown", "page-failed") for key in e2e.gateway.create_many(name, [{}] * each)]
        e2e.settled(keys, within=60)
        # Those of a burst that find no place go back first.
        e2e.wait(lambda: sum(_ends_of(worker)[:3]) == len(keys), 20, "the worker to count its jobs")
        same(_ends_of(worker)[:3], [each, each, each], "ends of jobs by the metrics")
    return worker


def _ends_of(worker):
    ends = [int(worker.figure("jobs_ended_total", type=_TYPE, end=end)) for end in _ENDS]
    ends[2] += int(worker.figure("jobs_ended_total", type=_TYPE, end="undelivered"))
    return ends + [sum(int(worker.figure("jobs_ended_total", type=_TYPE, end=end)) for end in _OTHER_ENDS)]


def _samples(worker, name):
    for line, value in worker.metrics().items():
        if line.startswith(f"lambda_connector_{name}{{"):
            yield dict(re.findall(r'(\w+)="([^"]*)"', line)), value


def _caption(page):
    found = re.search(rf"<figcaption>{re.escape(_TYPE)}<small>(\d+) completed, (\d+) threw an error, (\d+) failed, (\d+) ended", page)
    check(found, "the page has a chart of the job type")
    return [int(number) for number in found.groups()]


def _rows(page, table):
    body = re.search(rf'<tbody id="{table}">(.*?)</tbody>', page, re.S).group(1)
    return [[html.unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)]


def _url(worker):
    return f"http://127.0.0.1:{worker.port()}/"


def _chromium(e2e, url, *more):
    """The page as it stands after its script ran, and what it told the console."""
    profile = artifacts.BUILD / "chromium"
    shutil.rmtree(profile, ignore_errors=True)
    what = more or ("--dump-dom",)
    # Without its sandbox, because root may run this; the page is our own.
    done = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                           f"--user-data-dir={profile}", f"--virtual-time-budget={_PAGE_TIME}", "--enable-logging=stderr", *what, url],
                          capture_output=True, text=True, timeout=90, check=False,
                          env=children.environment(HOME=artifacts.BUILD))
    (e2e.logs / "chromium.log").write_text(done.stderr)
    check(done.returncode == 0, f"chromium ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if ":CONSOLE" in line)
