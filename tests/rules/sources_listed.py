"""Each source file is named in a CMakeLists.txt, so a test that no program builds is found."""
import os
import re

import sources


def applies(path):
    return path.endswith(".cc") and path.split("/")[0] in ("connector", "worker", "tests")


def check(path, text):
    folder = os.path.dirname(path)
    while folder:
        cmake = os.path.join(folder, "CMakeLists.txt")
        if os.path.isfile(os.path.join(sources.ROOT, cmake)):
            name = re.escape(os.path.relpath(path, folder))
            if re.search(rf"(?:^|[\s(/]){name}(?:[\s)]|$)", sources.read(cmake)):
                return []
        folder = os.path.dirname(folder)
    return [(1, "is named in no CMakeLists.txt")]


# Looked up in the tree itself.
GOOD = [("connector/base/json.cc", "")]
BAD = [("connector/base/forgotten.cc", "", 1), ("tests/unit/connector/forgotten_test.cc", "", 1)]
