"""What becomes of jobs, as the engine of jobs tells it, put into the instance that each belongs to and into the records."""

import errors
import incidents
import values

_INTENTS = {"timedOut": "TIMED_OUT", "timeoutUpdated": "TIMEOUT_UPDATED", "completed": "COMPLETED", "failed": "FAILED",
            "backoffOver": "RECURRED_AFTER_BACKOFF", "errorThrown": "ERROR_THROWN", "retriesUpdated": "RETRIES_UPDATED",
            "givenBack": "YIELDED"}


def take(executor, event):
    instance = executor.jobs[event["job"]]
    activation = instance.jobs.get(event["job"])
    executor.channel.keep(event)
    name = event["event"]
    if name == "activated":
        executor.exporter.record("JOB_BATCH", "ACTIVATED", -1, {"jobKeys": [event["job"]], "worker": event["worker"]}, event["at"])
    elif name in _INTENTS:
        _record(instance, event)
    if name in ("completed", "cancelled"):
        executor.jobs.pop(event["job"])
    if activation is None:
        return
    if name == "completed":
        activation.job = None
        instance.jobs.pop(event["job"])
        instance.done(activation, values.document(event["variables"]))
    elif name == "failed":
        for variable, value in values.document(event["variables"]).items():
            activation.scope.put(variable, value)
    elif name == "errorThrown":
        _thrown(executor, instance, activation, event)
    elif name == "incident":
        incidents.record(instance, activation, "CREATED", event["incident"], event["type"], event["message"], event["at"])
    elif name == "resolved":
        incidents.record(instance, activation, "RESOLVED", event["incident"], "", "", event["at"])
    instance.advance()


def _record(instance, event):
    instance.record("JOB", _INTENTS[event["event"]], event["job"],
                    {"retries": event["retries"], "errorMessage": event.get("message", ""), "retryBackoff": event.get("backOff", 0),
                     "errorCode": event.get("code", "")}, event["at"])


def _thrown(executor, instance, activation, event):
    code = event["code"]
    if not {code, "*"}.intersection(errors.codes_caught(activation)):
        return  # its incident follows
    executor.channel.caught(event["job"])
    executor.jobs.pop(event["job"])
    instance.jobs.pop(event["job"])
    errors.throw(instance, activation, code, values.document(event["variables"]))
