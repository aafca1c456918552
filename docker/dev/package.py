#!/usr/bin/env python3
"""Makes the Debian package of the release build, and tries it on a Debian 12 that has nothing else.

    package.py build PROGRAM FOLDER      prints `package: FILE, N MB`
    package.py try FOLDER SANDBOX        installs it in a new root (debootstrap) and runs the sandbox's demo with it; root

The same program gives the same package, byte for byte: times are those of SOURCE_DATE_EPOCH, else of the last commit.
"""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys

from source_date import source_date

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = ROOT / "docker/debian"
NAME = "lambda-connector"
JOBS_OF_A_KIND = 50  # of ten kinds

SCRIPTS = {
    # The service is restarted when it runs; nothing starts that was not started before.
    "postinst": """#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
  systemctl try-restart lambda-connector.service || true
fi
""",
    "prerm": """#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  systemctl disable --now lambda-connector.service || true
fi
""",
    "postrm": """#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
fi
""",
}


class Failed(Exception):
    pass


def run(words, log=None, within=900, **how):
    """Gives the output; with `log` it goes into that file instead."""
    sink = open(log, "w", encoding="utf-8") if log else subprocess.PIPE
    try:
        done = subprocess.run([str(word) for word in words], stdout=sink, stderr=subprocess.STDOUT, text=True, check=False,
                              timeout=within, **how)
    finally:
        if log:
            sink.close()
    if done.returncode != 0:
        told = pathlib.Path(log).read_text(encoding="utf-8") if log else done.stdout
        raise Failed(f"{' '.join(map(str, words[:3]))} ended with {done.returncode}:\n{told[-3000:]}")
    return done.stdout or ""


def libraries_of(program):
    """The packages of the libraries that the loader takes; glibc with the version it was linked with."""
    paths = re.findall(r"(/\S+)", run(["ldd", program]))
    names = set()
    for path in paths:
        # dpkg knows files by the path without the link /lib -> /usr/lib, or with it.
        real = pathlib.Path(path).resolve()
        for each in (path, str(real), str(real).removeprefix("/usr")):
            found = subprocess.run(["dpkg", "-S", each], capture_output=True, text=True, check=False)
            if found.returncode == 0:
                names.add(found.stdout.split(":")[0])
                break
        else:
            raise Failed(f"no package has {path}")
    out = []
    for name in sorted(names):
        version = run(["dpkg-query", "-W", "-f=${Version}", name])
        out.append(f"{name} (>= {version.split('-')[0]})" if name == "libc6" else name)
    return out


def build(program, folder):
    tree = folder / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    version = run([program, "--version"]).split()[1]
    architecture = run(["dpkg", "--print-architecture"]).strip()
    (tree / "usr/bin").mkdir(parents=True)
    run(["strip", "--strip-unneeded", "-o", tree / "usr/bin" / NAME, program])
    place(tree / "lib/systemd/system/lambda-connector.service", (FILES / "lambda-connector.service").read_text())
    place(tree / "etc/lambda-connector/worker.yaml", (FILES / "worker.yaml").read_text())
    place(tree / "etc/default/lambda-connector", (FILES / "default").read_text(), 0o600)
    documents = tree / "usr/share/doc" / NAME
    place(documents / "README.md", (FILES / "README.md").read_text())
    place(documents / "settings.md", (ROOT / "worker/config/README.md").read_text())
    place(documents / "copyright", (ROOT / "LICENSE").read_text())
    control = [f"Package: {NAME}", f"Version: {version}", f"Architecture: {architecture}", "Section: net", "Priority: optional",
               "Maintainer: The lambda-connector authors <lambda-connector@localhost>",
               f"Installed-Size: {sum(path.stat().st_size for path in tree.rglob('*') if path.is_file()) // 1024}",
               f"Depends: {', '.join(libraries_of(program))}, ca-certificates, tzdata",
               "Description: worker that lets BPMN processes call AWS Lambda",
               " Takes jobs from a workflow engine over the Zeebe gateway protocol, calls AWS",
               " Lambda, and completes the jobs.", ""]
    place(tree / "DEBIAN/control", "\n".join(control))
    place(tree / "DEBIAN/conffiles", "/etc/lambda-connector/worker.yaml\n/etc/default/lambda-connector\n")
    for name, text in SCRIPTS.items():
        place(tree / "DEBIAN" / name, text, 0o755)
    time = source_date()
    for path in [tree, *tree.rglob("*")]:
        os.utime(path, (time, time))
    package = folder / f"{NAME}_{version}_{architecture}.deb"
    for old in folder.glob("*.deb"):
        old.unlink()
    run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, package], env={**os.environ, "SOURCE_DATE_EPOCH": str(time)})
    print(f"package: {package}, {package.stat().st_size / 1e6:.1f} MB")


def place(path, text, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def try_it(folder, sandbox):
    package = next(folder.glob("*.deb"))
    root = folder / "root"
    if root.exists():
        run(["rm", "-rf", "--one-file-system", root])
    # systemd for its own check of the unit; everything else comes with the package.
    run(["debootstrap", "--variant=minbase", "--include=systemd", "bookworm", root, "http://deb.debian.org/debian"],
        log=folder / "debootstrap.log")
    # debootstrap leaves out what an installer writes; the stand-ins of the demo are at localhost.
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
    shutil.copy(package, root / "tmp")
    inside = ["chroot", root, "/usr/bin/env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive"]
    run([*inside, "apt-get", "install", "-y", "--no-install-recommends", f"/tmp/{package.name}"], log=folder / "install.log")
    print("installed:", run([*inside, NAME, "--version"]).strip())
    told = run([*inside, "systemd-analyze", "verify", "/lib/systemd/system/lambda-connector.service"]).strip()
    mistakes = [line for line in told.splitlines() if "lambda-connector" in line]
    if mistakes:
        raise Failed("systemd-analyze verify:\n" + "\n".join(mistakes))
    exposure = run([*inside, "systemd-analyze", "security", "--offline=yes", "--threshold=20",
                    "/lib/systemd/system/lambda-connector.service"]).strip().splitlines()[-1]
    print("unit:", re.sub(r"[^\x20-\x7e]+", "", exposure).strip())
    mode = (root / "etc/default/lambda-connector").stat().st_mode & 0o777
    if mode != 0o600:
        raise Failed(f"/etc/default/lambda-connector has the mode {mode:o}")
    demo_in(root, folder, sandbox)
    run([*inside, "apt-get", "purge", "-y", NAME], log=folder / "purge.log")
    left = [path for path in ("usr/bin/lambda-connector", "etc/lambda-connector/worker.yaml",
                              "lib/systemd/system/lambda-connector.service") if (root / path).exists()]
    if left:
        raise Failed(f"purge leaves {left}")
    print("removed: nothing is left")


def demo_in(root, folder, sandbox):
    """The sandbox's demo; its worker is the installed program, told of by the protocol that systemd speaks."""
    shared = folder / "demo"
    shared.mkdir(exist_ok=True)
    inside = root / str(shared).lstrip("/")
    inside.mkdir(parents=True, exist_ok=True)
    run(["mount", "--bind", shared, inside])
    notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notices.bind(str(shared / "notify"))
    notices.settimeout(0.1)
    script = folder / "worker-in-the-root"
    script.write_text(f"#!/bin/sh\nNOTIFY_SOCKET={shared}/notify WATCHDOG_USEC=2000000 exec chroot {root} /usr/bin/lambda-connector \"$@\"\n")
    script.chmod(0o755)
    try:
        demo = subprocess.Popen([str(sandbox), "demo", "--worker", str(script), "--folder", str(shared), "--jobs", str(JOBS_OF_A_KIND)],
                                stdout=open(folder / "demo.log", "w", encoding="utf-8"), stderr=subprocess.STDOUT)
        told = []
        while demo.poll() is None:
            try:
                told.append(notices.recv(100).decode())
            except TimeoutError:
                pass
        if demo.returncode != 0:
            raise Failed(f"the demo ended with {demo.returncode}:\n{(folder / 'demo.log').read_text()[-3000:]}")
        if not told or told.count("READY=1") != 1 or "WATCHDOG=1" not in told or told[-1] != "STOPPING=1":
            raise Failed(f"the service manager was told {told}")
    finally:
        notices.close()
        (shared / "notify").unlink(missing_ok=True)
        run(["umount", inside])
    print(f"served: {10 * JOBS_OF_A_KIND} jobs; told systemd when it was ready, {told.count('WATCHDOG=1')} times that it is alive, and that it stops")


def main():
    os.umask(0o022)  # folders of the package
    try:
        if sys.argv[1] == "build":
            build(pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]).resolve())
        elif sys.argv[1] == "try":
            try_it(pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]).resolve())
        else:
            raise Failed(f"no command {sys.argv[1]}")
    except Failed as problem:
        print(f"package: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
