#!/usr/bin/env python3
"""Runs the rules of this folder.

usage: run.py [--self-test] [RULE...]     no RULE: all of them
A rule is a module with applies(path), check(path, text) -> [(line, message)] and two lists of
samples, GOOD [(path, text)] and BAD [(path, text, line)]. --self-test runs the rule on its samples:
a rule that finds nothing in a bad sample, or something in a good one, is broken.
"""
import importlib
import sys

import sources

RULES = ("include_rules", "await_rules", "ascii_only", "no_outside_paths", "file_heads",
         "tests_can_fail", "sources_listed", "forbidden_artifacts", "no_detached",
         "number_rules", "page_links")


def self_test(rule):
    problems = []
    for path, text in rule.GOOD:
        found = rule.check(path, text) if rule.applies(path) else []
        problems += [f"good sample {path!r} is refused: {message}" for _, message in found]
    for path, text, line in rule.BAD:
        lines = [at for at, _ in rule.check(path, text)] if rule.applies(path) else []
        if line not in lines:
            problems.append(f"bad sample {path!r} {text!r}: line {line} is not found, only {lines}")
    return problems, len(rule.GOOD) + len(rule.BAD), "samples"


def check_tree(rule):
    problems = []
    paths = [path for path in sources.project_files() if rule.applies(path)]
    for path in paths:
        problems += [f"{path}:{line}: {message}" for line, message in
                     rule.check(path, sources.read(path))]
    return problems, len(paths), "files"


def main(arguments):
    names = [name for name in arguments if name != "--self-test"] or RULES
    run = self_test if "--self-test" in arguments else check_tree
    failed = 0
    for name in names:
        problems, count, what = run(importlib.import_module(name))
        if count == 0:
            problems = [f"no {what} to look at: the rule checks nothing"]
        for problem in problems:
            print(problem)
        print(f"{name}: {count} {what}, {len(problems)} findings")
        failed += len(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
