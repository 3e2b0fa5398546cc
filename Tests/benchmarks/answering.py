#!/usr/bin/env python3
"""Pulls a catalogue, answers every listing, sends the answers, and counts the requests.   answering.py URL TOKEN"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time

from flxchannel import Client

url, token = sys.argv[1:]
started = time.monotonic()
with tempfile.TemporaryDirectory() as state_dir:
    os.chmod(state_dir, 0o700)
    with Client(channel="answering", token=token, state_dir=state_dir, origin=url) as client:
        listings = 0
        with client.pull("listings_to_sync") as pull:
            for page in pull:
                # A queued change of status is confirmed by its name.
                answers = []
                for record in page:
                    change = record.get("changeToListingStatus") or (record.get("parent") or {}).get("changeToListingStatus")
                    answers.append({"id": str(record["id"])} | ({"confirm": change["handle"]} if change else {}))
                client.ack(page.receipt, answers)
                listings += len(answers)
        pulled = client.stats()["requests"]["answered"]
        for _ in range(1000):
            if client.flush(60_000).outcome == 0:
                break
        answered = client.stats()["requests"]["answered"] - pulled
        verdicts = applied = after = 0
        while results := client.ack_results(after, 10_000):
            verdicts += len(results)
            applied += sum(one["verdict"] == "applied" for one in results)
            after = results[-1]["seq"]
print(json.dumps({"listings": listings, "pulling": pulled, "answering": answered, "verdicts": verdicts, "applied": applied,
                  "seconds": time.monotonic() - started}))
