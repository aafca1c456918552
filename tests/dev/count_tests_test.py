"""docker/dev/count_tests.py: ctest's report as a count, with the causes of red tests at the end."""
import os
import subprocess
import sys
import tempfile
import unittest

import parts

count_tests = parts.load("count_tests")

HEAD = '<?xml version="1.0"?><testsuite name="x">'
PASSED = '<testcase name="A.Passes" status="run"><system-out>fine</system-out></testcase>'
SKIPPED = ('<testcase name="A.Skips" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>'
           "<system-out>a_test.cc:1: Skipped\nno promtool\n\n[  SKIPPED ] A.Skips</system-out></testcase>")
FAILED = ('<testcase name="A.Fails" status="fail"><failure message=""/><system-out>[ RUN      ] A.Fails\n'
          "a log line\n/x/a_test.cc:7: Failure\nExpected equality\n  1\n  2\n\n[  FAILED  ] A.Fails (0 ms)\n"
          "</system-out></testcase>")
CRASHED = ('<testcase name="A.Crashes" status="fail"><failure message="Child aborted"/><system-out>[ RUN      ] A.Crashes\n'
           "==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n    #0 in read() a.cc:3\n"
           "</system-out></testcase>")
TOTAL = "</testsuite>"


def output_of(*reports):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, f"{number}-tests.xml") for number in range(len(reports))]
        for path, text in zip(paths, reports):
            if text is not None:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
        program = os.path.join(parts.ROOT, "docker", "dev", "count_tests.py")
        ended = subprocess.run([sys.executable, program, *paths], capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout.splitlines()


class Count(unittest.TestCase):
    def test_stands_in_the_last_line(self):
        self.assertEqual((0, ["1 passed, 0 failed"]), output_of(HEAD + PASSED + TOTAL))
        code, lines = output_of(HEAD + PASSED + FAILED + SKIPPED + TOTAL, HEAD + PASSED + TOTAL)
        self.assertEqual((1, "2 passed, 1 failed, 1 skipped"), (code, lines[-1]))

    def test_takes_a_missing_report_and_an_empty_run_for_failures(self):
        self.assertEqual((1, "0 passed, 1 failed"), (lambda code, lines: (code, lines[-1]))(*output_of(None)))
        self.assertEqual((1, "0 passed, 1 failed"), (lambda code, lines: (code, lines[-1]))(*output_of(HEAD + TOTAL)))

    def test_comes_after_the_causes_which_come_after_the_skips(self):
        _, lines = output_of(HEAD + FAILED + SKIPPED + CRASHED + TOTAL)
        self.assertEqual("skipped: A.Skips: no promtool", lines[0])
        self.assertEqual(["failed:  A.Fails", "    /x/a_test.cc:7: Failure", "    Expected equality", "      1", "      2",
                          "failed:  A.Crashes: Child aborted",
                          "    ==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1",
                          "        #0 in read() a.cc:3"], lines[1:9])
        self.assertEqual("0 passed, 2 failed, 1 skipped", lines[-1])

    def test_shows_the_lines_of_the_first_failures_and_names_all(self):
        many = count_tests.MAX_SHOWN + 5
        _, lines = output_of(HEAD + FAILED * many + TOTAL)
        self.assertEqual(many, lines.count("failed:  A.Fails"))
        self.assertEqual(count_tests.MAX_SHOWN, lines.count("    Expected equality"))


class Cause(unittest.TestCase):
    def test_of_a_program_without_expectations_is_its_end(self):
        self.assertEqual(["b", "the reason"], count_tests.cause("b\nthe reason\n"))

    def test_is_bounded(self):
        self.assertEqual(count_tests.MAX_CAUSE + 1,
                         len(count_tests.cause("a.cc:1: Failure\n" + "line\n" * 1000)))


if __name__ == "__main__":
    parts.run()
