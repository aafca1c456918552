"""moto, others' stand-in for AWS: IAM, STS and Lambda with authentication on. What is in it: moto_server.py."""

import json
import sys

import artifacts
import children
import packages

_START_TIME = 60


class Moto:
    def __init__(self, logs):
        told = artifacts.BUILD / "moto.json"
        told.unlink(missing_ok=True)
        self.child = children.Child("moto", [sys.executable, packages.HERE / "moto_server.py", told],
                                    children.environment(PYTHONPATH=packages.python_path()), logs / "moto.log")
        children.until(told.exists, _START_TIME, "moto to tell its address")
        self.info = json.loads(told.read_text())

    def environment(self, keys, **more):
        """For a worker that calls with those keys: id, secret and, of a session, the token."""
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        return dict(zip(names, keys), AWS_ENDPOINT_URL=self.info["address"], AWS_REGION=self.info["region"], **more)
