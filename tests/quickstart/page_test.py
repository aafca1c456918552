"""The commands of the operator's page: how they are found, and that bash can parse each."""
import pathlib
import re
import subprocess
import unittest

import page

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docker/operations.md"
RUN = (pathlib.Path(__file__).parent / "run.py").read_text()

SAMPLE = """# Title

    not below a heading of the second level

## First

Words.

    one

    still one

Words `between`.

    two <<'END'
      deeper
    END
### Second
    three
| a | table |
"""


class Page(unittest.TestCase):
    def test_gives_commands_by_heading(self):
        self.assertEqual({"First": ["one\n\nstill one", "two <<'END'\n  deeper\nEND"], "Second": ["three"]}, page.commands_of(SAMPLE))

    def test_has_commands_that_bash_can_parse(self):
        blocks = page.commands_of(PAGE.read_text())
        self.assertGreater(len(blocks), 12)
        for heading, commands in blocks.items():
            for command in commands:
                done = subprocess.run(["bash", "-n"], input=command, capture_output=True, text=True, check=False)
                self.assertEqual((0, ""), (done.returncode, done.stderr), heading)

    def test_is_typed_by_the_run(self):
        for heading in page.commands_of(PAGE.read_text()):
            self.assertIn(f'self.type("{heading}"', RUN)

    def test_links_each_run_book_to_its_heading(self):
        text = PAGE.read_text()
        table = text[text.index("| what changes |"):text.index("Replace a file by renaming")]
        self.assertGreater(len(re.findall(r"\]\(#", table)), 6)


if __name__ == "__main__":
    unittest.main()
