"""Text becomes a number in one place, connector/base/number.h, with a range.

RapidJSON 1.1.0 crashes on some exponents (CVE-2024-38517), so it parses with numbers kept as text.
"""
import re

import sources

HOME = "connector/base/number.h"
INSTEAD = f": use {HOME}"

PATTERNS = [
    (re.compile(r"\bfrom_chars\b|#\s*include\s*<charconv>"), "from_chars without a range" + INSTEAD),
    (re.compile(r"\bsto(?:i|l|ll|ul|ull|f|d|ld)\s*\("), "std::stoi and its family throw" + INSTEAD),
    (re.compile(r"\bstrto(?:l|ll|ul|ull|f|d|ld|q|uq|imax|umax)\b|\bato(?:i|l|ll|f)\b"),
     "strtol and its family know locales and blanks" + INSTEAD),
    (re.compile(r"\bv?[fs]?scanf\b|\bstrptime\b|\bget_time\b"), "scanf overflows in silence" + INSTEAD),
    (re.compile(r"\blexical_cast\b|\bi?stringstream\b|\btry_lexical_convert\b"),
     "a conversion without a range" + INSTEAD),
    (re.compile(r"\*\s*10U?L*\s*\+|\*=\s*10U?L*\s*;"), "digits added up by hand" + INSTEAD),
    (re.compile(r"\b(?:__)?bid\w*_(?:from|strto|wcsto)\w*string\w*\b|\bbid_strtod\w+\b"),
     "the decimal library's reader takes blanks, inf and nan: use worker::feel::number::parse"),
    (re.compile(r"\bport_number\b"), "Boost.URL cuts a port to 16 bits: use connector/base/port.h"),
    (re.compile(r"\b(?:Get|Is)(?:Int|Uint|Int64|Uint64|Double|Float|Number|LosslessDouble|LosslessFloat)\b"),
     "RapidJSON's numbers: use json::integer_of"),
    (re.compile(r"#\s*include\s*[<\"](?:boost/json|boost/property_tree|nlohmann|google/protobuf/util/json_util)"),
     "a JSON reader that converts numbers: use connector/base/json.h"),
]
PARSE = re.compile(r"[.>]\s*(?:Parse(?:Insitu|Stream)?|IterativeParse\w*)\s*(<[^>()]*>)?\s*\(")
FLAGS = re.compile(r"\bparse_flags\s*=([^;]*);")


def applies(path):
    return path.endswith(sources.CPP) and path.split("/")[0] in ("connector", "worker") and path != HOME


def check(path, text):
    code = sources.blanked(text)
    found = [(sources.line_of(code, match.start()), what)
             for pattern, what in PATTERNS
             for match in pattern.finditer(sources.blanked(text, literals=False)
                                           if "include" in pattern.pattern else code)]
    if "rapidjson/" not in text:
        return found
    for match in PARSE.finditer(code):
        if match.group(1) != "<parse_flags>":
            found.append((sources.line_of(code, match.start()), "RapidJSON parses with parse_flags alone"))
    for match in FLAGS.finditer(code):
        if "kParseNumbersAsStringsFlag" not in match.group(1):
            found.append((sources.line_of(code, match.start()), "kParseNumbersAsStringsFlag is missing"))
    if "rapidjson::Reader" in code or "GenericReader" in code:
        found.append((sources.line_of(code, code.find("Reader")), "a reader of RapidJSON's own: use a Document"))
    return found


RAPID = "#include <rapidjson/document.h>\n"
GOOD = [
    ("connector/base/number.h", "#include <charconv>\nauto a = std::from_chars(b, c, d);\n"),
    ("connector/base/json.cc", RAPID + "constexpr unsigned parse_flags = rapidjson::kParseIterativeFlag |\n"
     "    rapidjson::kParseNumbersAsStringsFlag;\nbool a = (d.Parse<parse_flags>(b, c), d.IsString());\n"),
    ("worker/jobs/a.cc", "// std::stoi(x), strtol\nstop(); auto s = \"atoi(1)\"; std::to_string(1); a.store(1);\n"),
    ("worker/jobs/a.cc", "std::ostringstream out; auto b = a * 10; auto c = 10 * a + 1;\n"),
    ("tests/sandbox/a.cc", "auto a = std::stoi(b);\n"),
    ("worker/feel/a.cc", "auto a = bid128_add(b, c, 0, &d); auto e = bid128_quiet_less(b, c, &d);\n"),
]
BAD = [
    ("connector/aws/a.cc", "#include <charconv>\n", 1),
    ("connector/aws/a.cc", "\nauto a = std::from_chars(b, c, d);\n", 2),
    ("worker/config/a.cc", "auto a = std::stoul(b);\n", 1),
    ("worker/config/a.cc", "auto a = stod (b);\n", 1),
    ("worker/config/a.h", "auto a = ::strtoll(b, nullptr, 10);\n", 1),
    ("worker/config/a.h", "auto a = atoi(b);\n", 1),
    ("connector/http/a.cc", "std::sscanf(a, b, &c);\n", 1),
    ("connector/http/a.cc", "auto a = boost::lexical_cast<int>(b);\n", 1),
    ("worker/admin/a.cc", "std::istringstream in(line);\n", 1),
    ("connector/base/a.cc", "int value = 0;\nvalue = value * 10 + (c - '0');\n", 2),
    ("connector/base/a.cc", "value *= 10;\n", 1),
    ("worker/config/a.cc", "auto p = url.port_number();\n", 1),
    ("connector/base/json.cc", RAPID + "auto a = d.GetInt64();\n", 2),
    ("connector/base/json.cc", RAPID + "if (d.IsDouble()) return;\n", 2),
    ("connector/base/json.cc", RAPID + "d.Parse(text);\n", 2),
    ("connector/base/json.cc", RAPID + "d.Parse<rapidjson::kParseIterativeFlag>(text);\n", 2),
    ("connector/base/json.cc", RAPID + "constexpr unsigned parse_flags = rapidjson::kParseIterativeFlag;\n", 2),
    ("connector/base/json.cc", RAPID + "rapidjson::Reader reader;\n", 2),
    ("worker/feel/a.cc", "auto a = bid128_from_string(b, 0, &c);\n", 1),
    ("worker/jobs/a.cc", "#include <boost/json.hpp>\n", 1),
    ("worker/jobs/a.cc", "#include <google/protobuf/util/json_util.h>\n", 1),
]
