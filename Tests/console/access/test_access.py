"""The page by the rules of access.js, in light and dark, wide and narrow, empty and full; the rules by planted faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from browser import Console, until
from shop import Hub, Shop

RULES = (Path(__file__).parent / "access.js").read_text("utf-8")


def findings(console: Console) -> "list[str]":
    return list(console.script(RULES))


@pytest.fixture
def full(console: Console, hub: Hub, shop: Shop) -> Console:
    """A page with something of everything."""
    shop.push("A-1", quantity=2, lines=2)
    shop.push("A-2")
    hub.post("ship", {"order_number": "A-1", "split": True})
    hub.post("order", {"order_number": "A-2", "status": "Canceled"})
    hub.post("refuse", {"order_number": "A-3"})
    assert shop.push("A-3")["verdict"] == "refused"
    hub.post("faults", [{"do": "delay", "ms": 1, "times": 3}, {"do": "status", "status": 503, "path": "/nowhere"}])
    hub.post("switches", {"descriptions": "hostile", "page.cap": 50})
    shop.push("A-4", quantity=3)
    until("orders are there", lambda: console.order("A-4"))
    console.open_order("A-4")
    console.open_order("A-1")
    until("listings are there", lambda: console.all("#listing-rows > tr"))
    console.press(console.text("#listing-rows [data-toggle]"), "#listing-rows")
    console.press("All switches", "#switches")
    console.press("Any other fault", "#faults")
    hub.post("pool", {"take": 60})
    console.press("Ship half Half the pieces of the newest open order leave.", "#recipes")
    console.fill("As on the command line", "do=nothing\n", "#words")
    until("there is an alarm", console.alarm)
    return console


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_without_anything_has_no_finding(console: Console, scheme: str) -> None:
    console.look(scheme)
    assert findings(console) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 900, 400])
def test_full_page_has_no_finding(full: Console, scheme: str, width: int) -> None:
    full.look(scheme)
    full.size(width, 1000)
    assert findings(full) == []


def test_live_state_that_is_off_has_no_finding(driver, tmp_path) -> None:
    for scheme in ("light", "dark"):
        with Hub("--seed", "tiny") as hub:
            console = Console(driver, hub.url)
            console.look(scheme)
            console.open()
        until("its end is told", lambda console=console: console.text("#link") != "live")
        assert findings(console) == []
    driver.get("about:blank")
    driver.get_log("browser")


FOCUS = """
const one = document.activeElement;
if (one === document.body) return null;
one.dataset.visit ??= String(document.querySelectorAll('[data-visit]').length);
const style = getComputedStyle(one);
const box = one.getBoundingClientRect();
const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
return {
  visit: Number(one.dataset.visit), place: [...document.querySelectorAll('*')].indexOf(one),
  what: one.outerHTML.slice(0, 90), outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
  seen: box.width > 0 && (one.contains(top) || Boolean(top?.contains(one))),
};
"""


def test_focus_goes_through_the_page_in_its_order_and_is_seen(full: Console) -> None:
    full.script("document.querySelector('.skip').focus()")
    visited: "list[dict[str, Any]]" = []
    while (now := full.script(FOCUS)) and now["visit"] == len(visited):
        visited.append(now)
        full.keys(Keys.TAB)
    assert [one["place"] for one in visited] == sorted(one["place"] for one in visited)
    assert [one["what"] for one in visited if not one["outline"] or not one["seen"]] == []
    missed = full.script(
        """
        return [...document.querySelectorAll('a[href], button, summary, input, select')]
          .filter((one) => one.checkVisibility({ checkVisibilityCSS: true }) && one.dataset.visit === undefined)
          .map((one) => one.outerHTML.slice(0, 90));
        """)
    assert missed == [], "every control is reached by Tab"
    assert len(visited) > 100


def test_nothing_moves_where_less_motion_is_wished(full: Console, hub: Hub, shop: Shop) -> None:
    moving = """
    const lasting = (one) => getComputedStyle(one).transitionDuration.split(',').some((time) => parseFloat(time) > 0);
    return document.getAnimations().filter((one) => one.playState === 'running').length
      + [...document.querySelectorAll('*')].filter(lasting).length;
    """
    full.look("light", "no-preference")
    assert full.script(moving) > 0
    full.look("light", "reduce")
    hub.post("ship", {"order_number": "A-4"})
    until("it is shipped", lambda: full.order("A-4")["Status"] == "Closed")
    assert full.script(moving) == 0


def test_page_is_readable_without_colours(full: Console) -> None:
    """Every state that has a colour has a word."""
    full.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "forced-colors", "value": "active"}]})
    assert [one.text for one in full.all(".pill") if not one.text.strip()] == []
    full.look()


#: What is done to the page, by the rule that finds it; blanks at the end tell two of one rule apart.
PLANTS = {
    "name": "find('#hold-journal').replaceChildren()",
    "label": "find('label[for=find-text]').remove()",
    "document": "document.documentElement.removeAttribute('lang')",
    "headings": "add('h5', 'deep')",
    "landmarks": "document.body.append(make('p', 'outside'))",
    "landmarks ": "find('nav').remove()",
    "tables": "find('#orders thead th').removeAttribute('scope')",
    "lists": "find('#fault-list').append(make('div', ''))",
    "ids": "find('#plan-number').id = 'plan-times'",
    "states": "find('#gauge').setAttribute('aria-valuenow', '99')",
    "tabindex": "find('#find-text').tabIndex = 3",
    "keys": "add('span', 'click me').onclick = () => {}",
    "keys ": "find('#recipes').setAttribute('aria-hidden', 'true')",
    "size": "find('#hold-journal').style.cssText = 'height: 16px; min-height: 0; padding: 0'",
    "live": "find('#alarm').remove()",
    "contrast": "find('#no-faults').style.color = matchMedia('(prefers-color-scheme: dark)').matches ? '#555' : '#bbb'",
    "contrast ": "find('#find-text').style.borderColor = getComputedStyle(find('#orders')).backgroundColor",
    "contrast  ": "find('#orders h2').style.opacity = '0.3'",
    "room": "add('p', 'wide').style.width = '3000px'",
}
PLANT = """
const find = (css) => document.querySelector(css);
const make = (tag, text) => { const one = document.createElement(tag); one.append(text); return one; };
const add = (tag, text) => { const one = make(tag, text); find('#orders').append(one); return one; };
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("rule", PLANTS)
def test_fault_that_is_planted_is_found(driver, rule: str, scheme: str, planted_hub: Hub) -> None:
    console = Console(driver, planted_hub.url)
    console.look(scheme)
    console.open()
    assert findings(console) == []
    console.script(PLANT + PLANTS[rule])
    assert {finding.split(":")[0] for finding in findings(console)} >= {rule.strip()}
    driver.get("about:blank")
    driver.get_log("browser")


@pytest.fixture(scope="module")
def planted_hub():
    with Hub("--seed", "tiny") as hub:
        yield hub
