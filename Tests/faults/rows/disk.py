"""D-01, D-03, D-05, D-09 to D-12, D-16, D-17: disks that are full, small, foreign, read-only or shared with others."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import flxchannel
from orders import order
from rig.checker import judge
from rig.ground import Ground
from rig.register import row
from rig.shop import FAST, Shop, shim

NOBODY = 65534


def submits(shop: Shop) -> "tuple[set[str], dict[str, str]]":
    """Orders that were accepted, and those that were not with what the host was told."""
    events = [event for event in shop.history() if event.what == "submit"]
    acked = {event.words[0] for event in events if event.kind == "o"}
    return acked, {event.words[0]: " ".join(event.words[1:]) for event in events if event.kind == "f"}


@row("D-01", set="core")
def full_disk_at_enqueue(ground: Ground) -> str:
    shop = Shop(ground, ground.hub("--seed", "empty", **FAST))
    shutil.rmtree(shop.state)
    shop.state.mkdir(mode=0o700)
    many = shop.command(*[f"submit:F-{number}" for number in range(900)], "flush:200", "list")
    more = shop.command(*[f"submit:G-{number}" for number in range(20)], "drain:120000", "list")
    script = f"""
        mount -t tmpfs -o size=1m,mode=0700 tmpfs {shop.state}
        head -c 600000 /dev/zero > {shop.state}/filler
        {' '.join(many)}; echo "status $?"
        rm {shop.state}/filler
        {' '.join(more)}; echo "status $?" """
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], env=shop.environment, capture_output=True, text=True, timeout=100)
    lists = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    statuses = [line for line in done.stdout.splitlines() if line.startswith("status")]
    assert statuses == ["status 4", "status 0"], f"{statuses} {done.stderr[-300:]} {shop.tail()}"
    acked, refused = submits(shop)
    full = {row["number"] for row in lists[0]}
    first = {number for number in acked if number.startswith("F")}
    assert first == full, f"{len(first)} accepted, {len(full)} stored"
    assert len(refused) >= 100 and len(first) >= 100, f"{len(first)} accepted, {len(refused)} refused: the disk was not full"
    assert all("FLX_E_STATE" in text and "nothing was stored" in text for text in refused.values()), list(refused.values())[:2]
    at_hub = set(shop.hub.order_numbers())
    assert at_hub == acked, f"{len(at_hub)} at the hub, {len(acked)} accepted"
    return (
        f"{len(first)} accepted = {len(full)} stored on 1 MiB, {len(refused)} refused as not stored; with room again 20 more; "
        f"{len(at_hub)} of {len(acked)} accepted orders at the hub, none that was refused")


@row("D-03", set="core")
def file_size_limit(ground: Ground) -> str:
    shop = Shop(ground, ground.hub("--seed", "empty", **FAST))
    steps = [*[f"submit:L-{number}" for number in range(500)], "flush:500", "list"]
    done = shop.run(*steps, under=["prlimit", "--fsize=300000"])
    assert done.returncode == 4, f"the host ended with {done.returncode}: {shop.tail()}"
    acked, refused = submits(shop)
    stored = {row["number"] for row in json.loads(done.stdout)}
    assert acked == stored and len(refused) > 50, f"{len(acked)} accepted, {len(stored)} stored, {len(refused)} refused"
    assert all("FLX_E_STATE" in text for text in refused.values()), list(refused.values())[:2]
    shop.run("submit:L-after", "drain:120000", check=True)
    assert set(shop.hub.order_numbers()) == acked | {"L-after"}
    return f"{len(acked)} accepted = stored, {len(refused)} refused at 300 kB a file, the host lives (SIGXFSZ at its default); without the limit all went out"


@row("D-05", set="core")
def short_writes(ground: Ground) -> str:
    shop = Shop(ground, ground.hub("--seed", "variants=30", **FAST))
    ids = shop.take_receipt()
    for turn in range(4):
        numbers = [f"submit:S-{turn}-{number}" for number in range(5)]
        ack = f"ack:{shop.folder}/receipt:{ids[turn]}:m-{turn}"
        shop.run(*numbers, ack, "drain:120000", environment=shim("short"), check=True)
    found = judge(shop).demand()
    return f"every third write half of it, every fifth one byte: {found}"


# D-09


def _moved(state: Path) -> None:
    (state / "shop.db").rename(state / "old.db")


def _deleted(state: Path) -> None:
    (state / "shop.db").unlink()


def _replaced(state: Path) -> None:
    shutil.copy(state / "shop.db", state / "copy")
    os.chmod(state / "copy", 0o600)
    (state / "copy").rename(state / "shop.db")


def _directory_gone(state: Path) -> None:
    shutil.rmtree(state)


def _directory_moved(state: Path) -> None:
    state.rename(state.parent / "elsewhere")


def _new_directory(state: Path) -> None:
    state.rename(state.parent / "elsewhere")
    state.mkdir(mode=0o700)


@row("D-09", set="core")
def replaced_under_us(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=30", **FAST)
    refused = 0
    for deed in (_moved, _deleted, _replaced, _directory_gone, _directory_moved, _new_directory):
        shop = Shop(ground, hub)
        ids = shop.take_receipt()
        receipt = (shop.folder / "receipt").read_text()
        posts = len([entry for entry in hub.journal() if entry["operation"] == "createOrder"])
        with shop.client() as client:
            client.submit(order(f"{deed.__name__}-1"))
            deed(shop.state)
            before = sorted(path.name for path in shop.state.iterdir()) if shop.state.exists() else None
            for attempt in (
                lambda: client.submit(order(f"{deed.__name__}-2")), lambda: client.flush(500), lambda: client.outbox(),
                lambda: client.ack(receipt, [{"id": ids[0], "error": "x"}]),
            ):
                try:
                    attempt()
                except (flxchannel.StateError, flxchannel.PathError) as error:
                    refused += 1
                    said = str(error)
                    assert "deleted or replaced" in said or "no such file" in said or "missing" in said, f"{deed.__name__}: {said}"
                else:
                    raise AssertionError(f"{deed.__name__}: went on with a state that is not there")
            after = sorted(path.name for path in shop.state.iterdir()) if shop.state.exists() else None
            new = set(after or ()) - set(before or ()) - {"shop.lock"}
            assert not new, f"{deed.__name__}: the refused calls made {new}"
            if deed is _moved:  # put back: the same file, the same client
                (shop.state / "old.db").rename(shop.database)
                assert client.submit(order("moved-back"))["new"]
        now = len([entry for entry in hub.journal() if entry["operation"] == "createOrder"])
        assert now == posts, f"{deed.__name__}: {now - posts} orders were sent"
    return f"database moved, deleted, replaced, directory removed, moved, made anew: {refused} of 24 calls refused, nothing sent, nothing made; moved back it goes on"


# D-10


def refusal(shop: Shop, environment: "dict[str, str] | None" = None, under: "list[str] | None" = None, user: "int | None" = None) -> str:
    """What the library says when it cannot open this state; the driver must live."""
    history = shop.folder / "history.log"
    history.write_text("")
    os.chmod(history, 0o666)
    done = subprocess.run(
        [*(under or []), *shop.command("submit:X-1")], env={**shop.environment, **(environment or {})}, capture_output=True, text=True,
        timeout=60, user=user, group=user, extra_groups=[] if user else None)
    assert done.returncode == 3, f"ended with {done.returncode}, not refused: {done.stdout} {done.stderr[-200:]} {shop.tail()}"
    return " ".join(shop.history()[-1].words)


@row("D-10", set="core")
def directories_that_are_difficult(ground: Ground) -> str:
    hub = ground.hub("--seed", "empty", **FAST)
    shop = Shop(ground, hub)
    said = []

    def expect(what: str, got: str, code: str, words: str) -> None:
        assert code in got and words in got, f"{what}: {got}"
        said.append(what)

    readonly = f"mount --bind {shop.state} {shop.state} && mount -o remount,bind,ro {shop.state} && exec"
    got = refusal(shop, under=["unshare", "-m", "sh", "-c", f'{readonly} "$@"', "sh"])
    expect("a read-only file system", got, "FLX_E_", "read-only")
    fresh = Shop(ground, hub)
    shutil.rmtree(fresh.state)
    fresh.state.mkdir(mode=0o700)
    readonly = readonly.replace(str(shop.state), str(fresh.state))
    got = refusal(fresh, under=["unshare", "-m", "sh", "-c", f'{readonly} "$@"', "sh"])
    expect("an empty read-only one", got, "FLX_E_PATH", "read-only")

    for path in [ground.folder, fresh.folder]:
        os.chmod(path, 0o755)
    for path in [fresh.state, fresh.rate_limits[0], *fresh.rate_limits[0].iterdir()]:
        os.chown(path, NOBODY, NOBODY)
    os.chmod(fresh.state, 0o500)
    library = ground.folder / "library"
    library.mkdir(mode=0o755)
    for file in (fresh.driver, fresh.library):
        shutil.copy(file, library)
        os.chmod(library / file.name, 0o755)
    fresh.environment["LD_LIBRARY_PATH"], fresh.driver = str(library), library / fresh.driver.name
    expect("a directory without write permission", refusal(fresh, user=NOBODY), "FLX_E_PATH", "chmod u+rwx")
    os.chmod(fresh.state, 0o700)
    os.chown(fresh.state, 0, 0)
    expect("a directory of another user", refusal(fresh, user=NOBODY), "FLX_E_IDENTITY", "belongs to user 0")

    long = Shop(ground, hub)
    long.state = long.folder / ("x" * 300)
    expect("a name of 300 bytes", refusal(long), "FLX_E_PATH", "too long")
    missing = Shop(ground, hub)
    missing.state = missing.folder / "no/such"
    expect("a parent that is missing", refusal(missing), "FLX_E_PATH", "no such file")

    works = ["with space", "täst-名-🛒", "100%41", "what?mode=ro", "a#b", "file:x", "'quoted\"", "a\\b", "-rf", "x" * 200]
    for name in works:
        odd = Shop(ground, hub)
        odd.state = odd.folder / name
        odd.run("submit:W-1", check=True)
        listed = json.loads(odd.run("list", check=True).stdout)
        assert [row["number"] for row in listed] == ["W-1"], f"{name}: {listed}"
        assert sorted(path.name for path in odd.state.iterdir()) == ["shop.db", "shop.db-journal", "shop.lock"], name
    return f"refused with the reason: {', '.join(said)}; works in {len(works)} odd names (spaces, UTF-8, % ? # quotes)"


@row("D-11", set="core")
def files_that_are_not_ours(ground: Ground) -> str:
    hub = ground.hub("--seed", "empty", **FAST)
    refused = []

    def link(path: Path) -> None:
        path.rename(path.with_suffix(".real"))
        path.symlink_to(path.with_suffix(".real"))

    def hard(path: Path) -> None:
        os.link(path, path.with_suffix(".second"))

    def instead(make: "Callable[[Path], object]") -> "Callable[[Path], object]":
        def deed(path: Path) -> None:
            path.unlink()
            make(path)
        return deed

    def listen(path: Path) -> None:
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as one:
            one.bind(str(path))

    deeds = {
        "symbolic link": link, "hard link": hard, "FIFO": instead(lambda path: os.mkfifo(path, 0o600)),
        "device": instead(lambda path: os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 3))), "socket": instead(listen),
        "directory": instead(lambda path: path.mkdir(mode=0o700)), "foreign owner": lambda path: os.chown(path, NOBODY, NOBODY),
    }
    for name in ("shop.db", "shop.lock", "shop.db-journal"):
        for what, deed in deeds.items():
            shop = Shop(ground, hub)
            shop.run("submit:B-1", check=True)
            target = shop.state / name
            deed(target)
            before = {path.name: path.lstat().st_mode for path in shop.state.iterdir()}
            got = refusal(shop)
            assert "FLX_E_PATH" in got or "FLX_E_IDENTITY" in got, f"{what} as {name}: {got}"
            assert {path.name: path.lstat().st_mode for path in shop.state.iterdir()} == before, f"{what} as {name}: something was changed"
            refused.append(what)
    for what, deed in {"symbolic link": link, "foreign owner": lambda path: os.chown(path, NOBODY, NOBODY)}.items():
        shop = Shop(ground, hub)
        shop.run("submit:B-1", check=True)
        deed(shop.state)
        got = refusal(shop)
        assert "FLX_E_PATH" in got or "FLX_E_IDENTITY" in got, f"{what} as directory: {got}"
        refused.append(what)
    beneath = Shop(ground, hub)  # a link above the directory is how this machine is laid out
    (beneath.folder / "real").mkdir(mode=0o755)
    (beneath.folder / "link").symlink_to("real")
    beneath.state = beneath.folder / "link" / "state"
    beneath.run("submit:B-1", check=True)
    return f"{len(refused)} refused and left as they were: each of {', '.join(deeds)} as database, lock and journal; directories that are a link or foreign; a link above the directory works"


@row("D-12", set="core")
def kinds_of_file_system(ground: Ground) -> str:
    hub = ground.hub("--seed", "empty", **FAST)
    shop = Shop(ground, hub)
    for magic in {"ext4": "EF53", "xfs": "58465342", "btrfs": "9123683E", "overlayfs": "794c7630", "zfs": "2fc12fc1"}.values():
        shop.run("submit:K-1", environment=shim("none", FLX_MAGIC=magic), check=True)

    under = shop.folder / "overlay"
    for part in ("lower", "upper", "work", "merged"):
        (under / part).mkdir(parents=True, mode=0o700)
    lower = Shop(ground, hub)
    lower.run("submit:O-1", check=True)
    shutil.copytree(lower.state, under / "lower/state")
    lower.state = under / "merged/state"
    script = f"""
        mount -t tmpfs tmpfs {under}/work && mkdir -m 700 {under}/work/u {under}/work/w && mount -t overlay overlay \
            -o lowerdir={under}/lower,upperdir={under}/work/u,workdir={under}/work/w {under}/merged && exec "$@" """
    done = lower.run("submit:O-2", "drain:120000", "list", under=["unshare", "-m", "sh", "-c", script, "sh"], check=True)
    assert {row["number"]: row["verdict"] for row in json.loads(done.stdout)} == {"O-1": "applied", "O-2": "applied"}

    lines: "list[str]" = []
    folder = Path("/dev/shm") / f"flx-{os.getpid()}"
    ground.callback(shutil.rmtree, folder, ignore_errors=True)
    if os.statvfs("/dev/shm").f_type if hasattr(os.statvfs("/dev/shm"), "f_type") else _is_tmpfs("/dev/shm"):
        with flxchannel.Client(channel="shop", token="t", state_dir=str(folder), origin=hub.url, on_log=lambda _, line: lines.append(line)) as client:
            assert client.submit(order("T-1"))["new"]
    warned = [line for line in lines if "state.volatile" in line]
    assert len(warned) == 1, f"no warning of a memory file system: {lines}"
    return "a state in the lower layer of a real overlayfs goes on in the upper one; a real tmpfs works with one warning"


def _is_tmpfs(path: str) -> bool:
    return any(line.split()[1:3] == [path, "tmpfs"] for line in Path("/proc/mounts").read_text().splitlines())


@row("D-16", set="core")
def strange_umasks(ground: Ground) -> str:
    hub = ground.hub("--seed", "empty", **FAST)
    seen = []
    for umask in (0o000, 0o777, 0o027):
        shop = Shop(ground, hub)
        shutil.rmtree(shop.state)
        shutil.rmtree(shop.rate_limits[0])
        before = os.umask(umask)
        try:
            made = subprocess.run(
                shop.command("submit:U-1", "flush:3000", history="../history-all"), env=shop.environment, capture_output=True, timeout=60)
        finally:
            os.umask(before)
        # The driver's own history would be unreadable, not the library's files.
        assert made.returncode == 0, f"umask {umask:03o}: {made.returncode}"
        modes = {path.name: stat.S_IMODE(path.lstat().st_mode) for place in (shop.state, shop.rate_limits[0]) for path in place.iterdir()}
        assert stat.S_IMODE(shop.state.stat().st_mode) == 0o700 and set(modes.values()) == {0o600}, f"umask {umask:03o}: {modes}"
        seen.append(f"{umask:03o}: {len(modes)} files")
    return f"directory 0700 and every file 0600 under umask {', '.join(seen)} (database, journal, lock, rate limit)"


@row("D-17", set="core")
def the_host_reads_along(ground: Ground) -> str:
    hub = ground.hub("--seed", "empty", **FAST)
    shop = Shop(ground, hub)
    waits = []
    with shop.client(**{"state.wait_ms": 300}) as client:
        client.submit(order("H-1"))
        host = sqlite3.connect(shop.database, isolation_level=None, timeout=0)
        for begin in ("BEGIN; SELECT count(*) FROM outbox", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"):
            for one in begin.split("; "):
                host.execute(one).fetchall() if one.startswith("SELECT") else host.execute(one)
            began = time.monotonic()
            try:
                client.submit(order("H-2"))
                raise AssertionError(f"stored while the host holds {begin}")
            except flxchannel.StateBusyError as error:
                waits.append(round((time.monotonic() - began) * 1000))
                assert "in use" in str(error)
            assert waits[-1] < 30_000, "the wait has no bound"
            host.execute("ROLLBACK")
        assert client.submit(order("H-2"))["new"]
        told = subprocess.run(
            ["sqlite3", str(shop.database), "SELECT count(*) FROM outbox; PRAGMA integrity_check; PRAGMA journal_mode"],
            capture_output=True, text=True, check=True).stdout.split()
        assert told[:2] == ["2", "ok"], told
        # Both write, in turns and at once: the host its own table, in the same file.
        host.execute("PRAGMA busy_timeout=5000")
        host.execute("CREATE TABLE theirs (id INTEGER PRIMARY KEY, note TEXT)")
        worker = subprocess.Popen(
            shop.command(*[f"submit:C-{number}" for number in range(150)]), env=shop.environment, stdout=subprocess.DEVNULL)
        written = 0
        while worker.poll() is None:
            host.execute("INSERT INTO theirs (note) VALUES ('x')")
            written += 1
        assert worker.returncode == 0, shop.tail()
        assert host.execute("SELECT count(*) FROM theirs").fetchone()[0] == written
        host.close()
        assert client.flush(20_000).outcome.name == "DONE"
    with contextlib.closing(sqlite3.connect(shop.database)) as check:
        assert check.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert len(hub.order_numbers()) == 152
    return f"Python's sqlite3 and the sqlite3 shell read along; a lock of theirs is waited for {waits} ms of 300, then FLX_E_STATE_BUSY; {written} writes of theirs beside 150 of ours, integrity ok, 152 orders at the hub"
