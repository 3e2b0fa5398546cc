#!/usr/bin/env python3
"""Writes the first sample of each README as a program for a machine that has only the packages, with the stage it needs.

    python3 Tests/dist/samples.py FOLDER       FOLDER/NAME has what is copied there, and `run`, which runs it

The samples are taken as they are printed; what they take for granted is that of Tests/readme/blocks.py.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAGE = ROOT / "Tests/readme"
sys.path.insert(0, str(STAGE))

from blocks import blocks  # noqa: E402

COMPILE = 'set -eu\n{compiler} -o shop {source} $(pkg-config --cflags --libs flxchannel) -ljansson\nexec ./shop\n'
HANDLER = """set -eu
mkdir -p /etc/flxchannel
printf '%s' "$FLX_TOKEN" > /etc/flxchannel/shop.token
printf '{"channel":"shop","state_dir":"%s","origin":"%s","token_file":"/etc/flxchannel/shop.token"}' \\
    "$FLX_STATE_DIR" "$FLX_URL" > /etc/flxchannel/shop.json
chmod 600 /etc/flxchannel/shop.*
sed "s/@SKU@/$FLX_SKU/" order.json | flx order submit --channel shop
flx sync --channel shop --exec 'php -d auto_prepend_file=stage.php handler.php'
"""
ORDER = """{"orderNumber":"A-1001","orderedAt":"2026-01-31T12:00:00Z","shippingText":"Standard","shippingAddress":{
"name":"Ada Example","addressLine1":"1 Test Street","city":"Springfield","postal":"62701","countryCode":"US"},
"orderItems":[{"sku":"@SKU@","quantity":1,"price":"19.99"}]}
"""


FPM = """set -eu
cat > fpm.conf <<END
[global]
error_log = $PWD/fpm.log
daemonize = no
[www]
listen = $PWD/fpm.sock
user = root
pm = static
pm.max_children = 2
clear_env = no
END
$(ls /usr/sbin/php-fpm*) -F -R -y fpm.conf -d auto_prepend_file=$PWD/binding.php {options} &
fpm=$!
for turn in $(seq 100); do [ -e fpm.sock ] || sleep 0.1; done
SCRIPT_FILENAME=$PWD/block.php REQUEST_METHOD=GET cgi-fcgi -bind -connect fpm.sock > answer || {{ cat fpm.log; exit 1; }}
kill $fpm
cat answer
! grep -q 'Fatal error' answer
"""
PRELOAD = " ".join(["-n", *(f"-d {setting}" for setting in (
    "extension=ffi", "zend_extension=opcache", "opcache.enable=1", "opcache.preload=/usr/share/flxchannel/php/preload.php",
    "opcache.preload_user=root", "ffi.enable=preload", "ffi.preload=/usr/share/flxchannel/flxchannel.php.h"))])


def first(readme: str, language: str) -> str:
    return next(one.text for one in blocks(ROOT / readme) if one.language == language)


def in_c(stage: str, text: str) -> str:
    return f'#include "{stage}"\nint main(void)\n{{\n{text}\nreturn 0;\n}}\n'


def written(folder: Path, run: str, stage: "list[str]", **files: str) -> None:
    folder.mkdir(parents=True)
    for name, text in {"run": run, **files}.items():
        (folder / name.replace("__", ".")).write_text(text)
    for name in stage:
        shutil.copyfile(STAGE / name, folder / name)


def main(folder: Path) -> None:
    compiled = COMPILE.format(compiler="cc", source="shop.c")
    written(folder / "c", compiled, ["stage.h"], shop__c=in_c("stage.h", first("README.md", "c")))
    compiled = COMPILE.format(compiler="c++ -std=c++17", source="shop.cpp")
    sample = in_c("stage.hpp", first("examples/cpp/README.md", "cpp"))
    written(folder / "cpp", compiled, ["stage.h", "stage.hpp"], shop__cpp=sample)
    sample = f"from stage import *\n{first('bindings/python/README.md', 'python')}\nfrom stage import done\ndone()\n"
    written(folder / "python", "exec python3 block.py\n", ["stage.py"], block__py=sample)
    sample = first("Sources/flx/README.md", "php")
    written(folder / "tools", HANDLER, ["stage.php"], handler__php=sample, order__json=ORDER)
    php_package(folder / "php", "exec php -d auto_prepend_file=binding.php block.php\n")
    php_package(folder / "fpm", FPM.format(options=""))
    php_package(folder / "fpm-ffi", FPM.format(options=PRELOAD))
    sample = first("bindings/node/README.md", "js")
    written(folder / "node", "exec node --import ./stage.mjs block.mjs\n", ["stage.mjs"], block__mjs=sample)


def php_package(folder: Path, run: str) -> None:
    """The stage asks for the package where the sources have it, the sample where Composer would put it."""
    sample = first("bindings/php/README.md", "php").replace(
        "'state_dir' => '/var/lib/shop/flx'", "'state_dir' => getenv('FLX_STATE_DIR'), 'origin' => getenv('FLX_URL')")
    stage = (STAGE / "binding.php").read_text().replace("__DIR__ . '/../../bindings/php/autoload.php'", "'vendor/autoload.php'")
    written(folder, run, [], block__php=sample, binding__php=stage)
    (folder / "vendor").mkdir()
    (folder / "vendor/autoload.php").write_text("<?php\nrequire_once '/usr/share/flxchannel/php/autoload.php';\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
