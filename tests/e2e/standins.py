"""The stand-in for AWS: the sandbox program, serving its Lambda side only. It tells its address, its certificate authority and the
keys it accepts in a JSON file.
"""

import json
import signal

import artifacts
import children

_START_TIME = 20

REGION = "us-east-1"
# The sandbox's own, always the same.
KEY = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")


class Standins:
    """`more`: further words of the program's command line."""

    def __init__(self, program, logs, name, *more):
        told = artifacts.BUILD / f"sandbox-{name}.json"
        told.unlink(missing_ok=True)
        self._account = artifacts.BUILD / f"sandbox-{name}-account.json"
        authority = artifacts.BUILD / f"sandbox-{name}-ca.pem"
        self.child = children.Child("lambda-sandbox",
                                    [program, "serve", "--lambda-only", "--sts", "--lambda-port", 0, "--ca", authority, "--info", told,
                                     "--account", self._account, *more],
                                    children.environment(), logs / f"lambda-sandbox-{name}.log")
        self.info = children.until(lambda: _read(told), _START_TIME, "the sandbox to tell its addresses")

    def environment(self):
        """What a worker needs to be told to call this Lambda."""
        return {
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": self.info["accessKeyId"],
            "AWS_SECRET_ACCESS_KEY": self.info["secretAccessKey"],
            "AWS_ENDPOINT_URL_LAMBDA": self.info["lambdaEndpoint"],
            "AWS_CA_BUNDLE": self.info["caFile"],
            "AWS_ENDPOINT_URL_STS": self.info["stsEndpoint"],
        }

    def executions(self, job_key):
        """How often a function ran for that job."""
        return self.account().get(str(job_key), {}).get("executions", 0)

    def account(self):
        """{job key as text: {"requests": how often it was asked, "executions": how often a function ran}}."""
        self._account.unlink(missing_ok=True)
        self.child.signal(signal.SIGUSR1)
        children.until(lambda: _read(self._account) is not None, 10, "the sandbox to write its account")
        return _read(self._account)

    def stop(self):
        self.child.kill()


def _read(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None
