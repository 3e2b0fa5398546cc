"""Who runs what beside php-fpm: the pool as the user of the state, the web server as nobody in particular."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from machine import BOOK, HERE, STATE, Machine, Sandbox, once_each, order, until

# A checkout: it hands the order over, by the command and with the library at hand, and says how that went.
CHECKOUT = """<?php
$pipes = [];
$flx = proc_open('/usr/local/bin/flx order submit --channel shop -', [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $pipes);
fwrite($pipes[0], file_get_contents('php://input'));
fclose($pipes[0]);
$said = stream_get_contents($pipes[1]) . stream_get_contents($pipes[2]);
$ffi = FFI::cdef(file_get_contents('/usr/local/share/flxchannel/flxchannel.ffi.h'), 'libflxchannel.so.1');
echo json_encode(['status' => proc_close($flx), 'said' => $said, 'version' => $ffi->flx_version(), 'user' => posix_geteuid()]);
"""


@pytest.fixture
def shop(machine: Machine) -> "Iterator[Machine]":
    machine.write("/srv/shop/checkout.php", CHECKOUT)
    machine.write("/srv/fcgi.py", (HERE / "fcgi.py").read_text())
    machine.run("systemctl start php8.2-fpm")
    yield machine
    machine.run("systemctl stop php8.2-fpm")


def checkout(machine: Machine, number: str, sku: str, user: str = "www-data", status: int = 0) -> Any:
    request = "python3 /srv/fcgi.py /run/php/shop.sock /srv/shop/checkout.php"
    done = machine.run(request, user, stdin=json.dumps(order(number, sku)), status=status)
    return json.loads(done.stdout.partition("\n\n")[2]) if status == 0 else None


def test_orders_of_the_pool_leave_by_the_round_beside_it(shop: Machine, hub: Sandbox) -> None:
    shop.follow("Setting up", 1)
    sku = hub.some_sku()
    busy = shop.start("flx sync --channel shop --budget 30 --exec 'php /srv/shop/handler.php'", "shop", PAUSE_MS="100")
    until(lambda: shop.at(BOOK).exists(), "the round")

    answers = [checkout(shop, f"A-{number}", sku) for number in range(4)]

    busy.communicate(timeout=100)
    shop.run("systemctl start flx-sync@shop.service")
    own = int(shop.run("id -u shop").stdout)
    assert [(answer["status"], answer["user"]) for answer in answers] == [(0, own)] * 4, answers
    assert all(answer["version"] > 0 for answer in answers)
    once_each(hub, *[f"A-{number}" for number in range(4)])


def test_web_server_has_the_socket_and_nothing_else(shop: Machine, hub: Sandbox) -> None:
    checkout(shop, "A-1", hub.some_sku())
    for path in ("/var/lib/flxchannel/shop", "/etc/flxchannel/shop.token", "/etc/flxchannel/shop.json", "/var/log/flxchannel"):
        shop.run(f"test -r {path}", "www-data", status=1)
        shop.run(f"test -r {path}", "shop")
    checkout(shop, "A-2", hub.some_sku(), user="daemon", status=1)


def test_pool_of_the_web_server_is_refused(shop: Machine, hub: Sandbox) -> None:
    shop.run("systemctl stop php8.2-fpm")
    until(lambda: not shop.at("/run/php/php8.2-fpm.pid").exists(), "the end of the pool")
    shop.run("sed -i -E 's/^(user|group) = .*/\\1 = www-data/' /etc/php/8.2/fpm/pool.d/shop.conf && systemctl start php8.2-fpm")

    answer = checkout(shop, "A-1", hub.some_sku())

    assert answer["status"] == 2 and "/etc/flxchannel/shop.json cannot be read" in answer["said"], answer
    assert shop.verdicts() == {}


def test_root_is_refused_the_state_too(shop: Machine) -> None:
    shop.run("flx outbox --channel shop", status=2)
    shop.run("flx stats", status=3, FLXCHANNEL_CHANNEL="shop", FLXCHANNEL_STATE_DIR=STATE, FLXCHANNEL_TOKEN=shop.hub.token,
             FLXCHANNEL_ORIGIN=shop.hub.url)
