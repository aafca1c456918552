"""An engine that a person brings, and whose terms are a matter between that person and its vendor: it is never fetched.

    E2E_ENGINE_HOME  the folder of an unpacked distribution, with bin/broker; it is started, killed and started again by the tests
    E2E_GATEWAY      host:port of one that runs already; then
    E2E_RECORDS      is the file into which its log exporter writes
"""

import os
import pathlib
import re

import artifacts
import broker
import harness

OLDEST_JAVA = 21


def home():
    """The folder of the distribution; None without one."""
    named = os.environ.get("E2E_ENGINE_HOME")
    if not named:
        return None
    folder = pathlib.Path(named).resolve()
    if not (folder / "bin" / "broker").exists():
        raise artifacts.Missing(f"E2E_ENGINE_HOME: no bin/broker below {folder}")
    return folder


def named():
    """True when a person has brought one."""
    return bool(os.environ.get("E2E_ENGINE_HOME") or os.environ.get("E2E_GATEWAY"))


def start(logs):
    """The engine that was brought, ready."""
    folder = home()
    if folder is not None:
        return broker.start(folder, java_home(), logs)
    log = os.environ.get("E2E_RECORDS")
    if not log:
        raise artifacts.Missing("E2E_GATEWAY: E2E_RECORDS must name the file into which its log exporter writes")
    engine = Running(os.environ["E2E_GATEWAY"], pathlib.Path(log))
    engine.wait_for_leader(30)
    return engine


class Running(broker.Engine):
    """An engine that another program started: it is asked, and neither started nor killed."""

    def __init__(self, address, log):
        super().__init__("engine at " + address, None, address, log)

    def alive(self):
        return self.leads()

    def kill(self):
        raise harness.Skip("another program started this engine, so it cannot be killed here")

    def stop(self):
        self.gateway.close()


def java_home():
    """The home of a Java runtime, 21 or newer: JAVA_HOME, else the newest below the usual folder. None: the broker looks for one itself."""
    return next(iter(_installed_homes()), None)


def compiler_home():
    """The home of a JDK, 21 or newer, that has a compiler; None without one."""
    for home in _installed_homes():
        if (home / "bin" / "javac").exists():
            return home
    return None


def _installed_homes():
    homes = []
    if os.environ.get("JAVA_HOME"):
        homes.append(pathlib.Path(os.environ["JAVA_HOME"]))
    usual = pathlib.Path("/usr/lib/jvm")
    if usual.is_dir():
        homes += sorted((home for home in usual.iterdir() if home.is_dir()), key=lambda home: (_java_version(home), home))
    return [home for home in homes if _java_version(home) >= OLDEST_JAVA]


def _java_version(home):
    """The feature number (17, 21, 25), or 0 when there is no runtime."""
    try:
        told = re.search(r'^JAVA_VERSION="(\d+)', (home / "release").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(told.group(1)) if told and (home / "bin" / "java").exists() else 0
