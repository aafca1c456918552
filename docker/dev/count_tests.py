#!/usr/bin/env python3
"""Counts what ctest wrote with --output-junit.

usage: count_tests.py JUNIT...
Prints every skipped test with its reason, every failed one by name, and as the last line
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


def skip_reason(output):
    """The text given to GTEST_SKIP, or the last line that a skipping program printed."""
    found = re.search(r": Skipped\n(.*?)\n*(?=\[  SKIPPED \])", output, re.S)
    if found and found.group(1).strip():
        return " ".join(found.group(1).split())
    lines = [line.strip() for line in output.splitlines()]
    lines = [line for line in lines if line and not line.startswith(("[", "Note:"))]
    return lines[-1].removeprefix("skipped: ") if lines else "no reason was printed"


def read_report(path):
    """Yields (name, verdict, remark) for each test of one report."""
    for case in ET.parse(path).getroot().iter("testcase"):
        name = case.get("name", "?")
        skipped = case.find("skipped")
        failure = case.find("failure")
        mark = skipped.get("message", "") if skipped is not None else ""
        if case.get("status") == "disabled":
            yield name, "skipped", "disabled in the source"
        elif mark.startswith(SKIP_MARKS):
            yield name, "skipped", skip_reason(case.findtext("system-out", ""))
        elif skipped is not None:
            yield name, "failed", mark
        elif "Running 0 tests from" in case.findtext("system-out", ""):
            yield name, "failed", "the test program ran nothing under this name"
        elif failure is not None or case.get("status") != "run":
            yield name, "failed", failure.get("message", "") if failure is not None else ""
        else:
            yield name, "passed", ""


def count(paths):
    """(verdict counts, lines to print) over all reports."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    lines = []
    for path in paths:
        label = os.path.basename(path).removesuffix(".xml")
        try:
            results = list(read_report(path))
        except (OSError, ET.ParseError):
            counts["failed"] += 1
            lines.append(f"failed:  {label}: the build or ctest did not come through, see above")
            continue
        if not results:
            counts["failed"] += 1
            lines.append(f"failed:  {label}: no test was run")
        for name, verdict, remark in results:
            counts[verdict] += 1
            if verdict != "passed":
                lines.append(f"{verdict + ':':8} {name}" + (f": {remark}" if remark else ""))
    return counts, lines


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
