#!/usr/bin/env python3
"""Which tests the words of ./dev test name, and which programs hold them.

usage: select_tests.py BUILD_DIR [WORD...]           first line: a regex for ctest -R; then a target a line
       select_tests.py --list BUILD_DIR [WORD...]    the names, a line each
A word selects a test when it is a part of its name ("Suite.Name") or of the path of its source below tests/, in any
case; * stands for anything. Words are alternatives. Tests are read from the sources that BUILD_DIR/test_programs.txt
names and from ctest's own files, so nothing must be built before. A word that selects nothing is an error.
"""
import difflib
import glob
import os
import re
import sys

TEST = re.compile(r"^\s*TEST(?P<kind>|_F|_P)\(\s*(?P<suite>\w+),\s*(?P<name>\w+)\s*\)", re.M)
# CMake refuses expressions whose compiled form is larger than 64 KB.
MAX_REGEX = 30000
ENTRY = re.compile(r"^add_test\((?:\[=\[(?P<quoted>.+?)\]=\]|(?P<plain>\S+)) (?P<command>\"[^\"]+\".*)", re.M)


class test:
    """Of a test with parameters the name has no parameter: those are known when it runs."""

    def __init__(self, name, target, path="", has_parameters=False):
        self.name, self.target, self.path, self.has_parameters = name, target, path, has_parameters


def tests_of_source(text, target, path):
    return [test(f"{found['suite']}.{found['name']}", target, path, found["kind"] == "_P") for found in TEST.finditer(text)]


def tests_of_ctest_file(text, build):
    """Entries with a command of their own. The target is the program of the build that the command is, or is given."""
    found = []
    for entry in ENTRY.finditer(text):
        words = re.findall(r'"([^"]*)"', entry["command"])
        programs = [os.path.basename(word) for word in words if os.path.dirname(word) == os.path.abspath(build)]
        found.append(test(entry["quoted"] or entry["plain"], programs[0] if programs else ""))
    return found


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def all_tests(build):
    found = []
    for line in read(os.path.join(build, "test_programs.txt")).splitlines():
        target, path = line.split(" ", 1)
        found += tests_of_source(read(path), target, re.sub(r"(_test)?\.cc$", "", path[path.find("/tests/") + 7:]))
    for path in sorted(glob.glob(os.path.join(glob.escape(build), "**/CTestTestfile.cmake"), recursive=True)):
        found += tests_of_ctest_file(read(path), build)
    return found


def is_selected_by(word, one):
    pattern = re.compile(re.escape(word).replace(r"\*", ".*"), re.I)
    return bool(pattern.search(one.name) or (one.path and pattern.search(one.path)))


def select(tests, words):
    """(selected tests, words that select nothing); without words all."""
    if not words:
        return tests, []
    chosen, missed = [], []
    for word in words:
        by_word = [one for one in tests if is_selected_by(word, one)]
        chosen += by_word
        if not by_word:
            missed.append(word)
    return [one for one in tests if one in chosen], missed


def regex_of(selected, tests):
    """CMake takes no long ones: a suite that is selected as a whole is named by its suite, and where that does not
    suffice every suite is taken as a whole."""
    def suites(of):
        counted = {}
        for one in of:
            suite = one.name.split(".")[0]
            counted[suite] = counted.get(suite, 0) + 1
        return counted

    in_all, in_selected = suites(tests), suites(selected)

    def joined(takes_whole):
        """At most six parentheses: CMake takes 32."""
        whole, exact, begun = {}, {}, {}
        for one in selected:
            suite = one.name.split(".")[0]
            if takes_whole(suite):
                whole[re.escape(suite) + "[.]"] = None
            else:
                (begun if one.has_parameters else exact)[re.escape(one.name)] = None
        parts = [f"({'|'.join(names)}){end}" for names, end in ((whole, ""), (exact, "$"), (begun, "(/|$)")) if names]
        # Python escapes more than CMake knows.
        return f"(^|/)({'|'.join(parts)})".replace(r"\.", "[.]").replace("\\", "")

    exact = joined(lambda suite: in_selected[suite] == in_all[suite] and in_all[suite] > 1)
    return exact if len(exact) < MAX_REGEX else joined(lambda suite: True)


def complaint(word, tests):
    suites = {one.name.split(".")[0] for one in tests}
    near = difflib.get_close_matches(word.lower(), [suite.lower() for suite in suites], 1, 0.7)
    near = [suite for suite in suites if suite.lower() in near]
    return (f"no test has '{word}' in its name or in the path of its source"
            + (f", is {near[0]} meant?" if near else "") + "; ./dev test --list shows them")


def main(arguments):
    is_list = arguments[0] == "--list"
    build, *words = arguments[1:] if is_list else arguments
    tests = all_tests(build)
    selected, missed = select(tests, words)
    for word in missed:
        print("dev: " + complaint(word, tests), file=sys.stderr)
    if missed:
        return 1
    if is_list:
        print("\n".join(sorted(one.name + ("/*" if one.has_parameters else "") for one in selected)))
    else:
        print("\n".join([regex_of(selected, tests)] + sorted({one.target for one in selected if one.target})))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
