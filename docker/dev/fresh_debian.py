#!/usr/bin/env python3
"""Runs a command of ./dev on a Debian 12 that has nothing but what ./dev installs there.

    fresh_debian.py FOLDER WORD...     ./dev WORD... in a new root (debootstrap) below FOLDER; root

The project's files are those that git knows, as they are in the work tree. The compiler's cache is the one of this machine, so
that the run takes minutes; everything else of this machine stays outside.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MIRROR = "http://deb.debian.org/debian"


def run(words, **how):
    subprocess.run([str(word) for word in words], check=True, **how)


def copy_project(into):
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True,
                            capture_output=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        source = ROOT / name
        if not source.exists():
            continue
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, into / name, follow_symlinks=False)


def cache_of_compiler():
    named = os.environ.get("CCACHE_DIR")
    folder = pathlib.Path(named) if named else pathlib.Path(os.environ.get("HOME", "/root")) / ".cache/ccache"
    return folder if folder.is_dir() else None


def new_root(folder):
    root = folder / "root"
    if root.exists():
        run(["rm", "-rf", "--one-file-system", root])
    with open(folder / "debootstrap.log", "w", encoding="utf-8") as log:
        run(["debootstrap", "--variant=minbase", "bookworm", root, MIRROR], stdout=log, stderr=subprocess.STDOUT)
    # What an installer writes and debootstrap leaves out.
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
    (root / "etc/apt/sources.list").write_text(f"deb {MIRROR} bookworm main\ndeb {MIRROR} bookworm-updates main\n"
                                               "deb http://deb.debian.org/debian-security bookworm-security main\n")
    return root


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    root = new_root(folder)
    print(f"fresh: a new Debian 12 after {time.monotonic() - begin:.0f} s", flush=True)
    copy_project(root / "project")
    mounted = []

    def mount(*words, at):
        at.mkdir(parents=True, exist_ok=True)
        run(["mount", *words, at])
        mounted.append(at)

    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}
    try:
        mount("-t", "proc", "proc", at=root / "proc")
        cache = cache_of_compiler()
        if cache:
            mount("--bind", cache, at=root / "ccache")
            environment["CCACHE_DIR"] = "/ccache"
        done = subprocess.run(["chroot", str(root), "/bin/bash", "-c", 'cd /project && exec ./dev "$@"', "dev", *sys.argv[2:]],
                              env=environment, check=False)
    finally:
        for at in reversed(mounted):
            run(["umount", at])
    minutes = (time.monotonic() - begin) / 60
    print(f"fresh: ./dev {' '.join(sys.argv[2:])} ended with {done.returncode} after {minutes:.1f} minutes on a new Debian 12")
    if done.returncode == 0:
        run(["rm", "-rf", "--one-file-system", root])
    return done.returncode


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main())
