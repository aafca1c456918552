"""A folder that looks like an unpacked distribution and starts the engine of open parts: ports, data folder and probe by the variables that a
broker takes, records in its log. With it the code that starts a brought engine is run without one.
"""

import http.server
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

import open_engine

_SCRIPT = """#!/bin/sh
exec /usr/bin/python3 -B "{here}" "{sandbox}" "{packages}" "{node}" "{feel}"
"""


def make(folder, sandbox):
    """Fills `folder`, and gives it."""
    packages, node, feel = open_engine.prepare()
    (folder / "bin").mkdir(parents=True, exist_ok=True)
    script = folder / "bin" / "broker"
    script.write_text(_SCRIPT.format(here=pathlib.Path(__file__).resolve(), sandbox=sandbox, packages=packages, node=node, feel=feel))
    script.chmod(0o755)
    return folder


class _Probe(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # pylint: disable=invalid-name
        with socket.socket() as one:
            up = one.connect_ex(("127.0.0.1", int(os.environ["ZEEBE_BROKER_GATEWAY_NETWORK_PORT"]))) == 0
        self.send_response(404 if self.path != "/actuator/health/readiness" else 200 if up else 503)
        self.end_headers()

    def log_message(self, format, *arguments):  # pylint: disable=redefined-builtin
        pass


def serve(sandbox, packages, node, feel):
    settings = os.environ
    data = pathlib.Path(settings["ZEEBE_BROKER_DATA_DIRECTORY"])
    engine = subprocess.Popen(["/usr/bin/python3", "-B", open_engine.HERE / "main.py", "--port", settings["ZEEBE_BROKER_GATEWAY_NETWORK_PORT"],
                               "--data", data, "--sandbox", sandbox, "--packages", packages, "--node", node, "--feel", feel])
    signal.signal(signal.SIGTERM, lambda *_: engine.terminate())
    probe = http.server.HTTPServer(("127.0.0.1", int(settings["MANAGEMENT_SERVER_PORT"])), _Probe)
    threading.Thread(target=probe.serve_forever, daemon=True).start()
    # As the log exporter writes: a line of the log that ends with a record. All of them again after a restart, as a broker does with some.
    records, place = data / "records.json", 0
    while engine.poll() is None:
        if records.exists():
            with open(records, encoding="ascii") as source:
                source.seek(place)
                for line in iter(source.readline, ""):
                    print("INFO debuglog - " + line, end="", flush=True)
                place = source.tell()
        time.sleep(0.02)
    return engine.returncode


if __name__ == "__main__":
    sys.exit(serve(*sys.argv[1:]))
