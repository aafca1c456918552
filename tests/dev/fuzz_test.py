"""docker/dev/fuzz.py: a target gets its processor time, and what it finds is told."""
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

import parts

fuzz = parts.load("fuzz")

# What a libFuzzer program says and takes: it works for a fifth of a second each time.
WORKS = """
import time
while time.process_time() < 0.2:
    pass
print("stat::number_of_executed_units: 500")
"""
IDLES = "print('stat::number_of_executed_units: 1')"
FINDS = """
import pathlib, sys
prefix = [each for each in sys.argv if each.startswith("-artifact_prefix=")][0].split("=", 1)[1]
pathlib.Path(prefix + "crash-1").write_text("x")
sys.exit(77)
"""


class Hunt(unittest.TestCase):
    def hunt(self, source, seconds):
        """Findings, what was printed, and the log."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            program = folder / "fuzz_some"
            program.write_text(f"#!{sys.executable}\n{source}")
            program.chmod(0o755)
            with contextlib.redirect_stdout(io.StringIO()) as said:
                found = fuzz.hunt(folder, program, seconds)
            return found, said.getvalue(), (folder / "findings" / "some.log").read_text()

    def test_goes_on_until_the_processor_time_is_used(self):
        found, said, log = self.hunt(WORKS, 1)
        runs = log.count("stat::")
        self.assertEqual(0, found)
        self.assertTrue(2 <= runs <= 5, runs)
        self.assertIn(f"{500 * runs:,} inputs", said)
        self.assertIn("nothing found", said)

    def test_ends_for_a_target_that_gets_no_processor(self):
        before, fuzz.STARVED = fuzz.STARVED, 0
        try:
            found, said, log = self.hunt(IDLES, 1000)
        finally:
            fuzz.STARVED = before
        self.assertEqual(0, found)
        self.assertIn("nothing found", said)
        self.assertEqual(1, log.count("stat::"))

    def test_ends_at_the_first_finding_and_names_it(self):
        found, said, log = self.hunt(FINDS, 1000)
        self.assertEqual(1, found)
        self.assertIn("FOUND", said)
        self.assertIn("crash-1", said)
        self.assertEqual("", log)


if __name__ == "__main__":
    parts.run()
