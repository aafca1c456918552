"""Keycloak gives the tokens, and the sandbox's gateway looks at them: signature, end, audience. Tokens that end during the run, a server
that goes away and comes back, a wrong secret, a wrong audience, a client with a certificate, a file of tokens shared with the Java client.
"""

import json
import time

import artifacts
import certificates
import children
import client_programs
import fronts
import harness
import keycloak
from harness import check, same

SCALE = 0
WORKER = None
BUDGET = 420
FULL = True

_NOWHERE = "http://127.0.0.1:1/token"


class Parts:
    def __init__(self, e2e):
        self.e2e = e2e
        self.authority = certificates.Authority()
        self.authority.sign_rsa("key-store", "root")
        self.server = keycloak.Keycloak(e2e, self.authority.file("key-store.pem"))
        self.behind = fronts.Behind(e2e, "keycloak-login", "--login-key", self.server.key, "--login-audience", keycloak.AUDIENCE)
        self.address = f"http://127.0.0.1:{self.behind.port}"
        self.number = 0

    def settings(self, client=keycloak.CLIENT, secret=keycloak.SECRET, **more):
        return {"CAMUNDA_CLIENT_ID": client, "CAMUNDA_CLIENT_SECRET": secret, "CAMUNDA_AUTHORIZATION_SERVER_URL": self.server.url,
                "CAMUNDA_TOKEN_AUDIENCE": keycloak.AUDIENCE, **more}

    def worker(self, **settings):
        self.number += 1
        return fronts.worker(self.e2e, self.behind, self.address, f"keycloak-{self.number}", **settings)

    def create(self, count):
        token = self.server.token(keycloak.CLIENT, keycloak.SECRET)
        client = self.behind.client(token)
        keys = fronts.create(client, count)
        client.close()
        return keys

    def check(self, settings):
        """How `lambda-connector check` ends."""
        return self.e2e.command(dict(self.behind.environment(), CAMUNDA_GRPC_ADDRESS=self.address, **settings), "check")


def prepare():
    keycloak.home()
    client_programs.java()


def start(e2e):
    began = time.monotonic()
    parts = Parts(e2e)
    harness.E2e.note(f"Keycloak is ready after {time.monotonic() - began:.1f} s, with {parts.server.memory()} MB")
    return parts


def case_tokens_end_during_the_run_and_no_call_is_refused(e2e):
    parts = e2e.parts
    worker = parts.worker(**parts.settings())
    end, count = time.monotonic() + 3.5 * keycloak.LIFE, 0
    while time.monotonic() < end:
        parts.create(5)
        count += 5
        worker.wait_for("jobs_ended_total", count)
    same(worker.figure("jobs_ended_total", end="completed"), float(count), "completed jobs")
    check(worker.figure("gateway_token_requests_total", result="token") >= 4, f"tokens must be renewed: {_tokens(worker)}")
    refused = {call: count for call, count in worker.gateway_answers().items() if call[1] == "UNAUTHENTICATED"}
    same(refused, {}, "calls that the gateway refused")
    same(worker.stop(), 0, "exit code")


def case_the_server_goes_away_and_comes_back(e2e):
    parts = e2e.parts
    worker = parts.worker(**parts.settings())
    parts.create(5)
    worker.wait_for("jobs_ended_total", 5)
    parts.create(5)
    parts.server.stop()
    worker.wait_for("jobs_ended_total", 10)  # the token is good for a while
    before = worker.figure("gateway_token_requests_total", result="failure")
    worker.wait_for("gateway_token_requests_total", before + 3, result="failure")
    parts.server.start()
    parts.create(5)
    worker.wait_for("jobs_ended_total", 15)
    same(worker.figure("jobs_ended_total", end="completed"), 15.0, "completed jobs")
    same(worker.stop(), 0, "exit code")


def case_a_wrong_secret_is_told(e2e):
    done = e2e.parts.check(e2e.parts.settings(secret="wrong-one"))
    check(done.code != 0, f"it must not pass: {done.out}")
    for part in ("401 unauthorized_client", "CAMUNDA_CLIENT_SECRET", e2e.parts.server.url):
        check(part in done.out + done.told, f"it must say {part!r}: {done.out}{done.told}")
    check("wrong-one" not in done.out + done.told, "the secret must not be told")


def case_a_wrong_audience_is_told(e2e):
    parts = e2e.parts
    done = parts.check(parts.settings(keycloak.CLIENT_OF_OTHERS, keycloak.SECRET_OF_OTHERS))
    check(done.code != 0, f"it must not pass: {done.out}")
    for part in ("the audience is not zeebe-api", "CAMUNDA_TOKEN_AUDIENCE"):
        check(part in done.out + done.told, f"it must say {part!r}: {done.out}{done.told}")


def case_a_certificate_stands_for_the_secret(e2e):
    parts, made = e2e.parts, e2e.parts.authority
    stores = {"PEM": dict(CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PATH=made.file("key-store.pem"),
                          LAMBDA_CONNECTOR_LOGIN_KEY_FILE=made.file("key-store.key")),
              "openssl": dict(CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PATH=made.pkcs12("key-store", "changeit"),
                              CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PASSWORD="changeit"),
              "keytool": dict(CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PATH=_by_keytool(made),
                              CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PASSWORD="changeit",
                              CAMUNDA_CLIENT_ASSERTION_KEYSTORE_KEY_ALIAS="Worker")}
    for name, settings in stores.items():
        done = parts.check(parts.settings(keycloak.CLIENT_WITH_CERTIFICATE, "", **settings))
        check(done.code == 0, f"{name}: {done.out}{done.told}")
    stranger = dict(CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PATH=made.file("stranger.pem"),
                    LAMBDA_CONNECTOR_LOGIN_KEY_FILE=made.file("stranger.key"))
    done = parts.check(parts.settings(keycloak.CLIENT_WITH_CERTIFICATE, "", **stranger))
    check(done.code != 0 and "CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PATH" in done.out + done.told, f"a stranger: {done.out}{done.told}")


def case_the_java_client_uses_the_token_of_the_worker(e2e):
    parts, file = e2e.parts, _no_file()
    worker = parts.worker(**parts.settings(keycloak.CLIENT_WITH_FILE, CAMUNDA_CLIENT_CONFIG_PATH=file))
    children.until(file.exists, 20, "the worker to write the file of tokens")
    same(worker.stop(), 0, "exit code")
    same(oct(file.stat().st_mode & 0o777), "0o600", "mode of the file")
    java = _java(parts, "uses", file)
    same(java.do("topology")["partitions"], 1, "partitions that the Java client is told, without a token server")
    java.end()


def case_the_worker_uses_the_token_of_the_java_client(e2e):
    parts, file = e2e.parts, _no_file()
    java = _java(parts, "writes", file, parts.server.url)
    same(java.do("topology")["partitions"], 1, "partitions that the Java client is told")
    java.end()
    file.chmod(0o600)  # the Java client makes it as the process's mask says
    written = file.read_text()
    worker = parts.worker(**parts.settings(keycloak.CLIENT_WITH_FILE, CAMUNDA_CLIENT_CONFIG_PATH=file,
                                           CAMUNDA_AUTHORIZATION_SERVER_URL=_NOWHERE))
    parts.create(5)
    worker.wait_for("jobs_ended_total", 5)
    same(worker.figure("gateway_tokens_taken_over_total"), 1.0, "tokens that the worker took over")
    same(worker.stop(), 0, "exit code")
    same(file.read_text(), written, "the file")


def _java(parts, name, file, url=_NOWHERE):
    environment = {"CAMUNDA_CLIENT_ID": keycloak.CLIENT_WITH_FILE, "CAMUNDA_CLIENT_SECRET": keycloak.SECRET,
                   "CAMUNDA_AUTHORIZATION_SERVER_URL": url, "CAMUNDA_TOKEN_AUDIENCE": keycloak.AUDIENCE,
                   "CAMUNDA_CLIENT_CONFIG_PATH": file}
    return client_programs.Program("java", client_programs.java(), f"127.0.0.1:{parts.behind.port}",
                                   parts.e2e.logs / f"client-java-{name}-tokens.log", environment)


def _no_file():
    file = artifacts.BUILD / "credentials"
    file.unlink(missing_ok=True)
    return file


def _by_keytool(authority):
    """A store with two keys, as keytool makes it: the one that is wanted is the second."""
    store = authority.file("keytool.p12")
    store.unlink(missing_ok=True)
    common = ["-storetype", "PKCS12", "-keystore", store, "-storepass", "changeit"]
    harness.tool(["keytool", "-genkeypair", "-alias", "another", "-keyalg", "RSA", "-dname", "CN=another", *common], 60, "keytool")
    harness.tool(["keytool", "-importkeystore", "-srckeystore", authority.pkcs12("key-store", "changeit", "worker"), "-srcstoretype", "PKCS12",
                  "-srcstorepass", "changeit", "-destkeystore", store, "-deststoretype", "PKCS12", "-deststorepass", "changeit"], 60, "keytool")
    return store


def _tokens(worker):
    return json.dumps({name: value for name, value in worker.metrics().items() if "token" in name})

