"""This library from Python: `page.plain`, decoded by orjson, whose fractions are float as in the other programs."""

import sys

from common import from_float, run
from flxchannel import Client

client = Client(channel="bench", token="bench-token", origin=sys.argv[2], state_dir=sys.argv[3])

run(lambda: (page.plain for page in client.pull("listings_to_sync")),
    lambda: client.call("getListingVariantsCount")["body"], from_float)
