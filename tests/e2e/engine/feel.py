"""FEEL, evaluated by the library feelin in a Node.js child: one line out, one line in. A child that does not answer in time is killed, and
the expression has failed.

What JavaScript cannot hold crosses as a token and comes back as it was: integers beyond 2^53, lone surrogates, objects with a name that
stands twice. A mere path (`given.number`) is not sent at all.
"""

import json
import os
import pathlib
import re
import select
import subprocess

import values

_SCRIPT = pathlib.Path(__file__).resolve().parent / "interpreter" / "feel.mjs"
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.(?:[A-Za-z_]\w*|`[^`]+`))*")
_TEXT = re.compile(r'"([^"\\]*)"')
_NUMBER = re.compile(r"-?\d{1,15}")
_WORDS = {"true": True, "false": False, "null": None}
# Names that FEEL keeps for itself, so that no path can have them; `error.function` is none.
RESERVED = {"function", "if", "then", "else", "for", "return", "in", "some", "every", "satisfies", "between", "instance", "and", "or", "not",
            "true", "false", "null"}
_STRINGS = re.compile(r'"(?:\\.|[^"\\])*"')
_MEMBER = re.compile(r"\.\s*([A-Za-z_]\w*)")
_PATIENCE = 3
_EXACT = 1 << 53
_TOKEN = "\u0001token "


class Failed(Exception):
    """The expression cannot be read, or has no value."""


class Feel:
    def __init__(self, node, packages):
        self._command, self._folder = [str(node), str(_SCRIPT)], str(packages)
        self._child = None
        self._rest = b""

    def check(self, expression):
        """Raises Failed when that is no FEEL."""
        for name in _MEMBER.findall(_STRINGS.sub('""', expression)):
            if name in RESERVED:
                raise Failed(f"'{name}' in '{expression}' is one of the reserved words")
        told = self._ask({"check": expression})
        if "syntax" in told:
            raise Failed(f"failed to parse expression '{expression}': {told['syntax']}")

    def evaluate(self, expression, variables):
        """The value; `variables` are {name: value} of all that can be seen. What FEEL calls null is None."""
        expression = expression.strip()
        if expression in _WORDS:
            return _WORDS[expression]
        if _NUMBER.fullmatch(expression):
            return int(expression)
        if _TEXT.fullmatch(expression):
            return expression[1:-1]
        if _PATH.fullmatch(expression) and not RESERVED.intersection(expression.split(".")):
            return _walk(expression, variables)
        tokens = []
        context = {name: _sent(value, tokens) for name, value in variables.items() if _named(name, expression)}
        told = self._ask({"evaluate": expression, "context": context})
        if "failure" in told:
            raise Failed(f"failed to evaluate '{expression}': {told['failure']}")
        return _received(told["value"], tokens)

    def _ask(self, message):
        if self._child is None:
            self._child = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *self._command], cwd=self._folder,
                                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        try:
            self._child.stdin.write(json.dumps(message).encode() + b"\n")
            while b"\n" not in self._rest:
                if not select.select([self._child.stdout], [], [], _PATIENCE)[0]:
                    raise Failed(f"no value after {_PATIENCE} s")
                block = os.read(self._child.stdout.fileno(), 1 << 16)
                if not block:
                    raise Failed("the interpreter of FEEL has ended")
                self._rest += block
        except (Failed, OSError) as problem:
            self.close()
            raise Failed(str(problem)) from problem
        line, _, self._rest = self._rest.partition(b"\n")
        return values.parse(line.decode())

    def close(self):
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._child, self._rest = None, b""


def _named(name, expression):
    """Only what an expression may mean is sent."""
    return name in expression


def _walk(path, variables):
    found = variables
    for name in re.findall(r"`[^`]+`|\w+", path):
        if isinstance(found, values.Pairs):
            found = dict(found)
        if isinstance(found, list):
            found = [item.get(name.strip("`")) if isinstance(item, dict) else None for item in found]
        else:
            found = found.get(name.strip("`")) if isinstance(found, dict) else None
    if isinstance(found, float) and found.is_integer() and abs(found) < _EXACT:
        return int(found)  # of a number by itself, the engine's FEEL keeps no point
    return found


def _sent(value, tokens):
    if isinstance(value, dict):
        return {name: _sent(member, tokens) for name, member in value.items()}
    if isinstance(value, values.Pairs) or (isinstance(value, int) and abs(value) > _EXACT) or _broken(value):
        tokens.append(value)
        return f"{_TOKEN}{len(tokens) - 1}"
    if isinstance(value, list):
        return [_sent(item, tokens) for item in value]
    return value


def _broken(value):
    return isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value)


def _received(value, tokens):
    if isinstance(value, dict):
        return {name: _received(member, tokens) for name, member in value.items()}
    if isinstance(value, list):
        return [_received(item, tokens) for item in value]
    if isinstance(value, str) and value.startswith(_TOKEN):
        return tokens[int(value[len(_TOKEN):])]
    return value
