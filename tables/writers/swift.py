"""How Swift is laid out: as swift-format wants it."""

from __future__ import annotations

MOST = 130


def call(indent: int, head: str, arguments: "list[str]") -> str:
    """A call in one line if there is room, else with its arguments below."""
    line = " " * indent + f"{head}({', '.join(arguments)})"
    if len(line) <= MOST:
        return line
    rows = [""]
    for argument in arguments:
        if rows[-1] and indent + 4 + len(rows[-1]) + len(argument) + 3 > MOST:
            rows.append("")
        rows[-1] += (" " if rows[-1] else "") + argument + ","
    below = ("\n" + " " * (indent + 4)).join(["", *rows])
    return " " * indent + f"{head}({below[:-1]})"


def array(indent: int, elements: "list[str]") -> str:
    """An array with an element a line, or with a single one."""
    if len(elements) == 1:
        return f"[{elements[0]}]"
    return "[\n" + "".join(" " * (indent + 4) + element + ",\n" for element in elements) + " " * indent + "]"


def words(indent: int, head: str, texts: "list[str]") -> str:
    """An array of short texts behind `head`: in one line if there is room."""
    line = " " * indent + f"{head}[{', '.join(texts)}]"
    return line if len(line) <= MOST else " " * indent + head + array(indent, texts)
