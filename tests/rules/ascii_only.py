"""Sources, scripts and documents are ASCII: what a reviewer sees is what the compiler reads."""
import re

ENDINGS = (".h", ".cc", ".py", ".sh", ".md", ".txt", ".proto", ".cmake", ".yaml", ".yml", ".bpmn")
NAMES = ("dev", "run", "LICENSE", "Dockerfile", ".clang-format", ".clang-tidy", ".editorconfig",
         ".gitignore", "CMakePresets.json")


def applies(path):
    return path.endswith(ENDINGS) or path.split("/")[-1] in NAMES


def check(path, text):
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        strange = re.search(r"[^\t\x20-\x7e]", line)
        if strange:
            found.append((number, f"character U+{ord(strange.group()):04X}, use its ASCII escape"))
    return found


GOOD = [("a.cc", 'auto s = "\\u00e4\\x00";\n\tint a;\n'), ("data.bin", "\u00e4")]
BAD = [
    ("a.md", "plain\nna\u00efve\n", 2),
    ("dev", "echo \u2192\n", 1),
    ("a.h", "int a;\r\n", 1),
    ("a.py", "\u200b\n", 1),
    ("a.cc", "\udcff\n", 1),
]
