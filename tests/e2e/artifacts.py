"""Folders of a run, tools that are run to their end, and what an engine that a person brings needs: its home and a Java runtime."""

import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "e2e"
CACHE = BUILD / "cache"

OLDEST_JAVA = 21


class Missing(Exception):
    """Something is not there and could not be fetched; the text says what a person can do."""


def run(command, within, what, environment=None, folder=None):
    """Runs a tool to its end. Its output is shown only when it fails."""
    try:
        done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=within, env=environment, cwd=folder, check=False)
    except FileNotFoundError as problem:
        raise Missing(f"{what}: the program {command[0]} is not installed (packages: docker/packages/e2e.txt)") from problem
    except subprocess.TimeoutExpired as problem:
        raise Missing(f"{what}: not done after {within} s") from problem
    if done.returncode != 0:
        raise Missing(f"{what}: exit code {done.returncode}\n{done.stdout.decode('utf-8', 'replace')[-3000:]}")
    return done.stdout.decode("utf-8", "replace")


# --- an engine that a person brings --------------------------------------------------------------------------------------------


def brought():
    """The unpacked distribution of an engine that E2E_ENGINE_HOME names, or None. It is never fetched: its vendor's own terms are
    between the vendor and who brings it.
    """
    named = os.environ.get("E2E_ENGINE_HOME")
    if not named:
        return None
    home = pathlib.Path(named).resolve()
    if not (home / "bin" / "broker").exists():
        raise Missing(f"E2E_ENGINE_HOME: no bin/broker below {home}")
    return home


# --- Java ---------------------------------------------------------------------------------------------------------------------


def java_home():
    """The home of a Java runtime, 21 or newer: JAVA_HOME, else the newest below the usual folder."""
    homes = _installed_homes()
    if not homes:
        raise Missing(f"no Java {OLDEST_JAVA} or newer: set JAVA_HOME to one")
    return homes[0]


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


def say(text):
    print(f"e2e: {text}", flush=True)
