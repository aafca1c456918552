"""The tasks of a BPMN document, and new content for them. What is not replaced stays byte for byte."""

import re
import xml.parsers.expat
from xml.sax.saxutils import quoteattr

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
_REPLACED = ("taskDefinition", "ioMapping", "taskHeaders")


class Refused(Exception):
    """The document cannot be read."""


class Element:
    """`begin` to `end`: its bytes in the document; `content`: where its start tag is over."""

    def __init__(self, name, attributes, begin, content):
        self.space, _, self.name = name.rpartition(" ")
        self.attributes = {key.rpartition(" ")[2] if key.startswith(ZEEBE) else key: value for key, value in attributes.items()}
        self.begin, self.content, self.end = begin, content, None
        self.children = []

    def of(self, space, *names):
        """The children of that namespace with one of these names."""
        return [each for each in self.children if each.space == space and each.name in names]

    def first(self, space, name):
        return next(iter(self.of(space, name)), None)

    def walk(self):
        yield self
        for each in self.children:
            yield from each.walk()


class Task:
    """A task with a job type. `inputs` and `outputs`: {target: source}; `headers`: {key: value}."""

    def __init__(self, element, extensions):
        self.element, self.extensions = element, extensions
        self.id = element.attributes.get("id", "?")
        self.template = element.attributes.get("modelerTemplate", "")
        self.version = element.attributes.get("modelerTemplateVersion", "")
        definition = extensions.first(ZEEBE, "taskDefinition")
        self.type, self.retries = definition.attributes.get("type", ""), definition.attributes.get("retries", "")
        mapping, headers = extensions.first(ZEEBE, "ioMapping"), extensions.first(ZEEBE, "taskHeaders")
        self.inputs = _pairs(mapping, "input", "target", "source")
        self.outputs = _pairs(mapping, "output", "target", "source")
        self.headers = _pairs(headers, "header", "key", "value")


def tasks(document):
    """The tasks of the document (bytes), in its order. Refused: it is no BPMN document in UTF-8."""
    return [Task(each, extensions) for each in _parse(document).walk() if (extensions := each.first(BPMN, "extensionElements"))
            and extensions.first(ZEEBE, "taskDefinition")]


def rewritten(document, changes):
    """The document with new content. `changes`: (task, attributes of its start tag by local name, lines of its extension elements)."""
    pieces = []
    for task, attributes, lines in changes:
        tag = document[task.element.begin:task.element.content].decode()
        pieces.append((task.element.begin, task.element.content, _with_attributes(tag, prefix(document, task), attributes)))
        old = task.extensions.of(ZEEBE, *_REPLACED)
        for number, each in enumerate(old):
            begin = _line_begin(document, each.begin)
            if number == 0:
                indent = document[begin:each.begin].decode()
                pieces.append((begin, each.end, "\n".join(indent + line for line in lines)))
            else:
                alone = begin < each.begin and document[each.end:each.end + 1] == b"\n"
                pieces.append((begin, each.end + alone, ""))
    out, at = [], 0
    for begin, end, text in sorted(pieces):
        out += [document[at:begin], text.encode()]
        at = end
    return b"".join([*out, document[at:]])


def prefix(document, task):
    """The document's prefix for the engine's namespace, such as zeebe."""
    definition = task.extensions.first(ZEEBE, "taskDefinition")
    tag = re.match(rb"<([\w.-]+):", document[definition.begin:])
    if not tag:
        raise Refused(f"the task {task.id} has its definition without a prefix")
    return tag.group(1).decode()


def _pairs(element, name, key, value):
    return {each.attributes.get(key, ""): each.attributes.get(value, "") for each in (element.of(ZEEBE, name) if element else [])}


def _line_begin(document, at):
    """The offset of the line that holds only blanks before `at`; else `at`."""
    begin = document.rfind(b"\n", 0, at) + 1
    return begin if not document[begin:at].strip() else at


def _with_attributes(tag, name_prefix, attributes):
    for name, value in attributes.items():
        full = f"{name_prefix}:{name}"
        text = f"{full}={quoteattr(value)}"
        pattern = re.compile(rf"(?<=\s){re.escape(full)}\s*=\s*(\"[^\"]*\"|'[^']*')")
        if pattern.search(tag):
            tag = pattern.sub(lambda _: text, tag, count=1)  # pylint: disable=cell-var-from-loop
        else:
            tag = re.sub(r"\s*(/?>)$", lambda found: f" {text}{found.group(1)}", tag)  # pylint: disable=cell-var-from-loop
    return tag


def _parse(document):
    try:
        document.decode()
    except UnicodeDecodeError as problem:
        raise Refused(f"it is not in UTF-8: {problem.reason} at byte {problem.start}") from problem
    parser = xml.parsers.expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    root, path = [], []

    def start(name, attributes):
        begin = parser.CurrentByteIndex
        element = Element(name, attributes, begin, _tag_end(document, begin))
        (path[-1].children if path else root).append(element)
        path.append(element)

    def end(_name):
        element = path.pop()
        empty = document[element.content - 2:element.content] == b"/>"
        element.end = element.content if empty else document.index(b">", parser.CurrentByteIndex) + 1

    def doctype(*_):
        raise Refused("it has a document type")

    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, doctype
    try:
        parser.Parse(document, True)
    except xml.parsers.expat.ExpatError as problem:
        raise Refused(f"it is no XML: {problem}") from problem
    if root[0].space != BPMN or root[0].name != "definitions":
        raise Refused("it is no BPMN document")
    return root[0]


def _tag_end(document, begin):
    """Where the start tag that begins there is over; a > in a value does not end it."""
    return begin + re.match(rb"<[^\"'>]*(?:(?:\"[^\"]*\"|'[^']*')[^\"'>]*)*>", document[begin:begin + 4_000_000]).end()
