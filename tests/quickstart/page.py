"""The commands of a page: blocks of indented lines, by the heading above them."""
import re

HEADING = re.compile(r"^#{2,3} (.+)$")


def commands_of(text):
    """{heading: [block, ...]} of the headings of the second and third level that have commands, in the page's order."""
    found, heading, block = {}, None, []

    def end_block():
        while block and not block[-1]:
            block.pop()
        if block and heading:
            found.setdefault(heading, []).append("\n".join(block))
        block.clear()

    for line in text.splitlines():
        if line.startswith("    "):
            block.append(line[4:])
        elif not line.strip() and block:
            block.append("")
        else:
            end_block()
            title = HEADING.match(line)
            if title:
                heading = title[1]
    end_block()
    return found
