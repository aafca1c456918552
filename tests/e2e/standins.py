"""The stand-in for AWS: the sandbox program, serving its Lambda side only. It tells its address, its certificate authority and the
keys it accepts in a JSON file, and the same for the files it writes while it runs.
"""

import json

import artifacts
import children

_START_TIME = 20

REGION = "us-east-1"


class Standins:
    def __init__(self, program, logs):
        if not program.exists():
            raise artifacts.Missing(f"no sandbox at {program}; build it with ./dev build --release")
        told = artifacts.BUILD / "sandbox.json"
        told.unlink(missing_ok=True)
        self.child = children.Child("lambda-sandbox", [program, "serve", "--lambda-only", "--info", told],
                                    children.environment(), logs / "lambda-sandbox.log")
        self.info = children.until(lambda: _read(told), _START_TIME, "the sandbox to tell its addresses")

    def environment(self):
        """What a worker needs to be told to call this Lambda."""
        return {"AWS_REGION": REGION}

    def stop(self):
        self.child.kill()


def _read(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None
