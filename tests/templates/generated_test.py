"""templates/generate.py: the files of the tree are what it makes, and older versions are kept."""

import json
import re
import unittest

import tree
import generate
from generator import operations
from generator.kinds import KINDS

FILES = {kind.file: kind for kind in KINDS} | {operations.FILE: operations.HEAD}


class Generated(unittest.TestCase):
    def test_the_files_of_the_tree_are_what_the_rows_make(self):
        differ, surplus = generate.stale(generate.files())
        self.assertEqual([], [str(each) for each in differ + surplus], "run templates/generate.py")

    def test_every_template_is_made(self):
        self.assertEqual({f"{name}.json" for name in FILES}, {path.name for path in tree.TEMPLATES.glob("*.json")})

    def test_every_template_is_used_by_a_document_that_is_run(self):
        used = {each["template"] for each in json.loads((tree.TEMPLATES / "checks/values.json").read_text()).values()}
        self.assertEqual(set(FILES), used)

    def test_the_page_shows_a_picture_of_each_template_light_and_dark_and_of_each_example(self):
        page = (tree.TEMPLATES / "README.md").read_text()
        shown = set(re.findall(r"\]\((pictures/[^)]+\.png)\)", page))
        examples = {f"pictures/{path.stem}.png" for path in (tree.TEMPLATES / "examples").glob("*.bpmn")}
        self.assertEqual({f"pictures/{name}{dark}.png" for name in FILES for dark in ("", "-dark")} | examples, shown)
        for picture in shown:
            self.assertTrue((tree.TEMPLATES / picture).is_file(), picture)

    def test_every_older_version_of_a_template_is_kept_and_no_other(self):
        older = {f"{name}-{version}.json" for name, kind in FILES.items() for version in range(1, kind.version)}
        self.assertEqual(older, {path.name for path in (tree.TEMPLATES / "versions").glob("*.json")})

    def test_an_older_version_has_the_id_of_its_template_and_its_own_number(self):
        for path in (tree.TEMPLATES / "versions").glob("*.json"):
            file, version = re.fullmatch(r"(.+)-([0-9]+)", path.stem).groups()
            old = json.loads(path.read_text())
            self.assertEqual((FILES[file].id, int(version)), (old["id"], old["version"]))


if __name__ == "__main__":
    tree.run()
