#!/usr/bin/env python3
"""Builds the image of docker/Dockerfile without a Docker daemon, and tries it as it is meant to be run.

    image.py build FOLDER                 debootstrap, buildah; prints `image: N MB` and its digest
    image.py again FOLDER                 builds it once more, from a copy of the sources in another folder and without any
                                          cache; fails when the digest is another one
    image.py try FOLDER SANDBOX           the sandbox's demo with the worker in a container
    image.py worker FOLDER                what the demo starts in place of the worker (by way of a script)

FOLDER keeps base, graph and logs. Needs root: the container has a memory limit and a user of its own.
"""

import hashlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tarfile
import time

import sbom
from source_date import source_date

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAME = "localhost/lambda-connector:latest"
AGAIN = "localhost/lambda-connector:again"
BASE = "docker.io/library/debian:bookworm-slim"
MOST_MB = 40
MEMORY_MB = 64
JOBS_OF_A_KIND = 50  # of ten kinds
CONTAINER = "lambda-connector-tried"

SOURCES = """deb http://deb.debian.org/debian bookworm main
deb http://deb.debian.org/debian bookworm-updates main
deb http://deb.debian.org/debian-security bookworm-security main
"""


class Failed(Exception):
    pass


class Tools:
    """buildah and podman with a storage of their own below the folder."""

    def __init__(self, folder):
        self.folder = folder
        self.driver = self._driver()
        self.where = ["--root", str(folder / f"graph-{self.driver}"), "--runroot", str(folder / "run"),
                      "--storage-driver", self.driver]

    def _driver(self):
        """overlay is fast, vfs copies every layer and works everywhere."""
        remembered = self.folder / "driver"
        if remembered.exists():
            return remembered.read_text().strip()
        for driver in ("overlay", "vfs"):
            tried = subprocess.run(["podman", "--root", str(self.folder / f"graph-{driver}"), "--runroot", str(self.folder / "run"),
                                    "--storage-driver", driver, "info"], capture_output=True, check=False)
            if tried.returncode == 0:
                remembered.write_text(driver)
                return driver
        raise Failed("podman can use neither overlay nor vfs: " + tried.stderr.decode()[-500:])

    def buildah(self, *words, **how):
        return run(["buildah", *self.where, *words], **how)

    def podman(self, *words, **how):
        return run(self.podman_words(*words), **how)

    def podman_words(self, *words):
        return ["podman", *self.where, "--cgroup-manager", "cgroupfs", "--runtime", "runc", *words]


def run(words, log=None, check=True):
    """Gives the output; with `log` it goes into that file instead."""
    if log is None:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        text = done.stderr
    else:
        with open(log, "w", encoding="utf-8") as sink:
            done = subprocess.run(words, stdout=sink, stderr=subprocess.STDOUT, check=False)
        text = pathlib.Path(log).read_text(encoding="utf-8", errors="replace")
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(words[:2])} ended with {done.returncode}:\n{text[-3000:]}")
    return done.stdout or ""


def base_image(tools):
    """Debian 12 from its packages: no image registry is asked."""
    if tools.podman("images", "-q", BASE).strip():
        return
    tar = tools.folder / "base.tar"
    if not tar.exists():
        root = tools.folder / "rootfs"
        if root.exists():
            run(["rm", "-rf", str(root)])
        run(["debootstrap", "--variant=minbase", "bookworm", str(root), "http://deb.debian.org/debian"],
            log=tools.folder / "debootstrap.log")
        (root / "etc/apt/sources.list").write_text(SOURCES)
        run(["tar", "-C", str(root), "-cf", str(tar) + ".new", "."])
        os.rename(str(tar) + ".new", tar)
        run(["rm", "-rf", str(root)])
    tools.podman("import", str(tar), BASE)


def build(folder):
    folder.mkdir(parents=True, exist_ok=True)
    tools = Tools(folder)
    base_image(tools)
    cache = pathlib.Path(os.environ.get("CCACHE_DIR", ROOT / "build" / "ccache")).resolve()
    cache.mkdir(parents=True, exist_ok=True)
    build_from(tools, ROOT, source_date(), NAME, "--volume", f"{cache}:/ccache")
    size = int(tools.podman("image", "inspect", "--format", "{{.Size}}", NAME))
    megabytes = -(-size // 1_000_000)
    print(f"image: {megabytes} MB")
    if megabytes > MOST_MB:
        raise Failed(f"the image may have {MOST_MB} MB")
    content = Content(tools, NAME)
    print(f"image: digest {content.digest()}")
    bill(folder, content)
    return tools


def build_from(tools, sources, date, name, *words):
    epoch = str(date)
    print(f"image: building, for about seven minutes; the builder writes to {tools.folder / 'build.log'}", flush=True)
    tools.buildah("build", "--isolation", "chroot", "--format", "docker", "--layers", "--timestamp", epoch, "--build-arg", f"SOURCE_DATE_EPOCH={epoch}",
                  *words, "--tag", name, "--file", str(sources / "docker/Dockerfile"), str(sources), log=tools.folder / "build.log")


def again(folder):
    tools = Tools(folder)
    first = Content(tools, NAME)
    with_sources = folder / "another-folder-with-the-sources"
    shutil.rmtree(with_sources, ignore_errors=True)
    shutil.copytree(ROOT, with_sources, ignore=shutil.ignore_patterns("build", ".git", "__pycache__"))
    try:
        # A commit in between would give the second one another date, and that alone another digest.
        build_from(tools, with_sources, first.date(), AGAIN, "--no-cache")
    finally:
        shutil.rmtree(with_sources)
    second = Content(tools, AGAIN)
    if first.digest() != second.digest():
        raise Failed("the second build gave another image:\n" + "\n".join(first.differences(second)[:20]))
    print(f"image: built twice, the same digest {second.digest()}")


class Content:
    """What an image is made of, read from an archive of it."""

    # The builder's own: its containers, their host names, and its images in between.
    PASSING = ("container", "container_config", "id", "parent")

    def __init__(self, tools, name):
        archive = tools.folder / "content.tar"
        archive.unlink(missing_ok=True)
        tools.podman("save", "--format", "docker-archive", "--output", str(archive), name)
        self.files = {}
        with tarfile.open(archive) as outer:
            manifest = json.load(outer.extractfile("manifest.json"))[0]
            self.config = json.load(outer.extractfile(manifest["Config"]))
            for layer in manifest["Layers"]:
                with tarfile.open(fileobj=outer.extractfile(layer)) as inner:
                    self._read(inner)
        archive.unlink()
        for name in self.PASSING:
            self.config.pop(name, None)
        self.config.get("config", {}).pop("Hostname", None)
        for step in self.config.get("history", []):
            # A step that the builder took from its cache has the time of the build that made it.
            step.pop("comment", None)
            step.pop("created", None)

    def date(self):
        """That all its files have, in seconds."""
        return max(mtime for _, _, _, _, mtime, _ in self.files.values())

    def _read(self, layer):
        for member in layer:
            content = layer.extractfile(member).read() if member.isfile() else member.linkname.encode()
            self.files[member.name] = (member.type, member.mode, member.uid, member.gid, member.mtime, content)

    def digest(self):
        """Of its configuration, which has the digests of the layers."""
        return "sha256:" + hashlib.sha256(json.dumps(self.config, sort_keys=True).encode()).hexdigest()

    def differences(self, other):
        names = sorted(set(self.files) | set(other.files))
        found = [f"file {name}" for name in names if self.files.get(name) != other.files.get(name)]
        keys = sorted(set(self.config) | set(other.config))
        return found + [f"configuration: {key}" for key in keys if self.config.get(key) != other.config.get(key)]


def bill(folder, content):
    """The image's own bill of materials, held against its files and laid beside it."""
    text = content.files.get("usr/share/doc/lambda-connector/sbom.spdx.json")
    if text is None:
        raise Failed("the image has no bill of materials")
    told = json.loads(text[-1])
    root = folder / "content"
    shutil.rmtree(root, ignore_errors=True)
    for name, facts in content.files.items():
        if facts[0] in (tarfile.REGTYPE, tarfile.AREGTYPE):
            place(root / name, facts[-1])
    issues = sbom.issues_of(told, root)
    shutil.rmtree(root)
    if issues:
        raise Failed("the bill of materials: " + "; ".join(issues[:10]))
    (folder / "lambda-connector.spdx.json").write_bytes(text[-1])
    linked = sum(1 for one in told["relationships"] if one["relationshipType"] == "STATIC_LINK")
    print(f"image: bill of materials {folder / 'lambda-connector.spdx.json'}: {len(told['files'])} files, "
          f"{len(told['packages']) - 2} Debian packages, {linked} of them linked into the program")


def place(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def words_of_run(environment, volumes, limited=True):
    """The way the image is meant to be run: nothing that it could do beyond its job."""
    words = ["run", "--rm", "--name", CONTAINER, "--replace", "--network", "host", "--read-only", "--read-only-tmpfs=false",
             "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--no-healthcheck",
             # Without these podman asks for more than a machine without CAP_SYS_RESOURCE may give.
             "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"]
    if limited:
        words += ["--memory", f"{MEMORY_MB}m", "--memory-swap", f"{MEMORY_MB}m", "--pids-limit", "50"]
    for name in sorted(environment):
        words += ["--env", name]
    for volume in volumes:
        words += ["--volume", f"{volume}:{volume}:ro"]
    return words + [NAME]


def worker(folder):
    """In place of the worker: its variables and files go into the container, signals are passed on by podman."""
    tools = Tools(folder)
    environment = {name: value for name, value in os.environ.items()
                   if name.startswith(("AWS_", "CAMUNDA_", "LAMBDA_CONNECTOR_", "LOG_", "SECRET"))}
    secrets = pathlib.Path(environment["SECRETS_DIR"])
    for path in [secrets, *secrets.iterdir()]:
        os.chown(path, 65532, 65532)
    environment["LAMBDA_CONNECTOR_ADMIN_ADDRESS"] = "127.0.0.1:" + (folder / "port").read_text()
    os.environ.update(environment)
    limited = not (folder / "unlimited").exists()
    words = tools.podman_words(*words_of_run(environment, [secrets, environment["AWS_CA_BUNDLE"]], limited))
    os.execvp(words[0], words)


def can_limit(tools):
    """Whether this machine's control groups take the memory limit; says so when not."""
    mark = tools.folder / "unlimited"
    mark.unlink(missing_ok=True)
    words = words_of_run({}, [])
    try:
        tools.podman(*words, "--version")
    except Failed as problem:
        tools.podman(*words_of_run({}, [], limited=False), "--version")
        mark.touch()
        print(f"not enforced: the limits of {MEMORY_MB} MB and 50 processes, because this machine refuses them: "
              f"{str(problem).splitlines()[-1][:200]}")
        return False
    return True


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def status_of(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def memory_limit(pid):
    """Of the process's control group, version 1 or 2."""
    for line in pathlib.Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "memory":
            return int(pathlib.Path(f"/sys/fs/cgroup/memory{path}/memory.limit_in_bytes").read_text())
        if controllers == "" and pathlib.Path(f"/sys/fs/cgroup{path}/memory.max").exists():
            return int(pathlib.Path(f"/sys/fs/cgroup{path}/memory.max").read_text())
    return None


def look_inside(tools, limited):
    """Facts of the running container, each as the kernel has it."""
    pid = int(tools.podman("inspect", "--format", "{{.State.Pid}}", CONTAINER))
    status = status_of(pid)
    expected = {"CapEff": "0000000000000000", "CapPrm": "0000000000000000", "CapBnd": "0000000000000000", "NoNewPrivs": "1"}
    for name, value in expected.items():
        if status[name] != value:
            raise Failed(f"{name} of the worker is {status[name]}, not {value}")
    if status["Uid"].split() != ["65532"] * 4:
        raise Failed(f"the worker runs as {status['Uid']}")
    if limited and memory_limit(pid) != MEMORY_MB << 20:
        raise Failed(f"the memory limit is {memory_limit(pid)}")
    root = [line.split() for line in pathlib.Path(f"/proc/{pid}/mounts").read_text().splitlines() if line.split()[1] == "/"]
    if "ro" not in root[-1][3].split(","):
        raise Failed(f"the root is mounted {root[-1][3]}")
    said = tools.podman("exec", CONTAINER, "/usr/bin/lambda-connector", "healthcheck").strip()
    print(f"container: user 65532, no capabilities, read-only root, "
          f"{f'{MEMORY_MB} MB of memory' if limited else 'no memory limit'}; healthcheck says {said}")
    return pid


def wait_for(condition, within, what):
    end = time.monotonic() + within
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise Failed(f"not within {within} s: {what}")


def is_running(tools):
    return tools.podman("inspect", "--format", "{{.State.Running}}", CONTAINER, check=False).strip() == "true"


def try_it(folder, sandbox):
    tools = Tools(folder)
    limited = can_limit(tools)
    port = free_port()
    (folder / "port").write_text(str(port))
    script = folder / "worker-in-a-container"
    script.write_text(f"#!/bin/sh\nexec {sys.executable} {pathlib.Path(__file__).resolve()} worker {folder}\n")
    script.chmod(0o755)
    demo = subprocess.Popen([str(sandbox), "demo", "--worker", str(script), "--folder", str(folder / "demo"),
                             "--jobs", str(JOBS_OF_A_KIND)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        wait_for(lambda: demo.poll() is not None or is_running(tools), 30, "the container to run")
        if demo.poll() is None:
            wait_for(lambda: demo.poll() is not None or answers(port), 20, "the admin port to answer")
        inside = None
        if demo.poll() is None:
            inside = look_inside(tools, limited)
        most = 0
        while inside and demo.poll() is None:
            most = max(most, own_memory(inside))
            time.sleep(0.1)
        told = demo.communicate(timeout=240)[0]
    finally:
        demo.kill()
        tools.podman("rm", "-f", CONTAINER, check=False)
    # The demo measures its own child, which is podman and not the worker.
    print("".join(line for line in told.splitlines(keepends=True) if not line.startswith("worker  ")), end="")
    if demo.returncode != 0:
        raise Failed(f"the demo ended with {demo.returncode}; the worker's log is {folder / 'demo' / 'worker.log'}")
    if not inside:
        raise Failed("the demo was over before the container could be looked at")
    print(f"served: {10 * JOBS_OF_A_KIND} jobs, at most {most / 1024:.0f} MiB of memory of its own; stopped by SIGTERM with code 0")


def own_memory(pid):
    """Not that of files, which the kernel can take away; in KiB, 0 once it is gone."""
    try:
        return int(status_of(pid)["RssAnon"].split()[0])
    except (OSError, KeyError):
        return 0


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as one:
            one.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return one.recv(100).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


def main():
    command, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    try:
        if command == "build":
            build(folder)
        elif command == "again":
            again(folder)
        elif command == "try":
            try_it(folder, pathlib.Path(sys.argv[3]).resolve())
        elif command == "worker":
            worker(folder)
        else:
            raise Failed(f"no command {command}")
    except Failed as problem:
        print(f"image: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
