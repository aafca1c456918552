"""Real Node functions behind the Invoke API: serverless-offline, which is plain HTTP and looks at no signature. What it runs is in
node/. Each function that runs at the same time as others takes a thread of its own there.
"""

import shutil

import artifacts
import children
import packages

_START_TIME = 90
_SOURCES = packages.HERE / "node"


def prepare():
    return packages.npm_folder("serverless-offline", (_SOURCES / "package.json").read_text())


class NodeFunctions:
    def __init__(self, logs, port, free_port):
        folder = prepare()
        for name in ("serverless.yml", "functions.js"):
            shutil.copy(_SOURCES / name, folder)
        self._notes = artifacts.BUILD / "node-notes"
        self._notes.unlink(missing_ok=True)
        environment = children.environment(NOTES=self._notes, SLS_TELEMETRY_DISABLED=1, SLS_NOTIFICATIONS_MODE="off",
                                           AWS_ACCESS_KEY_ID="any", AWS_SECRET_ACCESS_KEY="any")
        command = ["node", "node_modules/serverless/bin/serverless.js", "offline", "--host", "127.0.0.1", "--lambdaPort", port,
                   "--httpPort", free_port]
        self.child = children.Child("serverless-offline", command, environment, logs / "serverless-offline.log", folder)
        children.until_listening(self.child, port, _START_TIME)

    def notes(self):
        """What the function `noted` wrote down, a line for each time it ran."""
        return self._notes.read_text().splitlines() if self._notes.exists() else []
