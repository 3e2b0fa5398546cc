"""urllib3 with orjson: the fastest that Python has."""

import sys

import orjson
import urllib3

from common import HEADERS, from_float, numbered, run

url = sys.argv[2]
pool = urllib3.PoolManager(headers=HEADERS)


def read(address):
    answer = pool.request("GET", address)
    if answer.status != 200:
        raise SystemExit(f"status {answer.status}")
    return orjson.loads(answer.data)


run(lambda: numbered(url, read), lambda: read(f"{url}/listing/variants/count"), from_float)
