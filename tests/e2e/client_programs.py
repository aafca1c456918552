"""The clients that others wrote (Go, Java, Node, Python) as programs of clients/, and the sandbox's gateway that they talk to.

Each program takes a command a line (JSON) and answers each with a line; clients/README.md has the commands. What a program needs is
fetched and built once below build/e2e/cache, in fixed versions with checksums; what cannot be had is `artifacts.Missing`.
"""

import json
import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import threading

import artifacts
import children
import gateway
import harness
import packages

HERE = pathlib.Path(__file__).resolve().parent / "clients"

_ANSWER_TIME = 60


# --- what each language needs ---------------------------------------------------------------------------------------------------


def go():
    """The command that starts the Go client."""

    def build(folder):
        for name in ("main.go", "go.mod", "go.sum"):
            shutil.copy(HERE / "go" / name, folder)
        # The compiler that is there and no other, and what go.sum knows.
        environment = children.environment(GOFLAGS="-mod=readonly", GOTOOLCHAIN="local", GOPATH=artifacts.CACHE / "go",
                                           GOCACHE=artifacts.CACHE / "go-build", CGO_ENABLED="0", **network())
        artifacts.run([go_compiler(), "build", "-o", "client", "."], 400, "building the Go client", environment, folder)

    return [packages.once("client-go", _content("go"), build) / "client"]


def go_compiler():
    """This machine's, when it is new enough for the client (Debian 12's is 1.19); else the one that PyPI has."""
    own = shutil.which("go")
    if own is not None:
        said = subprocess.run([own, "env", "GOVERSION"], capture_output=True, text=True, check=False, timeout=60).stdout
        version = re.match(r"go1\.(\d+)", said)
        if version and int(version[1]) >= 21:
            return own
    return packages.python_path(HERE / "go" / "toolchain.txt", "go-toolchain") / "go" / "bin" / "go"


def java():
    """The command that starts the Java client."""
    folder = packages.java_folder("client-java", HERE / "java", "Client.java", "the Java client")
    # slf4j without a logger says so on stderr, which is the log.
    return ["java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", f"{folder}:{folder}/jars/*", "Client"]


def node():
    """The command that starts the client of Node.js."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise artifacts.Missing("no Node.js: the programs node and npm are not both installed")

    def install(folder):
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / "node" / name, folder)
        artifacts.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], 400,
                      "installation of the Node SDK from npm", folder=folder)
        shutil.copy(HERE / "node" / "client.js", folder)

    return ["node", packages.once("client-node", _content("node"), install) / "client.js"]


def python():
    """The command that starts the Python client, and its environment."""
    return ["/usr/bin/env", f"PYTHONPATH={packages.python_path(HERE / 'python' / 'requirements.txt', 'client-python')}",
            "/usr/bin/python3", "-B", HERE / "python" / "client.py"]


def _content(language):
    """All that a program is made of, so that it is made again when some of it changes."""
    return b"".join(path.name.encode() + path.read_bytes() for path in sorted((HERE / language).iterdir()) if path.is_file())


def network():
    """How this machine reaches the module proxy, if it says so."""
    names = ("GOPROXY", "GOSUMDB", "GONOSUMDB", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE")
    return {name: os.environ[name] for name in names if name in os.environ}


# --- the gateway ----------------------------------------------------------------------------------------------------------------


class Sandbox:
    """The sandbox's gateway with one process of one task for each name of PROCESSES."""

    # A type of its own for each way of working, so that no worker takes another's jobs.
    PROCESSES = ("single", "poll", "stream")
    HEADERS = {"kind": "client", "text": "\u4e2d\u6587"}

    def __init__(self, e2e, language):
        told = artifacts.BUILD / f"client-{language}.json"
        told.unlink(missing_ok=True)
        processes = artifacts.BUILD / f"client-{language}-processes.json"
        processes.write_text(json.dumps([{"id": f"{language}-{name}", "type": f"{language}.{name}", "headers": self.HEADERS,
                                          "retries": 3, "caughtErrors": ["caught"]} for name in self.PROCESSES]))
        self._account = artifacts.BUILD / f"client-{language}-account.json"
        self.child = children.Child("lambda-sandbox",
                                    [e2e.sandbox, "serve", "--engine-port", 0, "--lambda-port", 0, "--processes", processes,
                                     "--account", self._account,
                                     "--ca", artifacts.BUILD / f"client-{language}-ca.pem", "--info", told],
                                    children.environment(), e2e.logs / f"lambda-sandbox-client-{language}.log")
        children.until(told.exists, 20, "the sandbox to tell its addresses")
        self.address = json.loads(told.read_text())["gatewayAddress"].removeprefix("http://localhost:")
        self.address = f"127.0.0.1:{self.address}"
        self.gateway = gateway.Gateway(self.address)
        self._incidents = 0

    def given_out(self):
        """How many jobs went out by poll and by stream so far, and how many have not ended."""
        told = self._account.with_name(self._account.name + ".engine")
        told.unlink(missing_ok=True)
        self.child.signal(signal.SIGUSR1)
        children.until(told.exists, 10, "the sandbox to write its account")
        return json.loads(told.read_text())

    def next_incident(self):
        """The key of the incident that was raised last, if each was asked for. No call tells keys of incidents; the sandbox numbers
        them (tests/sandbox/engine/keys.h)."""
        self._incidents += 1
        return str((1 << 51) + (1 << 50) + self._incidents)


# --- the program ----------------------------------------------------------------------------------------------------------------


class Refused(Exception):
    def __init__(self, error):
        super().__init__(f"{error['code']} ({error['kind']}): {error['message']}")
        self.code, self.kind, self.message = error["code"], error["kind"], error["message"]


class Program:
    """One client. `do` gives the answer, raises Refused for what the library raised, and gives None for a command that the
    library does not have.
    """

    def __init__(self, language, command, address, log, environment=None):
        self.language = language
        self._answers = queue.Queue()
        log.parent.mkdir(parents=True, exist_ok=True)
        with open(log, "ab") as sink:
            self._process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *map(str, command), address],
                                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sink, text=True,
                                             env=children.environment(**{key: str(value) for key, value in (environment or {}).items()}),
                                             start_new_session=True)
        self._log = log
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._process.stdout:
            if line.startswith("answer: "):  # libraries print too
                self._answers.put(json.loads(line.removeprefix("answer: ")))
        self._answers.put(None)

    def do(self, command, **what):
        self._process.stdin.write(json.dumps(dict(what, do=command)) + "\n")
        self._process.stdin.flush()
        try:
            answer = self._answers.get(timeout=_ANSWER_TIME)
        except queue.Empty:
            raise harness.Failed(f"the {self.language} client gave no answer to {command} in {_ANSWER_TIME} s") from None
        if answer is None:
            raise harness.Failed(f"the {self.language} client ended at {command}: {self._log.read_text(errors='replace')[-2000:]}")
        if "error" in answer:
            raise Refused(answer["error"])
        return None if answer.get("missing") else answer

    def refused(self, command, **what):
        """The refusal that the command must meet."""
        try:
            answer = self.do(command, **what)
        except Refused as told:
            return told
        raise harness.Failed(f"{command} {what} must be refused, and was answered with {answer}")

    def end(self):
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
