"""Fixtures of the contract tests: the library through its Python binding, a sandbox hub, a recorder between them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).resolve().parent), str(ROOT / "bindings" / "python")]
os.environ.setdefault("FLXCHANNEL_LIBRARY", str(ROOT / ".build-lib" / "standard" / "libflxchannel.so.1"))


@pytest.fixture(scope="session")
def library():
    import flxchannel

    return flxchannel


@pytest.fixture(scope="session")
def checker():
    from checker import Checker

    return Checker()


@pytest.fixture
def state_dir(tmp_path):
    return tmp_path / "state"


@pytest.fixture(scope="session")
def shared_hub():
    from sandbox import Sandbox

    with Sandbox("--seed", "tiny") as hub:
        yield hub


@pytest.fixture
def hub(shared_hub):
    """The shared hub, its seed planted again: `hub.start(seed, name=setting)` plants another and sets switches. Its time is
    `skew_s` ahead of this machine's."""
    from shop import FAST

    def start(seed="tiny", skew_s=0, **switches):
        shared_hub.admin("POST", "reset", {"seed": seed, "skew_s": skew_s})
        shared_hub.set(**{**{name.replace(".", "__"): value for name, value in FAST.items()}, **switches})

    shared_hub.start = start
    shared_hub.start()
    return shared_hub


@pytest.fixture
def under_setting(hub, request):
    """Plants a seed under the setting of the test."""

    def start(setting, seed="tiny", **switches):
        hub.start(seed, **{setting[0].replace(".", "__"): setting[1]}, **switches)
        return hub

    return start


@pytest.fixture(scope="session")
def rate_limit_dir(tmp_path_factory):
    """One rate limit file for all, so that not every client has to learn the pool anew."""
    path = tmp_path_factory.mktemp("rate_limit")
    path.chmod(0o700)
    return path


@pytest.fixture
def open_shop(library, shared_hub, tmp_path, rate_limit_dir):
    """Opens shops, each name with a state of its own; they are closed after the test."""
    from shop import Shop

    opened = []

    def open_one(name="state", own_rate_limit=False, **config):
        if not own_rate_limit:
            config["rate_limit.dir"] = rate_limit_dir
        opened.append(Shop(library, shared_hub, tmp_path / name, **config))
        return opened[-1]

    yield open_one
    for shop in opened:
        shop.client.close()


def pytest_collection_modifyitems(items):
    """`-m client` runs what another artefact of the library could do otherwise."""
    for item in items:
        if "library" in item.fixturenames:
            item.add_marker(pytest.mark.client)


def pytest_runtest_setup(item):
    """What the end of the output tells of section 9 travels with the test's report."""
    from unknowns import bears

    borne = bears(item.callspec.params) if hasattr(item, "callspec") else None
    if borne:
        item.user_properties.append(("section 9", borne))


def pytest_terminal_summary(terminalreporter):
    """Print every row of section 9 with its switches and the settings that were run."""
    from summary import lines

    results = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, borne in getattr(report, "user_properties", []):
                if name == "section 9":
                    results[report.nodeid] = (*borne, outcome)  # a failure outweighs what passed before it
    if results:
        terminalreporter.section("contract section 9, row by row")
        for line in lines(results.values()):
            terminalreporter.write_line(line)
