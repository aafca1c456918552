#!/usr/bin/env python3
"""Writes the element templates of this folder from the rows of generator/.

    templates/generate.py            writes them, the page fields.md, the documents of tests/e2e/template,
                                     and their newest versions into the tasks of examples/
    templates/generate.py --check    only says which files would change; exit code 1 when one would

How to change a template: generator/fields.py has the fields, generator/kinds.py has the templates. A template that people may have
already gets a new version; the old file goes to versions/.
"""

import argparse
import json
import pathlib
import sys

from generator import operations
from generator.build import template_of
from generator.documents import documents
from generator.kinds import KINDS
from generator.page import page
from generator.refresh import refreshed

FOLDER = pathlib.Path(__file__).resolve().parent
DOCUMENTS = FOLDER.parent / "tests/e2e/template"


def files():
    """{path: text} of everything that is made."""
    templates = {kind.file: template_of(kind) for kind in KINDS}
    templates[operations.FILE] = operations.template()
    out = {FOLDER / f"{name}.json": json.dumps(template, indent=2, ensure_ascii=True) + "\n" for name, template in templates.items()}
    out.update({path: refreshed(path.read_bytes(), templates).decode() for path in sorted((FOLDER / "examples").glob("*.bpmn"))})
    out[FOLDER / "fields.md"] = page(KINDS)
    out.update({DOCUMENTS / name: text for name, text in documents(templates).items()})
    return out


def stale(wanted):
    """The files that differ from what is made, and those of the folder of documents that nothing makes."""
    differ = [path for path, text in wanted.items() if not path.is_file() or path.read_text() != text]
    return differ, [path for path in DOCUMENTS.glob("*.bpmn") if path not in wanted]


def main():
    options = argparse.ArgumentParser(description="Writes the element templates from templates/generator.")
    options.add_argument("--check", action="store_true", help="write nothing; exit code 1 when a file would change")
    check = options.parse_args().check
    wanted = files()
    differ, surplus = stale(wanted)
    for path in differ:
        print(f"{'differs' if check else 'written'}: {path.relative_to(FOLDER.parent)}")
        if not check:
            path.write_text(wanted[path])
    for path in surplus:
        print(f"{'not made from values.json' if check else 'removed'}: {path.relative_to(FOLDER.parent)}")
        if not check:
            path.unlink()
    return 1 if check and (differ or surplus) else 0


if __name__ == "__main__":
    sys.exit(main())
