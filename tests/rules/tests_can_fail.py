"""A test can fail, is not switched off, and does not wait for time to pass."""
import re

import sources

PATTERNS = [
    (re.compile(r"\bGTEST_SKIP\s*\(\s*\)(?!\s*<<)"), "a skip must print its reason"),
    (re.compile(r"\bDISABLED_\w"), "a test that is switched off"),
    (re.compile(r"\b(?:sleep_for|sleep_until|usleep|nanosleep)\b|(?<![\w.>:])(?:::)?sleep\s*\("),
     "sleeping is no synchronisation: wait for the event, or pass the time in"),
    (re.compile(r"\b(?:EXPECT|ASSERT)_TRUE\s*\(\s*true\s*\)|\bSUCCEED\s*\(\s*\)"),
     "an assertion that cannot fail"),
    (re.compile(r"\bTEST(?:_F|_P)?\s*\([^()]*\)\s*\{\s*\}"), "a test without a body"),
]


def applies(path):
    return path.startswith("tests/") and path.endswith(sources.CPP)


def check(path, text):
    code = sources.blanked(text)
    return [(sources.line_of(code, match.start()), what)
            for pattern, what in PATTERNS for match in pattern.finditer(code)]


GOOD = [
    ("tests/a_test.cc", 'TEST(A, B) {\n  if (!x) GTEST_SKIP() << "no folder";\n  EXPECT_TRUE(y);\n}\n'),
    ("tests/a_test.cc", '// sleep_for\nauto s = "usleep(1)"; clock.sleep(5s); engine->sleep(1);\n'),
    ("connector/a.cc", "std::this_thread::sleep_for(1s);\n"),
]
BAD = [
    ("tests/a_test.cc", "\nif (!x) GTEST_SKIP();\n", 2),
    ("tests/a_test.cc", "TEST(A, DISABLED_B) { f(); }\n", 1),
    ("tests/a_test.cc", "std::this_thread::sleep_for(1s);\n", 1),
    ("tests/a_test.cc", "usleep(1);\n", 1),
    ("tests/a_test.cc", "f();\n::sleep(1);\n", 2),
    ("tests/a_test.cc", "EXPECT_TRUE(true);\n", 1),
    ("tests/a_test.cc", "TEST(A, B) {}\n", 1),
]
