#!/usr/bin/env python3
"""Counts what the worker does often, for the optimiser: a build with counters serves jobs of several kinds.

Usage: profile.py LAMBDA-BENCH BUILD LLVM-PROFDATA FILE
BUILD is the build folder of the preset "profile"; its program writes its counters into counts/ there when it ends. FILE
becomes what llvm-profdata makes of them: the functions that ran, as text.
"""
import pathlib
import shutil
import subprocess
import sys

# Options of lambda-bench; the measured time is the weight.
LOADS = [
    ["--points-in-flight", "32", "--measure-ms", "4000"],
    ["--points-in-flight", "500", "--measure-ms", "4000"],
    ["--points-in-flight", "32", "--measure-ms", "2000", "--secrets", "10"],
    ["--points-in-flight", "32", "--measure-ms", "2000", "--payload", "20000"],
]


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    bench, build, profdata, file = sys.argv[1:]
    worker, counts = pathlib.Path(build, "lambda-connector"), pathlib.Path(build, "counts")
    shutil.rmtree(counts, ignore_errors=True)
    for load in LOADS:
        subprocess.run([bench, "--worker", str(worker), "--points-alone", "--rounds", "1", "--points-delay", "0", *load],
                       check=True, stdout=subprocess.DEVNULL, timeout=120)
    found = list(counts.glob("*.profraw"))
    if not found:
        sys.exit(f"profile: {worker} left no counters in {counts}")
    merged = subprocess.run([profdata, "merge", "--sparse", "--text", *map(str, found)],
                            check=True, capture_output=True, text=True).stdout
    head, kind, functions = merged.partition(":ir\n")
    # By name, so that the next profile differs where the program does.
    ordered = sorted(text.strip("\n") for text in functions.split("\n\n") if text.strip("\n"))
    pathlib.Path(file).write_text(head + kind + "\n\n".join(ordered) + "\n\n", encoding="ascii")
    print(f"{file}: {len(ordered)} functions")


if __name__ == "__main__":
    main()
