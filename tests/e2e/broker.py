"""An engine as the tests see it, and the broker of a distribution: on ports that were free a moment ago, in a folder of its own that is empty
at start.
"""

import pathlib
import random
import shutil
import socket
import urllib.error
import urllib.request

import grpc

import artifacts
import children
import gateway
import records

_JAVA_OPTIONS = ("-Xms128m -Xmx512m -XX:MaxDirectMemorySize=256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "
                 "-Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8")
# Ten seconds on an idle machine; a minute was seen on a busy one.
_START_TIME = 180
_PROBE = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the probe is on loopback


def free_ports(count):
    """Different ports of the loopback interface that nothing listens on now. They lie below those that outgoing connections take,
    so that no program gets one while its broker is away.
    """
    held = []
    try:
        for port in random.sample(range(20000, 32000), 400):
            one = socket.socket()
            try:
                one.bind(("127.0.0.1", port))
                held.append(one)
            except OSError:
                one.close()
            if len(held) == count:
                return [one.getsockname()[1] for one in held]
        raise artifacts.Missing("no free ports between 20000 and 32000")
    finally:
        for one in held:
            one.close()


class Engine:
    """A started engine: `gateway` to command it, `records` to see what it did, `address` for the worker."""

    def __init__(self, name, child, address, records_file):
        self.name = name
        self.child = child
        self.address = f"http://{address}"
        self.gateway = gateway.Gateway(address)
        self.records = records.Records(records_file)

    def leads(self):
        """True when it answers, and every partition has a leader."""
        try:
            return self.gateway.leaders() == self.gateway.partitions() > 0
        except grpc.RpcError:
            return False

    def alive(self):
        return self.child.alive() and self.leads()

    def wait_for_leader(self, within):
        # A broker reports itself ready before its gateway knows the partition; until then it answers polls with nothing.
        children.until(self.alive, within, f"{self.name} to lead its partition", pause=0.1)

    def kill(self):
        """Takes it away without a word; what it has on disk stays."""
        self.child.kill()

    def stop(self):
        # Killed, not asked: with an open stream and a hanging poll an orderly end takes half a minute.
        self.gateway.close()
        self.child.kill()


class _Broker(Engine):
    def __init__(self, name, launch, port, actuator):
        """`launch` starts its process; called again, it starts it on the same ports and data."""
        child = launch()
        super().__init__(name, child, f"127.0.0.1:{port}", child.log)
        self._launch = launch
        self._probe = f"http://127.0.0.1:{actuator}/actuator/health/readiness"

    def wait_until_ready(self):
        children.until(self._ready, _START_TIME, f"{self.name} to be ready", pause=0.2)
        self.gateway.reconnect()
        self.wait_for_leader(_START_TIME)

    def _ready(self):
        try:
            with _PROBE.open(self._probe, timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def start_again(self):
        self.child = self._launch()
        self.wait_until_ready()


def start(home, java, logs):
    """Starts the broker of that distribution; tries once more with other ports when one was taken meanwhile."""
    for attempt in (1, 2):
        engine = _prepare(home, java, logs, attempt)
        try:
            engine.wait_until_ready()
            return engine
        except children.TimedOut:
            taken = "in use" in engine.child.tail(200)
            engine.stop()
            if attempt == 2 or not taken:
                raise
    return None


def environment(java, folder, ports, **more):
    """Of one broker: data below `folder`; ports of gateway, commands, other brokers, REST and probes; `more` wins."""
    port, command, internal, rest, actuator = ports
    settings = children.environment(
        **({"JAVA_HOME": java} if java else {}),
        JAVA_OPTS=_JAVA_OPTIONS,
        ZEEBE_LOG_LEVEL="info",
        ZEEBE_LOG_APPENDER="Console",
        SERVER_ADDRESS="127.0.0.1",
        SERVER_PORT=rest,
        MANAGEMENT_SERVER_ADDRESS="127.0.0.1",
        MANAGEMENT_SERVER_PORT=actuator,
        ZEEBE_BROKER_NETWORK_HOST="127.0.0.1",
        ZEEBE_BROKER_NETWORK_COMMANDAPI_PORT=command,
        ZEEBE_BROKER_NETWORK_INTERNALAPI_PORT=internal,
        ZEEBE_BROKER_GATEWAY_ENABLE="true",
        ZEEBE_BROKER_GATEWAY_NETWORK_HOST="127.0.0.1",
        ZEEBE_BROKER_GATEWAY_NETWORK_PORT=port,
        ZEEBE_BROKER_DATA_DIRECTORY=folder / "data",
        ZEEBE_BROKER_DATA_LOGSEGMENTSIZE="16MB",
        ZEEBE_BROKER_DATA_SNAPSHOTPERIOD="5m",
        ZEEBE_BROKER_DATA_DISK_FREESPACE_PROCESSING="64MB",
        ZEEBE_BROKER_DATA_DISK_FREESPACE_REPLICATION="32MB",
        ZEEBE_BROKER_EXPERIMENTAL_ROCKSDB_MEMORYLIMIT="64MB",
        ZEEBE_BROKER_THREADS_CPUTHREADCOUNT=2,
        ZEEBE_BROKER_THREADS_IOTHREADCOUNT=2,
        ZEEBE_BROKER_CLUSTER_PARTITIONSCOUNT=1,
        ZEEBE_BROKER_EXPORTERS_RECORDS_CLASSNAME="io.camunda.zeebe.broker.exporter.debug.DebugLogExporter",
        ZEEBE_BROKER_EXPORTERS_RECORDS_ARGS_LOGLEVEL="info",
        ZEEBE_BROKER_EXPORTERS_RECORDS_ARGS_PRETTYPRINT="false")
    settings.update(more)
    return settings


def _prepare(home, java, logs, attempt):
    port, command, internal, rest, actuator = free_ports(5)
    folder = artifacts.BUILD / "data" / "broker"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    settings = environment(java, folder, (port, command, internal, rest, actuator))
    log = pathlib.Path(logs) / ("broker.log" if attempt == 1 else "broker-again.log")
    name = "broker"
    return _Broker(name, lambda: children.Child(name, [home / "bin" / "broker"], settings, log, folder), port, actuator)
