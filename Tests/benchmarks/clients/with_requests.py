"""python requests, with a session."""

import sys

import requests

from common import HEADERS, from_float, numbered, run

url = sys.argv[2]
session = requests.Session()
session.headers.update(HEADERS)


def read(address):
    answer = session.get(address)
    answer.raise_for_status()
    return answer.json()


run(lambda: numbered(url, read), lambda: read(f"{url}/listing/variants/count"), from_float)
