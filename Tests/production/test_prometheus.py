"""Prometheus: figures in its format, replaced whole, and rules that choose figures that there are and fire when they should."""

from __future__ import annotations

import re

import pytest

from machine import PRODUCTION, TOKEN, Machine, until

FIGURES = "/var/lib/prometheus/node-exporter/flx-shop.prom"


@pytest.fixture
def watched(machine: Machine) -> Machine:
    machine.follow("What to alarm on", 1)
    machine.submit("A-0")
    machine.sync()
    return machine


# The figures

SAMPLE = re.compile(r'(\w+)(?:\{((?:\w+="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?\d+(?:\.\d+)?)')


def series(text: str) -> "dict[tuple[str, frozenset[tuple[str, str]]], float]":
    """The samples of an exposition, read as strictly as its format allows."""
    found: "dict[tuple[str, frozenset[tuple[str, str]]], float]" = {}
    assert text.endswith("\n"), "the last line has no end"
    helped: "list[str]" = []
    typed: "dict[str, str]" = {}
    for line in text.splitlines():
        if match := re.fullmatch(r"# HELP (\w+) \S.*", line):
            assert match[1] not in helped, f"{match[1]} is explained twice"
            helped.append(match[1])
        elif match := re.fullmatch(r"# TYPE (\w+) (counter|gauge)", line):
            assert helped[-1] == match[1] and match[1] not in typed, line
            typed[match[1]] = match[2]
        else:
            match = SAMPLE.fullmatch(line)
            assert match, f"not a sample: {line}"
            assert list(typed)[-1] == match[1], f"{match[1]} stands apart from its TYPE"
            labels = frozenset(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match[2] or ""))
            assert (match[1], labels) not in found, f"twice: {line}"
            found[match[1], labels] = float(match[3])
    assert found and set(typed) == set(helped)
    return found


@pytest.mark.parametrize("broken", [
    "", "# HELP a b\n# TYPE a gauge\na 1", "# HELP a b\n# TYPE a gauge\na one\n", "# HELP a b\n# TYPE a gauge\na 1\na 1\n",
    "a 1\n", "# HELP a b\n# TYPE a gauge\nb 1\n", '# HELP a b\n# TYPE a gauge\na{c="d} 1\n', "# HELP a b\n# TYPE a gauge\n\na 1\n",
])
def test_exposition_that_is_broken_is_found(broken: str) -> None:
    with pytest.raises((AssertionError, IndexError)):
        series(broken)


def test_figures_are_an_exposition_with_all_states(watched: Machine) -> None:
    watched.submit("B-1")
    found = series(watched.run("flx stats --channel shop --prometheus", "shop").stdout)

    assert found["flx_orders", frozenset({("channel", "shop"), ("state", "queued")})] == 1
    assert found["flx_orders_by_verdict", frozenset({("channel", "shop"), ("verdict", "applied")})] == 1


def test_figures_are_replaced_whole(watched: Machine) -> None:
    write = f"flx stats --channel shop --prometheus --output {FIGURES}"
    watched.run(write, "shop")
    file, places, readings = watched.at(FIGURES), set(), 0
    writers = [watched.start(f"for n in 1 2 3 4 5 6; do {write} || exit 1; done", "shop") for _ in range(2)]
    while any(writer.poll() is None for writer in writers):
        with file.open() as opened:
            places.add(file.stat().st_ino)
            series(opened.read())
        readings += 1

    assert [writer.returncode for writer in writers] == [0, 0] and len(places) > 1 and readings > 10
    assert [one.name for one in file.parent.iterdir()] == [file.name], "drafts are left"


# The rules


def rules(text: str) -> "list[dict[str, str]]":
    """The alerts of a file of rules; any line that is not as such files are here is a fault."""
    found: "list[dict[str, str]]" = []
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines[:3] == ["groups:", "  - name: flx", "    rules:"]
    for line in lines[3:]:
        match = re.fullmatch(r"      (- | {2})(alert|expr|for|labels|annotations): (\S.*)", line)
        assert match, f"not a line of a rule: {line}"
        if match[1] == "- ":
            found.append({})
        assert match[2] not in found[-1], line
        found[-1][match[2]] = match[3]
    for rule in found:
        assert {"alert", "expr", "labels", "annotations"} <= set(rule) and re.fullmatch(r"\d+[smh]", rule.get("for", "1m")), rule
        assert re.fullmatch(r"\{severity: (page|ticket)\}", rule["labels"]), rule
        assert re.fullmatch(r'\{summary: "[^"]+"\}', rule["annotations"]), rule
    return found


def unknown(expression: str, found: "dict[tuple[str, frozenset[tuple[str, str]]], float]") -> "list[str]":
    """The parts of an expression that choose no series."""
    wrong = []
    for name, labels in re.findall(r"\b(flx_\w+)(?:\{([^}]*)\})?", expression):
        wanted = [(key, is_pattern, value) for key, is_pattern, value in re.findall(r'(\w+)=(~?)"([^"]*)"', labels)]
        values = [value if is_pattern else re.escape(value) for _, is_pattern, value in wanted]
        chosen = [own for metric, own in found if metric == name
                  and all(re.fullmatch(value, dict(own).get(key, "")) for (key, *_), value in zip(wanted, values))]
        if not chosen:
            wrong.append(f"{name}{{{labels}}}")
    return wrong


def fires(expression: str, found: "dict[tuple[str, frozenset[tuple[str, str]]], float]") -> bool:
    """Whether a plain comparison holds for a series."""
    match = re.fullmatch(r'(?:max_over_time\()?(flx_\w+)(?:\{(\w+)="(\w+)"\})?(?:\[\d+m\]\))? (>|==) (\d+)', expression)
    assert match, expression
    label = (match[2], match[3])
    values = [value for (name, labels), value in found.items() if name == match[1] and (not match[2] or label in labels)]
    return any(value > float(match[5]) if match[4] == ">" else value == float(match[5]) for value in values)


def test_rules_name_figures_that_there_are(watched: Machine) -> None:
    found = series(watched.run("flx stats --channel shop --prometheus", "shop").stdout)
    named = rules((PRODUCTION / "prometheus/flx.rules.yml").read_text())

    assert len(named) >= 8
    assert {rule["alert"]: unknown(rule["expr"], found) for rule in named} == {rule["alert"]: [] for rule in named}
    assert unknown("flx_orderz > 1", found) and unknown('flx_orders{state="lost"} > 1', found)
    # node_exporter's own, which has the age of the file
    others = {name for rule in named for name in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", re.sub(r"\{.*?\}", "", rule["expr"]))}
    assert {name for name in others if not name.startswith("flx_")} == {"node_textfile_mtime_seconds", "max_over_time"}


def test_rules_fire_for_what_they_are_of(watched: Machine) -> None:
    plain = {rule["alert"]: rule["expr"] for rule in rules((PRODUCTION / "prometheus/flx.rules.yml").read_text())
             if rule["expr"].startswith(("flx_", "max_over_time(flx_"))}

    def firing() -> "set[str]":
        found = series(watched.run("flx stats --channel shop --prometheus", "shop").stdout)
        return {alert for alert, expression in plain.items() if fires(expression, found)}

    assert firing() == set()
    watched.submit("B-1")
    watched.run("flx flush --channel shop", "shop")  # nobody takes what became of it
    assert firing() == {"FlxResultsNotTaken"}
    watched.at(TOKEN).write_text("no-such-token")
    watched.submit("B-2", before="faketime -f -1h")

    def is_refused() -> bool:
        watched.run("flx flush --channel shop --budget 5", "shop", status=None)
        return "FlxTokenRefused" in firing()
    until(is_refused, "the third refusal of the token")
    assert firing() == {"FlxResultsNotTaken", "FlxTokenRefused", "FlxOrdersWait"}
