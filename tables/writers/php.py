"""The PHP package: numbers and exceptions, the names of what is decimal, and the signatures of the C extension."""

from __future__ import annotations

import re

from table import Records, Wrong, made_of, wrapped
from writers.codes import ENUMS, Band, macros


def exceptions(bands: "list[Band]") -> str:
    """The classes."""
    made: "dict[str, str]" = {}
    for band in bands:
        if band.raises:
            made[band.raises] = _exception(band.raises, "FlxError", band.doc)
        for one in band.codes:
            if one.raises and one.raises not in made:
                made[one.raises] = _exception(one.raises, one.under or band.raises, one.doc)
    return "\n" + "\n\n".join(made.values()) + "\n"


def raised(bands: "list[Band]") -> str:
    """Which class a code is thrown as, and which its band."""
    rows = [f"        {-band.codes[0].number // 100} => {_php(band.raises)}::class," for band in bands if band.raises]
    codes = [f"        Codes::{one.name} => {_php(one.raises or band.raises)}::class,"
             for band in bands if band.raises for one in band.codes]
    return "\n".join(["    private const BANDS = [", *rows, "    ];", "", "    private const BY_CODE = [", *codes, "    ];"])


def numbers(header_text: str) -> str:
    """The numbers of the header: constants, and an enum for what stands for itself."""
    found = macros(header_text)
    version = next(number for name, number, _ in found if name == "VERSION")
    rows = ["    /** The version of the header: major * 1000000 + minor * 1000 + patch. */",
            f"    public const HEADER_VERSION = {version};", ""]
    rows += [_told(f"    public const {name} = {number};", doc) for name, number, doc in found
             if re.fullmatch(r"OK|AGAIN|DONE|BUSY|(E|ERROR)_\w+", name)]
    parts = ["/** What a call returns, why it did not do what it was asked for, and what an error tells. */\n"
             "final class Codes\n{\n" + "\n".join(rows) + "\n}"]
    for prefix, (kind, doc) in ENUMS.items():
        cases = [_told(f"    case {_camel(name.removeprefix(prefix + '_'))} = {number};", doc)
                 for name, number, doc in found if name.startswith(prefix + "_")]
        parts.append(f"/** {doc} */\nenum {kind}: int\n{{\n    use Named;\n\n" + "\n".join(cases) + "\n}")
    return "\n" + "\n\n".join(parts)


def decimals(records: Records) -> str:
    """The names of what is a decimal number, as a part of a pattern."""
    names = sorted({one.json.rsplit("/", 1)[-1] for record in records for one in record.fields if one.kind == "decimal"})
    rows = ["|".join(names[place : place + 6]) for place in range(0, len(names), 6)]
    return "    private const DECIMALS = '" + "'\n        . '|".join(rows) + "';"


_METHOD = re.compile(r"^    public function (\w+)\((.*)\): ([\w?|]+);$", re.M)
_MASKS = {"object|int": "MAY_BE_OBJECT | MAY_BE_LONG"}
_TYPES = {"int": "IS_LONG", "string": "IS_STRING", "object": "IS_OBJECT", "array": "IS_ARRAY", "void": "IS_VOID"}


def signatures(interface: str) -> str:
    """What the C extension tells PHP of its methods, from the interface that it has to fit."""
    methods = _METHOD.findall(interface)
    if len(methods) != interface.count("public function "):
        raise Wrong("Backend.php has a method that is not on one line, or of another form")
    shapes, entries, hidden = [], [], []
    for name, arguments, gives in methods:
        rows = [argument for argument in arguments.split(", ") if argument]
        count = len(rows)
        begin = (f"ZEND_BEGIN_ARG_WITH_RETURN_TYPE_MASK_EX(arginfo_{name}, 0, {count}, {_MASKS[gives]})" if gives in _MASKS
                 else f"ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_{name}, 0, {count}, {_type(gives)})")
        shapes.append("\n".join([begin, *map(_argument, rows), "ZEND_END_ARG_INFO()"]))
        entries.append(f"    ZEND_ME(Flxchannel_Native, {name}, arginfo_{name}, ZEND_ACC_PUBLIC)")
        secret = (place for place, row in enumerate(rows) if "SensitiveParameter" in row)
        hidden += [f'    hide(methods, "{name.lower()}", {place});' for place in secret]
    declared = "\n".join(f"ZEND_METHOD(Flxchannel_Native, {name});" for name, _, _ in methods)
    return "\n\n".join([
        made_of("bindings/php/src/Backend/Backend.php"), *shapes, declared,
        "static const zend_function_entry native_methods[] = {\n" + "\n".join(entries) + "\n    ZEND_FE_END\n};",
        "/* What a stack trace must not show. */\nstatic void hide(HashTable *methods, const char *name, uint32_t argument);\n\n"
        "static void hide_arguments(HashTable *methods)\n{\n" + "\n".join(hidden) + "\n}"]) + "\n"


def _argument(row: str) -> str:
    kind, name = row.split("] ")[-1].split(" $")
    return f"    ZEND_ARG_TYPE_INFO(0, {name}, {_type(kind)})"


def _type(kind: str) -> str:
    return f"{_TYPES[kind.removeprefix('?')]}, {int(kind.startswith('?'))}"


def _told(row: str, doc: str) -> str:
    """The row and what it means: behind it where there is room, else above."""
    if len(row) + len(doc) + 4 <= 130:
        return f"{row} // {doc}" if doc else row
    return "\n".join([*(f"    // {line}" for line in wrapped(doc, 7)), row])


def _php(name: str) -> str:
    return name.removesuffix("Error") + "Exception" if name != "FlxError" else "FlxException"


def _camel(name: str) -> str:
    return "".join(word.title() for word in name.split("_"))


def _exception(name: str, parent: str, doc: str) -> str:
    text = re.sub(r"FLX_ERROR_RETRY_AFTER_MS", "`retryAfterMs`", doc[0].upper() + doc[1:] + ".")
    return f"/** {text} */\nclass {_php(name)} extends {_php(parent)}\n{{\n}}"
