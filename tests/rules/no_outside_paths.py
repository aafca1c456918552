"""No file names a path that exists only on one machine: a checkout needs nothing beside it.

Each pattern has one letter in brackets, so that it does not find itself.
"""
import re

PATTERNS = [
    (re.compile(r"(?<![\w.-])/wor[k](?:/|\b)"), "a path of one workplace"),
    (re.compile(r"\.\./share[d]\b"), "a folder beside the project"),
    (re.compile(r"/tmp/(?:brie[f]|buil[d]-|ccach[e])"), "a temporary folder of one machine"),
    (re.compile(r"(?<![\w.-])/roo[t]/"), "a user's home"),
    (re.compile(r"(?<![\w.-])/hom[e]/(?!nonroot\b)\w"), "a user's home"),
]


def applies(path):
    return not path.endswith((".png", ".der", ".p12", ".gz"))


def check(path, text):
    return [(number, f"{match.group()!r} is {what}")
            for number, line in enumerate(text.split("\n"), 1)
            for pattern, what in PATTERNS for match in pattern.finditer(line)]


GOOD = [
    ("a.cc", "// worker/jobs, teamwork/x, network/work/x\n"),
    ("a.md", "the build/ccache folder, /usr/include, /tmp/x, ./shared\n"),
]
BAD = [
    ("a.md", "see\n/wor" + "k/main\n", 2),
    ("a.cmake", "set(X ../share" + "d/data)\n", 1),
    ("dev", "cat /tmp/brie" + "f/x\n", 1),
    ("a.txt", "cmake -B /tmp/buil" + "d-me\n", 1),
    ("a.py", "open('/roo" + "t/x')\n", 1),
    ("a.py", "open('/hom" + "e/me/x')\n", 1),
]
