"""The views of the core: which field of a record goes where in its struct (Swift)."""

from __future__ import annotations

from itertools import groupby

from table import WITH_BIT, Field, Record, Records, made_of
from writers import swift


def write(records: Records, room: str) -> str:
    handles = records.by_handle()
    made = "\n\n".join(_view(record, "HandleView" if record.name in handles else "RecordView") for record in records.rooms[room])
    return f"{made_of(f'tables/{room}.toml')}\nimport CFlxChannel\n\n{made}\n"


def _view(record: Record, role: str) -> str:
    rows: "list[str]" = []
    fields = [one for one in record.fields if one.is_of_hub]
    for outer, group in groupby(fields, key=lambda one: one.json.rpartition("/")[0]):
        lines = [line for one in group for line in _rows(one, 12 if outer else 8)]
        rows += [f'        f.members("{outer}") {{ f in', *lines, "        }"] if outer else lines
    body = "\n".join(rows)
    return (f"extension {record.struct}: {role} {{\n    static let plan = ViewPlan(of: {record.struct}.self) {{ v, f in\n"
            f"{body}\n    }}\n}}")


def _rows(one: Field, indent: int) -> "list[str]":
    names = [one.json.rpartition("/")[2], *([one.also] if one.also else [])]
    kind = {"id": "text", "record": "object"}.get(one.kind, one.kind)
    places = [f"&v.pointee.{one.name}"] + ([f"&v.pointee.{one.count}"] if one.count else [])
    if one.kind in WITH_BIT:
        places.append(f"FLX_HAS_{one.bit}")
    if one.outermost:
        places.append("isOutermostOnly: true")
    return [swift.call(indent, f"f.{kind}", [f'"{name}"', *places]) for name in names]
