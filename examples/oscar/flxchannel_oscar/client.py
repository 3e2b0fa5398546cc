"""The shop's end of the channel: one client for each process."""

from __future__ import annotations

import logging
import os
from threading import Lock
from typing import Dict

from django.conf import settings

from flxchannel import Client

_clients: "Dict[int, Client]" = {}
_opening = Lock()


def client() -> Client:
    """The client of this process. Opening makes no request; a child of a fork opens its own."""
    with _opening:
        if os.getpid() not in _clients:
            _clients[os.getpid()] = Client(logger=logging.getLogger("flxchannel"), **settings.FLXCHANNEL)
        return _clients[os.getpid()]
