"""Folders of a run, and tools that are run to their end."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "e2e"
CACHE = BUILD / "cache"


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


def say(text):
    print(f"e2e: {text}", flush=True)
