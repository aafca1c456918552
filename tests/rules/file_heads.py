"""Each header is included once and says first what it is for."""
import re

import sources


def applies(path):
    return path.endswith(".h")


def check(path, text):
    lines = text.split("\n")
    code = sources.blanked(text).split("\n")
    found = []
    first = next((number for number, line in enumerate(code, 1) if line.strip()), 1)
    if not re.fullmatch(r"#pragma once\s*", code[first - 1]):
        found.append((first, "#pragma once must come before all code"))
    # The head is what stands before the second line of code (the first include or declaration).
    second = next((number for number, line in enumerate(code, 1) if number > first and line.strip()),
                  len(lines) + 1)
    if not any(line.startswith("//") for line in lines[:second - 1]):
        found.append((1, "no opening comment: what it is, lifetime, thread"))
    return found


GOOD = [
    ("a.h", "// What it is.\n#pragma once\n\nint a();\n"),
    ("a.h", "#pragma once\n\n// What it is.\n// More.\n#include <string>\n"),
]
BAD = [
    ("a.h", "// What it is.\n#include <string>\n#pragma once\n", 2),
    ("a.h", "// What it is.\nint a();\n", 2),
    ("a.h", "#pragma once\n\n#include <string>\n// late\n", 1),
    ("a.h", "", 1),
]
