"""D-19 to D-22 and D-25: modes that platforms change, and the file systems of everyday development: proven, not believed."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from orders import order
from rig.ground import Ground
from rig.register import row
from rig.shop import FAST, Shop, shim
from rows.disk import NOBODY, refusal

# --- D-19 -------------------------------------------------------------------------------------------------------------


def modes(shop: Shop) -> "dict[str, int]":
    return {path.name: stat.S_IMODE(path.lstat().st_mode) for path in [shop.state, *shop.state.iterdir(), *shop.rate_limits[0].iterdir()]}


@row("D-19", set="core")
def widened_modes(ground: Ground) -> str:
    hub = ground.hub("--seed", "empty", **FAST)
    told = 0
    for umask, setgid in ((0o027, 0), (0o022, 0), (0o000, 0o2000)):  # a backup tool's, a copy's, a platform's at each start
        shop = Shop(ground, hub)
        shop.run("submit:T-1", check=True)
        for path in [*shop.state.iterdir(), *shop.rate_limits[0].iterdir()]:
            path.chmod(0o666 & ~umask)
        shop.state.chmod(setgid | 0o777 & ~umask)
        lines: "list[str]" = []
        with shop.client(on_log=lambda _, line: lines.append(line)) as client:
            assert client.outbox()[0]["number"] == "T-1"
        found = modes(shop)
        assert all(mode & 0o077 == 0 for mode in found.values()), f"still open to others after {umask:03o}: {found}"
        said = " ".join(line for line in lines if "state.tightened" in line)
        assert all(name in said for name in ("shop.db", "shop.db-journal", "shop.lock", "rate-limit-", f"{0o666 & ~umask:04o}")), f"not told: {said}"
        told += 1
        lines.clear()
        with shop.client(on_log=lambda _, line: lines.append(line)):
            assert not any("tightened" in line for line in lines), "told again of nothing"

    shop = Shop(ground, hub)
    shop.run("submit:T-1", check=True)
    rate_limit = next(shop.rate_limits[0].iterdir())
    shop.state.chmod(0o755)
    for path in (shop.database, rate_limit):
        os.chown(path, NOBODY, NOBODY)
    os.link(shop.state / "shop.lock", shop.state / "second")
    got = refusal(shop)
    for wanted in ("FLX_E_IDENTITY", "shop.db belongs to user 65534", "run it as user 65534", "shop.lock has 2 hard links", rate_limit.name):
        assert wanted in got, f"one error does not name {wanted}: {got}"
    assert "use another" not in got, f"another directory would leave the orders behind: {got}"
    assert stat.S_IMODE(shop.database.lstat().st_mode) == 0o600 and shop.database.lstat().st_uid == NOBODY, "a file of another user was touched"
    return f"{told} ways of widening: directory, database, journal, lock and rate limit file are private again, told once with the modes they had; what is left stands in one error (owner, hard link, rate limit file)"


# --- D-20: the matrix -------------------------------------------------------------------------------------------------


def alone(ground: Ground) -> None:
    """Mounts of this process are seen by its children only, and end with them."""
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.unshare(0x20000) == 0, os.strerror(ctypes.get_errno())
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)


@contextmanager
def mounted(where: Path, *command: str) -> "Iterator[None]":
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.strip()}"
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(where)], check=False)


@contextmanager
def image(folder: Path, kind: str, mkfs: "list[str]") -> "Iterator[Path]":
    """A file system of this kind in a file."""
    file, where = folder / f"{kind}.image", folder / kind
    where.mkdir()
    with open(file, "wb") as made:
        made.truncate(400 << 20)  # sparse; XFS and btrfs want that much
    subprocess.run([*mkfs, str(file)], check=True, capture_output=True)
    with mounted(where, "mount", "-t", kind, "-o", "loop", str(file), str(where)):
        where.chmod(0o755)
        yield where
    file.unlink()


@contextmanager
def plain(folder: Path, kind: str) -> "Iterator[Path]":
    where = folder / kind
    where.mkdir()
    with mounted(where, "mount", "-t", kind, kind, str(where)):
        where.chmod(0o755)
        yield where


@contextmanager
def overlay(folder: Path) -> "Iterator[Path]":
    with plain(folder, "tmpfs") as memory:
        parts = [memory / name for name in ("lower", "upper", "work", "merged")]
        for part in parts:
            part.mkdir(mode=0o755)
        options = f"lowerdir={parts[0]},upperdir={parts[1]},workdir={parts[2]}"
        with mounted(parts[3], "mount", "-t", "overlay", "-o", options, "overlay", str(parts[3])):
            yield parts[3]


@contextmanager
def bindfs(folder: Path) -> "Iterator[Path]":
    """FUSE: what container desktops, sshfs and many others are."""
    under, where = folder / "under", folder / "fuse"
    under.mkdir(mode=0o755)
    where.mkdir()
    server = subprocess.Popen(["bindfs", "-f", str(under), str(where)], stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(100):
            if os.path.ismount(where):
                break
            assert server.poll() is None, f"bindfs: {server.stderr.read() if server.stderr else ''}"
            time.sleep(0.05)
        yield where
    finally:
        subprocess.run(["umount", "-l", str(where)], check=False)
        server.terminate()
        server.wait(10)


KINDS: "dict[str, tuple[str, Callable[[Path], object]]]" = {
    # name: (what the kernel calls it, how it is made)
    "ext4": ("ext4", lambda folder: image(folder, "ext4", ["mkfs.ext4", "-q", "-F"])),
    "xfs": ("xfs", lambda folder: image(folder, "xfs", ["mkfs.xfs", "-q"])),
    "btrfs": ("btrfs", lambda folder: image(folder, "btrfs", ["mkfs.btrfs", "-q"])),
    "tmpfs": ("tmpfs", lambda folder: plain(folder, "tmpfs")),
    "overlay": ("overlay", overlay),
    "FUSE (bindfs)": ("fuse", bindfs),
    "9p": ("9p", lambda folder: plain(folder, "9p")),
    "virtiofs": ("virtiofs", lambda folder: plain(folder, "virtiofs")),
    "NFS": ("nfs4", lambda folder: plain(folder, "nfs4")),
    "SMB": ("cifs", lambda folder: plain(folder, "cifs")),
}


def has(kind: str) -> bool:
    """Whether this kernel has it, perhaps as a module."""
    def known() -> bool:
        return any(line.split()[-1] == kind for line in Path("/proc/filesystems").read_text().splitlines())

    if not known() and shutil.which("modprobe"):
        subprocess.run(["modprobe", "-q", kind], check=False)
    return known()


def tried(ground: Ground, hub: object, where: Path) -> str:
    """What holds on this file system: two processes at once, one that is killed, and the exclusion of two pulls."""
    shop = Shop(ground, hub, at=where)  # type: ignore[arg-type]
    lines: "list[str]" = []
    workers = [
        subprocess.Popen(shop.command(*[f"submit:{name}-{number}" for number in range(40)], history=name), env=shop.environment)
        for name in ("A", "B")]
    assert [worker.wait(60) for worker in workers] == [0, 0], f"refused or failed: {shop.tail()}"
    third = subprocess.Popen(shop.command("submit:C-0", "flush:5000", "sleep:20000", history="C"), env=shop.environment)
    for _ in range(200):
        if "o flush" in (shop.folder / "C.log").read_text() if (shop.folder / "C.log").exists() else "":
            break
        time.sleep(0.05)
    third.kill()
    third.wait()
    with shop.client(on_log=lambda _, line: lines.append(line)) as client:
        for _ in range(20):
            if client.flush(5000).outcome.name == "DONE":
                break
        rows = client.outbox(limit=200)
        with client.pull("listings_to_sync"), shop.client() as other:
            try:
                other.pull("listings_to_sync")
                raise AssertionError("two pulls of one queue at once")
            except Exception as error:  # noqa: BLE001 - its name is looked at
                assert "Busy" in type(error).__name__, f"{type(error).__name__}: {error}"
    assert len(rows) == 81 and all(one["verdict"] == "applied" for one in rows), f"{len(rows)} of 81 orders: {[one for one in rows if one['verdict'] != 'applied'][:2]}"
    assert not [name for name in os.listdir(shop.state) if name.startswith(".proof")], "the proof left its files"
    notes = sorted({line.split('"event":"state.')[1].split('"')[0] for line in lines if '"event":"state.' in line})
    return f"works{' (told: ' + ', '.join(notes) + ')' if notes else ''}"


@row("D-12", "D-20", timeout_s=300)
def matrix(ground: Ground) -> str:
    """Each kind of file system that this kernel has, with what holds on it. Kinds that it lacks are named as such."""
    alone(ground)
    hub = ground.hub("--seed", "variants=20", **FAST)
    table: "dict[str, str]" = {}
    for name, (kernel, make) in KINDS.items():
        if not has(kernel):
            table[name] = "not in this kernel"
            continue
        folder = ground.folder / name.split()[0]
        folder.mkdir(mode=0o755)
        with make(folder) as where:  # type: ignore[attr-defined]
            table[name] = tried(ground, hub, where)
    told = {name: said for name, said in table.items() if not said.startswith("not in")}
    assert {"ext4", "tmpfs", "overlay", "FUSE (bindfs)"} <= set(told), f"too little to say anything: {table}"
    assert "file_system" in table["FUSE (bindfs)"] and "volatile" in table["tmpfs"], f"without a warning: {table}"
    assert table["ext4"] == "works", f"a warning for nothing: {table}"
    orders = hub.order_numbers()
    assert len(orders) == len(set(orders)), "orders were doubled"
    return "; ".join(f"{name}: {said}" for name, said in table.items())


# --- D-21 -------------------------------------------------------------------------------------------------------------

SERVED = {"FUSE": "65735546", "9p": "01021997", "one of no known kind": "0BADF00D"}
REMOTE = {"NFS": "6969", "SMB": "517B", "CIFS": "FF534D42", "SMB2": "FE534D42", "Ceph": "00C36400", "a cluster's": "01161970"}
LIES = {
    "norename": "cannot take another's name", "notruncate": "cannot be cut off", "nounlink": "deleted file stays",
    "refuses": "sync is refused",
}


@row("D-12", "D-21")
def file_systems_that_lie(ground: Ground) -> str:
    hub = ground.hub("--seed", "empty", **FAST)
    for name, magic in SERVED.items():  # it is an honest disk that only calls itself so
        shop = Shop(ground, hub)
        shop.run("submit:L-1", environment=shim("none", FLX_MAGIC=magic), check=True)
        for lie, words in LIES.items():
            got = refusal(Shop(ground, hub), shim(lie, FLX_MAGIC=magic))
            assert "FLX_E_PATH" in got and words in got, f"{name}, {lie}: {got}"
    for name, magic in REMOTE.items():
        got = refusal(Shop(ground, hub), shim("none", FLX_MAGIC=magic))
        assert "FLX_E_PATH" in got and "locks cannot be trusted" in got, f"{name}: {got}"
    return (
        f"{len(SERVED)} kinds that something serves work when they are honest, and are refused for each of {', '.join(LIES)}; "
        f"{', '.join(REMOTE)} are refused whatever they do")


@row("D-21", set="core")
def locks_that_lie(ground: Ground) -> str:
    """Two processes would both send; so this is proven at each opening, whatever the disk calls itself."""
    hub = ground.hub("--seed", "empty", **FAST)
    kinds = {"a local disk": "EF53", "FUSE": SERVED["FUSE"]}
    for name, magic in kinds.items():
        for lie, words in {"nolocks": "one file can be locked twice", "noplocks": "another can lock too"}.items():
            got = refusal(Shop(ground, hub), shim(lie, FLX_MAGIC=magic))
            assert "FLX_E_PATH" in got and words in got, f"locks that do nothing on {name}, {lie}: {got}"
    Shop(ground, hub).run("submit:L-1", check=True)
    return f"locks that keep nobody out, of a descriptor or of a process, are refused on {len(kinds)} kinds, a local disk too; honest ones work"


# --- D-25 -------------------------------------------------------------------------------------------------------------


@row("D-25", set="core")
def directories_that_serve_others(ground: Ground) -> str:
    """One wrong setting, by root, must not take a web root or the place for temporary files from everybody else."""
    hub = ground.hub("--seed", "empty", **FAST)
    shop = Shop(ground, hub)
    seen = []
    for name, mode, holds in (("web", 0o755, "index.php"), ("tmp", 0o1777, ""), ("home", 0o750, ".profile")):
        there = shop.folder / name
        there.mkdir()
        if holds:
            (there / holds).write_text("of somebody else")
        there.chmod(mode)
        shop.state = there
        got = refusal(shop)
        assert stat.S_IMODE(there.lstat().st_mode) == mode, f"{name} was {mode:04o} and is {stat.S_IMODE(there.lstat().st_mode):04o}: taken from others"
        assert "FLX_E_PATH" in got and str(there) in got and "directory of its own" in got, f"{name}: {got}"
        assert [path.name for path in there.iterdir()] == [holds] * bool(holds), "something was made there"
        seen.append(name)
    return f"{', '.join(seen)}: refused, and as they were"


# --- D-22 -------------------------------------------------------------------------------------------------------------


@row("D-22", set="core")
def parents_that_all_can_write(ground: Ground) -> str:
    """Another user moves the state away, and an opening that made a new one would forget every order."""
    hub = ground.hub("--seed", "empty", **FAST)
    shop = Shop(ground, hub)
    above = shop.folder / "above"
    above.mkdir(mode=0o755)
    shop.state = above / "state"
    shop.run("submit:P-1", check=True)
    above.chmod(0o777)
    ground.folder.chmod(0o755)
    shop.folder.chmod(0o755)
    done = subprocess.run(["mv", str(shop.state), str(above / "away")], user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True)
    assert done.returncode == 0, "the rig's other user cannot move it"
    got = refusal(shop)
    assert "FLX_E_PATH" in got and "can be written by every user" in got, f"opened where every user can write: {got}"
    (above / "away").rename(shop.state)
    above.chmod(0o1777)
    done = subprocess.run(["mv", str(shop.state), str(above / "away")], user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True)
    assert done.returncode != 0, "moved away in spite of the sticky bit"
    listed = json.loads(shop.run("list", check=True).stdout)
    assert [one["number"] for one in listed] == ["P-1"], listed
    above.chmod(0o755)
    lines: "list[str]" = []
    shop.folder.chmod(0o777)
    with shop.client(on_log=lambda _, line: lines.append(line)) as client:
        client.submit(order("P-2"))
    assert [line for line in lines if "state.exposed" in line], "nothing told of a directory farther up"
    return "a state directory that another user moved away from a parent with mode 0777 is not made anew: refused; with the sticky bit it cannot be moved, and works; farther up it is told"
