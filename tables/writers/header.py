"""The structs of the header, between its marks."""

from __future__ import annotations

from table import Field, Record, Records, wrapped

_TYPES = {"id": "flx_text ", "text": "flx_text ", "decimal": "flx_decimal ", "integer": "int64_t ", "instant": "int64_t ",
          "flag": "int32_t ", "spare": "int32_t ", "texts": "const flx_text *const *"}


#: A declaration longer than this does not move the comments of its neighbours.
_WIDE = 40


def write(records: Records) -> str:
    """All structs, with the numbers that they need."""
    parts = [_shared_bits(records)]
    declared: "set[str]" = set()
    for record in records:
        parts += [_forward(name) for name in _ahead(record, declared)]
        declared |= {record.name, *_ahead(record, declared)}
        parts += _numbers(record)
        parts.append(_struct(record, is_declared=f"typedef struct {record.struct} {record.struct};" in "\n".join(parts)))
    return "\n" + "\n\n".join(parts) + "\n"


def member(one: Field) -> "list[tuple[str, str]]":
    """The members of the struct that a field becomes, as type and name."""
    if one.kind == "made":
        return [("flx_text " if one.of == "text" else "int32_t ", one.name)]
    if one.kind in ("record", "handle"):
        return [(f"const flx_{one.of} *", one.name)]
    pointer = f"const flx_{one.of} *const *" if one.kind == "list" else _TYPES[one.kind]
    return [(pointer, one.name)] + ([("size_t ", one.count)] if one.count else [])


def _shared_bits(records: Records) -> str:
    owners = [record.struct for record in records if record.own_bits]
    text = (f"Bits of `has`. A bit has the same meaning in every struct that has the member; {', '.join(owners[:-1])} and "
            f"{owners[-1]} have bits of their own, which stand with them.")
    comment = "/*\n" + "\n".join(f" * {line}" for line in wrapped(text, 3, 120)) + "\n */\n"
    return comment + _bits(records.shared_bits)


def _bits(names: "list[str]") -> str:
    return "\n".join(f"#define FLX_HAS_{name} (1u << {number})" for number, name in enumerate(names))


def _numbers(record: Record) -> "list[str]":
    found = [f"/* Bits of `has` of {record.struct}. */\n" + _bits(record.bits)] if record.own_bits else []
    for kind, values in record.values.items():
        prefix = f"FLX_{kind.removesuffix('_kind').upper()}_"
        rows = [(f"#define {prefix}{name} {row.partition(': ')[0]}", row.partition(": ")[2]) for name, row in values.items()]
        width = max(len(define) for define, _ in rows)
        found.append("\n".join(f"{define.ljust(width)}  /**< {doc} */" for define, doc in rows))
    return found


def _ahead(record: Record, declared: "set[str]") -> "list[str]":
    """Structs that the record points to and that come later, or that it is itself."""
    named = [one.of for one in record.fields if one.kind in ("record", "list", "handle")]
    return list(dict.fromkeys(name for name in named if name not in declared))


def _forward(name: str) -> str:
    return f"typedef struct flx_{name} flx_{name};"


def _struct(record: Record, is_declared: bool) -> str:
    rows = [("uint32_t size;", ""), ("uint32_t has;", _has(record))]
    for one in record.fields:
        (first, name), *more = member(one)
        rows.append((f"{first}{name};", _doc(record, one)))
        rows += [(f"{kind}{name};", "") for kind, name in more]
    column = 4 + max([len(line) for line, doc in rows if doc and len(line) <= _WIDE] or [0]) + 1
    body = "\n".join(_line(line, doc, column) for line, doc in rows)
    opening, closing = ("", "") if is_declared else ("typedef ", " " + record.struct)
    return f"{_comment(record.doc)}\n{opening}struct {record.struct} {{\n{body}\n}}{closing};"


def _comment(doc: str) -> str:
    if len(doc) + 7 <= 120:
        return f"/** {doc} */"
    return "/**\n" + "\n".join(f" * {line}" for line in wrapped(doc, 3, 120)) + "\n */"


def _line(line: str, doc: str, column: int) -> str:
    if not doc:
        return "    " + line
    start = max(("    " + line).ljust(column), "    " + line + " ", key=len) + "/**< "
    lines = wrapped(doc, len(start), 127)
    return ("\n" + " " * len(start)).join([start + lines[0], *lines[1:]]) + " */"


def _has(record: Record) -> str:
    names = [f"FLX_HAS_{bit}" for bit in dict.fromkeys(record.bits)]
    if not names:
        return "reserved, 0"
    if len(names) > 1 and record.own_bits:
        return f"{names[0]} .. {names[-1]}"
    listed = ", ".join(names)
    return listed if len(listed) <= 85 else ""


def _doc(record: Record, one: Field) -> str:
    """What it means, and how C says it."""
    how = {"flag": "0 or 1", "spare": "0", "record": "NULL if absent", "handle": "NULL if absent"}.get(one.kind, "")
    if one.kind == "made" and one.of in record.values:
        how = f"one of FLX_{one.of.removesuffix('_kind').upper()}_"
    return "; ".join(part for part in ((how, one.doc) if one.kind in ("flag", "made") else (one.doc, how)) if part)
