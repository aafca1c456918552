"""The gateway's gRPC calls that tests need. The message classes are generated from proto/gateway.proto at run time; the calls are
made by hand, so no generator plug-in is needed. Every call has a deadline.
"""

import importlib
import json
import sys

import grpc

import artifacts
import children

_CALL_TIME = 15


def messages():
    """The generated module gateway_pb2, generated again when the proto file is newer."""
    source = artifacts.ROOT / "proto" / "gateway.proto"
    folder = artifacts.BUILD / "stubs"
    made = folder / "gateway_pb2.py"
    if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
        folder.mkdir(parents=True, exist_ok=True)
        artifacts.run(["protoc", f"--python_out={folder}", f"-I{source.parent}", source.name], within=60,
                      what="generating the messages")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    return importlib.import_module("gateway_pb2")


class Gateway:
    """One plaintext channel; `token`: of a gateway that asks for one. Errors are grpc.RpcError."""

    def __init__(self, address, token=None):
        self._metadata = [("authorization", f"Bearer {token}")] if token else None
        self._pb = messages()
        self._address = address
        self._channel = None
        self.reconnect()

    def reconnect(self):
        """A channel without the pauses that a failed one makes before it tries again."""
        if self._channel is not None:
            self._channel.close()
        self._channel = grpc.insecure_channel(self._address, options=[
            ("grpc.enable_http_proxy", 0), ("grpc.use_local_subchannel_pool", 1),
            ("grpc.max_receive_message_length", 64 << 20), ("grpc.max_send_message_length", -1)])
        self._calls = {}

    def close(self):
        self._channel.close()

    def _call(self, name, request, timeout=_CALL_TIME, stream=False, later=False):
        if name not in self._calls:
            kind = self._channel.unary_stream if stream else self._channel.unary_unary
            answer = getattr(self._pb, "ActivateJobsResponse" if stream else name + "Response")
            self._calls[name] = kind(f"/gateway_protocol.Gateway/{name}", request_serializer=type(request).SerializeToString,
                                     response_deserializer=answer.FromString)
        call = self._calls[name]
        call = call.future if later else call
        return call(request, timeout=timeout, metadata=self._metadata)

    def leaders(self, timeout=5):
        """How many partitions have a healthy leader."""
        answer = self._call("Topology", self._pb.TopologyRequest(), timeout)
        role, health = self._pb.Partition.LEADER, self._pb.Partition.HEALTHY
        return sum(p.role == role and p.health == health for broker in answer.brokers for p in broker.partitions)

    def partitions(self, timeout=5):
        return self._call("Topology", self._pb.TopologyRequest(), timeout).partitionsCount

    def roles(self, timeout=5):
        """{(broker, partition): role} of all healthy parts that the gateway knows."""
        answer = self._call("Topology", self._pb.TopologyRequest(), timeout)
        return {(broker.nodeId, p.partitionId): self._pb.Partition.PartitionBrokerRole.Name(p.role)
                for broker in answer.brokers for p in broker.partitions if p.health == self._pb.Partition.HEALTHY}

    def version(self):
        return self._call("Topology", self._pb.TopologyRequest()).gatewayVersion

    def deploy(self, *documents):
        """Deploys BPMN documents (bytes)."""
        request = self._pb.DeployResourceRequest()
        for number, content in enumerate(documents):
            request.resources.add(name=f"p{number}.bpmn", content=content)
        return self._call("DeployResource", request, timeout=30)

    def create(self, process, variables):
        """Starts one instance; gives its key. `variables` is a dict or JSON text that is sent as it is."""
        return self._call("CreateProcessInstance", self._creation(process, variables)).processInstanceKey

    def create_many(self, process, all_variables):
        """Starts one instance for each set of variables, sixteen at a time, in order; gives their keys."""
        keys, waiting = [], []
        for variables in all_variables:
            if len(waiting) == 16:
                keys.append(waiting.pop(0).result().processInstanceKey)
            waiting.append(self._call("CreateProcessInstance", self._creation(process, variables), timeout=60, later=True))
        return keys + [call.result().processInstanceKey for call in waiting]

    def create_later(self, process, variables):
        """Begins to start one instance; gives the call, whose result has the key."""
        return self._call("CreateProcessInstance", self._creation(process, variables), timeout=30, later=True)

    def _creation(self, process, variables):
        text = variables if isinstance(variables, str) else json.dumps(variables)
        return self._pb.CreateProcessInstanceRequest(bpmnProcessId=process, version=-1, variables=text)

    def create_with_result(self, process, variables, wanted, timeout=0):
        """Begins to start one instance whose end is waited for; gives the call. `timeout` in ms, 0: the gateway's."""
        request = self._pb.CreateProcessInstanceWithResultRequest(request=self._creation(process, variables), requestTimeout=timeout,
                                                                  fetchVariables=wanted)
        return self._call("CreateProcessInstanceWithResult", request, timeout=30, later=True)

    def publish(self, name, key, variables, time_to_live=0):
        """Publishes a message; `time_to_live` in ms."""
        self._call("PublishMessage", self._pb.PublishMessageRequest(name=name, correlationKey=key, variables=json.dumps(variables),
                                                                    timeToLive=time_to_live))

    def cancel(self, key):
        self._call("CancelProcessInstance", self._pb.CancelProcessInstanceRequest(processInstanceKey=key))

    def activate(self, job_type, lease=20, within=10):
        """One job of that type, held by the test itself."""

        def ask():
            request = self._pb.ActivateJobsRequest(type=job_type, worker="e2e", timeout=lease * 1000, maxJobsToActivate=1,
                                                   requestTimeout=1000)
            for answer in self._call("ActivateJobs", request, stream=True):
                for job in answer.jobs:
                    return job
            return None

        return children.until(ask, within, f"a job of type {job_type}")

    def complete(self, job_key, variables="{}"):
        self._call("CompleteJob", self._pb.CompleteJobRequest(jobKey=job_key, variables=variables))

    def fail(self, job_key, retries, back_off=0):
        """Fails a job as another worker would: who holds it makes no difference to the engine. `back_off` in ms."""
        self._call("FailJob", self._pb.FailJobRequest(jobKey=job_key, retries=retries, retryBackOff=back_off, errorMessage="by the test"))

    def throw(self, job_key, code, variables):
        self._call("ThrowError", self._pb.ThrowErrorRequest(jobKey=job_key, errorCode=code, errorMessage="by the test",
                                                            variables=json.dumps(variables)))

    def set_local(self, element_instance, variables):
        """Sets variables in the scope of one element."""
        self._call("SetVariables", self._pb.SetVariablesRequest(elementInstanceKey=element_instance, variables=json.dumps(variables),
                                                                local=True))

    def give_retries(self, job_key, retries):
        self._call("UpdateJobRetries", self._pb.UpdateJobRetriesRequest(jobKey=job_key, retries=retries))

    def resolve(self, incident_key):
        self._call("ResolveIncident", self._pb.ResolveIncidentRequest(incidentKey=incident_key))
