"""Values as the engine keeps them: JSON in, Python's values in between, JSON text out as a broker writes it.

An object is a dict, one in which a name stands twice `Pairs`. Integers have any size, what has a point or an exponent is a float, and
what no double holds becomes the text "Infinity".
"""

import json
import re


class Pairs(list):
    """The members of an object with a name that stands twice, in order."""


def _object(pairs):
    found = dict(pairs)
    return found if len(found) == len(pairs) else Pairs(pairs)


def _float(text):
    number = float(text)
    if number in (float("inf"), float("-inf")):
        return "Infinity" if number > 0 else "-Infinity"
    return number


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float)


def parse(text):
    """The first value of the text; what follows it does not count."""
    return _DECODER.raw_decode(text.strip(" \t\r\n"))[0]


def document(text):
    """{name: value} of variables as a command brings them: no text and null count as no variables, of two of a name the last counts."""
    if not text.strip(" \t\r\n"):
        return {}
    found = parse(text)
    return dict(found or {})


def text(value):
    """JSON without blanks, as a broker writes it."""
    parts = []
    _write(value, parts.append)
    return "".join(parts)


def _write(value, put):
    if value is None or isinstance(value, bool):
        put({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, int):
        put(str(value))
    elif isinstance(value, float):
        put(_double(value))
    elif isinstance(value, str):
        put(_string(value))
    elif isinstance(value, (dict, Pairs)):
        put("{")
        for number, (name, member) in enumerate(value.items() if isinstance(value, dict) else value):
            put((","if number else "") + _string(name) + ":")
            _write(member, put)
        put("}")
    else:
        put("[")
        for number, item in enumerate(value):
            if number:
                put(",")
            _write(item, put)
        put("]")


_SPECIAL = re.compile("[\x00-\x1f\"\\\\\ud800-\udfff\U00010000-\U0010ffff]")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def _escape(match):
    character = match.group()
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04X}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04X}\\u{0xDC00 + (code & 0x3FF):04X}"


def _string(value):
    return '"' + _SPECIAL.sub(_escape, value) + '"'


def _double(value):
    """As Java writes a double."""
    digits = repr(value)
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return digits if "e" not in digits else f"{value:f}"
    sign, digits = ("-", digits[1:]) if value < 0 else ("", digits)
    mantissa, _, exponent = digits.partition("e")
    whole, _, part = mantissa.partition(".")
    power = int(exponent or 0) + len(whole) - 1
    figures = (whole + part).lstrip("0")
    power -= len(whole + part) - len(figures) if whole == "0" else 0
    figures = figures.rstrip("0") or "0"
    return f"{sign}{figures[0]}.{figures[1:] or '0'}E{power}"
