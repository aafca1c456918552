"""docker/dev/tidy.py: which sources are looked at for a changed header."""
import unittest

import parts

tidy = parts.load("tidy")

HEADER = "worker/jobs/lease.h"
INCLUDES = {
    "worker/jobs/lease.cc": {HEADER},
    "worker/jobs/runner.cc": {"worker/jobs/lease_keeper.h"},
    "worker/jobs/lease_keeper.h": {HEADER},
    "worker/jobs/poller.cc": {HEADER},
    "worker/cli/run.cc": {HEADER},
    "tests/unit/worker/jobs/lease_test.cc": {HEADER},
    "tests/journey/a.cc": {HEADER},
}


class Users(unittest.TestCase):
    def test_are_the_own_source_then_the_test_then_the_nearest(self):
        self.assertEqual(["worker/jobs/lease.cc", "tests/unit/worker/jobs/lease_test.cc", "worker/jobs/poller.cc"],
                         tidy.users_of(HEADER, INCLUDES, set()))

    def test_are_those_that_are_looked_at_anyway_where_there_are_some(self):
        self.assertEqual("worker/cli/run.cc", tidy.users_of(HEADER, INCLUDES, {"worker/cli/run.cc"})[0])

    def test_of_a_header_that_only_headers_include_are_users_of_those(self):
        includes = {"a/x.cc": {"a/outer.h"}, "a/outer.h": {"a/inner.h"}, "a/y.cc": {"a/other.h"}}
        self.assertEqual(["a/x.cc"], tidy.users_of("a/inner.h", includes, set()))

    def test_of_a_header_without_users_are_none(self):
        self.assertEqual([], tidy.users_of("a/lonely.h", INCLUDES, set()))

    def test_that_include_each_other_in_a_circle_come_to_an_end(self):
        self.assertEqual([], tidy.users_of("a.h", {"a.h": {"b.h"}, "b.h": {"a.h"}}, set()))


if __name__ == "__main__":
    parts.run()
