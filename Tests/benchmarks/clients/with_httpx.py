"""httpx, with a client."""

import sys

import httpx

from common import HEADERS, from_float, numbered, run

url = sys.argv[2]
client = httpx.Client(headers=HEADERS)


def read(address):
    answer = client.get(address)
    answer.raise_for_status()
    return answer.json()


run(lambda: numbered(url, read), lambda: read(f"{url}/listing/variants/count"), from_float)
