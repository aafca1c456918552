"""No asio::detached in the product: what such a coroutine throws is lost, and its work with it.

connector/base/let_out.h stands in its place.
"""
import re

import sources

DETACHED = re.compile(r"\basio::detached\b|\bdetached_t\b|<boost/asio/detached\.hpp>")


def applies(path):
    return path.endswith(sources.CPP) and path.startswith(("connector/", "worker/"))


def check(path, text):
    code = sources.blanked(text, literals=False)
    return [(sources.line_of(code, match.start()), "an exception is lost: connector::let_out")
            for match in DETACHED.finditer(code)]


GOOD = [
    ("worker/cli/a.cc", "asio::co_spawn(loop, run(), connector::let_out);\n"),
    ("worker/cli/a.cc", "// asio::detached loses what is thrown\nbool detached = true;\n"),
    ("tests/a.cc", "asio::co_spawn(loop, run(), asio::detached);\n"),
]
BAD = [
    ("worker/cli/a.cc", "\nasio::co_spawn(loop, run(), asio::detached);\n", 2),
    ("connector/http/a.cc", "co_spawn(loop, run(), boost::asio::detached);\n", 1),
    ("connector/http/a.cc", "#include <boost/asio/detached.hpp>\n", 1),
]
