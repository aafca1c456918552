#!/usr/bin/env python3
"""Counts what ctest wrote with --output-junit.

usage: count_tests.py JUNIT...
Prints every skipped test with its reason, every failed one with its cause, and as the last line
"N passed, N failed" (with ", N skipped" when there are skips). A run of no tests is a failure,
and so is a report that is not there: a build or a ctest that died must not count as a pass.
"""
import os
import re
import sys
import xml.etree.ElementTree as ET

# What ctest writes for a skip that the test itself asked for. Any other test that did not run
# (a program that was not built) counts as failed.
SKIP_MARKS = ("SKIP_RETURN_CODE", "SKIP_REGULAR_EXPRESSION_MATCHED")

# The head of what GoogleTest and a sanitizer say of a failure.
FAILURE = re.compile(r"^\S+:\d+: Failure$|^unknown file: Failure$")
REPORT = re.compile(r"(ERROR|WARNING): \w+Sanitizer|: runtime error: ")
# Lines of one failed test, and failed tests that are shown with their lines; the log has all.
MAX_CAUSE, MAX_SHOWN = 30, 10


def skip_reason(output):
    """The text given to GTEST_SKIP, or the last line that a skipping program printed."""
    found = re.search(r": Skipped\n(.*?)\n*(?=\[  SKIPPED \])", output, re.S)
    if found and found.group(1).strip():
        return " ".join(found.group(1).split())
    lines = [line.strip() for line in output.splitlines()]
    lines = [line for line in lines if line and not line.startswith(("[", "Note:"))]
    return lines[-1].removeprefix("skipped: ") if lines else "no reason was printed"


def cause(output):
    """The lines of a failed test that say why: its failed expectations, a sanitizer's report, else its last lines."""
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    report = next((at for at, line in enumerate(lines) if REPORT.search(line)), None)
    if report is not None:
        return lines[report:report + MAX_CAUSE]
    found, inside = [], False
    for line in lines:
        inside = (inside and not line.startswith("[")) or bool(FAILURE.search(line))
        if inside:
            found.append(line)
    found = found or [line for line in lines if not line.startswith(("[", "Note:"))][-MAX_CAUSE:]
    return found[:MAX_CAUSE] + (["..."] if len(found) > MAX_CAUSE else [])


def read_report(path):
    """Yields (name, verdict, remark, cause) for each test of one report."""
    for case in ET.parse(path).getroot().iter("testcase"):
        name = case.get("name", "?")
        skipped = case.find("skipped")
        failure = case.find("failure")
        mark = skipped.get("message", "") if skipped is not None else ""
        if case.get("status") == "disabled":
            yield name, "skipped", "disabled in the source", []
        elif mark.startswith(SKIP_MARKS):
            yield name, "skipped", skip_reason(case.findtext("system-out", "")), []
        elif skipped is not None:
            yield name, "failed", mark, []
        elif "Running 0 tests from" in case.findtext("system-out", ""):
            yield name, "failed", "the test program ran nothing under this name", []
        elif failure is not None or case.get("status") != "run":
            yield (name, "failed", failure.get("message", "") if failure is not None else "",
                   cause(case.findtext("system-out", "")))
        else:
            yield name, "passed", "", []


def count(paths):
    """(verdict counts, lines to print) over all reports; failures are the last lines."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    lines, red = [], []
    for path in paths:
        label = os.path.basename(path).removesuffix(".xml")
        try:
            results = list(read_report(path))
        except (OSError, ET.ParseError):
            counts["failed"] += 1
            red.append(f"failed:  {label}: the build or ctest did not come through, see above")
            continue
        if not results:
            counts["failed"] += 1
            red.append(f"failed:  {label}: no test was run")
        shown = 0
        for name, verdict, remark, why in results:
            counts[verdict] += 1
            line = f"{verdict + ':':8} {name}" + (f": {remark}" if remark else "")
            if verdict == "skipped":
                lines.append(line)
            elif verdict == "failed":
                red.append(line)
                red += [f"    {text}" for text in why] if shown < MAX_SHOWN else []
                shown += 1
        if shown:
            red.append(f"the whole output is in {path.removesuffix('.xml')}.log")
    return counts, lines + red


def main(paths):
    counts, lines = count(paths)
    for line in lines:
        print(line)
    total = f"{counts['passed']} passed, {counts['failed']} failed"
    if counts["skipped"]:
        total += f", {counts['skipped']} skipped"
    print(total)
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
