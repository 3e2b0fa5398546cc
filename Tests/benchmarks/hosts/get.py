"""What a call costs: a value of a record by its path.   get.py URL TOKEN STATE_DIR TIMES; prints nanoseconds of a call."""

import sys
import time

from flxchannel import Client

origin, token, state, times = sys.argv[1:]
with Client(channel="bench", token=token, state_dir=state, origin=origin) as client, client.pull("listings") as pull:
    page = pull.next(10_000)
    assert page is not None
    start = time.process_time_ns()
    for _ in range(int(times)):
        page.get(0, "/sku")
    print((time.process_time_ns() - start) / int(times))
