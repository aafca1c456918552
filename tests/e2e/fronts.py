"""What stands before a gateway in practice: nginx and haproxy of Debian, which end TLS and, where they are told to, ask for a client
certificate. Both are unpacked, not installed. Behind them the sandbox with its own engine and Lambda, and a worker that knows the front
only.
"""

import glob
import json
import os
import pathlib
import shutil
import signal
import socket
import types

import artifacts
import broker
import children
import gateway
import packages
import standins
import worker as workers

_START_TIME = 20
_NAMES = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
PROCESS = "behind-the-front"


def nginx_home():
    return packages.debian_folder("nginx", ["nginx"])


def haproxy_home():
    return packages.debian_folder("haproxy", ["haproxy", "liblua5.3-0", "libopentracing-c-wrapper0", "libopentracing1"])


class Front:
    """A front before the engine's port. Times are seconds; `asks`: the authority of the client certificates that it wants."""

    def __init__(self, e2e, folder, engine_port, silence=60, asks=None):
        self.folder = artifacts.BUILD / folder
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.port, self.engine_port, self.silence, self.asks = broker.free_ports(1)[0], engine_port, silence, asks
        self.log = e2e.logs / f"{folder}-{self.port}.log"
        self.child = None

    def present(self, authority, name, sent=("intermediate",)):
        """The server's certificate, with what it sends of the chain; counts from the next start or reload on."""
        chain = "".join(authority.file(f"{part}.pem").read_text() for part in (name, *sent))
        put(self.folder / "server.pem", chain)
        put(self.folder / "server.key", authority.file(f"{name}.key").read_text())
        put(self.folder / "both.pem", chain + authority.file(f"{name}.key").read_text())

    def trust(self, *roots):
        """The authorities of the client certificates that it takes."""
        put(self.folder / "clients.pem", "".join(root.read_text() for root in roots))

    def start(self):
        self.child = self.launch()
        children.until_listening(self.child, self.port, _START_TIME)

    def stop(self):
        """At once: its connections break. The workers of a front end a moment after their master."""
        self.child.kill()
        children.until(lambda: not self._listens(), _START_TIME, f"{self.name} to let its port go")

    def _listens(self):
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0


class Nginx(Front):
    name = "nginx"

    def launch(self):
        asks = f"ssl_client_certificate {self.folder}/clients.pem; ssl_verify_client on;" if self.asks else ""
        temporary = "".join(f"{name}_temp_path {self.folder}/{name};\n" for name in _NAMES)
        (self.folder / "nginx.conf").write_text(f"""
daemon off;
worker_processes 1;
pid {self.folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 512; }}
http {{
  access_log off;
  {temporary}
  server {{
    listen 127.0.0.1:{self.port} ssl http2;
    ssl_certificate {self.folder}/server.pem;
    ssl_certificate_key {self.folder}/server.key;
    {asks}
    client_max_body_size 0;
    grpc_read_timeout {self.silence}s;
    grpc_send_timeout {self.silence}s;
    location / {{ grpc_pass grpc://127.0.0.1:{self.engine_port}; }}
  }}
}}
""")
        command = [nginx_home() / "usr/sbin/nginx", "-p", self.folder, "-e", "stderr", "-c", self.folder / "nginx.conf"]
        return children.Child("nginx", command, children.environment(), self.log)

    def reload(self):
        """Its new configuration and certificates; what is under way goes on."""
        os.kill(int((self.folder / "nginx.pid").read_text()), signal.SIGHUP)


class Haproxy(Front):
    name = "haproxy"

    def launch(self):
        asks = f"ca-file {self.folder}/clients.pem verify required" if self.asks else ""
        (self.folder / "haproxy.cfg").write_text(f"""
global
  maxconn 512
defaults
  mode http
  timeout connect 5s
  timeout client {self.silence}s
  timeout server {self.silence}s
frontend gateway
  bind 127.0.0.1:{self.port} ssl crt {self.folder}/both.pem alpn h2 {asks}
  default_backend engine
backend engine
  server engine 127.0.0.1:{self.engine_port} proto h2
""")
        environment = children.environment(LD_LIBRARY_PATH=":".join(glob.glob(f"{haproxy_home()}/usr/lib/*-linux-gnu")))
        command = [haproxy_home() / "usr/sbin/haproxy", "-W", "-db", "-f", self.folder / "haproxy.cfg"]
        return children.Child("haproxy", command, environment, self.log)

    def reload(self):
        self.child.signal(signal.SIGUSR2)


class Behind:
    """The sandbox with engine and Lambda; `more`: further words of its command line."""

    def __init__(self, e2e, name, *more):
        told = artifacts.BUILD / f"{name}.json"
        told.unlink(missing_ok=True)
        processes = artifacts.BUILD / f"{name}-processes.json"
        processes.write_text(json.dumps([{"id": PROCESS, "type": "lambdaConnector.INVOKE"}]))
        self._account = artifacts.BUILD / f"{name}-account.json"
        self.child = children.Child("lambda-sandbox",
                                    [e2e.sandbox, "serve", "--engine-port", 0, "--lambda-port", 0, "--processes", processes,
                                     "--account", self._account, "--sts", "--ca", artifacts.BUILD / f"{name}-ca.pem", "--info", told, *more],
                                    children.environment(), e2e.logs / f"lambda-sandbox-{name}.log")
        self._info = children.until(lambda: _read(told), _START_TIME, "the sandbox to tell its addresses")
        self.port = int(self._info["gatewayAddress"].rpartition(":")[2])

    def environment(self):
        return {"AWS_REGION": standins.REGION, "AWS_ACCESS_KEY_ID": self._info["accessKeyId"],
                "AWS_SECRET_ACCESS_KEY": self._info["secretAccessKey"], "AWS_ENDPOINT_URL_LAMBDA": self._info["lambdaEndpoint"],
                "AWS_CA_BUNDLE": self._info["caFile"], "AWS_ENDPOINT_URL_STS": self._info["stsEndpoint"]}

    def client(self, token=None):
        """A client that goes past the front."""
        return gateway.Gateway(f"127.0.0.1:{self.port}", token)

    def executions(self):
        """How often a function ran, for each job."""
        return [one["executions"] for one in self._told(self._account).values()]

    def open_jobs(self):
        """How many jobs have not ended."""
        return self._told(self._account.with_name(self._account.name + ".engine"))["open"]

    def _told(self, account):
        account.unlink(missing_ok=True)
        self.child.signal(signal.SIGUSR1)
        return children.until(lambda: _read(account), 10, "the sandbox to write its account")


def worker(e2e, behind, address, number, **more):
    """A worker at that address, which may be a front's."""
    engine = types.SimpleNamespace(address=address, name=f"behind-{number}")
    return workers.Worker(e2e.program, engine, behind, {"AWS_EC2_METADATA_DISABLED": "true", **more}, e2e.logs, number)


def create(client, count, function="echo"):
    """Jobs that call that function."""
    return client.create_many(PROCESS, [{"lambda": {"functionName": function, "payload": {"n": n}}} for n in range(count)])


def put(path, text):
    """As tools that renew certificates do it: the file is replaced as a whole."""
    beside = pathlib.Path(f"{path}.new")
    beside.write_text(text)
    beside.rename(path)


def _read(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None
