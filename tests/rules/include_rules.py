"""Who may include whom: arrows go one way, main > worker > door > connector > base.

Debian keeps all headers in one folder, so the link line does not stop a wrong include.
"""
import re

import sources

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.M)

# Rooms of connector/ from the bottom up; two of one height do not see each other. The door
# (connector/*.h) is beside them: it may see base, and only lambda, which implements it, may
# see the door.
ROOMS = {"base": 0, "http": 1, "oauth": 2, "aws": 2, "lambda": 3}


def applies(path):
    return path.endswith(sources.CPP) and path.split("/")[0] in ("connector", "worker", "tests")


def room_of(path):
    """'base' of connector/base/json.h, 'door' of connector/connector.h."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else "door"


def is_engine_api(header):
    return header.startswith(("grpc", "google/protobuf", "proto/")) or header.endswith(".pb.h")


def is_composition(path):
    """The room that names concrete classes, and the two commands that show what lies behind the door."""
    return path.startswith("worker/program/") or path in ("worker/cli/check.cc", "worker/cli/regions.cc")


def complaint(path, header, quoted):
    """Why this file may not include this header, or None."""
    top = path.split("/")[0]
    if quoted and "/" not in header:
        return "is not a path from the root of the project"
    if header.startswith("rapidjson/") and path != "connector/base/json.cc":
        return "belongs into connector/base/json.cc alone"
    if top == "tests":
        return None
    if header.startswith("tests/"):
        return "is test code"
    if header.startswith(("boost/beast", "boost/asio/ssl")):
        rooms = ("connector/http/", "worker/admin/") if "beast" in header else ("connector/http/",)
        if not (path.startswith(rooms) and path.endswith(".cc")):
            return "belongs into the .cc files of connector/http, and Beast also into those of worker/admin"
    if is_engine_api(header) and not path.startswith("worker/engine/"):
        return "belongs into worker/engine"
    if top == "connector":
        return complaint_of_connector(path, header)
    if header.startswith("connector/") and not is_composition(path):
        if room_of(header) not in ("door", "base"):
            return "is behind the door: worker sees connector/*.h and connector/base"
    return None


def complaint_of_connector(path, header):
    if header.startswith("worker/"):
        return "is above: connector knows nothing of the worker"
    if not header.startswith("connector/"):
        return None
    own, other = room_of(path), room_of(header)
    if other in (own, "base"):
        return None
    if own == "door":
        return "is behind the door, which sees base alone"
    if other == "door":
        return None if own == "lambda" else "is the door: only connector/lambda implements it"
    if ROOMS.get(own, 99) <= ROOMS.get(other, 99):
        return f"is not below connector/{own}"
    return None


def check(path, text):
    found = []
    for match in INCLUDE.finditer(sources.blanked(text, literals=False)):
        header = match.group(1) or match.group(2)
        reason = complaint(path, header, match.group(1) is not None)
        if reason:
            found.append((sources.line_of(text, match.end()), f"{header} {reason}"))
    return found


GOOD = [
    ("connector/base/json.cc", "#include <rapidjson/reader.h>\n"),
    ("connector/http/sample.cc", '#include <boost/beast/http.hpp>\n#include "connector/base/a.h"\n'),
    ("connector/aws/sample.cc", '#include "connector/http/client.h"\n'),
    ("connector/oauth/sample.cc", '#include "connector/http/client.h"\n'),
    ("connector/lambda/sample.cc", '#include "connector/connector.h"\n#include "connector/aws/a.h"\n'),
    ("connector/sample.h", '#include "connector/base/result.h"\n#include "connector/outcome.h"\n'),
    ("worker/jobs/sample.cc", '#include "connector/connector.h"\n#include "connector/base/log.h"\n'),
    ("worker/engine/sample.cc", '#include <grpcpp/grpcpp.h>\n#include "proto/gateway.grpc.pb.h"\n'),
    ("worker/program/sample.cc", '#include "connector/http/client.h"\n'),
    ("worker/cli/check.cc", '#include "connector/http/client.h"\n'),
    ("worker/admin/sample.cc", "#include <boost/beast/http.hpp>\n"),
    ("tests/sample.cc", "#include <boost/beast/http.hpp>\n#include <grpcpp/grpcpp.h>\n"),
    ("connector/base/sample.cc", '// #include "worker/jobs/a.h"\n/*\n#include <grpcpp/grpcpp.h>\n*/\n'),
]
BAD = [
    ("connector/lambda/sample.cc", '#include <string>\n\n#include "worker/jobs/slots.h"\n', 3),
    ("connector/aws/sample.cc", "#include <grpcpp/grpcpp.h>\n", 1),
    ("connector/aws/sample.h", "#include <google/protobuf/message.h>\n", 1),
    ("connector/aws/sample.h", '#include "proto/gateway.pb.h"\n', 1),
    ("connector/base/sample.cc", '#include "connector/http/client.h"\n', 1),
    ("connector/http/sample.cc", '#include "connector/aws/sigv4.h"\n', 1),
    ("connector/aws/sample.cc", '#include "connector/connector.h"\n', 1),
    ("connector/aws/sample.cc", '#include "connector/oauth/access_token.h"\n', 1),
    ("connector/oauth/sample.cc", '#include "connector/aws/sigv4.h"\n', 1),
    ("worker/engine/sample.cc", '#include "connector/oauth/access_token.h"\n', 1),
    ("connector/sample.h", '#include "connector/lambda/prepare.h"\n', 1),
    ("connector/http/sample.h", "#  include <boost/beast/http.hpp>\n", 1),
    ("connector/http/sample.h", "#include <boost/asio/ssl.hpp>\n", 1),
    ("worker/jobs/sample.cc", "#include <boost/beast/http.hpp>\n", 1),
    ("worker/admin/sample.h", "#include <boost/beast/http.hpp>\n", 1),
    ("worker/admin/sample.cc", "#include <boost/asio/ssl.hpp>\n", 1),
    ("worker/jobs/sample.cc", '#include "connector/aws/sigv4.h"\n', 1),
    ("worker/cli/run.cc", '#include "connector/aws/sigv4.h"\n', 1),
    ("worker/main.cc", '#include "connector/http/client.h"\n', 1),
    ("worker/jobs/sample.cc", "#include <grpcpp/grpcpp.h>\n", 1),
    ("worker/jobs/sample.cc", '#include "tests/sandbox/engine.h"\n', 1),
    ("worker/jobs/sample.cc", "#include <rapidjson/document.h>\n", 1),
    ("connector/base/sample.cc", '#include "json.h"\n', 1),
]
