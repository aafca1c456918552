"""Three real brokers with three partitions, each on each broker, that can be killed and started again one by one.

The first broker's gateway is the one that a worker is given. What happened is read from the logs of all three: a partition's records are
exported by its leader, and by the next leader once more from a little before.
"""

import collections
import json
import shutil
import time
import urllib.request

import grpc

import artifacts
import broker
import brought
import children
import gateway

_NODES = 3
_START_TIME = 300
# By default a broker is suspected after 0.1 s without an answer and a leader voted out after 2.5 s, which on a busy machine happens to
# those that are well.
_PATIENCE = {"ZEEBE_BROKER_CLUSTER_MEMBERSHIP_PROBETIMEOUT": "2s", "ZEEBE_BROKER_CLUSTER_HEARTBEATINTERVAL": "500ms",
             "ZEEBE_BROKER_CLUSTER_ELECTIONTIMEOUT": "5s"}


class Cluster:
    def __init__(self, logs):
        self.name = "cluster"
        home, java = brought.home(), brought.java_home()
        ports = broker.free_ports(5 * _NODES)
        own = [ports[5 * i:5 * i + 5] for i in range(_NODES)]
        contacts = ",".join(f"127.0.0.1:{internal}" for _, _, internal, _, _ in own)
        exporter = _exporter(home)
        self.nodes = [_Node(i, home, java, own[i], contacts, exporter, logs) for i in range(_NODES)]
        self.address = f"http://127.0.0.1:{own[0][0]}"

    def start(self):
        """Starts the brokers that do not run, and waits until every partition is led and every broker has its part."""
        for node in self.nodes:
            if not node.running():
                node.start()
        children.until(self.whole, _START_TIME, f"{self.name} to be whole", pause=0.5)

    def kill(self, *numbers):
        for number in numbers or range(_NODES):
            self.nodes[number].child.kill()

    def whole(self):
        try:
            roles = self.nodes[0].gateway.roles()
        except grpc.RpcError:
            return False
        return len(roles) == _NODES * _NODES and list(roles.values()).count("LEADER") == _NODES

    def leader_beside_the_first(self):
        """The number of a broker that leads a partition and is not the first."""
        if not self._leaders_beside_the_first():
            # The first leads all of them, as after elections: they are to be shared again.
            ask = urllib.request.Request(f"http://127.0.0.1:{self.nodes[0].ports[4]}/actuator/rebalancing", method="POST")
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(ask, timeout=10).close()
            children.until(self._leaders_beside_the_first, 60, "the partitions to be shared", pause=0.5)
        return min(self._leaders_beside_the_first())

    def _leaders_beside_the_first(self):
        return [node for (node, _), role in self.nodes[0].gateway.roles().items() if role == "LEADER" and node != 0]


def _exporter(home):
    """Settings of the exporter that prints the few records which a Ledger reads. Without a compiler for it the log exporter stays,
    which prints all and takes more of a small machine than the engine does.
    """
    compiler = brought.compiler_home()
    if compiler is None:
        print(f"     no Java compiler of version {brought.OLDEST_JAVA} or newer: all records are printed, and less load is carried", flush=True)
        return {}
    classes = artifacts.BUILD / "ledger"
    artifacts.run([compiler / "bin" / "javac", "-nowarn", "-proc:none", "--release", brought.OLDEST_JAVA, "-d", classes, "-cp", home / "lib" / "*",
                   artifacts.ROOT / "tests" / "e2e" / "ledger" / "LedgerExporter.java"], within=120, what="compiling the exporter")
    return {"ZEEBE_BROKER_EXPORTERS_RECORDS_CLASSNAME": "LedgerExporter", "CLASSPATH_PREFIX": classes}


class _Node:
    def __init__(self, number, home, java, ports, contacts, exporter, logs):
        self.number = number
        self.ports = ports
        self.log = logs / f"cluster-{number}.log"
        self.gateway = gateway.Gateway(f"127.0.0.1:{ports[0]}")
        self._folder = artifacts.BUILD / "data" / f"cluster-{number}"
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        self._command = [home / "bin" / "broker"]
        self._settings = broker.environment(
            java, self._folder, ports, ZEEBE_BROKER_CLUSTER_NODEID=number, ZEEBE_BROKER_CLUSTER_CLUSTERSIZE=_NODES,
            ZEEBE_BROKER_CLUSTER_PARTITIONSCOUNT=_NODES, ZEEBE_BROKER_CLUSTER_REPLICATIONFACTOR=_NODES,
            ZEEBE_BROKER_CLUSTER_INITIALCONTACTPOINTS=contacts, **_PATIENCE, **exporter)
        self.child = None

    def start(self):
        self.child = children.Child(f"broker {self.number}", self._command, self._settings, self.log, self._folder)

    def running(self):
        return self.child is not None and self.child.alive()


class Told:
    """What the records say of one process instance."""

    def __init__(self, process):
        self.process = process
        self.completed = False
        self.payload = None
        self.number = None
        self.jobs = []
        self.incidents = {}

    def settled(self):
        return self.completed or bool(self.incidents)


class Ledger:
    """The account of all instances, read from the logs of all brokers as they grow. Keeps only what is asked of it: at a hundred
    instances a second a broker writes some megabytes of records each second.
    """

    def __init__(self, cluster):
        self._logs = {node.log: [0, b""] for node in cluster.nodes}
        self._positions = collections.Counter()
        self.instances = {}
        self.activations = collections.Counter()  # by job key
        self.settled = 0  # ends so far; one whose incident was resolved counts again

    def pump(self):
        for log, place in self._logs.items():
            try:
                with open(log, "rb") as source:
                    source.seek(place[0])
                    data = source.read()
            except FileNotFoundError:
                continue
            place[0] += len(data)
            lines = (place[1] + data).split(b"\n")
            place[1] = lines.pop()
            for line in lines:
                if b'"recordType":"EVENT"' in line and any(kind in line for kind in _KINDS):
                    try:
                        self._take(json.loads(line[line.index(b"{"):]))
                    except ValueError:
                        continue  # cut by a kill, and exported again

    def _take(self, record):
        partition, position = record["partitionId"], record["position"]
        if position <= self._positions[partition]:
            return
        self._positions[partition] = position
        kind, intent, value = record["valueType"], record["intent"], record["value"]
        if kind == "JOB_BATCH":
            if intent == "ACTIVATED":
                self.activations.update(value["jobKeys"])
            return
        key = value["processInstanceKey"]
        if key not in self.instances:
            self.instances[key] = Told(value["bpmnProcessId"])
        told = self.instances[key]
        if kind == "PROCESS_INSTANCE" and key == record["key"]:
            if intent == "ELEMENT_COMPLETED":
                told.completed = True
                self.settled += 1
        elif kind == "VARIABLE" and value["scopeKey"] == key:
            if value["name"] == "payload":
                told.payload = value["value"]
            elif value["name"] == "given":
                told.number = json.loads(value["value"])["number"]
        elif kind == "JOB":
            if intent == "CREATED":
                told.jobs.append(record["key"])
        elif kind == "INCIDENT" and intent == "CREATED":
            told.incidents[record["key"]] = value["errorMessage"]
            self.settled += 1
        elif kind == "INCIDENT" and intent == "RESOLVED":
            told.incidents.pop(record["key"], None)


_KINDS = tuple(f'"valueType":"{kind}"'.encode() for kind in ("PROCESS_INSTANCE", "VARIABLE", "JOB", "JOB_BATCH", "INCIDENT"))


class Flow:
    """Starts instances at a steady rate until it is stopped, whatever the gateway says. A machine that cannot carry the rate gets fewer:
    at most so many calls at once, and none while so many instances have not come to an end.
    """

    _MOST, _MOST_OPEN = 50, 300

    def __init__(self, ledger, through, rate, processes, variables):
        self._ledger = ledger
        self._settled_before = ledger.settled
        self._looked = 0
        self.keys, self.refused = {}, collections.Counter()
        self._through, self._rate, self._processes, self._variables = through, rate, processes, variables
        self._calls = {}
        self._number = 0
        self._began = time.monotonic()

    def carried(self, seconds):
        """How many instances a second came to an end while it ran for so long."""
        before, began = self._ledger.settled, time.monotonic()
        self.run(seconds)
        return (self._ledger.settled - before) / (time.monotonic() - began)

    def step(self):
        """Starts what is due. To be called often."""
        self._collect()
        if time.monotonic() - self._looked > 0.25:
            self._ledger.pump()
            self._looked = time.monotonic()
        open_now = len(self.keys) - (self._ledger.settled - self._settled_before)
        due = int((time.monotonic() - self._began) * self._rate)
        while self._number < due and len(self._calls) < self._MOST and open_now + len(self._calls) < self._MOST_OPEN:
            self._number += 1
            process = self._processes[self._number % len(self._processes)]
            self._calls[self._through.create_later(process, self._variables(self._number))] = self._number
        self._number = max(self._number, due)  # what could not be started is not made up for

    def run(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.step()
            time.sleep(0.005)

    def until(self, condition, within, what):
        """Goes on until `condition` is true."""

        def done():
            self.step()
            return condition()

        children.until(done, within, what, pause=0.005)

    def back(self, cluster):
        """Goes on until the cluster is whole; without new load after a minute, because on a busy machine brokers that start find no time."""
        try:
            self.until(cluster.whole, 60, "the brokers to be back")
        except children.TimedOut:
            print("       the brokers were not back within a minute: no more load until they are", flush=True)
            children.until(cluster.whole, _START_TIME, "the brokers to be back", pause=0.5)

    def stop(self):
        """Gives how many instances a second it started, and waits for the last calls."""
        lasted = time.monotonic() - self._began
        children.until(lambda: self._collect() or not self._calls, 60, "the last instances to be started")
        return len(self.keys) / lasted

    def _collect(self):
        for call in [call for call in self._calls if call.done()]:
            number = self._calls.pop(call)
            try:
                self.keys[call.result().processInstanceKey] = number
            except grpc.RpcError as problem:
                self.refused[problem.code().name] += 1
