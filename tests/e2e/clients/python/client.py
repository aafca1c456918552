"""The client pyzeebe as a program: one command a line, as README.md of the folder above says."""

import asyncio
import json
import logging
import sys
import time

import grpc
import pyzeebe
import pyzeebe.errors

LEASE = 60_000


class Client:
    def __init__(self, address):
        self._channel = pyzeebe.create_insecure_channel(grpc_address=address)
        self._client = pyzeebe.ZeebeClient(self._channel)
        # The worker's own calls; pyzeebe has no public face for single commands on jobs.
        self._jobs = self._client.zeebe_adapter
        self._worker = None
        self._running = None
        self._seen = []

    async def topology(self, _):
        told = await self._jobs.topology()
        return {"version": told.gateway_version, "partitions": told.partitions_count, "brokers": len(told.brokers)}

    async def health(self, _):
        told = await pyzeebe.ZeebeWorker(self._channel).healthcheck()
        return {"status": int(told.status)}

    async def deploy(self, asked):
        told = await self._client.deploy_resource(asked["file"])
        return {"processes": [one.bpmn_process_id for one in told.deployments]}

    async def create(self, asked):
        told = await self._client.run_process(asked["process"], variables=asked["variables"])
        return {"instance": str(told.process_instance_key), "process": told.bpmn_process_id, "version": told.version}

    async def result(self, asked):
        told = await self._client.run_process_with_result(asked["process"], variables=asked["variables"], timeout=20_000)
        return {"variables": told.variables}

    async def publish(self, asked):
        await self._client.publish_message(asked["name"], asked["key"], variables=asked["variables"])
        return {}

    async def signal(self, asked):
        await self._client.broadcast_signal(asked["name"])
        return {}

    async def cancel(self, asked):
        await self._client.cancel_process_instance(int(asked["instance"]))
        return {}

    async def activate(self, asked):
        found = self._jobs.activate_jobs(task_type=asked["type"], worker="python", timeout=asked["timeout"], max_jobs_to_activate=1,
                                         variables_to_fetch=[], request_timeout=asked["wait"])
        return {"jobs": [told(job) async for job in found]}

    async def complete(self, asked):
        await self._jobs.complete_job(int(asked["job"]), asked["variables"])
        return {}

    async def fail(self, asked):
        await self._jobs.fail_job(int(asked["job"]), asked["retries"], asked["message"], asked["backOff"], {})
        return {}

    async def throw(self, asked):
        await self._jobs.throw_error(int(asked["job"]), "thrown by the test", {}, asked["code"])
        return {}

    async def extend(self, asked):
        await self._jobs.update_job_timeout(int(asked["job"]), asked["timeout"])
        return {}

    async def open(self, asked):
        self._seen = []
        self._worker = pyzeebe.ZeebeWorker(self._channel, name="python", stream_enabled=asked["stream"], poll_retry_delay=1)

        async def failed(error, _job, controller):
            if isinstance(error, pyzeebe.errors.BusinessError):
                await controller.set_error_status("thrown by the test", error_code=error.error_code)
            else:
                await controller.set_failure_status("failed by the test")

        @self._worker.task(task_type=asked["type"], exception_handler=failed, timeout_ms=LEASE)
        async def task(job: pyzeebe.Job, number: int, behave: str) -> dict:
            self._seen.append(told(job))
            if behave == "fail" and job.retries == 3:
                raise RuntimeError("failed by the test")
            if behave == "throw":
                raise pyzeebe.errors.BusinessError("caught")
            return {"answer": number + 1}

        self._running = asyncio.create_task(self._worker.work())
        return {}

    async def close(self, asked):
        end = time.monotonic() + 30
        while len(self._seen) < asked["jobs"] and time.monotonic() < end and not self._running.done():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)  # the commands of the last ones are still under way
        await self._worker.stop()
        try:
            await asyncio.wait_for(self._running, 15)
        except asyncio.TimeoutError:
            pass
        return {"jobs": self._seen}


def told(job):
    return {"key": str(job.key), "type": job.type, "retries": job.retries, "headers": dict(job.custom_headers), "variables": dict(job.variables),
            "tenant": job.tenant_id, "process": job.bpmn_process_id, "instance": str(job.process_instance_key),
            "element": str(job.element_instance_key)}


def refusal(problem):
    """What the library raised: its own class, and the status that it came from."""
    cause = problem
    while cause is not None and not isinstance(cause, grpc.aio.AioRpcError):
        cause = cause.__cause__ or cause.__context__
    status = cause.code().name if cause is not None else "NONE"
    return {"code": status, "kind": type(problem).__name__, "message": cause.details() if cause is not None else repr(problem)}


async def main():
    logging.getLogger("pyzeebe").setLevel(logging.ERROR)
    client = Client(sys.argv[1])
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        asked = json.loads(line)
        command = getattr(client, asked["do"], None)
        try:
            answer = {"missing": True} if command is None else await command(asked)
        except Exception as problem:  # pylint: disable=broad-except
            answer = {"error": refusal(problem)}
        print("answer:", json.dumps(answer), flush=True)


asyncio.run(main())
