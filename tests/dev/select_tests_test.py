"""docker/dev/select_tests.py: which tests the words of ./dev test name."""
import os
import re
import subprocess
import unittest

import parts

select_tests = parts.load("select_tests")

LEASE = """TEST(Lease, EndsInTime) {}
TEST_F(HeldJobs, AreExtended) {}
TEST_P(Wire, IsBroken) {}
// TEST(Lease, IsNotThere)
"""
CTEST = """add_test([=[rules.ascii_only]=] "/usr/bin/python3" "-B" "run.py")
add_test(Attacks.Random "/build/random_attack" "--seed" "1")
add_test([=[templates.drift]=] "/usr/bin/python3" "-B" "drift_test.py" "/build/lambda-connector")
set_tests_properties(x PROPERTIES TIMEOUT 3)
"""


def samples():
    return (select_tests.tests_of_source(LEASE, "jobs_tests", "unit/worker/jobs/lease") +
            select_tests.tests_of_source("TEST(Writer, Writes) {}\nTEST(Lease, IsWritten) {}\n", "base_tests",
                                         "unit/connector/base/json") +
            select_tests.tests_of_ctest_file(CTEST, "/build"))


def names(*words):
    selected, missed = select_tests.select(samples(), words)
    return sorted(one.name for one in selected), missed


class Select(unittest.TestCase):
    def test_takes_parts_of_names_in_any_case(self):
        self.assertEqual((["HeldJobs.AreExtended"], []), names("heldjobs"))
        self.assertEqual((["Lease.EndsInTime"], []), names("lease.ENDS"))
        self.assertEqual((["Lease.EndsInTime"], []), names("Lease*Time"))

    def test_takes_parts_of_the_path_of_a_source(self):
        self.assertEqual((["Lease.IsWritten", "Writer.Writes"], []), names("json"))
        self.assertEqual((["HeldJobs.AreExtended", "Lease.EndsInTime", "Wire.IsBroken"], []), names("worker/jobs"))

    def test_takes_several_words_as_alternatives(self):
        self.assertEqual((["Attacks.Random", "Writer.Writes"], []), names("random", "writes"))

    def test_builds_the_program_that_a_command_is_or_is_given(self):
        targets = {one.name: one.target for one in select_tests.tests_of_ctest_file(CTEST, "/build")}
        self.assertEqual({"rules.ascii_only": "", "Attacks.Random": "random_attack", "templates.drift": "lambda-connector"}, targets)

    def test_names_each_word_that_selects_nothing(self):
        self.assertEqual((["Writer.Writes"], ["nothing", "dot.x"]), names("writes", "nothing", "dot.x"))

    def test_takes_all_without_words(self):
        self.assertEqual(len(samples()), len(names()[0]))


class Regex(unittest.TestCase):
    def test_fits_the_selected_tests_and_no_others(self):
        everything = samples() + select_tests.tests_of_source("TEST(Lease, EndsInTimeToo) {}", "x", "x")
        for words in (["lease.endsintime"], ["json"], ["wire"], ["rules"], ["heldjobs", "wire"]):
            selected, _ = select_tests.select(everything, words)
            regex = re.compile(select_tests.regex_of(selected, everything))
            self.assertEqual({one.name for one in selected}, {one.name for one in everything if regex.search(one.name)})

    def test_fits_tests_with_parameters(self):
        selected, _ = select_tests.select(samples(), ["wire.isbroken"])
        self.assertRegex("Each/Wire.IsBroken/reset", select_tests.regex_of(selected, samples()))

    def test_has_no_more_parentheses_than_ctest_takes(self):
        many = [select_tests.test(f"Suite{number}.Name", "x", "", number % 2 == 0) for number in range(100)]
        for selected in (many, many[::3]):
            self.assertLess(select_tests.regex_of(selected, many + many).count("("), 32)

    def test_of_a_large_selection_is_one_that_ctest_takes(self):
        many = [select_tests.test(f"Suite{number % 300}.{'Name' * 10}{number}", "x") for number in range(3000)]
        self.assertLess(len(select_tests.regex_of(many[:-200], many)), select_tests.MAX_REGEX)


class Complaint(unittest.TestCase):
    def test_names_a_suite_that_is_written_alike(self):
        self.assertIn("is HeldJobs meant?", select_tests.complaint("heldjob_", samples()))
        self.assertNotIn("meant", select_tests.complaint("zzz", samples()))


@unittest.skipUnless(parts.build_folder(), "no build folder was named")
class ThisBuild(unittest.TestCase):
    def test_has_the_tests_that_its_programs_list(self):
        """A program that is not built, or older than one of its sources, is not asked."""
        build, read, sources = parts.build_folder(), {}, {}
        for one in select_tests.all_tests(build):
            if one.path:
                read.setdefault(one.target, set()).add(one.name)
        for line in select_tests.read(os.path.join(build, "test_programs.txt")).splitlines():
            target, path = line.split(" ", 1)
            sources.setdefault(target, []).append(path)
        for target, names_read in sorted(read.items()):
            program = os.path.join(build, target)
            if os.access(program, os.X_OK) and all(is_newer(program, path) for path in sources[target]):
                self.assertEqual(set(), listed_by(program) - names_read,
                                 f"{target} runs these and ./dev test WORD does not find them")


def is_newer(program, path):
    return os.path.getmtime(program) > os.path.getmtime(path)


def listed_by(program):
    text = subprocess.run([program, "--gtest_list_tests"], capture_output=True, text=True, check=True).stdout
    found, suite = set(), ""
    for line in text.splitlines():
        word = line.split("#")[0].rstrip()
        if line.startswith("  "):
            found.add(suite + word.strip().split("/")[0])
        elif word.endswith("."):
            suite = word.split("/")[-1]
    return found


if __name__ == "__main__":
    parts.run()
