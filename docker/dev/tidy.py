#!/usr/bin/env python3
"""clang-tidy over some sources, two at a time, remembering what was clean.

usage: tidy.py BUILD_DIR FILE...
A header is looked at through a few of the sources that include it: its own, then its nearest users.
A source is skipped when it, the project's headers it reaches, its compile command and .clang-tidy
are what they were when it was last clean (marks in build/tidy). Sources that the build does not
know (no compile command) are named and not looked at.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import sys
import time

TOOL = "clang-tidy-19"
INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)
MARKS = "build/tidy"
# Sources for a changed header, and for all of them together: a run of clang-tidy takes seconds.
MAX_USERS, MAX_ALL_USERS = 3, 24
# This tool cannot read headers that clang 16 precompiled: it reads the headers themselves.
PRECOMPILED = re.compile(r" -Winvalid-pch| -Xclang -(?:include-pch|include) -Xclang \S+cmake_pch\S*")


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def reached(path, seen):
    """The file and all project headers behind it; generated ones by their .proto."""
    path = re.sub(r"(\.grpc)?\.pb\.h$", ".proto", path)
    if path not in seen:
        seen[path] = read(path)
        for header in INCLUDE.findall(seen[path]):
            reached(header.decode("utf-8", "replace"), seen)
    return seen


def distance(path, header):
    """How far a source lies from a header: its own source, its test, its folder, its room, the product, the tests."""
    stem, room = os.path.splitext(header)[0], os.path.dirname(header)
    if path == stem + ".cc":
        return 0
    if path == f"tests/unit/{stem}_test.cc":
        return 1
    if os.path.dirname(path) == room:
        return 2
    if path.startswith(room.rsplit("/", 1)[0] + "/"):
        return 3
    return 5 if path.startswith("tests/") else 4


def users_of(header, includes, chosen):
    """At most MAX_USERS sources that see the header, the ones already chosen first, then those that name it themselves.
    A header that only other headers include is seen through those. `includes`: names that each file includes."""
    reach, ring = {header}, {header}
    while ring:
        users = {path for path, named in includes.items() if path not in reach and not ring.isdisjoint(named)}
        sources = sorted((path for path in users if path.endswith(".cc")),
                         key=lambda path: (path not in chosen, distance(path, header), path))
        if sources:
            return sources[:MAX_USERS]
        reach |= users
        ring = users
    return []


def with_users(paths, sources):
    """The sources among the paths, and users of the headers among them."""
    includes = includes_of(sources)
    chosen = {path for path in paths if path.endswith(".cc")}
    limit = len(chosen) + MAX_ALL_USERS
    for header in sorted(path for path in paths if path.endswith(".h")):
        users = set(users_of(header, includes, chosen)) - chosen
        if len(chosen) + len(users) > limit:
            print(f"tidy: users of changed headers: the first {MAX_ALL_USERS}, not those of {header} and after it")
            break
        chosen |= users
    return sorted(chosen)


def includes_of(sources):
    """The project's files that each source, and each header that it reaches, includes itself."""
    found, waiting = {}, list(sources)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = {name.decode("utf-8", "replace") for name in INCLUDE.findall(read(path))}
            waiting += found[path]
    return found


def mark_of(path, command):
    state = hashlib.sha256(read(".clang-tidy") + read("tests/.clang-tidy") + TOOL.encode() + command.encode())
    for name, content in sorted(reached(path, {}).items()):
        state.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return os.path.join(MARKS, state.hexdigest())


def tidy(build, path):
    """(exit code, what it said, seconds)"""
    begin = time.monotonic()
    # Warnings of the compiler are those of clang 16, not those that a newer one would add.
    command = [TOOL, "-p", build, "--quiet", "--extra-arg=-Wno-error"]
    # clang 19 rejects a template of RapidJSON 1.1.0 that no code instantiates.
    if b"rapidjson/" in read(path):
        command += ["--extra-arg=-fdelayed-template-parsing",
                    "--extra-arg=-Wno-delayed-template-parsing-in-cxx20"]
    run = subprocess.run(command + [path], capture_output=True, text=True, check=False)
    said = run.stdout + (run.stderr if run.returncode and not run.stdout else "")
    return run.returncode, said, time.monotonic() - begin


def main(build, paths):
    os.makedirs(MARKS, exist_ok=True)
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = [{**entry, "command": PRECOMPILED.sub("", entry["command"])} for entry in json.load(file)]
    with open(os.path.join(MARKS, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(entries, file)
    commands = {os.path.relpath(entry["file"]): entry["command"] for entry in entries}
    paths = with_users(paths, commands)
    for path in sorted(set(paths) - set(commands)):
        print(f"tidy: {path} is not part of the build, not looked at")
    marks = {path: mark_of(path, commands[path]) for path in paths if path in commands}
    waiting = [path for path, mark in marks.items() if not os.path.exists(mark)]
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        runs = {pool.submit(tidy, MARKS, path): path for path in waiting}
        for run in concurrent.futures.as_completed(runs):
            path, (code, said, seconds) = runs[run], run.result()
            if code:
                bad += 1
                print(said.rstrip())
            else:
                with open(marks[path], "w", encoding="utf-8"):
                    pass
            print(f"tidy: {path} {seconds:.0f} s" + (", findings" if code else ""), flush=True)
    print(f"tidy: {len(marks)} files, {len(waiting)} looked at, {bad} with findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
