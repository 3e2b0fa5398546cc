"""This library from Python: `page.records`, whose fractions are `Decimal`."""

import sys

from common import run
from flxchannel import Client

client = Client(channel="bench", token="bench-token", origin=sys.argv[2], state_dir=sys.argv[3])

run(lambda: client.pull("listings_to_sync"), lambda: client.call("getListingVariantsCount")["body"],
    lambda price: int(price * 100))
