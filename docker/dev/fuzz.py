"""Runs libFuzzer programs: fuzz.py FOLDER SECONDS JOBS [TARGET...]

JOBS of them at a time, each for SECONDS of processor time: on a machine that does other work too, a target gets what
it was promised and takes longer. A target that gets no processor ends after twenty times as long. Inputs that were
found stay in FOLDER/corpus/TARGET, what ended a program in FOLDER/findings/TARGET. A line for each target, then
`fuzz: N targets, N findings`. Exit code 0 without findings.
"""

import concurrent.futures
import math
import os
import pathlib
import re
import subprocess
import sys
import time

# A run of a program: libFuzzer counts time by the clock, so it is started again until the processor time is used. The
# limit of one input (-timeout) is by the clock too, so it is long, and what is shorter is no finding.
SLICE = 120
STARVED = 20


def main():
    folder, seconds, jobs, named = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    programs = sorted(path for path in folder.glob("fuzz_*") if os.access(path, os.X_OK) and path.is_file())
    if named:
        programs = [path for path in programs if path.name.removeprefix("fuzz_") in named]
    if not programs:
        sys.exit(f"fuzz: no program below {folder}")
    with concurrent.futures.ThreadPoolExecutor(max_workers=jobs) as pool:
        found = sum(pool.map(lambda path: hunt(folder, path, seconds), programs))
    print(f"fuzz: {len(programs)} targets, {found} findings")
    return 0 if found == 0 else 1


def hunt(folder, program, seconds):
    """The number of findings, at most one: libFuzzer ends with it."""
    name = program.name.removeprefix("fuzz_")
    corpus, findings = folder / "corpus" / name, folder / "findings" / name
    for place in (corpus, findings):
        place.mkdir(parents=True, exist_ok=True)
    before = set(findings.iterdir())
    code, spent, inputs = 0, 0.0, 0
    end = time.monotonic() + STARVED * seconds
    log = folder / "findings" / f"{name}.log"
    log.unlink(missing_ok=True)
    while code == 0 and spent < seconds:
        code, used, told = run([program, f"-max_total_time={min(SLICE, math.ceil(seconds - spent))}", "-timeout=100",
                                "-report_slow_units=100", "-rss_limit_mb=3000", "-print_final_stats=1", f"-artifact_prefix={findings}/", corpus], log)
        spent += used
        ran = re.search(r"stat::number_of_executed_units:\s*(\d+)", told)
        inputs += int(ran.group(1)) if ran else 0
        if time.monotonic() >= end:
            break
    new = sorted(set(findings.iterdir()) - before)
    bad = code != 0 or new
    print(f"{name:<24}{inputs:>12,} inputs, {len(list(corpus.iterdir())):>6,} kept, {spent:>6.0f} s  "
          f"{'FOUND ' + ', '.join(map(str, new)) + f' (log: {log})' if bad else 'nothing found'}", flush=True)
    return 1 if bad else 0


def run(command, log):
    """Exit code, seconds of processor time, and what the program said; that is added to the log."""
    with open(log, "ab+") as sink:
        begin = sink.seek(0, os.SEEK_END)
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        sink.seek(begin)
        return process.returncode, usage.ru_utime + usage.ru_stime, sink.read().decode(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
