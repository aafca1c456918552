"""What a Markdown page refers to exists: the target of each relative link, the heading behind a #,
and each file of ours that the page names in backticks with its folder. The main README stays short."""
import functools
import os
import re

import sources

LINK = re.compile(r"\]\(([^()\s]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")
# A path: folders and a name, without blanks; `*` and `{a,b}` stand for several files.
PATH = re.compile(r"(?:\.{1,2}/)*[\w.+-]+(?:/[\w.+*{},-]+)+/?")
MAX_LINES = {"README.md": 200}
ENDINGS = (".cc", ".h", ".py", ".mjs", ".js", ".sh", ".md", ".json", ".yaml", ".yml", ".txt", ".svg", ".png",
           ".bpmn", ".proto", ".cmake", ".lock")


def applies(path):
    return path.endswith(".md")


@functools.lru_cache(maxsize=None)
def existing():
    """Every file of the project, and every folder that holds one."""
    files = sources.project_files()
    folders = {""}
    for path in files:
        while path := os.path.dirname(path):
            folders.add(path)
    return frozenset(files), frozenset(folders)


def exists(path):
    files, folders = existing()
    path = os.path.normpath(path) if path else ""
    path = "" if path == "." else path
    return path in files or path in folders


def prose(text):
    """The lines of a page with code blocks, fenced or indented, as empty lines."""
    lines, fence, before = [], "", ""
    for line in text.split("\n"):
        mark = re.match(r"\s*(```+|~~~+)", line)
        if fence:
            fence = "" if mark and line.strip().startswith(fence) else fence
            line = ""
        elif mark:
            fence, line = mark.group(1), ""
        elif line.startswith("    ") and not before.strip():
            lines.append("")
            continue  # a block goes on: `before` stays empty
        before = line
        lines.append(line)
    return lines


def headings(text):
    """The names that GitHub gives to the headings of a page."""
    names = []
    for line in prose(text):
        found = re.match(r"#{1,6}\s+(.*?)\s*#*$", line)
        if found:
            plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", found.group(1)).lower()
            name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
            again = names.count(name)
            names += [name] if not again else [name, f"{name}-{again}"]
    return names


def wrong_link(path, text, target):
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    target, _, name = target.partition("#")
    page = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
    if target and not exists(page):
        return f"the link leads to {target}, which does not exist"
    if name and page.endswith(".md"):
        if name not in headings(text if page == path else sources.read(page)):
            return f"the page {page} has no heading #{name}"
    return None


def alternatives(span):
    """`a/{b,c}.cc` as two paths; `a/*.cc` as its folder."""
    braces = re.search(r"\{([^{}]*)\}", span)
    if braces:
        return [path for each in braces.group(1).split(",")
                for path in alternatives(span[:braces.start()] + each + span[braces.end():])]
    return [os.path.dirname(span) if "*" in os.path.basename(span) else span.rstrip("/")]


def found_from(folder, path):
    """Whether the path leads somewhere from this folder or one above it, as a file, as a folder, or
    as a unit: `base/json` means json.h and json.cc."""
    while True:
        whole = os.path.normpath(os.path.join(folder, path))
        if any(exists(whole + end) for end in ("", ".h", ".cc", ".py")):
            return True
        if not folder:
            return False
        folder = os.path.dirname(folder)


def is_ours(folder, span):
    """A path of this tree, and not of an address, a container or a build: it begins with a folder
    that is here, or ends as our files do."""
    first = span.lstrip("./").split("/")[0]
    if first == "build" or not PATH.fullmatch(span):
        return False
    while True:
        if exists(os.path.join(folder, first)) and first not in ("", "."):
            return True
        if not folder:
            return span.endswith(ENDINGS)
        folder = os.path.dirname(folder)


def check(path, text):
    found = []
    limit = MAX_LINES.get(path)
    if limit and text.count("\n") > limit:
        found.append((limit + 1, f"more than {limit} lines: move what one topic needs to the page of its room"))
    folder = os.path.dirname(path)
    for number, line in enumerate(prose(text), 1):
        for span in SPAN.findall(line):
            if not is_ours(folder, span):
                continue
            for each in alternatives(span):
                if not found_from(folder, each):
                    found.append((number, f"no file or folder {each}"))
        for target in LINK.findall(SPAN.sub("", line)):
            problem = wrong_link(path, text, target)
            if problem:
                found.append((number, problem))
    return found


GOOD = [
    ("README.md", "a line\n" * 200),
    ("tests/README.md", "a line\n" * 300),
    ("tests/a.md", "# A page\n[rules](rules/README.md), [top](../README.md), [here](#a-page)\n"),
    ("a.md", "[out](https://example.org/none) and `POST /sessions`, `/livez`, `application/json`\n"),
    ("tests/rules/a.md", "`run.py`, `rules/run.py`, `tests/rules/`, `tests/{rules,e2e}/README.md`\n"),
    ("a.md", "`connector/base/json`, `docker/packages/*.txt`, `build/asan/none.txt`\n"),
    ("a.md", "    `tests/rules/none.py`\n\n```\n[a](none.md)\n```\n"),
    ("a.md", "## Run `x`: two words\n[below](#run-x-two-words)\n"),
    ("a.md", "a pattern `[a](none.md)` in code\n"),
]
BAD = [
    ("README.md", "a line\n" * 201, 201),
    ("a.md", "fine\n[gone](tests/none.md)\n", 2),
    ("tests/a.md", "[from the root](tests/README.md)\n", 1),
    ("a.md", "# One\n[gone](#two)\n", 2),
    ("a.md", "[gone](tests/rules/README.md#none)\n", 1),
    ("a.md", "`tests/rules/none.py`\n", 1),
    ("tests/rules/a.md", "\n`e2e/{run,none}.py`\n", 2),
    ("a.md", "`none/none.cc`\n", 1),
    ("a.md", "`none/*.cc`\n", 1),
    ("a.md", "![picture](templates/none.png)\n", 1),
]
