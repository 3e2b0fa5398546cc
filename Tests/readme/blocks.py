#!/usr/bin/env python3
"""Runs every code block of every README as it is printed, against a sandbox with its default seed.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... FLX=... python Tests/readme/blocks.py            runs them
    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... FLX=... python Tests/readme/blocks.py --planted  shows that what does not run is found

A block names things that a shop has (`shop`, `save`, `order_json`): the stage has them, a file for each language.
What a block says of where the channel is (a path, a token of dots) is put right by the stage as well; nothing else is.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "bindings/python/tests"), str(ROOT / "Tests/postgres")]

from sandbox import Sandbox  # noqa: E402 - the tests of the binding have it
from server import Server  # noqa: E402 - those of a state in a server


@dataclass(frozen=True)
class Block:
    place: str
    language: str
    text: str


def blocks(path: Path, text: "str | None" = None) -> "list[Block]":
    """The fenced blocks of a README, in their order."""
    found: "list[Block]" = []
    lines: "list[str] | None" = None
    language, start = "", 0
    for number, line in enumerate((path.read_text("utf-8") if text is None else text).splitlines(keepends=True), 1):
        if not line.startswith("```"):
            if lines is not None:
                lines.append(line)
        elif lines is None:
            lines, language, start = [], line[3:].strip(), number
        else:
            if language:  # one without is a drawing
                found.append(Block(f"{path.relative_to(ROOT)}:{start}", language, "".join(lines)))
            lines = None
    return found


def run(block: Block) -> "str | None":
    """What went wrong, or None."""
    runners = {"python": run_python, "js": run_js, "c": run_c, "cpp": run_cpp, "php": run_php, "sh": run_shell, "json": check_json,
               "ini": check_ini}
    runner = runners.get(block.language)
    if runner is None:
        return f"a block of {block.language or 'no language'} is run by nobody"
    with tempfile.TemporaryDirectory(prefix="readme-") as folder, Sandbox() as hub:
        environment = {
            **os.environ, "FLX_URL": hub.url, "FLX_TOKEN": hub.token, "FLX_STATE_DIR": f"{folder}/state", "FLX_SKU": hub.some_sku(),
            "LD_LIBRARY_PATH": str(Path(os.environ["FLXCHANNEL_LIBRARY"]).resolve().parent),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "bindings/python"), str(HERE)])}
        wrong = runner(block, Path(folder), environment)
        if wrong is None and block.language in ("python", "js", "c", "cpp", "php"):
            wrong = judged(hub)
        return wrong


def judged(hub: Sandbox) -> "str | None":
    """A block of code does a channel's work: an order is at the hub, and nothing waits to be synced."""
    totals = hub.get("totals")
    if totals["order_numbers_pushed"] != 1 or totals["order_posts"] != 1:
        return f"{totals['order_numbers_pushed']} orders at the hub by {totals['order_posts']} posts"
    if totals["waiting_for_sync"]:
        return f"{totals['waiting_for_sync']} variants wait to be synced"
    return None


def run_python(block: Block, folder: Path, environment: "dict[str, str]") -> "str | None":
    (folder / "block.py").write_text(f"from stage import *  # noqa\n{block.text}\nfrom stage import done\ndone()\n")
    return ended([sys.executable, "block.py"], folder, environment)


def run_js(block: Block, folder: Path, environment: "dict[str, str]") -> "str | None":
    (folder / "node_modules").mkdir()
    (folder / "node_modules/flxchannel").symlink_to(ROOT / "bindings/node")
    (folder / "block.mjs").write_text(block.text)
    return ended(["node", "--import", str(HERE / "stage.mjs"), "block.mjs"], folder, environment)


def run_c(block: Block, folder: Path, environment: "dict[str, str]") -> "str | None":
    return compiled(["cc", "-Wall", "-Werror"], "stage.h", "shop.c", block, folder, environment)


def run_cpp(block: Block, folder: Path, environment: "dict[str, str]") -> "str | None":
    return compiled(["c++", "-std=c++17", "-Wall", "-Wextra", "-Werror"], "stage.hpp", "shop.cpp", block, folder, environment)


def compiled(
    compiler: "list[str]", stage: str, source: str, block: Block, folder: Path, environment: "dict[str, str]"
) -> "str | None":
    (folder / source).write_text(f'#include "{stage}"\nint main(void)\n{{\n{block.text}\nreturn 0;\n}}\n')
    library = Path(environment["FLXCHANNEL_LIBRARY"]).resolve()
    (folder / "libflxchannel.so").symlink_to(library)
    places = [f"-I{ROOT}/include", f"-I{HERE}", f"-L{folder}"]
    command = [*compiler, *places, "-o", "shop", source, "-lflxchannel", "-ljansson"]
    return ended(command, folder, environment) or ended(["./shop"], folder, environment)


def a_channel(folder: Path, environment: "dict[str, str]") -> None:
    """The channel of the shop as a file for flx, with an order in it that has not left."""
    settings = folder / "flxchannel"
    settings.mkdir()
    (settings / "token").write_text(environment["FLX_TOKEN"])
    (settings / "shop.json").write_text(json.dumps({
        "channel": "shop", "state_dir": environment["FLX_STATE_DIR"], "origin": environment["FLX_URL"],
        "token_file": f"{settings}/token"}))
    for file in settings.iterdir():
        file.chmod(0o600)
    environment["FLXCHANNEL_CONFIG_DIR"] = str(settings)
    opened = "flxchannel.Client(channel='shop', token=token, state_dir='/x')"
    submit = f"from stage import *\nwith {opened} as client: client.submit(order)"
    subprocess.run([sys.executable, "-c", submit], env=environment, check=True)


def handler() -> str:
    """The handler that the paper of flx prints."""
    return next(block.text for block in blocks(ROOT / "Sources/flx/README.md") if block.language == "php")


def run_php(block: Block, folder: Path, environment: "dict[str, str]") -> "str | None":
    """A program with the binding, a plugin that hooks into one, or else the handler of a round of flx."""
    if "Flxchannel" in block.text or "add_action" in block.text:
        return run_binding(block, folder, environment)
    a_channel(folder, environment)
    (folder / "handler.php").write_text(block.text)
    php = f"php -d auto_prepend_file={HERE}/stage.php handler.php"
    return ended([environment["FLX"], "sync", "--channel", "shop", "--budget", "60", "--exec", php], folder, environment)


def run_binding(block: Block, folder: Path, environment: "dict[str, str]") -> "str | None":
    (folder / "vendor").mkdir()
    (folder / "vendor/autoload.php").write_text(f"<?php require_once '{ROOT}/bindings/php/autoload.php';")
    with (folder / "flxchannel.php.h").open("w") as header:
        library = str(Path(environment["FLXCHANNEL_LIBRARY"]).resolve())
        subprocess.run([ROOT / "bindings/php/header.sh", ROOT / "include/flxchannel.h", library], stdout=header, check=True)
    environment["FLXCHANNEL_HEADER"] = f"{folder}/flxchannel.php.h"
    place = f"'state_dir' => '{environment['FLX_STATE_DIR']}', 'origin' => '{environment['FLX_URL']}'"
    (folder / "block.php").write_text(block.text.replace("'state_dir' => '/var/lib/shop/flx'", place))
    stage = "plugin" if "add_action" in block.text else "binding"
    return ended(["php", "-d", f"auto_prepend_file={HERE}/{stage}.php", "block.php"], folder, environment)


SHIMS = {
    "flx": 'case "$1" in watch) set -- "$@" --once;; esac; exec {flx} "$@" > /dev/null',
    "php": 'exec {php} -d auto_prepend_file={here}/stage.php "$@"',
    "make": 'case "$*" in "") exit 2;; esac; exec {make} -n -C {root} "$@" > /dev/null',
    "sudo": 'exec "$@"',
    "apt-get": 'shift; for deb; do name=${{deb##*/}}; grep -qx "Package: ${{name%%_*}}" {root}/packaging/debian/control; done',
    "pip": '[ "$1" = install ]; case "$2" in "./flxchannel-*.whl") ;; *) [ -f "{root}/$2/pyproject.toml" ];; esac',
    "npm": """[ "$1" = install ]; for last; do :; done; case "$last" in "./flxchannel-[0-9]*.tgz") ;;
        *) grep -qF "\\"version\\": \\"$(basename "$last" .tgz | cut -d- -f2)\\"" {root}/bindings/node/package.json;; esac""",
    "pkg-config": 'echo "-I{root}/include -L{folder} -lflxchannel"',
}
"""What a README's commands come to here: make says what it would do, and a package is there to be installed."""


def run_shell(block: Block, folder: Path, environment: "dict[str, str]") -> "str | None":
    shims = folder / "bin"
    shims.mkdir()
    for name, body in SHIMS.items():
        programs = {"make": shutil.which("make"), "php": shutil.which("php"), "flx": environment["FLX"]}
        text = body.format(**programs, here=HERE, root=ROOT, folder=folder)
        (shims / name).write_text(f"#!/bin/sh -e\n{text}\n")
        (shims / name).chmod(0o755)
    (folder / "shop.c").write_text('#include <flxchannel.h>\nint main(void) { return flx_require(FLX_VERSION) != FLX_OK; }\n')
    (folder / "libflxchannel.so").symlink_to(Path(environment["FLXCHANNEL_LIBRARY"]).resolve())
    if "flx " in block.text:
        a_channel(folder, environment)
        (folder / "handler.php").write_text(handler())
    environment["PATH"] = f"{shims}:{environment['PATH']}"
    environment.pop("MAKEFLAGS", None)
    if "service=shop" not in block.text:
        return ended(["sh", "-e", "-c", block.text], folder, environment)
    with a_server(folder, environment):
        return ended(["sh", "-e", "-c", block.text], folder, environment)


def a_server(folder: Path, environment: "dict[str, str]") -> Server:
    """The database of a shop, as its service file has it, and an order to be sent."""
    folder.chmod(0o755)  # for the user that PostgreSQL runs as
    server = Server(folder / "server").make()
    server.sql("GRANT CREATE ON DATABASE shop TO shop", database="shop")
    service = folder / "service.conf"
    service.write_text(f"[shop]\nhost=127.0.0.1\nport={server.port}\nuser=shop\ndbname=shop\n")
    environment |= {
        "PGSERVICEFILE": str(service), "FLXCHANNEL_TOKEN": environment["FLX_TOKEN"], "FLXCHANNEL_ORIGIN": environment["FLX_URL"]}
    write = "import json\nfrom stage import *\nopen('order.json', 'w').write(json.dumps(order, default=str))"
    subprocess.run([sys.executable, "-c", write], cwd=folder, env=environment, check=True)
    return server


def check_json(block: Block, folder: Path, environment: "dict[str, str]") -> "str | None":
    return ended([sys.executable, "-c", "import json, sys; json.loads(sys.argv[1])", block.text], folder, environment)


def check_ini(block: Block, folder: Path, environment: "dict[str, str]") -> "str | None":
    """Each line sets something that PHP knows."""
    strange = "array_diff_key(parse_ini_string($argv[1], false, INI_SCANNER_RAW), ini_get_all(), ['extension' => 1])"
    check = f"$strange = {strange}; print_r($strange); exit($strange ? 1 : 0);"
    return ended(["php", "-r", check, block.text], folder, environment)


def ended(command: "list[str]", folder: Path, environment: "dict[str, str]") -> "str | None":
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    if done.returncode == 0:
        return None
    return f"{Path(command[0]).name} ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-600:]}"


def readmes() -> "list[Path]":
    command = ["git", "ls-files", "*README.md", "CONTRIBUTING.md"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines()]


PLANTED = [
    "```python\nimport flxchannel as f\nwith f.Client(channel='shop', token=token, state_dir='/x') as c:\n    c.synch({})\n```\n",
    "```python\nprint('does nothing at all')\n```\n",
    "```js\nimport { Client } from 'flxchannel';\nawait Client.open({ channel: 'shop', token, state_dir: '/x' });\n```\n",
    "```js\nconsole.log('does nothing at all');\n```\n", "```c\nflx_client *client = 0; flx_client_opens(client);\n```\n",
    "```sh\nmake demmo\n```\n", "```php\n<?php\nfgets(STDIN); echo 'yes', PHP_EOL;\n```\n",
    "```php\n<?php\n$client = new Flxchannel\\Client([]);\n```\n", "```php\n<?php\nuse Flxchannel\\Client;\n```\n",
    "```php\n<?php\nadd_action('my_shop_order_is_paid', fn ($cart) => do_action('flxchannel_order', ['number' => 'M-7']));\n```\n",
    "```ini\nffi.preloads=x\n```\n", "```json\n{\"a\": 1,}\n```\n", "```cobol\nSTOP RUN.\n```\n",
    "```sh\nsudo apt-get install ./libflxchannel9_*.deb\n```\n", "```sh\npip install ./flxchanel-*.whl\n```\n",
    "```sh\nnpm install ./flxchannel.tgz\n```\n",
    "```sh\nexport FLXCHANNEL_CHANNEL=shop FLXCHANNEL_STATE_URL='service=shop options=-csearch_path=nowhere'\n"
    "flx order submit order.json\n```\n",
    "```cpp\nflx::Client client({{\"channel\", \"shop\"}, {\"token\", \"...\"}}); // without a directory\n```\n",
]


def main() -> int:
    if sys.argv[1:] == ["--planted"]:
        missed = [text for text in PLANTED if not all(run(block) for block in blocks(ROOT / "README.md", text))]
        print(f"readme: {len(PLANTED) - len(missed)} of {len(PLANTED)} planted blocks were found", *missed, sep="\n")
        return 1 if missed else 0
    wrong = count = 0
    for path in readmes():
        for block in blocks(path):
            count += 1
            if fault := run(block):
                wrong += 1
                print(f"{block.place}: {fault}")
    print(f"readme: {count} blocks, {wrong} do not run as printed")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main())
