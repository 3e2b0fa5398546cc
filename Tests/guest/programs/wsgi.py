"""A shop under gunicorn: it opens a client when it is imported, and does a whole job in each request.

With --preload it is imported before the workers are made: what they inherit must say so, and each opens its own.
"""

from __future__ import annotations

import json
import os
import threading
from typing import Any, Iterable

from flxchannel import FlxError
from guest import open_client, whole_job

opened_by = os.getpid()
inherited = open_client()
ours: "list[Any]" = []
making = threading.Lock()


def client_of_this_worker() -> Any:
    with making:
        if not ours:
            ours.append(inherited if os.getpid() == opened_by else open_client())
        return ours[0]


def said_of_the_inherited() -> str:
    try:
        inherited.stats()
        return "FLX_OK"
    except FlxError as error:
        return error.name


def shop(environment: "dict[str, Any]", start: Any) -> "Iterable[bytes]":
    said = {"pid": os.getpid(), "is_preloaded": os.getpid() != opened_by, "told": said_of_the_inherited(),
            **whole_job(client_of_this_worker(), environment["QUERY_STRING"])}
    start("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(said).encode()]
