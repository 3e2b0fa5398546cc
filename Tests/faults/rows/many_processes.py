"""M: many processes on one channel."""

from __future__ import annotations

import collections
import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import time

from rig import broken
from rig.channel import FAST, STRICT, Channel, finish, in_order, journal, judge, kill, posts, wait_for, wrong
from rig.ground import Ground
from rig.register import control, row

WORKERS = 64


@row("M-01", set="core", timeout_s=60)
def one_order_from_all(ground: Ground) -> str:
    """Every worker submits the same numbers at the same moment, then all of them drain."""
    hub = ground.hub("--seed", "tiny", **FAST)
    channel = Channel(ground, hub)
    count = ground.times(20, least=5)
    channel.client().close()
    workers = [
        channel.worker("M", 0, count, history=f"acked-{index}", environment={"WAIT_FOR_USR1": "1", "SUBMIT_ONLY": "1"})
        for index in range(WORKERS)]
    for worker in workers:
        assert worker.stdout and worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.send_signal(signal.SIGUSR1)
    for worker in workers:
        finish(worker)
    receipts: "dict[str, list[dict[str, object]]]" = {}
    for path in ground.folder.glob("acked-*"):
        for line in path.read_text().splitlines():
            number, receipt = line.split(" ", 1)
            receipts.setdefault(number, []).append(json.loads(receipt))
    for number, given in receipts.items():
        assert len(given) == WORKERS, f"{number}: {len(given)} answers"
        assert sum(bool(one.pop("new")) for one in given) == 1, f"{number} was new to more than one"
        assert all(one == given[0] for one in given), f"{number}: answers differ"
    assert len(channel.rows()) == count == len(receipts)
    drain(channel, 8)
    judge(channel, receipts, is_killed=False)
    assert len(posts(hub)) == count, f"{len(posts(hub))} POSTs for {count} orders"
    return f"{WORKERS} processes, {count} numbers at once: {count} rows, {count} POSTs, {WORKERS * count} answers equal, 1 new each"


@row("M-02", set="core", timeout_s=600)
def drained_under_kills(ground: Ground) -> str:
    """64 workers submit a part each and drain everybody's; one after another is killed and started again."""
    hub = ground.hub("--seed", "tiny", latency__ms=120, **FAST)  # so that kills meet orders on the wire
    channel = Channel(ground, hub)
    channel.client().close()
    share = -(-ground.times(10_000, least=640) // WORKERS)
    # A rate limit file holds 64 requests a second: eight workers share one, or the drain would only wait.
    workers = {index: start(channel, index, share) for index in range(WORKERS)}
    kills = 0
    began = time.monotonic()
    while any(worker.poll() is None for worker in workers.values()):
        seconds = (time.monotonic() - began) / max(1.0, ground.scale)
        assert seconds < 500, f"not drained: {hub.get('totals')['orders_pushed']} at the hub"
        index = random.randrange(WORKERS)
        worker = workers[index]
        # Not for ever: on a slow machine the last sender would be killed again and again.
        if worker.poll() is None and seconds < 150:
            kill(worker)
            kills += 1
            workers[index] = start(channel, index, share)
        elif worker.returncode:
            finish(worker)  # raises with what it said
        time.sleep(0.08)
    for worker in workers.values():
        finish(worker)
    channel.settle_down()
    numbers = set(channel.acked())
    assert len(numbers) == share * WORKERS, f"{len(numbers)} accepted"
    figures = judge(channel, numbers, is_killed=True)
    looked_up = sum(entry["operation"] == "listOrders" for entry in journal(hub))
    assert kills >= 40 and looked_up, f"{kills} kills, {looked_up} look-ups: no kill met an order on the wire"
    busiest = [entry["order_number"] for entry in posts(hub) if entry["attempt"] > 1]
    checked = in_order(channel, {*busiest, *random.sample(sorted(numbers), 100)})
    return f"{kills} kills of {WORKERS} workers, {looked_up} look-ups after one; {figures}; {checked} histories in order, {time.monotonic() - began:.0f} s"


def start(channel: Channel, index: int, share: int) -> "subprocess.Popen[str]":
    """A worker from where its history ends; the last order is submitted again."""
    history = channel.ground.folder / f"acked-{index}"
    done = max(0, history.read_text().count("\n") - 1) if history.exists() else 0
    rate_limit = channel.ground.folder / f"rate-limit-{index % 8}"
    return channel.worker(
        f"W{index}", done, share - done, history=history.name, **{"rate_limit.dir": str(rate_limit), "state.wait_ms": 60_000})


def drain(channel: Channel, processes: int) -> None:
    for worker in [channel.worker("none", index) for index in range(processes)]:
        finish(worker)


@row("M-03", timeout_s=90)
def foreign_reader(ground: Ground) -> str:
    """A reader of another program holds its transaction: SQLite cannot commit while it does."""
    hub = ground.hub("--seed", "tiny", **FAST)
    channel = Channel(ground, hub)
    wait_ms = 1500
    from flxchannel import StateBusyError
    from orders import order

    with channel.client(**{"state.wait_ms": wait_ms}) as client:
        client.submit(order("R-1"))
        reader = sqlite3.connect(channel.state_dir / "shop.db", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM outbox").fetchall()
        refused, longest, ends = 0, 0.0, time.monotonic() + max(3.0, 30 * min(1.0, ground.scale))
        while time.monotonic() < ends:
            began = time.monotonic()
            try:
                client.submit(order("R-2"))
                raise AssertionError("committed under a reader")
            except StateBusyError:
                refused += 1
            longest = max(longest, time.monotonic() - began)
            assert client.outbox(), "a read waits for a reader"
        assert longest < wait_ms / 1000 + 2, f"a submit took {longest:.1f} s, state.wait_ms is {wait_ms}"
        assert [one["number"] for one in client.outbox()] == ["R-1"], "what was refused was stored"
        reader.execute("COMMIT")
        reader.close()
        client.submit(order("R-2"))
    channel.settle_down()
    return f"{refused} submits refused within {longest * 1000:.0f} ms at state.wait_ms {wait_ms}, reads went on; then {judge(channel, ['R-1', 'R-2'], is_killed=False)}"


@row("M-04", set="core", timeout_s=300)
def lock_file_replaced(ground: Ground) -> str:
    """The lock file is deleted and replaced, over and over, while workers hold locks in it."""
    from flxchannel import FlxError

    hub = ground.hub("--seed", "tiny", latency__ms=20, **FAST)
    channel = Channel(ground, hub)
    channel.client().close()
    lock = channel.state_dir / "shop.lock"
    count = ground.times(30, least=6)
    workers = [channel.worker(f"L{index}", 0, count) for index in range(8)]
    strikes = 0
    while any(worker.poll() is None for worker in workers):
        with contextlib.suppress(FileNotFoundError):
            if strikes % 2:
                lock.unlink()
            else:
                other = lock.with_name("other")
                other.touch(mode=0o600)
                other.replace(lock)
        strikes += 1
        # Who is struck before it gets anywhere begins anew: slower and slower, so that a busy machine comes to an end too.
        time.sleep(pause := min(0.02 * 1.05**strikes, 5))
        if pause > 0.5:  # who finds another file looks its orders up, and so many repeats wait for their budget: a person lifts it
            with contextlib.suppress(FlxError), channel.client() as client:
                client.relearn("hold")
    for worker in workers:
        finish(worker)
    channel.settle_down()
    # Two senders of one order may meet here: the one whose lock has no name any more is overtaken by its fencing token.
    figures = judge(channel, channel.acked(), is_killed=True)
    with contextlib.closing(sqlite3.connect(channel.state_dir / "shop.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert len(set(channel.acked())) == 8 * count
    return f"{strikes} deletions and replacements under 8 workers; {figures}; integrity ok"


OPENERS = """
got, end = {}, time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    try: client().close(); what = "opened"
    except FlxError as error: what = f"{error.name}: {error}"
    got[what] = got.get(what, 0) + 1
print(json.dumps(got))
"""


@row("M-08", timeout_s=60)
def lock_file_replaced_while_opened(ground: Ground) -> str:
    """The locks are proven at each opening, by two openings of one file: of a file that is another by then they say nothing."""
    channel = Channel(ground, ground.hub("--seed", "tiny", **FAST))
    channel.client().close()
    lock = channel.state_dir / "shop.lock"
    other = lock.with_name("other.lock")
    openers = [channel.python(OPENERS, str(ground.times(6, least=2))) for _ in range(3)]
    strikes = 0
    while any(opener.poll() is None for opener in openers):
        other.touch(mode=0o600)
        other.replace(lock)
        strikes += 1
    got: "collections.Counter[str]" = collections.Counter()
    for opener in openers:
        got.update(json.loads(finish(opener)))
    slandered = {what: times for what, times in got.items() if "lock" in what.partition(": ")[2].replace(str(lock), "") and "replaced" not in what}
    assert not slandered, f"locks that hold are said not to: {slandered}"
    assert got["opened"], f"opened not once: {got}"
    told = sum(got.values()) - got["opened"]
    assert all("FLX_E_STATE" in what or "replaced" in what for what in got if what != "opened"), f"{got}"
    return f"{strikes} replacements: {got['opened']} openings, {told} told that the file was replaced, none that locks do not hold"


IN_NAMESPACE = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")


def twin(channel: Channel, number: str) -> "subprocess.Popen[str]":
    """A host that is process 1 of a PID namespace of its own: it submits, sends, and stays for its result."""
    return channel.python(
        "c = client()\n"
        f"c.submit(order('{number}'))\nprint(os.getpid(), flush=True)\n"
        "while c.flush(500).waiting['orders']: time.sleep(.05)\n", around=IN_NAMESPACE)


@row("M-05", timeout_s=60)
def process_number_used_again(ground: Ground) -> str:
    """A sender dies on the wire; the next process has its number, and must take it for neither alive nor itself."""
    hub = ground.hub("--seed", "tiny", **FAST)
    channel = Channel(ground, hub)
    hub.delay(order_number="P-1", ms=4000)
    first = twin(channel, "P-1")
    assert first.stdout
    pid = first.stdout.readline()
    wait_for(lambda: "P-1" in hub.order_numbers(), "P-1 at the hub")
    kill(first)  # and with it its namespace
    began = time.monotonic()
    second = twin(channel, "P-2")
    assert second.stdout and second.stdout.readline() == pid, "the second process has another number"
    finish(second)
    assert time.monotonic() - began < 20, "the dead owner was waited for"
    figures = judge(channel, ["P-1", "P-2"], is_killed=True)
    with channel.client() as client:
        whats = [event["what"] for event in client.history("P-1")["events"]]
    assert whats == ["submitted", "sending", "looked_up"], whats
    return f"both were process {pid.strip()}: the second looked the first one's order up; {figures}"


@row("M-06", timeout_s=60)
def namespaces_on_one_volume(ground: Ground) -> str:
    """Two containers, each with a process 1, drain the same channel at the same time."""
    hub = ground.hub("--seed", "tiny", latency__ms=150, **FAST)
    channel = Channel(ground, hub)
    channel.client().close()
    count = ground.times(60, least=10)
    workers = [channel.worker(f"N{index}", 0, count, around=IN_NAMESPACE) for index in range(4)]
    for worker in workers:
        finish(worker)
    figures = judge(channel, channel.acked(), is_killed=False)
    assert len(posts(hub)) == 4 * count
    with channel.client() as client:
        written = os.stat(channel.state_dir / "shop.lock").st_size
        assert client.stats() and written <= 48, f"{written} bytes in the lock file: more than the stamp of the last commit"
    return f"4 PID namespaces, each with a process 1; {figures}; one POST each, and the lock file names no process"


@row("M-07", timeout_s=90)
def slow_worker(ground: Ground) -> str:
    """One worker runs a hundredth of the time and one not at all: nobody is held up, and what stands still is taken over."""
    hub = ground.hub("--seed", "tiny", latency__ms=30, **FAST)
    channel = Channel(ground, hub, more={"http.attempt_ms": 1000})
    channel.client().close()
    stopped = {}
    for name in ("SLOW", "HELD"):
        hub.delay(order_number=f"{name}-000000", ms=600)
        stopped[name] = channel.worker(name, 0, 1)
        wait_for(lambda: f"{name}-000000" in hub.order_numbers(), f"the order of {name} at the hub")
        stopped[name].send_signal(signal.SIGSTOP)
    count = ground.times(100, least=20)
    began = time.monotonic()
    workers = [channel.worker(f"F{index}", 0, count) for index in range(4)]
    all_sent = None
    while any(worker.poll() is None for worker in workers):
        assert time.monotonic() - began < 60, "the others never end"
        if all_sent is None and len(hub.order_numbers()) == 4 * count + 2:
            all_sent = time.monotonic() - began
        stopped["SLOW"].send_signal(signal.SIGCONT)
        time.sleep(0.0005)
        stopped["SLOW"].send_signal(signal.SIGSTOP)
        time.sleep(0.05)
    for worker in workers:
        finish(worker)
    stopped["SLOW"].send_signal(signal.SIGCONT)  # it may stand in the middle of a commit, and hold the file as long as it stands
    with channel.client() as client:
        whats = [event["what"] for event in client.history("HELD-000000")["events"]]
        assert "taken_over" in whats and client.outbox(number="HELD-000000")[0]["verdict"] == "applied", whats
        for worker in stopped.values():
            worker.send_signal(signal.SIGCONT)
            finish(worker)
        after = [event["what"] for event in client.history("HELD-000000")["events"]]
        assert after == whats, f"the overtaken worker still wrote: {after}"
    figures = judge(channel, channel.acked(), is_killed=True)
    assert all_sent is not None
    return f"others drained {4 * count} orders in {all_sent:.1f} s; the stopped one's: {' '.join(whats)}, its late result void; {figures}"


# --- Controls ---------------------------------------------------------------------------------------------------------


@control("M: a rate limit file for each process")
def a_rate_limit_file_each(ground: Ground) -> str:
    """Processes that do not share their budget must be seen to be punished."""
    hub = ground.hub("--seed", "tiny", **STRICT)
    channel = Channel(ground, hub)
    channel.client().close()
    workers = [channel.worker(f"D{index}", 0, 5, **{"rate_limit.dir": str(ground.folder / f"own-{index}")}) for index in range(2)]
    for worker in workers:
        finish(worker, 90)
    found = [line for line in wrong(channel, channel.acked(), is_killed=False) if "429" in line]
    assert found, "two budgets at a strict limiter, and no 429 was seen"
    return f"seen: {len(found)} x 429"


@control("M: a build whose claim takes no lock", timeout_s=400)
def claim_without_lock(ground: Ground) -> str:
    """Every process sends every order: the hub drops the repeats, the count of POSTs gives it away."""
    library = broken.library("lease-without-lock")
    hub = ground.hub("--seed", "tiny", latency__ms=100, **FAST)
    channel = Channel(ground, hub)
    count = 8
    workers = [
        channel.worker("N", 0, count, history=f"acked-{index}", library=library, environment={"WAIT_FOR_USR1": "1"})
        for index in range(4)]
    for worker in workers:
        assert worker.stdout and worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.send_signal(signal.SIGUSR1)
    for worker in workers:
        finish(worker, 90)
    sent = len(posts(hub))
    assert sent > count, f"{sent} POSTs for {count} orders"
    return f"seen: {sent} POSTs for {count} orders"


@control("M: an order doubled by hand and one that never arrived", set="core")
def doubled_by_hand(ground: Ground) -> str:
    import urllib.request

    from orders import order

    hub = ground.hub("--seed", "tiny", **{**FAST, "order__duplicate": "second"})
    channel = Channel(ground, hub)
    finish(channel.worker("D", 0, 3))
    judge(channel, channel.acked(), is_killed=False)
    body = json.dumps(order("D-000001"), default=float).encode()
    request = urllib.request.Request(f"{hub.url}/orders", body, {"X-API-TOKEN": hub.token, "Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=10).close()
    found = wrong(channel, [*channel.acked(), "D-000099"], is_killed=False)
    for what in ("D-000001 is doubled", "D-000001 took effect 2 times", "D-000001: 2 attempts", "D-000099 is lost"):
        assert any(line.startswith(what) for line in found), f"{what}: not among {found}"
    return f"seen: {'; '.join(found)}"
