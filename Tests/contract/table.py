"""Compares the operation table of the library with the contract file."""

from __future__ import annotations

from contract import operations, resolve

Json = "dict[str, Any]"


def findings(spec: Json, table: "list[Json]") -> "list[str]":
    """Return every difference, one sentence each; an empty list is agreement."""
    found: "list[str]" = []
    rows = {row["id"]: row for row in table}
    if len(rows) != len(table):
        found.append("the table has an id twice")
    known = set()
    for path, method, operation in operations(spec):
        name = operation["operationId"]
        known.add(name)
        if name not in rows:
            found.append(f"{name}: is in the contract and not in the table")
            continue
        found += [f"{name}: {text}" for text in _operation(spec, path, method, operation, rows[name])]
    found += [f"{name}: is in the table and not in the contract" for name in rows if name not in known]
    return found


def _operation(spec: Json, path: str, method: str, operation: Json, row: Json) -> "list[str]":
    found = []
    expected = {
        "path": path,
        "method": method.upper(),
        "tokens": operation["x-token-types"],
        "tokens_inferred": operation.get("x-token-types-inferred", False),
        "inferred": operation.get("x-inferred", False),
        "for_channels": "channel" in operation["x-token-types"],
    }
    for key, value in expected.items():
        if row[key] != value:
            found.append(f"{key} is {row[key]!r}, the contract has {value!r}")
    given = {argument["name"]: argument for argument in row["arguments"]}
    wanted = {parameter["name"]: parameter for parameter in operation["parameters"]}
    found += [f"argument {name} is not in the contract" for name in given.keys() - wanted.keys()]
    for name, parameter in wanted.items():
        if name not in given:
            found.append(f"argument {name} is missing")
            continue
        argument = given[name]
        if argument["in"] != parameter["in"]:
            found.append(f"argument {name} is in {argument['in']}, the contract has {parameter['in']}")
        if argument["required"] != parameter.get("required", False):
            found.append(f"argument {name} required is {argument['required']}")
        found += _value(spec, parameter["schema"], argument, f"argument {name}")
    body = operation.get("requestBody")
    if bool(body) != ("body" in row):
        found.append(f"body is {'missing' if body else 'not in the contract'}")
    elif body:
        if row["body"]["required"] != body.get("required", False):
            found.append(f"body required is {row['body']['required']}")
        found += _value(spec, body["content"]["application/json"]["schema"], row["body"], "body")
    return found


def _value(spec: Json, schema: Json, given: Json, where: str) -> "list[str]":
    schema = resolve(spec, schema)
    found = []
    kind = _kind(schema)
    if given["type"] != kind:
        return [f"{where} is {given['type']}, the contract has {kind}"]
    if given.get("nullable", False) != schema["nullable"]:
        found.append(f"{where} nullable is {given.get('nullable', False)}")
    if sorted(given.get("choices", [])) != sorted(schema.get("enum", [])):
        found.append(f"{where} has other choices than the contract")
    least = schema.get("minimum", schema.get("minItems"))
    if least is not None and given.get("least", least - 1) < least:
        found.append(f"{where} may be under {least}")
    most = schema.get("maximum", schema.get("maxItems"))
    if most is not None and given.get("most", most + 1) > most:
        found.append(f"{where} may be over {most}")
    if kind == "list":
        found += _value(spec, schema["items"], given["of"], where + "[]")
    if kind == "object":
        found += _members(spec, schema, given, where)
    return found


def _members(spec: Json, schema: Json, given: Json, where: str) -> "list[str]":
    found = []
    fields = {field["name"]: field for field in given["fields"]}
    properties = schema.get("properties", {})
    found += [f"{where}.{name} is not in the contract" for name in fields.keys() - properties.keys()]
    for name, member in properties.items():
        if name not in fields:
            found.append(f"{where}.{name} is missing")
            continue
        if fields[name]["required"] != (name in schema.get("required", [])):
            found.append(f"{where}.{name} required is {fields[name]['required']}")
        found += _value(spec, member, fields[name], f"{where}.{name}")
    if schema.get("additionalProperties") is False and given["open"]:
        found.append(f"{where} lets members through that the contract refuses")
    return found


def _kind(schema: Json) -> str:
    if not schema["types"]:
        return "text" if "enum" in schema else "any"
    [kind] = schema["types"]
    if kind == "string":
        return "instant" if schema.get("format") == "date-time" else "text"
    return {"integer": "integer", "number": "decimal", "boolean": "boolean", "array": "list", "object": "object"}[kind]
