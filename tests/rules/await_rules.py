"""A co_await stands alone in its statement: no brace, lambda or ?: in the awaited expression.

g++ 12 destroys temporaries of such expressions twice. The compiler of record does not, but code
that is only right with one compiler is not kept.
"""
import re

import sources

AWAIT = re.compile(r"\bco_await\b")


def applies(path):
    return path.endswith(sources.CPP)


def awaited(code, start):
    """The awaited expression: up to what ends it, braces included when it has any."""
    depth = 0
    for at in range(start, len(code)):
        mark = code[at]
        if mark in "([":
            depth += 1
        elif mark in ")]":
            depth -= 1
            if depth < 0:
                return code[start:at]
        elif mark == "{":
            return code[start:at + 1]
        elif mark in ";," and depth == 0:
            return code[start:at]
    return code[start:]


def check(path, text):
    code = sources.blanked(text)
    found = []
    for match in AWAIT.finditer(code):
        expression = awaited(code, match.end())
        before = re.split(r"[;{}]", code[:match.start()])[-1]
        reason = None
        if "{" in expression:
            reason = "a brace or a lambda in the awaited expression"
        elif "?" in expression or "?" in before:
            reason = "?: around or in the awaited expression"
        elif AWAIT.search(expression) or AWAIT.search(before):
            reason = "two co_await in one statement"
        if reason:
            found.append((sources.line_of(code, match.start()), reason + ": name the parts first"))
    return found


GOOD = [
    ("a.cc", "auto r = co_await socket.read(buffer, 5s);\nif (!r) co_return r.error();\n"),
    ("a.cc", "if (auto r = co_await f(x, y); !r) {\n  g{};\n}\n"),
    ("a.cc", "while (co_await next()) {\n  h();\n}\n"),
    ("a.cc", "// co_await f({1, 2});\nauto s = \"co_await f({})\";\nco_await g(1'000, '?', \"{\");\n"),
    ("a.cc", "auto r = co_await (op() || timer.wait());\n"),
]
BAD = [
    ("a.cc", "\nco_await f({1, 2});\n", 2),
    ("a.cc", "auto r = co_await send(request{1});\n", 1),
    ("a.cc", "co_await run([&] { return 1; });\n", 1),
    ("a.cc", "auto r = ready ? x : co_await f();\n", 1),
    ("a.cc", "auto r = co_await (a ? f() : g());\n", 1),
    ("a.cc", "x();\nauto r = co_await f(\n    b ? 1 : 2);\n", 2),
    ("a.cc", "auto r = co_await f(co_await g());\n", 1),
    ("a.cc", "auto r = co_await f() + co_await g();\n", 1),
]
