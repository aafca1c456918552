"""docker/dev/changes.sh: what ./dev check compares with."""
import os
import subprocess
import tempfile
import unittest

import parts

SCRIPT = os.path.join(parts.ROOT, "docker", "dev", "changes.sh")


class repository:
    """A repository with files a (on main), and whatever a test adds."""

    def __init__(self, folder):
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        self.commit("a")

    def git(self, *arguments):
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@localhost", *arguments], cwd=self.folder, check=True,
                       capture_output=True, env=own)

    def write(self, name):
        with open(os.path.join(self.folder, name), "a", encoding="utf-8") as file:
            file.write("line\n")

    def commit(self, name):
        self.write(name)
        self.git("add", name)
        self.git("commit", "-q", "-m", name)

    def changed(self):
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        text = subprocess.run(["bash", "-euo", "pipefail", "-c", f". '{SCRIPT}'; changed_files"], cwd=self.folder, check=True,
                              capture_output=True, text=True, env=own).stdout
        return sorted(text.split())


class Changes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.repository = repository(folder.name)

    def test_on_main_are_those_of_the_last_commit(self):
        self.repository.commit("b")
        self.repository.write("new")
        self.assertEqual(["b", "new"], self.repository.changed())

    def test_on_main_are_all_commits_that_origin_lacks(self):
        self.repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
        self.repository.commit("b")
        self.repository.commit("c")
        self.assertEqual(["b", "c"], self.repository.changed())

    def test_on_a_fresh_branch_are_not_those_of_the_commit_before(self):
        self.repository.commit("b")
        self.repository.git("checkout", "-q", "-b", "mine")
        self.assertEqual([], self.repository.changed())
        self.repository.write("a")
        self.assertEqual(["a"], self.repository.changed())

    def test_on_a_branch_are_its_own_commits(self):
        self.repository.git("checkout", "-q", "-b", "mine")
        self.repository.commit("b")
        self.repository.commit("c")
        self.repository.git("checkout", "-q", "main")
        self.repository.commit("other")
        self.repository.git("checkout", "-q", "mine")
        self.assertEqual(["b", "c"], self.repository.changed())

    def test_on_a_branch_of_a_newer_origin_are_not_those_of_others(self):
        self.repository.git("checkout", "-q", "-b", "mine")
        self.repository.commit("of_others")
        self.repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
        self.repository.commit("b")
        self.assertEqual(["b"], self.repository.changed())

    def test_without_a_branch_are_those_since_main_or_of_the_last_commit(self):
        self.repository.commit("b")
        self.repository.git("checkout", "-q", "--detach")
        self.assertEqual(["b"], self.repository.changed())
        self.repository.commit("c")
        self.assertEqual(["c"], self.repository.changed())

    def test_of_a_first_commit_are_all_files(self):
        self.assertEqual(["a"], self.repository.changed())


if __name__ == "__main__":
    parts.run()
