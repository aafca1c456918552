"""docker/dev/run_logged.py: what is shown of a command whose output goes to a file."""
import os
import subprocess
import sys
import tempfile
import unittest

import parts

run_logged = parts.load("run_logged")

FAILED_BUILD = """[1/9] Building CXX object a.cc.o
FAILED: b.cc.o
/usr/bin/clang++-16 -Wall """ + "-Ix " * 500 + """-c b.cc
In file included from b.cc:1:
b.cc:7:3: error: use of undeclared identifier 'colour'
  colour = 1;
  ^
1 error generated.
[2/9] Building CXX object c.cc.o
FAILED: d.cc.o
/usr/bin/clang++-16 -c d.cc
d.cc:1:1: error: unknown type name 'x'
ninja: build stopped: subcommand failed.
"""


class Digest(unittest.TestCase):
    def test_of_a_build_is_the_first_failed_command_without_its_command_line(self):
        lines = run_logged.digest(FAILED_BUILD)
        self.assertEqual("FAILED: b.cc.o", lines[0])
        self.assertIn("b.cc:7:3: error: use of undeclared identifier 'colour'", lines)
        self.assertEqual("1 more commands failed", lines[-1])
        self.assertFalse([line for line in lines if "clang++" in line or "d.cc:1" in line])

    def test_of_another_command_is_the_first_error_and_the_end(self):
        text = "one\nCMake Error at CMakeLists.txt:3: no clang\n" + "".join(f"line {i}\n" for i in range(99))
        lines = run_logged.digest(text)
        self.assertEqual("CMake Error at CMakeLists.txt:3: no clang", lines[0])
        self.assertEqual("line 98", lines[-1])
        self.assertLessEqual(len(lines), run_logged.MAX_FIRST + 1)

    def test_without_an_error_in_it_is_the_end(self):
        lines = run_logged.digest("".join(f"line {i}\n" for i in range(99)))
        self.assertEqual([f"line {i}" for i in range(74, 99)], lines)


class Progress(unittest.TestCase):
    def test_is_read_from_lines_of_ninja_and_of_ctest(self):
        self.assertEqual("3/12 json.cc.o", run_logged.progress_of("[3/12] Building CXX object connector/base/json.cc.o\n"))
        self.assertEqual("3/12 Json.IsRead", run_logged.progress_of(" 3/12 Test  #7: Json.IsRead ....   Passed\n"))
        self.assertIsNone(run_logged.progress_of("b.cc:7:3: error: [1/2]\n"))


class Run(unittest.TestCase):
    def run_command(self, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "new", "x.log")
            program = os.path.join(parts.ROOT, "docker", "dev", "run_logged.py")
            ended = subprocess.run([sys.executable, program, *[log if one == "LOG" else one for one in arguments]],
                                   capture_output=True, text=True, check=False)
            with open(log, encoding="utf-8") as file:
                return ended, file.read()

    def test_prints_nothing_of_a_command_that_succeeds(self):
        ended, log = self.run_command("LOG", "step", "sh", "-c", "echo '[1/1] a'; echo b >&2")
        self.assertEqual((0, "", ""), (ended.returncode, ended.stdout, ended.stderr))
        self.assertEqual("[1/1] a\nb\n", log)

    def test_shows_the_end_of_a_command_that_fails_and_keeps_its_code(self):
        ended, _ = self.run_command("LOG", "step", "sh", "-c", "echo the reason; exit 7")
        self.assertEqual(7, ended.returncode)
        self.assertIn("the reason\nstep failed, the whole log is ", ended.stderr)

    def test_writes_each_line_at_once_so_that_the_log_can_be_followed(self):
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "x.log")
            program = os.path.join(parts.ROOT, "docker", "dev", "run_logged.py")
            # The command itself looks for its first line in the log, for ten seconds at most.
            script = f"echo first; for i in $(seq 200); do grep -q first '{log}' && exit 0; sleep 0.05; done; exit 1"
            ended = subprocess.run([sys.executable, program, log, "step", "sh", "-c", script], check=False, capture_output=True)
            self.assertEqual(0, ended.returncode)

    def test_shows_nothing_where_the_caller_shows_the_failure(self):
        ended, _ = self.run_command("--no-digest", "LOG", "step", "sh", "-c", "echo the reason; exit 7")
        self.assertEqual((7, "", ""), (ended.returncode, ended.stdout, ended.stderr))


if __name__ == "__main__":
    parts.run()
