"""W: which channel is ours. A copied shop, a new token, a word of the hub's that is wrong."""

from __future__ import annotations

import shutil
from typing import Any

from rig.books import Books, answer
from rig.ground import Ground
from rig.judging import judge, keeper, order, rest, rows_of, work
from rig.rawhub import Reply
from rig.register import row
from rig.trial import shop, together
from rows.whose_order import Trial, books

OURS, ROTATED, STAGING = "raw-token", "raw-token-of-today", "staging-token"


def two_channels(ground: Ground) -> Books:
    """A hub with our channel, which got a new token, and another one of the same account."""
    hub = books(ground, channels={OURS: 501, ROTATED: 501, STAGING: 502})
    hub.list_variants(2, 501)
    hub.list_variants(2, 502)
    hub.put(order("OLD-502"), STAGING)
    return hub


def place(ground: Ground, name: str) -> str:
    (ground.folder / name).mkdir(mode=0o700)
    return str(ground.folder / name)


def known(ground: Ground, hub: Any, state: str) -> None:
    """A shop that has sent orders and has one more to send."""
    with keeper(ground, hub, order("P-1"), order("P-2"), state_dir=state) as client:
        work(client, 20)
        judge(hub, client, all="applied")
        client.submit(order("P-3"))


def why_paused(client: Any) -> str:
    """What a flush says of why it sends nothing: an error, or a report."""
    from flxchannel import FlxError

    try:
        report = client.flush(4000)
    except FlxError as error:
        assert error.name == "FLX_E_IDENTITY", f"{error.name}: {error}"
        return str(error)
    return report.paused or ""


def writes(hub: Books, token: str) -> "list[str]":
    return [f"{request.method} {request.path}" for request in hub.seen if request.token == token and request.method != "GET"]


@row("W-01", set="core", waits=True)
def copied_shop(ground: Ground) -> str:
    def demand_paused(hub: Books, client: Any) -> None:
        said = [why_paused(client) for _ in range(2)][-1]
        assert not writes(hub, STAGING), f"sent with the token of another channel: {writes(hub, STAGING)}"
        assert "501" in said and "502" in said, f"the two channels are not named: {said!r}"
        client.relearn("channel")
        work(client, 20)
        assert [post.token for post in hub.sent("P-3")] == [STAGING], f"after relearn: {hub.sent('P-3')}"

    def staging() -> None:
        hub, state = two_channels(ground), place(ground, "production")
        known(ground, hub, state)
        copy = str(ground.folder / "staging")
        shutil.copytree(state, copy)
        demand_paused(hub, shop(ground, hub, state_dir=copy, token=STAGING))
        client = shop(ground, hub, state_dir=state)
        work(client, 20)
        # By a person's word the copy sent what it had to channel 502, and the first shop its own to 501.
        rows = rows_of(client)
        assert all(row["verdict"] == "applied" for row in rows.values()), f"the first shop: {rows}"
        assert sorted(post.token for post in hub.sent("P-3")) == sorted([hub.token, STAGING]), f"{hub.sent('P-3')}"

    def set_while_open() -> None:
        hub, state = two_channels(ground), place(ground, "open")
        known(ground, hub, state)
        client = shop(ground, hub, state_dir=state)
        client.set_token(STAGING)
        demand_paused(hub, client)

    def rotated(while_open: bool) -> Trial:
        def trial() -> None:
            hub, state = two_channels(ground), place(ground, f"rotated-{while_open}")
            known(ground, hub, state)
            client = shop(ground, hub, state_dir=state, **({} if while_open else {"token": ROTATED}))
            if while_open:
                client.set_token(ROTATED)
            work(client, 20)
            judge(hub, client, all="applied", posts=1)
            assert [post.token for post in hub.sent("P-3")] == [ROTATED]
        return trial

    together([
        ("a copied shop", staging), ("another token while open", set_while_open), ("a rotated token", rotated(False)),
        ("a rotated token while open", rotated(True))])
    return "a copy with the token of channel 502, and that token set while open: nothing written, both ids named, sent after relearn('channel'); a rotated token of 501 goes on by itself"


@row("W-03", set="core", waits=True)
def tokens_that_are_hard_to_tell(ground: Ground) -> str:
    def only_pulled() -> None:
        """The state learnt its channel from pulls, and never wrote."""
        hub, state = two_channels(ground), place(ground, "pulled")
        with shop(ground, hub, state_dir=state) as client:
            for _ in range(2):
                given(client, "listings_to_sync")
            client.submit(order("P-3"))
        copy = shop(ground, hub, state_dir=state, token=STAGING)
        said = why_paused(copy)
        assert not writes(hub, STAGING), f"sent with the token of another channel: {writes(hub, STAGING)}"
        assert "501" in said and "502" in said, f"the two channels are not named: {said!r}"

    def calls() -> None:
        from flxchannel import FlxError

        hub, state = two_channels(ground), place(ground, "calls")
        known(ground, hub, state)
        client, said = shop(ground, hub, state_dir=state, token=STAGING), ""
        try:
            client.call("updateOrderStatus", id="5001", status="Canceled", wait_ms=5000)
        except FlxError as error:
            said = error.name
        assert not writes(hub, STAGING), f"sent with the token of another channel: {writes(hub, STAGING)}"
        assert said == "FLX_E_IDENTITY", f"a call that writes with another channel's token: {said or 'went through'}"

    def reads_every_channel() -> None:
        """Contract 2.2: nobody knows whether a token may read other channels."""
        hub, state = two_channels(ground), place(ground, "reads")
        hub.first.append(lambda request: answer({"id": int(request.path.split("/")[-1])}) if "/channel/" in request.path else None)
        known(ground, hub, state)
        for listed in (True, False):
            if not listed:
                hub.rows["variants"].clear()
            why_paused(shop(ground, hub, state_dir=state, token=STAGING))
            assert not writes(hub, STAGING), f"sent with the token of another channel: {writes(hub, STAGING)}"

    def cannot_say() -> None:
        """All that could tell fails."""
        hub, state = two_channels(ground), place(ground, "fails")
        known(ground, hub, state)
        hub.first.append(lambda request: Reply(b"{}", 500) if request.method == "GET" and request.token == STAGING else None)
        client = shop(ground, hub, state_dir=state, token=STAGING)
        rest(client, 4)
        assert not writes(hub, STAGING), f"sent with the token of another channel: {writes(hub, STAGING)}"

    together([
        ("a state that only pulled", only_pulled), ("calls", calls), ("a hub that lets every token read every channel", reads_every_channel),
        ("questions that fail", cannot_say)])
    return "the token of channel 502 on a state of 501 that only pulled, in a named call, at a hub that lets it read channel 501, where all questions fail: nothing written"


def given(client: Any, feed: str) -> "list[Any]":
    rows: "list[Any]" = []
    with client.pull(feed) as pull:
        for page in pull:
            rows += [record["id"] for record in page.records]
            if not feed.endswith(("sync", "publish")):
                page.commit()
    return rows


@row("W-02", set="core", waits=True)
def one_wrong_word(ground: Ground) -> str:
    def wrong_reply(others: int) -> Trial:
        """The answer to the first order names channel 999; so many more orders follow."""
        def trial() -> None:
            hub, state = books(ground), place(ground, f"wrong-{others}")
            hub.list_variants(5)
            hub.says = lambda record: {**record, "channelId": 999} if record["orderNumber"] == "F-0" else record
            client = keeper(ground, hub, *(order(f"F-{index}") for index in range(1 + others)), state_dir=state)
            work(client, 20)
            for turn in range(2):
                found = {feed: len(given(client, feed)) for feed in ("listings_to_sync", *(("listings", "orders") if turn == 0 else ()))}
                assert found["listings_to_sync"] == 5 and found.get("listings", 5) == 5 and found.get("orders", 1 + others) == 1 + others, f"{found}"
                client.close()
                client = shop(ground, hub, state_dir=state)
        return trial

    def all_foreign(feed: str) -> Trial:
        """Two orders have shown that we are 501, and every row is of 502."""
        def trial() -> None:
            from flxchannel import ContractError

            hub = books(ground, is_scoped=False)
            client = keeper(ground, hub, order("F-1"), order("F-2"))
            work(client, 20)
            hub.list_variants(5, 502)
            try:
                rows = given(client, feed)
            except ContractError as error:
                assert "502" in str(error) and "501" in str(error), f"the channels are not named: {error}"
            else:
                raise AssertionError(f"{len(rows)} rows and the end, where every row is of another channel")
        return trial

    def counted() -> None:
        hub = books(ground, is_scoped=False)
        client = keeper(ground, hub, order("F-1"), order("F-2"))
        work(client, 20)
        hub.list_variants(3, 501)
        hub.list_variants(2, 502)
        with client.pull("listings_to_sync") as pull:
            pages = list(pull)
        assert sum(len(page) for page in pages) == 3, f"{[len(page) for page in pages]} rows given"
        assert sum(page.left_out for page in pages) == 2, f"left out: {[page.left_out for page in pages]}"
        assert client.stats()["left_out"] >= 2, f"stats: {client.stats()['left_out']}"

    together([
        ("one wrong reply", wrong_reply(0)), ("one wrong reply and two right", wrong_reply(2)), ("all foreign, to sync", all_foreign("listings_to_sync")),
        ("all foreign, listings", all_foreign("listings")), ("some foreign", counted)])
    return "one reply with channelId 999 hides nothing; all rows of channel 502 are FLX_E_CONTRACT with both ids; rows left out are counted on the page and in the stats"
