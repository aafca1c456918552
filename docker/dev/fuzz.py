"""Runs libFuzzer programs: fuzz.py FOLDER SECONDS JOBS [TARGET...]

JOBS of them at a time. Inputs that were found stay in FOLDER/corpus/TARGET, what ended a program in
FOLDER/findings/TARGET. A line for each target, then `fuzz: N targets, N findings`. Exit code 0 without findings.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys


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
    log = folder / "findings" / f"{name}.log"
    with open(log, "wb") as sink:
        code = subprocess.run([program, f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=3000", "-print_final_stats=1",
                               f"-artifact_prefix={findings}/", corpus],
                              stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, check=False).returncode
    told = log.read_text(errors="replace")
    inputs = re.search(r"stat::number_of_executed_units:\s*(\d+)", told)
    new = sorted(set(findings.iterdir()) - before)
    bad = code != 0 or new
    print(f"{name:<24}{int(inputs.group(1)) if inputs else 0:>12,} inputs, {len(list(corpus.iterdir())):>6,} kept  "
          f"{'FOUND ' + ', '.join(map(str, new)) + f' (log: {log})' if bad else 'nothing found'}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
