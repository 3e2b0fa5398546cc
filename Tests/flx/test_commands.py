"""Each command on a small hub."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

from rig import FLX, ROOT, Sandbox, Shop, cut_while_sending, order, placed


def lines(text: str) -> "list[dict[str, Any]]":
    return [json.loads(line) for line in text.splitlines()]


# pull, ack


def test_queue_gives_records_and_receipts(shop: Shop) -> None:
    receipts = shop.folder / "receipts"
    records = lines(shop.run("pull", "listings_to_sync", "--receipt", receipts).stdout)
    told = lines(receipts.read_text())

    assert len(records) == 9
    assert [str(record["id"]) for record in records] == [one for entry in told for one in entry["ids"]]
    assert receipts.stat().st_mode & 0o777 == 0o600


def test_answers_reach_the_hub(shop: Shop, hub: Sandbox) -> None:
    receipts = shop.folder / "receipts"
    records = lines(shop.run("pull", "listings_to_sync", "--receipt", receipts).stdout)
    answers = shop.private("answers.json", json.dumps([{"id": record["id"]} for record in records]))

    assert json.loads(shop.run("ack", "--receipt", receipts, answers).stdout) == {"stored": 9}
    shop.run("flush")

    assert {str(one["id"]) for one in hub.get("answers")} == {str(record["id"]) for record in records}


def test_answers_may_be_lines_on_standard_input(shop: Shop) -> None:
    receipts = shop.folder / "receipts"
    records = lines(shop.run("pull", "listings_to_sync", "--receipt", receipts).stdout)
    said = "".join(json.dumps({"id": record["id"]}) + "\n" for record in records[:3])

    assert json.loads(shop.run("ack", "--receipt", receipts, "-", input=said).stdout) == {"stored": 3}


def test_receipt_without_a_file_goes_to_standard_error(shop: Shop) -> None:
    assert "receipt" in lines(shop.run("pull", "listings_to_sync").stderr)[0]


def test_answer_that_no_receipt_has_answers_nothing(shop: Shop) -> None:
    receipts = shop.folder / "receipts"
    records = lines(shop.run("pull", "listings_to_sync", "--receipt", receipts).stdout)
    answers = shop.private("answers.json", json.dumps([{"id": records[0]["id"]}, {"id": "1"}]))

    assert "nothing was answered" in shop.run("ack", "--receipt", receipts, answers, status=2).stderr
    assert shop.json("stats")["answers"]["waiting"] == 0


def test_wrong_answer_is_told_with_its_path(shop: Shop) -> None:
    receipts = shop.folder / "receipts"
    records = lines(shop.run("pull", "listings_to_sync", "--receipt", receipts).stdout)
    answers = shop.private("answers.json", json.dumps([{"id": records[0]["id"], "errror": "x"}]))

    assert "/0/errror" in shop.run("ack", "--receipt", receipts, answers, status=2).stderr


def test_committed_records_do_not_come_again(shop: Shop, hub: Sandbox) -> None:
    placed(shop, hub)

    assert len(lines(shop.run("pull", "orders").stdout)) == 1
    assert len(lines(shop.run("pull", "orders", "--commit").stdout)) == 1
    assert lines(shop.run("pull", "orders", "--commit").stdout) == []


def test_page_that_could_not_be_written_is_not_committed(shop: Shop, hub: Sandbox) -> None:
    placed(shop, hub)
    with open("/dev/full", "w") as full:
        command = shop.command("pull", "orders", "--commit")
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)

    assert done.returncode == 3, done.stderr
    assert len(lines(shop.run("pull", "orders", "--commit").stdout)) == 1


def test_queue_cannot_be_committed_nor_a_cursor_feed_answered(shop: Shop) -> None:
    shop.run("pull", "listings_to_sync", "--commit", status=2)
    shop.run("pull", "orders", "--receipt", "x", status=2)
    shop.run("pull", "listing_to_sync", status=2)


def test_signal_ends_a_pull_and_says_so(shop: Shop, hub: Sandbox) -> None:
    hub.post("faults", {"do": "hang_before", "times": 0})
    running = shop.start("pull", "orders")
    until(lambda: shop.json("stats")["holders"])
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=10)

    assert running.returncode == 1
    assert "stopped by a signal" in said


def test_unknown_filter_is_refused(shop: Shop) -> None:
    assert "/nonsense" in shop.run("pull", "orders", "--filter", "nonsense=1", status=2).stderr


def test_pull_stops_after_pages(shop: Shop) -> None:
    assert len(lines(shop.run("pull", "listings", "--page-size", "4", "--pages", "1").stdout)) == 4


def test_feed_that_is_held_says_by_whom(shop: Shop) -> None:
    with_delay = shop.start("sync", "--exec", shop.handler("time.sleep(30)"), "--parts", "sync", "--handler-timeout", "60")
    until(lambda: shop.json("stats")["holders"])
    done = shop.run("pull", "listings_to_sync", status=3)
    with_delay.send_signal(signal.SIGTERM)
    with_delay.communicate(timeout=20)

    assert "CLIENT_BUSY" in done.stderr


def until(claim: "Callable[[], Any]", seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end
        time.sleep(0.05)


# orders


def test_order_check_lists_every_fault(shop: Shop) -> None:
    done = subprocess.run([FLX, "order", "check", "-"], input='{"orderItems":[{"price":"x"}]}', capture_output=True, text=True)

    assert done.returncode == 1
    assert {fault["path"] for fault in json.loads(done.stdout)["faults"]} >= {"/orderNumber", "/orderItems/0/price"}


def test_order_lives_from_submit_to_history(shop: Shop, hub: Sandbox) -> None:
    number = placed(shop, hub)

    assert shop.json("order", "status", number)["orderNumber"] == number
    assert shop.json("outbox")[0]["verdict"] == "applied"
    assert [one["what"] for one in shop.json("order", "history", number)["events"]]
    assert shop.json("order", "cancel", number)["outcome"] == "canceled"
    assert hub.get(f"orders/{number}")["status"] == "Canceled"


def test_order_submitted_twice_is_one(shop: Shop, hub: Sandbox) -> None:
    sku = hub.some_sku()
    for _ in range(2):
        shop.submit("A-1", sku)
    shop.run("flush")

    assert hub.order_numbers() == ["A-1"]


def test_order_is_given_up_and_retried(shop: Shop, hub: Sandbox) -> None:
    shop.submit("A-1", hub.some_sku())
    shop.run("order", "discard", "A-1")
    assert shop.json("outbox")[0]["verdict"] == "not_applied"
    shop.run("order", "retry", "A-1")
    shop.run("flush")

    assert hub.order_numbers() == ["A-1"]


def test_settled_order_is_purged_of_its_buyer_and_stays_known(shop: Shop, hub: Sandbox) -> None:
    shop.submit("A-1", hub.some_sku())
    assert "FLX_E_USE" in shop.run("order", "purge", "A-1", status=2).stderr, "the hub has not heard of it yet"
    shop.run("sync", "--parts", "results", "--exec", shop.handler())
    assert [one["state"] for one in shop.json("outbox")] == ["settled"]
    assert b"Secret Buyer" in kept(shop)

    assert shop.json("order", "purge", "A-1") == {"purged": 1}

    assert b"Secret Buyer" not in kept(shop)
    assert [one["verdict"] for one in shop.json("outbox")] == ["applied"]
    shop.submit("A-1", hub.some_sku())
    shop.run("flush")
    assert hub.order_numbers() == ["A-1"], "the same order again is no new one"


def kept(shop: Shop) -> bytes:
    """All that stands in the files of the state."""
    return b"".join(path.read_bytes() for path in shop.state.rglob("*") if path.is_file())


def test_bad_order_is_refused_with_its_faults(shop: Shop) -> None:
    assert "/orderItems" in shop.run("order", "submit", "-", input='{"orderNumber":"A-1"}', status=2).stderr


def test_buyer_is_in_no_table_and_no_error(shop: Shop, hub: Sandbox) -> None:
    number = placed(shop, hub)
    commands = (["order", "status", number], ["order", "history", number], ["outbox"])
    tables = [shop.run(*words, "--table").stdout for words in commands]

    assert all("Secret" not in text and "Hidden" not in text for text in tables)


def test_flush_says_what_waits(shop: Shop, hub: Sandbox) -> None:
    hub.post("faults", {"do": "status", "status": 500, "times": 0})
    shop.submit("A-1", hub.some_sku())

    report = shop.json("flush", "--budget", "3", status=1)
    assert report["waiting"]["orders"] == 1


def test_dry_run_shows_the_very_bytes(shop: Shop, hub: Sandbox) -> None:
    extra = '{"a" :  1.50, "b\\u00e9":"\\/x\\ud83d\\ude00",\n  "c":[1, 2] }'
    text = json.dumps(order("A-1", hub.some_sku()))[:-1] + ', "extra": {"gift": ' + extra + "}}"
    shop.run("order", "submit", "-", input=text)
    shown = shop.run("flush", "--dry-run").stdout
    body = shown[shown.index('"body":') + 7:shown.index(',"order":"A-1"')]

    shop.run("flush")

    [sent] = [entry for entry in hub.journal() if entry["operation"] == "createOrder"]
    assert hashlib.sha256(body.encode()).hexdigest() == sent["request_sha256"]
    assert json.loads(shown)["body"]["gift"]["a"] == 1.5


def test_dry_run_shows_the_requests_and_sends_nothing(shop: Shop, hub: Sandbox) -> None:
    shop.submit("A-1", hub.some_sku())
    [request] = lines(shop.run("flush", "--dry-run").stdout)

    assert (request["method"], request["body"]["orderNumber"]) == ("POST", "A-1")
    assert hub.token not in json.dumps(request)
    call = ["call", "updateOrderStatus", "--args", '{"id":7,"status":"Open"}', "--dry-run"]
    assert lines(shop.run(*call).stdout)[0]["method"] in ("PATCH", "PUT", "POST")
    assert "/nonsense" in shop.run("call", "listOrders", "--args", '{"nonsense":1}', "--dry-run", status=2).stderr
    assert hub.journal() == []


# cursors, calls, tables


def test_cursor_is_listed_and_set(shop: Shop, hub: Sandbox) -> None:
    placed(shop, hub)
    shop.run("pull", "orders", "--commit")
    assert [one["feed"] for one in shop.json("cursor", "list")] == ["orders"]
    shop.run("cursor", "set", "orders", "beginning")

    assert len(lines(shop.run("pull", "orders", "--commit").stdout)) == 1


def test_cursor_that_was_tried_once_can_be_removed(shop: Shop, hub: Sandbox) -> None:
    placed(shop, hub)
    shop.run("pull", "orders", "--commit")
    assert "remove" not in shop.run("cursor", "list", "--table").stdout
    shop.run("pull", "orders", "--commit", "--cursor", "trial")
    assert "flx cursor remove FEED --cursor NAME" in shop.run("cursor", "list", "--table").stdout

    shop.run("cursor", "remove", "orders", "--cursor", "trial")

    assert [one["cursor"] for one in shop.json("cursor", "list")] == ["default"]
    assert "there is no cursor trial" in shop.run("cursor", "remove", "orders", "--cursor", "trial", status=2).stderr
    assert lines(shop.run("pull", "orders", "--commit").stdout) == []


def test_call_gives_the_answer_of_the_hub(shop: Shop) -> None:
    assert json.loads(shop.run("call", "getListingVariantsCount").stdout)["body"]["count"] == 9


def test_call_refuses_unknown_arguments(shop: Shop) -> None:
    assert "/nonsense" in shop.run("call", "getListingVariantsCount", "--args", '{"nonsense":1}', status=2).stderr


def test_describe_prints_every_topic() -> None:
    topics = json.loads(subprocess.run([FLX, "describe"], capture_output=True, text=True, check=True).stdout)
    for topic in topics:
        for form in ("--json", "--table"):
            assert subprocess.run([FLX, "describe", topic, form], capture_output=True, text=True, check=True).stdout
    assert subprocess.run([FLX, "describe", "nonsense"], capture_output=True, text=True).returncode == 2


def test_logs_go_to_the_file_that_the_configuration_names(shop: Shop, hub: Sandbox) -> None:
    shop.set(log_file=str(shop.folder / "log"))
    placed(shop, hub)

    events = [record["event"] for record in lines(shop.run("logs").stdout)]
    assert "client.opened" in events
    assert "order.queued" in events
    assert "order.queued" in shop.run("logs", "--table", "-n", "500").stdout
    assert lines(shop.run("logs", "--level", "error").stdout) == []


def test_logs_follow_what_comes(shop: Shop, hub: Sandbox) -> None:
    shop.set(log_file=str(shop.folder / "log"))
    shop.run("stats")
    follower = shop.start("logs", "--follow")
    shop.submit("A-1", hub.some_sku())
    assert follower.stdout
    while "order.queued" not in follower.stdout.readline():
        pass
    follower.send_signal(signal.SIGINT)
    follower.communicate(timeout=10)


def test_watch_draws_a_frame_and_makes_no_request(shop: Shop, hub: Sandbox) -> None:
    before = len(hub.journal())
    frame = shop.run("watch", "--once").stdout

    for word in ("budget", "orders", "answers", "listings_to_sync", "errors"):
        assert word in frame
    assert len(hub.journal()) == before


def test_order_whose_process_ended_while_it_was_sent_shows_for_how_long(shop: Shop, hub: Sandbox) -> None:
    cut_while_sending(shop, hub)
    shop.submit("A-2", hub.some_sku())

    assert [row["state"] for row in shop.json("outbox")] == ["sending", "queued"]
    assert re.search(r"A-1 +sending +3 h", shop.run("outbox", "--table").stdout)
    assert "A-1 has waited for 3 h, being sent" in shop.run("watch", "--once").stdout
    assert shop.json("stats")["outbox"]["unsent_since"] == shop.json("outbox")[0]["submitted_at"]
    seconds = re.search(r"^flx_order_oldest_queued_seconds\{.*\} (\d+)$", shop.run("stats", "--prometheus").stdout, re.M)
    assert seconds and int(seconds[1]) >= 10_800


def test_watch_ends_at_once_and_gives_the_screen_back(shop: Shop) -> None:
    ours, its = pty.openpty()
    watcher = subprocess.Popen(shop.command("watch"), stdin=its, stdout=its, stderr=its)
    os.close(its)
    shown = b""
    while shown.count(b"budget") < 2:
        shown += os.read(ours, 65536)
    watcher.send_signal(signal.SIGINT)
    with contextlib.suppress(OSError):  # the terminal of a process that ended
        while more := os.read(ours, 65536):
            shown += more
    os.close(ours)

    assert watcher.wait(timeout=10) == 0
    assert shown.startswith(b"\x1b[?1049h\x1b[?25l")
    assert shown.endswith(b"\x1b[?25h\x1b[?1049l")


def test_sandbox_is_found_in_path_or_told_how_to_get(shop: Shop) -> None:
    folder = os.path.dirname(os.environ["FLX_SANDBOX"])
    library = os.environ.get("LD_LIBRARY_PATH", "")
    alone = shop.folder / "flx"
    alone.write_bytes(open(FLX, "rb").read())
    alone.chmod(0o755)

    here = {"PATH": folder, "LD_LIBRARY_PATH": library}
    found = subprocess.run([alone, "sandbox", "--help"], capture_output=True, text=True, env=here)
    assert "Flxpoint hub on loopback" in found.stdout
    lost = subprocess.run([alone, "sandbox"], capture_output=True, text=True, env={"PATH": "/nowhere", "LD_LIBRARY_PATH": library})
    assert lost.returncode == 3
    assert "make sandbox" in lost.stderr


# help, manual, completion


def test_help_tells_the_exit_statuses() -> None:
    told = subprocess.run([FLX, "--help"], capture_output=True, text=True, check=True).stdout

    words = ("done", "not all was done", "command line", "this machine", "no connection", "hub said no", "fault")
    for number, word in enumerate(words):
        assert re.search(rf"^ *{number}  .*{word}", told, re.M), (number, told)


def test_every_command_has_a_manual_page_without_a_fault(shop: Shop) -> None:
    subprocess.run([str(ROOT / "Sources/flx/man.py"), FLX, str(shop.folder / "man")], check=True)
    pages = sorted(path.stem for path in (shop.folder / "man").iterdir())

    assert pages == sorted(["flx"] + [f"flx-{name}" for name in (
        "sync flush sandbox doctor watch stats logs state order outbox pull ack cursor call describe").split()])
    for page in (shop.folder / "man").iterdir():
        text = page.read_text()
        assert text.startswith(".TH ")
        assert "\n\n" not in text


def test_completions_are_there_for_three_shells() -> None:
    for shell in ("bash", "zsh", "fish"):
        script = subprocess.run([FLX, "--generate-completion-script", shell], capture_output=True, text=True, check=True).stdout
        assert "doctor" in script
    subprocess.run(["bash", "-n"], input=subprocess.run(
        [FLX, "--generate-completion-script", "bash"], capture_output=True, text=True).stdout, text=True, check=True)


def test_program_is_one_file_with_the_library_beside_it() -> None:
    said = subprocess.run(["readelf", "-d", FLX], capture_output=True, text=True, check=True).stdout

    assert "libflxchannel.so.1" in said
    assert "RPATH" not in said
    assert "RUNPATH" not in said
    assert not re.search(r"libswift|libFoundation", said)
