"""K-07 to K-11: strange hosts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

from rig import native
from rig.channel import FAST, Channel, finish, judge, posts
from rig.ground import ROOT, Ground
from rig.register import row


@row("K-07", set="core", timeout_s=60)
def small_stack(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=100,exceptions=off", **FAST)
    channel = Channel(ground, hub)
    host = channel.start([str(native.program("small_stack")), json.dumps(channel.config()), "S-1"], native.environment())
    used = int(finish(host).split()[0])
    assert used <= 120, f"{used} KB of 128 were used"
    return f"the whole job, and documents nested 4,096 deep, on a stack of 128 KB: {used} KB used; {judge(channel, ['S-1'], is_killed=False)}"


@row("K-08", set="core", timeout_s=60)
def unruly_log_functions(ground: Ground) -> str:
    hub = ground.hub("--seed", "tiny", **FAST)
    channel = Channel(ground, hub)
    host = channel.start([str(native.program("callbacks")), json.dumps(channel.config()), "U"], native.environment())
    said = finish(host, 40).strip()
    header = (ROOT / "include/flxchannel.h").read_text()
    assert "must return normally" in header and "must not call the library for the\n * same client" in header, "not documented"
    channel.settle_down()
    return f"{said}; the header says that it must return and not call; {judge(channel, ['U-1', 'U-2', 'U-3'], is_killed=True)}"


@row("K-09", set="core", timeout_s=100)
def many_threads(ground: Ground) -> str:
    """64 threads on one client, all calls at once; one of them closes it in the end."""
    hub = ground.hub("--seed", "tiny", **FAST)
    channel = Channel(ground, hub)
    count = ground.times(4, least=2)
    host = channel.python(
        "c = client()\ncodes = {}\n"
        "def note(e): codes[e.name] = codes.get(e.name, 0) + 1\n"
        "def work(n):\n"
        f"    for i in range({count}):\n"
        "        c.submit(order(f'T-{n}-{i}'))\n"
        "        for use in (lambda: c.flush(20), c.stats, c.outbox, c.logs, lambda: c.pull('orders', cursor=str(n)).close(),\n"
        "                    lambda: c.call('getListingVariantsCount', wait_ms=50)):\n"
        "            try: use()\n            except FlxError as e: note(e)\n"
        "threads = [threading.Thread(target=work, args=(n,)) for n in range(64)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "while c.flush(1000).waiting['orders']: pass\n"
        "def late():\n"
        "    while True:\n"
        "        try: c.flush(10); c.stats()\n        except FlxError as e: return note(e)\n"
        "threads = [threading.Thread(target=late) for n in range(8)]\n"
        "[t.start() for t in threads]; time.sleep(.1); c.close(); [t.join() for t in threads]\n"
        "print(json.dumps(codes))\n")
    codes = json.loads(finish(host, 90))
    # A flush of 20 ms may find the state file taken for all of them.
    allowed = {"FLX_E_CLIENT_BUSY", "FLX_E_STATE_BUSY", "FLX_E_THROTTLED", "FLX_E_HANDLE", "FLX_E_TIMEOUT"}
    assert set(codes) <= allowed, f"refused with {codes}"
    return f"64 threads on one client: served or refused ({codes}); {judge(channel, [f'T-{n}-{i}' for n in range(64) for i in range(count)], is_killed=False)}"


@row("K-10", set="core", timeout_s=60)
def two_copies(ground: Ground) -> str:
    """dlclose, two copies of the library in one process, and a host that has loaded other curl and TLS libraries for all to see."""
    hub = ground.hub("--seed", "tiny", **FAST)
    channel = Channel(ground, hub)
    copy = ground.folder / "copy" / ground.library.name
    copy.parent.mkdir()
    shutil.copy(ground.library, copy)
    host = channel.start(
        [str(native.program("copies", "-rdynamic", "-ldl")), json.dumps(channel.config()), str(ground.library), str(copy)],
        native.environment())
    said = finish(host).strip()
    names = subprocess.run(["nm", "-D", "--defined-only", str(ground.library)], capture_output=True, text=True, check=True)
    foreign = [line for line in names.stdout.splitlines() if not re.search(r" (T|A) (flx_|FLX_)", line)]
    assert not foreign, f"exported: {foreign[:5]}"
    flags = subprocess.run(["readelf", "-d", str(ground.library)], capture_output=True, text=True, check=True).stdout
    assert "NODELETE" in flags
    channel.settle_down()
    numbers = [row["number"] for row in channel.rows()]
    return f"{said}; exports only flx_; {judge(channel, numbers, is_killed=False)}"


@row("K-11", set="core", timeout_s=60)
def strange_hosts(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=60,exceptions=off", latency__ms=20, **FAST)
    channel = Channel(ground, hub)
    locales = ground.folder / "locales"
    locales.mkdir()
    for name in ("de_DE", "tr_TR", "ar_EG"):
        subprocess.run(["localedef", "-i", name, "-f", "UTF-8", str(locales / f"{name}.UTF-8")], check=True, capture_output=True)
    alarms = 0
    numbers = []
    for index, (locale, rounding) in enumerate(
            [("C", "nearest"), ("de_DE.UTF-8", "up"), ("tr_TR.UTF-8", "down"), ("ar_EG.UTF-8", "zero")]):
        numbers.append(f"H-{index}")
        host = channel.start(
            [str(native.program("strange_host")), json.dumps(channel.config()), numbers[-1], locale, rounding],
            native.environment(LOCPATH=str(locales)))
        alarms += int(finish(host).split()[0])
    bodies = {entry["request_bytes"] for entry in posts(hub)}
    assert len(bodies) == 1, f"the order's bytes depend on the locale: {bodies}"
    return (
        f"SIGALRM every ms ({alarms} in all), 4 locales x 4 rounding modes, all FPU traps on: the job done, every disposition, mask, "
        f"mode, locale and errno as before; {judge(channel, numbers, is_killed=False)}")
