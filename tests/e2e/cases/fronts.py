"""nginx and haproxy before the gateway: TLS, mutual TLS, certificates that are renewed, calls that they cut off for silence, a
restart and a reload under load.
"""

import threading

import certificates
import children
import fronts
from harness import check, same

SCALE = 0
WORKER = None
BUDGET = 150

_SILENCE = 2  # seconds; they come with 60 and 50


class Parts:
    def __init__(self, e2e):
        self.e2e = e2e
        self.authority = certificates.Authority()
        self.behind = fronts.Behind(e2e, "fronts")
        self.client = self.behind.client()
        self.number = 0
        self.left = []  # how to end what a failed case has left; its worker would take the next case's jobs

    def front(self, kind, **more):
        for end in self.left:
            end()
        front = kind(self.e2e, f"front-{kind.name}", self.behind.port, **more)
        front.present(self.authority, "good")
        if front.asks:
            front.trust(self.authority.file("root.pem"))
        front.start()
        self.left = [front.stop]
        return front

    def worker(self, front, **more):
        self.number += 1
        # A job that was pushed into a connection that breaks comes back after its lease.
        settings = {"CAMUNDA_CA_CERTIFICATE_PATH": self.authority.file("root.pem"), "CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT": "5s",
                    "LAMBDA_CONNECTOR_JOB_TYPES": "lambdaConnector.INVOKE=invoke", **more}
        worker = fronts.worker(self.e2e, self.behind, f"https://localhost:{front.port}", self.number, **settings)
        self.left.append(worker.child.kill)
        return worker

    def serve(self, worker, count):
        """So many jobs, which must all be completed."""
        before = worker.figure("jobs_ended_total", end="completed")
        fronts.create(self.client, count)
        worker.wait_for("jobs_ended_total", before + count, end="completed")

    @staticmethod
    def end(front, worker):
        same(worker.stop(), 0, "exit code of the worker")
        front.stop()


def prepare():
    fronts.nginx_home()
    fronts.haproxy_home()


def start(e2e):
    return Parts(e2e)


def case_nginx_ends_tls(e2e):
    _tls(e2e, fronts.Nginx)


def case_haproxy_ends_tls(e2e):
    _tls(e2e, fronts.Haproxy)


def case_nginx_wants_a_client_certificate_and_both_are_renewed(e2e):
    _mutual(e2e, fronts.Nginx)


def case_haproxy_wants_a_client_certificate_and_both_are_renewed(e2e):
    _mutual(e2e, fronts.Haproxy)


def case_nginx_cuts_silent_calls_off(e2e):
    _silence(e2e, fronts.Nginx)


def case_haproxy_cuts_silent_calls_off(e2e):
    _silence(e2e, fronts.Haproxy)


def case_nginx_is_restarted_and_reloaded_under_load(e2e):
    _restart(e2e, fronts.Nginx)


def case_haproxy_is_restarted_and_reloaded_under_load(e2e):
    _restart(e2e, fronts.Haproxy)


def _tls(e2e, kind):
    parts = e2e.parts
    front = parts.front(kind)
    worker = parts.worker(front)
    parts.serve(worker, 30)

    def pushed():
        parts.serve(worker, 1)
        return worker.figure("jobs_received_total", source="stream") > 0

    children.until(pushed, 20, "a job to be pushed through the front")
    parts.end(front, worker)
    # An authority that did not sign: no call is made, and the reason is told.
    front.start()
    done = _check(e2e, front, CAMUNDA_CA_CERTIFICATE_PATH=parts.authority.file("stranger.pem"))
    check(done.code != 0 and "authority that is not trusted" in done.out + done.told, f"the reason must be told: {done.out}{done.told}")
    front.stop()


def _mutual(e2e, kind):
    parts = e2e.parts
    made = parts.authority
    front = parts.front(kind, asks=True)
    folder = front.folder
    roots = folder / "roots.pem"
    fronts.put(roots, made.file("root.pem").read_text())
    _own(folder, made, "client")
    shown = {"CAMUNDA_MTLS_CERT_PATH": folder / "own.pem", "CAMUNDA_MTLS_KEY_PATH": folder / "own.key",
             "CAMUNDA_CA_CERTIFICATE_PATH": roots}
    check(_check(e2e, front, CAMUNDA_CA_CERTIFICATE_PATH=roots).code != 0, "without a certificate the worker must be refused")
    # It looks at its files when it makes a call.
    worker = parts.worker(front, CAMUNDA_CLIENT_WORKER_DEFAULTS_REQUESTTIMEOUT="500ms", **shown)
    parts.serve(worker, 10)
    # Everything of another authority, one side after the other, as renewals come.
    made.sign("renewed-client", "stranger")
    made.sign("renewed-server", "stranger", server=True)
    fronts.put(roots, made.file("root.pem").read_text() + made.file("stranger.pem").read_text())
    front.trust(made.file("root.pem"), made.file("stranger.pem"))
    front.reload()
    _changed(worker, 1)
    _own(folder, made, "renewed-client")
    _changed(worker, 2)
    front.present(made, "renewed-server", sent=())
    front.trust(made.file("stranger.pem"))
    front.stop()  # what is open must not carry the old trust on
    front.start()
    parts.serve(worker, 10)
    fronts.put(roots, made.file("stranger.pem").read_text())
    _changed(worker, 3)
    parts.serve(worker, 10)
    parts.end(front, worker)


def _silence(e2e, kind):
    parts = e2e.parts
    front = parts.front(kind, silence=_SILENCE)
    worker = parts.worker(front)
    parts.serve(worker, 5)

    def cut():
        return sum(count for (_, status), count in worker.gateway_answers().items() if status != "OK")

    # Polls of ten seconds and a stream without a job: each is cut off after two.
    children.until(lambda: cut() >= 6, 30, "the front to cut calls off")
    parts.serve(worker, 20)
    lines = [line for line in worker.log_lines() if line["level"] in ("warning", "error")]
    check(len(lines) <= 6, f"an idle time-out must not fill the log: {lines}")
    parts.end(front, worker)


def _restart(e2e, kind):
    parts, count = e2e.parts, 300
    front = parts.front(kind)
    worker = parts.worker(front)
    before = len(parts.behind.executions())

    def done():
        # The answer to a completion is lost with its connection; the next one is told that the job is gone.
        return sum(worker.figure("jobs_ended_total", end=end) for end in ("completed", "superseded"))

    def wait_for(jobs):
        children.until(lambda: done() >= jobs, 30, f"{jobs} jobs to be completed")

    loader = threading.Thread(target=fronts.create, args=(parts.client, count))
    loader.start()
    wait_for(count // 6)
    front.stop()
    front.start()
    wait_for(count // 2)
    front.reload()
    loader.join(60)
    wait_for(count)
    same(done(), float(count), "jobs that were completed, by their answer or before it was lost")
    same(parts.behind.open_jobs(), 0, "jobs that the engine still has")
    ran = parts.behind.executions()
    same(len(ran) - before, count, "jobs for which a function ran")
    same(max(ran), 1, "the most times that a function ran for one job")
    parts.end(front, worker)


def _own(folder, authority, name):
    """The worker's certificate and key, as two files."""
    fronts.put(folder / "own.pem", authority.file(f"{name}.pem").read_text())
    fronts.put(folder / "own.key", authority.file(f"{name}.key").read_text())


def _check(e2e, front, **more):
    """How `lambda-connector check` ends at that front."""
    return e2e.command(dict(e2e.parts.behind.environment(), CAMUNDA_GRPC_ADDRESS=f"https://localhost:{front.port}", **more), "check")


def _changed(worker, times):
    """Waits until the worker has taken so many changes of its certificates."""

    def told():
        return sum("certificates for the gateway have changed: " in line["message"] for line in worker.log_lines()) >= times

    children.until(told, 20, f"the worker to take change {times} of its certificates")
