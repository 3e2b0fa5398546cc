"""Fork: the child cannot use what it inherited, may close it, and disturbs nothing."""

from __future__ import annotations

import os
import traceback

import flxchannel
from orders import flush_until_quiet, order


def in_child(body):
    """Run `body` in a forked child; return whether it ended well."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            body()
            status = 0
        except BaseException:  # noqa: BLE001 - a child must not run the tests that follow
            traceback.print_exc()
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1] == 0


def refuses(use):
    try:
        use()
    except flxchannel.ForkedError as error:
        assert error.code == -208
    else:
        raise AssertionError("no ForkedError")


def test_child_is_told_and_the_parent_goes_on(client):
    client.submit(order())
    pull = client.pull("listings")

    def child():
        refuses(client.stats)
        refuses(lambda: client.flush(0))
        refuses(lambda: client.submit(order("A-2")))
        refuses(lambda: pull.next(0))
        pull.close()
        client.close()
        client.close()

    assert in_child(child)
    assert list(pull)
    pull.close()
    flush_until_quiet(client)
    assert [row["number"] for row in client.results(10)] == ["A-1"]


def test_child_opens_its_own_client(client, open_client):
    def child():
        with open_client() as own:
            own.submit(order("A-2"))
            flush_until_quiet(own)

    assert in_child(child)
    assert [row["number"] for row in client.results(10)] == ["A-2"]


def test_inherited_client_that_is_forgotten_in_the_child_is_left_alone(open_client):
    clients = [open_client()]
    with clients[0].pull("listings_to_sync"):
        def child():
            clients.clear()

        assert in_child(child)
        assert clients[0].stats()
