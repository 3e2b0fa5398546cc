"""Backup, restore, upgrade, another machine: no order is lost and none is doubled, by the journal of a hub that would double it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from machine import BOOK, STATE, Machine, Sandbox, once_each, until
from recipes import recipe
from schema import script, steps

BACKUPS, FILE = "/var/backups/flxchannel", f"{STATE}/shop.db"


def copies(machine: Machine) -> "list[str]":
    return [f"{BACKUPS}/{file.name}" for file in sorted(machine.at(BACKUPS).glob("shop-*.db"))]


def carry(there: Machine, here: Machine) -> None:
    """The newest copy goes to the other machine, as some tool does it: readable by all, and root's."""
    newest = copies(there)[-1]
    here.at(newest).write_bytes(there.at(newest).read_bytes())
    here.at(newest).chmod(0o666)


def schema_of(machine: Machine, file: str) -> int:
    return int(machine.sql(file, "SELECT value FROM meta WHERE key = 'schema'")[0])


def story(machine: Machine, number: str) -> "list[str]":
    return [event["what"] for event in machine.json(f"order history {number}")["events"]]


# Backup and restore


def test_hub_is_learnt_by_the_user_of_the_shop(machine: Machine) -> None:
    machine.follow("What the hub is like")
    learnt = machine.at("/var/lib/flxchannel/shop.learnt.json")
    assert '"channel": "shop"' in learnt.read_text() and learnt.stat().st_uid != 0
    assert '"check":"learnt","state":"ok"' in machine.run("flx doctor --channel shop --json", "shop").stdout
    machine.sync()


def test_copies_are_thinned_in_a_folder_with_a_blank_in_its_name(machine: Machine) -> None:
    folder = "/var/backups/two words"
    machine.run(f"install -d -o shop -g shop -m 700 '{folder}'")
    for day in range(10, 28):
        machine.run(f"touch '{folder}/shop-202601{day}T000000Z.db'", "shop")
    machine.run(f"FLX_BACKUPS='{folder}' flx-backup shop", "shop")
    assert len(list(machine.at(folder).glob("shop-*.db"))) == 14


def test_backups_of_a_busy_state_are_whole(machine: Machine, hub: Sandbox) -> None:
    machine.follow("Setting up", 1)
    machine.submit("A-0")
    numbers = [f"A-{number}" for number in range(1, 13)]
    sync = machine.start("flx sync --channel shop --exec 'php /srv/shop/handler.php'", "shop", PAUSE_MS="150")
    until(lambda: machine.at(BOOK).exists(), "the first event")
    for number in numbers:
        machine.submit(number)
        machine.run("flx-backup shop", "shop")
    machine.follow("Backup")
    sync.communicate(timeout=100)

    seen = []
    for file in copies(machine):
        found = machine.at(file).stat()
        assert found.st_mode & 0o777 == 0o600 and found.st_uid != 0
        assert machine.sql(file, "PRAGMA integrity_check") == ["ok"]
        seen.append(machine.sql(file, "SELECT number FROM outbox ORDER BY id"))
    assert all(rows == ["A-0", *numbers][:len(rows)] for rows in seen), "a copy has a hole"
    assert len(seen[-1]) == 13
    assert not list(machine.at(BACKUPS).glob("*draft*"))


def test_backup_waits_for_a_commit(machine: Machine) -> None:
    machine.submit("A-1")
    machine.run("chown shop /srv/shop")
    # Pages of a transaction that is never committed stand in the file itself meanwhile.
    many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
    steps = f"""PRAGMA cache_size = 10; BEGIN EXCLUSIVE; UPDATE outbox SET number = 'cut';
        {many} INSERT INTO quarantine SELECT i, 1, i, 'cut', 0, 0, 1 FROM n;\n.shell touch held; sleep 2\nROLLBACK;\n"""
    writer = machine.start(f"printf '%s' \"{steps}\" | sqlite3 {FILE}", "shop", cwd="/srv/shop")
    until(lambda: machine.at("/srv/shop/held").exists(), "the transaction")

    machine.run("flx-backup shop", "shop")

    writer.communicate(timeout=100)
    copy = copies(machine)[-1]
    assert machine.sql(copy, "SELECT number FROM outbox") == ["A-1"]
    assert machine.sql(copy, "SELECT count(*) FROM quarantine") == ["0"]


def same_second(machine: Machine) -> str:
    """A PATH on which three programs that ask have the same second, and those after them the present one."""
    machine.run("install -d -m 777 /srv/slow")
    clock = "#!/bin/sh\nn=$(cat /srv/slow/n 2> /dev/null || echo 0)\necho $((n + 1)) > /srv/slow/n\nchmod 666 /srv/slow/n\n"
    clock += 'if [ "$n" -lt 3 ]; then echo 20260131T120000Z; else exec /bin/date "$@"; fi\n'
    machine.write("/srv/slow/date", clock)
    machine.run("chmod 755 /srv/slow/date")
    return "PATH=/srv/slow:$PATH"


def test_copies_of_one_second_are_both_kept(machine: Machine) -> None:
    machine.submit("A-1")
    path = same_second(machine)
    machine.run(f"{path} flx-backup shop", "shop")
    machine.submit("A-2")

    machine.run(f"{path} flx-backup shop", "shop")

    found = [machine.sql(copy, "SELECT number FROM outbox ORDER BY id") for copy in copies(machine)]
    assert found == [["A-1"], ["A-1", "A-2"]]
    assert not list(machine.at(BACKUPS).glob("*draft*"))


def test_restores_of_one_second_keep_all_that_was_there(machine: Machine) -> None:
    machine.submit("A-1")
    machine.run("flx-backup shop", "shop")
    machine.submit("A-2")
    before = machine.at(FILE).read_bytes()
    path = same_second(machine)

    for _ in range(2):
        machine.run(f"{path} flx-restore shop")

    kept = [file.read_bytes() for file in machine.at(STATE).glob("shop.db.*Z")]
    assert len(kept) == 2 and before in kept


def test_fourteen_copies_are_kept(machine: Machine) -> None:
    for day in range(1, 20):
        machine.write(f"{BACKUPS}/shop-202601{day:02}T031700Z.db", "")
    machine.write(f"{BACKUPS}/shop-two-20260101T031700Z.db", "")

    machine.run("flx-backup shop", "shop")

    kept = sorted(file.name for file in machine.at(BACKUPS).iterdir())
    assert len(kept) == 15 and kept[0] == "shop-20260107T031700Z.db" and kept[-1].startswith("shop-two-")


def test_damaged_state_gives_no_backup(machine: Machine) -> None:
    with machine.at(FILE).open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096)

    machine.run("flx-backup shop", "shop", status=1)

    assert not list(machine.at(BACKUPS).iterdir())


def test_restored_state_loses_nothing_once_the_shop_submits_again(machines: "Callable[..., Machine]", hub: Sandbox) -> None:
    old, new = machines("old"), machines("new")
    for machine in (old, new):
        machine.follow("Setting up")
        machine.follow("Setting up", 1)
    old.submit("A-0")
    old.sync()
    old.submit("A-1", "A-2")
    busy = old.start("flx sync --channel shop --parts publish,sync --exec 'php /srv/shop/handler.php'", "shop", PAUSE_MS="100")
    until(lambda: len(old.noted("sync")) > 0, "the round under the backup")
    old.run("flx-backup shop", "shop")
    busy.communicate(timeout=100)
    old.submit("A-3", "A-4")
    old.sync()
    old.submit("A-5")
    carry(old, new)
    old.close()

    new.follow("Restore")
    new.sync()

    once_each(hub, "A-0", "A-1", "A-2", "A-3", "A-4")  # A-5 is lost, unless the shop says it again
    assert set(new.verdicts()) == {"A-0", "A-1", "A-2"} and {"restored", "looked_up"} <= set(story(new, "A-1"))
    new.submit("A-3", "A-4", "A-5")
    new.sync()
    once_each(hub, "A-0", "A-1", "A-2", "A-3", "A-4", "A-5")
    assert set(new.verdicts().values()) == {"applied"} and len(new.verdicts()) == 6
    assert hub.get("totals")["waiting_for_sync"] == 0
    file = new.at(FILE).stat()
    assert file.st_mode & 0o777 == 0o600 and file.st_uid == new.at(STATE).stat().st_uid != 0


def test_restore_keeps_what_was_there(machine: Machine) -> None:
    machine.follow("Setting up", 1)
    machine.submit("A-1")
    machine.run("flx-backup shop", "shop")
    machine.submit("A-2")
    journal = machine.at(f"{FILE}-journal")
    journal.write_bytes(b"of a commit that was cut")
    before = [machine.at(FILE).read_bytes(), journal.read_bytes()]

    machine.follow("Restore")

    assert set(machine.verdicts()) == {"A-1"}
    kept = sorted(machine.at(STATE).glob("shop.db.*"))
    assert [file.read_bytes() for file in kept] == before and kept[1].name == f"{kept[0].name}-journal"


def test_restore_refuses_what_cannot_be_right(machine: Machine) -> None:
    machine.submit("A-1")

    def refused(*words: str, copy: str = "") -> None:
        before = machine.at(FILE).read_bytes()
        said = machine.run(f"flx-restore shop {copy}", status=1).stderr
        assert all(word in said for word in (*words, "nothing was changed")), said
        assert machine.at(FILE).read_bytes() == before and not list(machine.at(STATE).glob("shop.db.*"))

    refused("there is no copy")
    machine.run("flx-backup shop", "shop")
    machine.write("/srv/garbage", "no database at all")
    refused("not a sound state", copy="/srv/garbage")
    rename = "UPDATE meta SET value = 'two' WHERE key = 'channel'"
    machine.run(f'cp /var/backups/flxchannel/shop-*.db /srv/other; sqlite3 /srv/other "{rename}"')
    refused("not a state of channel shop", copy="/srv/other")
    machine.run("chown shop /srv/shop")
    user = machine.start(f"exec 3< {FILE}; echo $$ > /srv/shop/pid; exec sleep 60", "shop")
    until(lambda: machine.at("/srv/shop/pid").exists(), "somebody who has it open")
    refused("stop what has", f"process {machine.at('/srv/shop/pid').read_text().strip()};")
    machine.run("kill $(cat /srv/shop/pid)")
    user.communicate(timeout=100)


def test_snapshot_of_a_machine_is_known_for_a_copy_without_its_lock(machine: Machine, hub: Sandbox) -> None:
    machine.submit("A-1")
    files = [machine.at(f"{STATE}/shop.{kind}") for kind in ("db", "lock")]
    snapshot = [file.read_bytes() for file in files]
    machine.submit("A-2")
    machine.sync()
    for file, content in zip(files, snapshot):
        file.write_bytes(content)  # in the same place of the disk

    machine.follow("Restore", 1)
    machine.submit("A-2")
    machine.sync()

    once_each(hub, "A-1", "A-2")
    assert {"restored", "looked_up"} <= set(story(machine, "A-1"))


# Upgrade

@pytest.mark.parametrize("older", [1, 3, 6])
def test_upgrade_takes_an_older_state_along(machine: Machine, hub: Sandbox, older: int) -> None:
    machine.follow("Setting up", 1)
    machine.submit("A-1")
    machine.sync()
    machine.submit("A-2")
    known = schema_of(machine, FILE)
    machine.run("sqlite3 -bail /var/lib/flxchannel/older", "shop", stdin=script(older, FILE))
    machine.run(f"cp /var/lib/flxchannel/older {FILE}", "shop")
    assert schema_of(machine, FILE) == older < known == max(steps())

    machine.follow("Upgrade")
    machine.sync()

    assert schema_of(machine, FILE) == known
    assert schema_of(machine, copies(machine)[-1]) == older, "the backup is the way back"
    once_each(hub, "A-1", "A-2")
    assert set(machine.verdicts().values()) == {"applied"}


def test_release_that_is_too_old_says_what_the_readme_says(machine: Machine, hub: Sandbox) -> None:
    machine.submit("A-1")
    machine.run(f"sqlite3 {FILE} \"UPDATE meta SET value = '99' WHERE key IN ('schema', 'oldest_reader')\"", "shop")
    before = machine.at(FILE).read_bytes()

    said = machine.sync(status=3).stderr

    printed = recipe("Upgrade", 1)[0]
    assert re.sub(r"up to \d+", "", said).strip() == re.sub(r"up to \d+", "", printed)
    assert machine.at(FILE).read_bytes() == before and hub.order_numbers() == []


# Another machine


def test_moved_channel_sends_each_order_once(machines: "Callable[..., Machine]", hub: Sandbox) -> None:
    old, new = machines("old"), machines("new")
    for machine in (old, new):
        machine.follow("Setting up")
        for text in recipe("Setting up", 1)[:2]:
            machine.run(text)
    old.follow("Setting up", 1)
    old.submit("A-1")
    old.sync()
    hub.cut_after_commit("A-2")
    old.submit("A-2", "A-3")
    hub.refuse("A-3", times=0)
    old.run("flx flush --channel shop --budget 2", "shop", status=None)
    old.submit("A-4")
    posted = len(hub.journal())

    old.follow("Another machine")
    assert old.sync(status=2).stderr.startswith("flx: the token file /etc/flxchannel/shop.token cannot be read")
    old.submit("A-5", status=2)
    old.run("systemctl start flx-sync@shop.service", status=1)
    assert len(hub.journal()) == posted, "the old machine still speaks to the hub"
    assert not list(old.at("/run/timers").iterdir())

    carry(old, new)
    new.follow("Another machine", 1)

    def is_over() -> bool:
        new.run("systemctl start flx-sync@shop.service")
        return "possibly_applied" not in new.verdicts().values() and new.json("stats")["outbox"]["queued"] == 0
    until(is_over, "what was under way")
    once_each(hub, "A-1", "A-2", "A-4")
    assert new.verdicts() == {"A-1": "applied", "A-2": "applied", "A-3": "refused", "A-4": "applied"}
    assert "restored" in story(new, "A-4")
    assert new.run("cat /proc/sys/kernel/random/boot_id").stdout != old.run("cat /proc/sys/kernel/random/boot_id").stdout
