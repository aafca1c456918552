"""Expressions of FEEL by its grammar, most of them of kinds that go together, from a seed.

    expressions.py SEED COUNT      one JSON object a line: id, expression, context
"""

import json
import random
import sys

from functions import FUNCTIONS

CONTEXT = {
    "n": 5, "m": -2.5, "zero": 0, "big": 9007199254740993, "rate": 0.1,
    "s": "hello World", "t": "\u00e4\u00f6\u00fc \u00df", "empty": "", "code": "ORD-0042",
    "yes": True, "no": False, "nothing": None,
    "list": [1, 2, 3, 4], "words": ["b", "a", "C"], "mixed": [1, "a", None, True],
    "items": [{"id": 1, "price": 10.5, "name": "apple"}, {"id": 2, "price": 3, "name": "pear", "tags": ["x", "y"]}, {"id": 3}],
    "obj": {"a": 1, "b": {"c": "deep"}, "list": [5, 6]},
    "day": "2024-02-29", "moment": "2024-03-31T01:30:00+01:00",
}

DATES = ["2024-02-29", "2023-12-31", "1999-01-01", "-0044-03-15", "2024-03-31", "0001-01-01", "12024-01-01"]
TIMES = ["10:00:00", "23:59:59.5", "00:00", "10:30:15Z", "10:30:15+05:30", "08:00:00@Europe/Berlin", "12:00:00.123456-03:00"]
DATE_TIMES = ["2024-02-29T10:00:00", "2023-12-31T23:59:59.75", "2024-03-31T02:30:00@Europe/Berlin", "2024-10-27T02:30:00@Europe/Berlin",
              "2024-01-01T10:00:00Z", "2024-06-01T10:00:00-04:00", "2024-01-01T10:00:00+01:00[Europe/Paris]", "1970-01-01T00:00"]
DAYS = ["P1D", "PT36H", "-PT90M", "PT0.5S", "P1DT2H3M4S", "PT0S", "P400D"]
MONTHS = ["P1Y", "P14M", "-P18M", "P1Y2M", "P0M"]
WRONG_TEXTS = ["", "nonsense", "2024-02-30", "24:00", "25:00:00", "P", "2024-13-01T10:00:00", "10:00:00@No/Where", "P1W"]
STRINGS = ['"foobar"', '"a,b;c"', '"  x "', '""', '"\u00e4\u03a3"', '"stra\u00dfe"', '"a\\nb"', '"q\\"q"', '"FOO 12"', '"2024"', "s", "t", "code", "empty"]
PATTERNS = ["o+", "[a-c]", "\\\\d+", "\\\\s", "(o)(b)?", "^h", "d$", "a|b", "", "(?i)O", "[^a-z]", "\\\\bW", "(", "[", "*", "\\\\p{Lu}", "(?<x>o)", ",\\\\s*", "o{2}"]
REPLACEMENTS = ["x", "", "[$0]", "$1", "\\\\$", "<$2>", "${x}", "$"]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, choices):
        return choices[self.random.randrange(len(choices))]

    def chance(self, share):
        return self.random.random() < share

    def of(self, kind, depth):
        """An expression of that kind, mostly."""
        if self.chance(0.04):
            kind = self.pick(["number", "string", "boolean", "numbers", "context", "date", "days", "null"])
        kind = self.pick(kind.split("|"))
        if kind == "any":
            kind = self.pick(["number", "number", "string", "string", "boolean", "numbers", "strings", "things", "context", "date", "time",
                              "datetime", "days", "months", "null"])
        if depth > 0 and self.chance(0.12):
            return self.general(kind, depth - 1)
        if depth > 0 and self.chance(0.35):
            called = self.call(kind, depth - 1)
            if called is not None:
                return called
        return getattr(self, "of_" + kind)(depth)

    # --- what every kind can be ---

    def general(self, kind, depth):
        form = self.random.randrange(9)
        if form == 0:
            return f"if {self.of('boolean', depth)} then {self.of(kind, depth)} else {self.of(kind, depth)}"
        if form == 1:
            return f"({self.of(kind, depth)})"
        if form == 2:
            return f"{{k: {self.of(kind, depth)}, other: 1}}.k"
        if form == 3:
            return f"[{self.of(kind, depth)}, {self.of(kind, depth)}][{self.pick(['1', '2', '-1', '3'])}]"
        if form == 4:
            return f"{{f: function(a, b) {self.pick(['a', 'b', 'get or else(a, b)'])}, r: f({self.of(kind, depth)}, {self.of(kind, depth)})}}.r"
        if form == 5:
            return f"{{a: {self.of(kind, depth)}, b: a, c: {{a: b}}}}.c.a"
        if form == 6:
            return f"(for x in [{self.of(kind, depth)}, {self.of(kind, 0)}] return x)[{self.pick(['1', '-1', 'n', 'item = item', 'true'])}]"
        if form == 7:
            return f"[{{v: {self.of(kind, depth)}}}, {{v: {self.of(kind, 0)}}}, {{w: 1}}]{self.pick(['[1].v', '.v[2]', '[v != null].v[1]', '[item.w = 1].v'])}"
        return f"get or else({self.of(kind, depth)}, {self.of(kind, depth)})"

    def call(self, kind, depth):
        found = [row for row in FUNCTIONS if row[2] == kind]
        if not found:
            return None
        name, parameters, _ = self.pick(found)
        values = [self.of(each, depth) for _, each in parameters]
        # The runtime of the oracle knows no bpmnError with one argument, which later ones do.
        if name == "bpmnError":
            pass
        elif self.chance(0.02):
            values.append("1")
        elif self.chance(0.02) and values:
            values.pop()
        names = [each for each, _ in parameters]
        if self.chance(0.1) and len(values) == len(names) == len(set(names)):
            pairs = list(zip(names, values))
            self.random.shuffle(pairs)
            return f"{name}({', '.join(f'{key}: {value}' for key, value in pairs)})"
        return f"{name}({', '.join(values)})"

    def listed(self, kind, depth, most=4):
        return "[" + ", ".join(self.of(kind, depth) for _ in range(self.random.randrange(most + 1))) + "]"

    # --- kinds ---

    def of_null(self, _):
        return self.pick(["null", "nothing", "missing", "obj.none"])

    def of_number(self, depth):
        if depth > 0 and self.chance(0.45):
            left, right = self.of("number", depth - 1), self.of("number", depth - 1)
            sign = self.pick(["+", "+", "-", "-", "*", "*", "/"])
            return f"{self.bracketed(left)} {sign} {self.bracketed(right)}"
        if depth > 0 and self.chance(0.12):
            words = [self.pick(["1", "2", "3", "n", "m", "0.5", "-2", "list[1]", "obj.a"])]
            for _ in range(self.random.randrange(1, 4)):
                words += [self.pick(["+", "-", "*", "/", "**"]), self.pick(["1", "2", "3", "n", "rate", "-1", "0.25", "(1 + n)"])]
            return self.pick([" ", " ", "", "  "]).join(words)
        if depth > 0 and self.chance(0.1):
            return self.pick(["{}.year", "{}.month", "{}.day", "{}.weekday"]).format(self.bracketed(self.of("date|datetime", depth - 1)))
        if depth > 0 and self.chance(0.08):
            return self.pick(["{}.days", "{}.hours", "{}.seconds", "{}.years"]).format(self.bracketed(self.of("days|months", depth - 1)))
        if depth > 0 and self.chance(0.06):
            return f"{self.bracketed(self.of('small', 0))} ** {self.pick(['2', '3', '0', '1', '10'])}"
        return self.pick(["1", "0", "42", "1.5", "0.1", ".25", "-3", "1.50", "100", "n", "m", "zero", "big", "rate", "obj.a", "items[1].price",
                          "3.14159", "12345678.9", "0.001", "list[2]", "count(items)", "7", "2"])

    def of_small(self, _):
        return self.pick(["0", "1", "2", "3", "-1", "-2", "4", "10", "1.5", "n"])

    def of_year(self, _):
        return self.pick(["2024", "1999", "0", "-44", "10000"])

    def of_digits(self, _):
        return self.pick(['"1"', '"-1.50"', '"1,000.5"', '"1 000"', '"abc"', '""', '"1E3"', '"007"', '".5"', '"1."'])

    def of_separator(self, _):
        return self.pick(['","', '" "', '"."', '";"'])

    def of_string(self, depth):
        if depth > 0 and self.chance(0.3):
            return f"{self.bracketed(self.of('string', depth - 1))} + {self.bracketed(self.of('string', depth - 1))}"
        return self.pick(STRINGS + ["items[1].name", "obj.b.c", "words[1]", "day"])

    def of_key(self, _):
        return self.pick(['"a"', '"b"', '"id"', '"none"', '"c"', '["b", "c"]'])

    def of_pattern(self, _):
        if self.chance(0.6):
            return f'"{self.pick(PATTERNS)}"'
        return '"' + "".join(self.pattern_piece(2) for _ in range(self.random.randrange(1, 4))) + '"'

    def pattern_piece(self, depth):
        """A piece of a regular expression of Java, as it stands in a string of FEEL."""
        form = self.random.randrange(6 if depth > 0 else 3)
        if form == 0:
            piece = self.pick(["a", "b", "o", "0", " ", "-", ".", "\\\\d", "\\\\w", "\\\\s", "\\\\S", "\\\\.", "\u00df"])
        elif form == 1:
            piece = self.pick(["[a-c]", "[^a-c]", "[\\\\dA-F]", "[a-z&&[^o]]", "\\\\p{L}", "\\\\P{Lu}", "[-,;]"])
        elif form == 2:
            piece = self.pick(["^", "$", "\\\\b", "a|b", "(?i)", "\\\\1"])
        else:
            inner = "".join(self.pattern_piece(depth - 1) for _ in range(self.random.randrange(1, 3)))
            piece = self.pick(["(", "(?:", "(?=", "(?!", "(?i:", "(?<x>"]) + inner + ")"
        return piece + self.pick(["", "", "", "*", "+", "?", "{2}", "{1,2}", "*?", "++"])

    def of_replacement(self, _):
        return f'"{self.pick(REPLACEMENTS)}"'

    def of_flags(self, _):
        return f'"{self.pick(["", "i", "s", "m", "x", "im", "q"])}"'

    def of_jsontext(self, _):
        return self.pick(['"{\\"a\\": [1, 2.50, null]}"', '"[1"', '"\\"x\\""', '"12.0"', '"true"', '""', '"{\\"n\\": 12345678901234}"'])

    def of_boolean(self, depth):
        if depth <= 0:
            return self.pick(["true", "false", "yes", "no"])
        form = self.random.randrange(11)
        if form == 9:
            words = [self.pick(["true", "false", "null", "yes", "n > 2", "s = t", "1 = 1", "nothing"])]
            for _ in range(self.random.randrange(1, 4)):
                words += [self.pick(["and", "or"]), self.pick(["true", "false", "null", "no", "n + 1 < 2 * 3", "not(yes)", "m in [1..5]", "s != t"])]
            return " ".join(words)
        if form == 10:
            day = self.pick(["date", "datetime", "days", "string"])
            ends = [self.bracketed(self.of(day, 0)) for _ in range(3)]
            return f"{ends[0]} in {self.pick('[(]')}{ends[1]}..{ends[2]}{self.pick('[)]')}"
        if form == 0:
            return f"{self.bracketed(self.of('boolean', depth - 1))} {self.pick(['and', 'or'])} {self.bracketed(self.of('boolean', depth - 1))}"
        if form in (1, 2, 3):
            kind = self.pick(["number", "number", "string", "date", "time", "datetime", "days", "months", "numbers", "context", "any"])
            signs = ["=", "!="] if kind in ("numbers", "context") else ["=", "!=", "<", "<=", ">", ">="]
            return f"{self.bracketed(self.of(kind, depth - 1))} {self.pick(signs)} {self.bracketed(self.of(kind, depth - 1))}"
        if form == 4:
            return f"{self.bracketed(self.of('number', depth - 1))} in {self.tests(depth - 1)}"
        if form == 5:
            kind = self.pick(["number", "date", "string"])
            parts = [self.bracketed(self.of(kind, depth - 1)) for _ in range(3)]
            return f"{parts[0]} between {parts[1]} and {parts[2]}"
        if form == 6:
            return f"{self.bracketed(self.of('any', depth - 1))} instance of {self.pick(['number', 'string', 'boolean', 'date', 'list', 'context', 'Any'])}"
        if form == 7:
            return f"{self.pick(['some', 'every'])} x in {self.bracketed(self.of('numbers', depth - 1))} satisfies x {self.pick(['>', '<', '='])} {self.of('number', 0)}"
        return f"not({self.of('boolean', depth - 1)})"

    def tests(self, depth):
        form = self.random.randrange(9)
        if form == 6:
            return f"({self.of('numbers', 0)}, {self.of('number', 0)}, null)"
        if form == 7:
            return f"(not({self.of_small(0)}))"
        if form == 8:
            return self.pick(["(odd(?))", "(? * 2 = 4)", "([1, 2, 3])", "(contains(string(?), \"1\"))", "(list)", "(-)"])
        if form == 0:
            return self.of_range(depth)
        if form == 1:
            return f"({self.pick(['<', '<=', '>', '>='])} {self.of_small(0)}, {self.of_small(0)})"
        if form == 2:
            return f"{self.pick(['<', '<=', '>', '>='])} {self.of_small(0)}"
        if form == 3:
            return f"({self.of_small(0)}, {self.of_range(0)})"
        if form == 4:
            return "(? > 2)"
        return self.of("numbers", depth)

    def of_range(self, _):
        if self.chance(0.15):
            ends = sorted(self.random.sample(DATES[:5], 2))
            ends = [f'@"{end}"' for end in ends]
        else:
            ends = [self.of_small(0), self.of_small(0)]
        return self.pick(["[", "("]) + "..".join(ends) + self.pick(["]", ")"])

    def of_numbers(self, depth):
        if depth > 0 and self.chance(0.3):
            form = self.random.randrange(4)
            if form == 0:
                return f"for x in {self.bracketed(self.of('numbers', depth - 1))} return x {self.pick(['+', '*', '-'])} {self.of('number', 0)}"
            if form == 1:
                return f"for i in {self.of_small(0)}..{self.of_small(0)} return i"
            if form == 2:
                return f"{self.bracketed(self.of('numbers', depth - 1))}[item {self.pick(['>', '<', '=', '!='])} {self.of('number', 0)}]"
            return f"for x in {self.of('numbers', 0)}, y in {self.of('numbers', 0)} return x * y"
        return self.pick(["list", "obj.list", "items.id", "[]", "[1, 2, 2, 3]", "[3, 1, 2]", "[1, null, 2]"] + [self.listed("number", 0)])

    def of_booleans(self, depth):
        return self.listed("boolean", min(depth, 1))

    def of_strings(self, depth):
        return self.pick(["words", "[]", '["x", "y", "x"]', "items.name", self.listed("string", min(depth, 1))])

    def of_nested(self, depth):
        return f"[{self.of('numbers', min(depth, 1))}, 1, [[{self.of('number', 0)}]]]"

    def of_order(self, _):
        return self.pick(["function(a, b) a < b", "function(a, b) a > b"])

    def of_things(self, depth):
        if depth > 0 and self.chance(0.3):
            return f"items[{self.pick(['price', 'id', 'name'])} {self.pick(['>', '=', '!='])} {self.of('number|string', 0)}]"
        return self.pick(["items", "[obj]", "[{a: 1}, {a: 2, b: 3}]", self.listed("context", min(depth, 1), 2)])

    def of_context(self, depth):
        if depth > 0:
            keys = self.random.sample(["a", "b", "c", "d e", "f-g"], self.random.randrange(4))
            return "{" + ", ".join(f"{key}: {self.of('any', depth - 1)}" for key in keys) + "}"
        return self.pick(["obj", "items[1]", "{}", "{a: 1}", "{b: {c: n}}", "{\"x y\": 1, z: nothing}"])

    def temporal(self, kind, texts, function, depth):
        if depth > 0 and self.chance(0.35):
            right = {"date": "days|months", "time": "days", "datetime": "days|months", "days": "days", "months": "months"}[kind]
            return f"{self.bracketed(self.of(kind, depth - 1))} {self.pick(['+', '-'])} {self.bracketed(self.of(right, depth - 1))}"
        if depth > 0 and kind in ("days", "months") and self.chance(0.25):
            return f"{self.bracketed(self.of(kind, depth - 1))} {self.pick(['*', '/'])} {self.of('small', 0)}"
        text = self.pick(texts) if self.chance(0.93) else self.pick(WRONG_TEXTS)
        return self.pick([f'@"{text}"', f'{function}("{text}")'])

    def of_date(self, depth):
        return self.temporal("date", DATES, "date", depth)

    def of_time(self, depth):
        return self.temporal("time", TIMES, "time", depth)

    def of_datetime(self, depth):
        return self.temporal("datetime", DATE_TIMES, "date and time", depth)

    def of_days(self, depth):
        if depth > 0 and self.chance(0.15):
            kind = self.pick(["date", "time", "datetime"])
            return f"{self.bracketed(self.of(kind, depth - 1))} - {self.bracketed(self.of(kind, depth - 1))}"
        return self.temporal("days", DAYS, "duration", depth)

    def of_months(self, depth):
        return self.temporal("months", MONTHS, "duration", depth)

    def text_in(self, texts):
        return f'"" + "{self.pick(texts + WRONG_TEXTS[:4])}"' if self.chance(0.5) else f'"{self.pick(texts)}"'

    def of_datetext(self, _):
        return self.text_in(DATES)

    def of_timetext(self, _):
        return self.text_in(TIMES)

    def of_datetimetext(self, _):
        return self.text_in(DATE_TIMES)

    def of_durationtext(self, _):
        return self.text_in(DAYS + MONTHS)

    @staticmethod
    def bracketed(text):
        """In brackets when it is more than a word or a call of simple things."""
        return text if text.replace(".", "").replace('"', "").isalnum() else f"({text})"


def expression(seed, number):
    """Each number is drawn from a seed of its own, so that one can be drawn again alone."""
    generator = Generator(f"{seed}/{number}")
    text = generator.of("any", generator.pick([1, 2, 2, 3]))
    if generator.chance(0.03):
        text = text.replace(", ", generator.pick([",", " ,\t", ", /* , */ "])) if '"' not in text else "= " + text + "  "
    return text


def main():
    seed, count = sys.argv[1], int(sys.argv[2])
    for number in range(count):
        print(json.dumps({"id": f"{seed}/{number}", "expression": expression(seed, number), "context": CONTEXT}))


if __name__ == "__main__":
    main()
