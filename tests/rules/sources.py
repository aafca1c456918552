"""The files of the project, and C++ text with its comments and literals taken out."""
import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CPP = (".h", ".cc")


def project_files():
    """Paths from the root, sorted: what git tracks or would track; without git, all but build/."""
    try:
        listed = subprocess.run(
            ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            capture_output=True, check=True).stdout.decode("utf-8", "surrogateescape").split("\0")
    except (OSError, subprocess.CalledProcessError):
        listed = []
        for folder, folders, names in os.walk(ROOT):
            # In a second work tree .git is a file.
            names = [name for name in names if name != ".git"]
            folders[:] = [name for name in folders if name not in ("build", ".git", "__pycache__")]
            listed += [os.path.relpath(os.path.join(folder, name), ROOT) for name in names]
    return sorted({path for path in listed if path and os.path.isfile(os.path.join(ROOT, path))})


def read(path):
    """The text of a file; bytes that are no UTF-8 survive as surrogates."""
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="surrogateescape", newline="") as f:
        return f.read()


TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<raw>(?:u8|[uUL])?R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)")
      | (?P<number>\b\d[\w.']*)
      | (?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')""", re.S | re.X)


def blanked(text, literals=True):
    """The same text, same lines, with comments (and the inside of literals) as blanks."""
    def blank(match):
        found = match.group()
        if match.lastgroup == "number" or (match.group("comment") is None and not literals):
            return found
        empty = re.sub(r"[^\n]", " ", found)
        return empty if match.group("comment") is not None else '"' + empty[1:-1] + '"'
    return TOKEN.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1
