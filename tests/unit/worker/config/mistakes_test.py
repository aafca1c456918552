"""Each configuration mistake of mistakes.py gives its message: the program that ships, started as an operator starts it.

usage: mistakes_test.py PROGRAM
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

from mistakes import MISTAKES

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
HEAD = "The configuration cannot be used:"
LEAST = 50


def start(mistake, folder):
    """`print-config` reads all sources as `run` does, and then asks no other system."""
    (folder / "empty").write_text("")
    flags = list(mistake.flags)
    if mistake.file:
        (folder / "worker.yaml").write_text(mistake.file)
        flags += ["--config", "worker.yaml"]
    return subprocess.run([PROGRAM, "print-config", *flags], env={"PATH": "/usr/bin:/bin", **mistake.env}, cwd=folder,
                          capture_output=True, text=True, timeout=60, check=False)


def issues_in(text):
    """The lines between the head and the advice at the end."""
    lines = text.splitlines()
    return [line.strip() for line in lines[lines.index(HEAD) + 1:] if line.startswith("  ")] if HEAD in lines else []


def warnings_in(text):
    return [line.removeprefix("warning: ") for line in text.splitlines() if line.startswith("warning: ")]


def fits(line, expected):
    """A source is the line's beginning; a key follows it in parentheses, or in the text of a line without source."""
    if expected.source and not line.startswith(expected.source):
        return False
    if expected.source and expected.key and f"({expected.key})" not in line:
        return False
    return expected.key in line and all(word in line for word in expected.words)


def differences(lines, expected):
    """What is missing and what is too much; each line is taken once."""
    left, missing = list(lines), []
    for one in expected:
        found = next((line for line in left if fits(line, one)), None)
        if found is None:
            missing.append(one)
        else:
            left.remove(found)
    return missing, left


class Mistakes(unittest.TestCase):
    def test_that_the_table_has(self):
        self.assertGreaterEqual(len(MISTAKES), LEAST)
        self.assertEqual(len(MISTAKES), len({(one.kind, one.what) for one in MISTAKES}))
        for one in MISTAKES:
            self.assertTrue(one.issues or one.warnings, one.what)
            for each in one.issues + one.warnings:
                self.assertTrue(each.words and (each.source or each.key), one.what)

    def test_are_told_each_with_its_source_its_key_and_what_is_allowed(self):
        for one in MISTAKES:
            with self.subTest(kind=one.kind, what=one.what), tempfile.TemporaryDirectory() as folder:
                done = start(one, pathlib.Path(folder))
                self.assertEqual(2 if one.issues else 0, done.returncode, done.stderr)
                self.assertEqual(([], []), differences(issues_in(done.stderr), one.issues), done.stderr)
                self.assertEqual(([], []), differences(warnings_in(done.stderr), one.warnings), done.stderr)
                for text in one.never:
                    self.assertNotIn(text, done.stdout + done.stderr)

    def test_are_not_seen_where_there_are_none(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([PROGRAM, "print-config"], env={"AWS_REGION": "eu-central-1"}, cwd=folder, capture_output=True,
                                  text=True, timeout=60, check=False)
        self.assertEqual((0, ""), (done.returncode, done.stderr))


class Comparison(unittest.TestCase):
    """What reads the program's words must find a wrong one."""

    LINE = "AWS_REGION (aws.region): 'x' is not allowed. It must be a region."

    def one(self):
        return next(one for one in MISTAKES if one.what == "a number out of its bounds").issues[0]

    def test_finds_a_line_too_much(self):
        self.assertEqual(([], [self.LINE]), differences([self.LINE], ()))

    def test_finds_another_source_key_or_word(self):
        good = f"{self.one().source} ({self.one().key}): " + " ".join(self.one().words)
        self.assertEqual(([], []), differences([good], (self.one(),)))
        for bad in (good.replace("CAMUNDA", "ZEEBE"), good.replace("jobs.maxActive", "jobs.most"), good.replace("10000", "9")):
            self.assertEqual(([self.one()], [bad]), differences([bad], (self.one(),)))


if __name__ == "__main__":
    unittest.main()
