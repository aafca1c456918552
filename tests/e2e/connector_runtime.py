"""The connector runtime that others wrote, with one outbound connector of ours in it (runtime/Peer.java), as a child process: fetched and
built once, then started beside the worker on the same engine. `artifacts.Missing` without a Java compiler, Maven or network.
"""

import re

import artifacts
import children
import packages

HERE = artifacts.ROOT / "tests" / "e2e" / "runtime"
JOB_TYPE = "peer:lambda:1"

_START_TIME = 120

# Only the part that works on jobs, over gRPC, as its own properties name it.
_SETTINGS = ("--camunda.client.mode=self-managed", "--camunda.client.prefer-rest-over-grpc=false", "--camunda.connector.polling.enabled=false",
             "--camunda.connector.webhook.enabled=false", "--operate.client.enabled=false",
             "--camunda.client.worker.defaults.stream-enabled=true", "--camunda.connector.secretprovider.environment.prefix=SECRET_",
             "--spring.main.banner-mode=off")


def prepare():
    """The words that start the runtime; its settings follow."""
    folder = packages.java_folder("connector-runtime", HERE, "Peer.java", "the connector runtime")
    services = folder / "META-INF" / "services"
    services.mkdir(parents=True, exist_ok=True)
    (services / "io.camunda.connector.api.outbound.OutboundConnectorFunction").write_text("peer.Peer$Call\n")
    return [packages.java(), "-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", f"{folder}:{folder}/jars/*", "peer.Peer"]


def start(engine_address, environment, logs):
    """The runtime, which works on jobs of JOB_TYPE."""
    address = f"http://{engine_address}" if "://" not in engine_address else engine_address
    child = children.Child("connector runtime",
                           prepare() + [*_SETTINGS, f"--camunda.client.grpc-address={address}", f"--camunda.client.rest-address={address}",
                                        "--server.port=0"],
                           children.environment(AWS_EC2_METADATA_DISABLED="true", **environment), logs / "connector-runtime.log")
    started = re.compile(r"Started Peer in")
    children.until(lambda: started.search(child.log.read_text("utf-8", "replace")), _START_TIME, "the connector runtime to start")
    return child
