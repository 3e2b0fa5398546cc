"""Builds of the library that are wrong on purpose, to show that a checker sees it.

Each is the sources with one edit, built as slim into .build-lib/broken/<name>. An edit whose text is no longer found is an
error, so that a control never runs against a library that is right.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from .ground import ROOT

EDITS: "dict[str, list[tuple[str, str, str]]]" = {
    # name: [(file below Sources/FlxChannel, text, what stands there instead)]
    # Each edit is on a path of its own, so that one build serves several controls.
    "careless-feeds": [
        ("Channel/CursorPull.swift", "guard isWalked, open.isEmpty else { return }", "guard isWalked else { return }"),
        ("Channel/CursorPull.swift", "Instant(ms: $0.ms - overlapMs)", "Instant(ms: $0.ms)"),
        ("Channel/CursorPull.swift", "let isSeenTwice = proof.endPass()", "let isSeenTwice = true"),
        (
            "Channel/PageWalk.swift", "page.startedMs.flatMap { client.clock.instant(requestStartedMs: $0) }",
            "client.clock.now().map { (ms: $0, isSure: page.number > 0) }",
        ),
        (
            "Hub/PageBody.swift", "return try JSONDocument.parsePage(body)",
            """var cut = body
            while cut.count > 1, (try? JSONDocument.parsePage(cut)) == nil, (try? JSONDocument.parsePage(cut + [0x5D])) == nil {
                cut.removeLast()
            }
            return try JSONDocument.parsePage((try? JSONDocument.parsePage(cut)) == nil ? cut + [0x5D] : cut)""",
        ),
    ],
    "claim-without-lock": [
        # Each opening locks a byte of its own: every process gets every claim. And no fence stands behind it.
        ("State/Store.swift", "func claim(row: Int64) throws(StateError) -> ByteLock? { try take(LockByte.order(row)) }",
         "func claim(row: Int64) throws(StateError) -> ByteLock? { try take(LockByte.order(row) &+ (1 << 40) &* (1 &+ Random.upTo(1 << 20))) }"),
        ("State/OutboxTable.swift", "WHERE id = ?1 AND fence = ?2", "WHERE id = ?1 AND (fence = ?2 OR 1)"),
    ],
    "host-clock": [
        # The instant of an answer comes from the host's clock.
        ("Transport/HubClock.swift", "let at = requestStartedMs &+ belief.offsetMs\n", "let at = wallMs() &+ 0 &* requestStartedMs\n"),
    ],
    "no-sync": [("State/Database.swift", "PRAGMA synchronous=EXTRA", "PRAGMA synchronous=OFF")],
    # Not wrong, but of a later release: two steps more, which only add.
    "newer": [
        ("State/Schema.swift", """["ALTER TABLE answers ADD COLUMN fingerprint TEXT"]),
""", """["ALTER TABLE answers ADD COLUMN fingerprint TEXT"]),
        Step(schema: 3, oldestReader: 1, statements: ["ALTER TABLE outbox ADD COLUMN colour TEXT"]),
        Step(schema: 4, oldestReader: 1, statements: ["CREATE TABLE later (id INTEGER PRIMARY KEY)", "INSERT INTO later VALUES (1)"]),
"""),
        ("State/Schema.swift", "static let known: Int64 = 2", "static let known: Int64 = 4"),
    ],
    # Calls an answer sent before it is, and stores `sending` only when the request is over.
    "early": [
        ("Channel/AnswerSending.swift", "        for row in batch { json.raw(row.body) }", """        try save(batch) { row in (row.state, row.verdict) = (.sent, .applied) }
        for row in batch { json.raw(row.body) }"""),
        ("Channel/OrderSending.swift", "    private func markSending() -> Bool {", """    private func markSending() -> Bool { true }

    private func markLate() -> Bool {"""),
        ("Channel/OrderSending.swift", "        var next = row\n        let end = OrderReply", """        _ = markLate()
        var next = row
        let end = OrderReply"""),
    ],
    # To be written when the mended core is here. What each control of rows/wrong_builds.py needs its build to do:
    "credulous": [
        # I-01  a record has our number also when its reference alone is it
        # I-02  numbers and SKUs are compared with == on String
        # I-03  a hub id may stand in several rows (no unique index, no second look)
        # I-04  an order that is older than our first attempt is ours without a comparison
        # I-05  equal lines are asked of an order that is younger than our first attempt, and of a fresh 2xx
        # I-06  a 2xx counts only if its number is ours byte for byte
        # E-01  "duplicate" and "already exist" in a 4xx mean that the order is there
        # E-02  a look-up counts although the last attempt may still travel
        # E-03  the stamp of the state file is not compared when it is opened
        # E-05  an object with success false is a good answer to a batch
        # E-06  records of a look-up that cannot be read are left out, and the rest is the whole list
        # O-01, K-01  new content is taken also when an attempt is in doubt
        # O-02  clearing away blanks the number
        # O-03  clearing away does not ask for the state of the row that it blanks
    ],
    "hasty": [
        # E-04  an order whose channel is being asked about keeps its place in the flush
        # W-01  the channel of a new token is not asked about before the first write
        # W-02  one reply decides which channel is ours
        # L-01  the first Date is the hub's clock
        # L-02  the wait that a pool asks for has no bound
        # L-03  Retry-After has no bound
        # V-01, V-02  next_in_ms and paused do not know of the limiter's holds
        # V-03  an order's own time counts also when the clock was set back since
        # V-04  a pull under an open breaker says AGAIN for ever
    ],
}


def library(name: str) -> Path:
    """The broken library of this name, built if need be; safe to call from several processes."""
    folder = ROOT / ".build-lib/broken" / name
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _built(name, folder)


def _built(name: str, folder: Path) -> Path:
    edits = EDITS[name]
    assert edits, "its edits are not written yet; see EDITS"
    artefact, seen = folder / "libflxchannel.so.1", folder / "seen"
    sources = sorted((ROOT / "Sources").rglob("*")) + [ROOT / "include/flxchannel.h", ROOT / "Makefile"]
    digest = hashlib.sha256(repr(edits).encode())
    for source in sources:
        if source.is_file():
            digest.update(source.read_bytes())
    if artefact.exists() and seen.exists() and seen.read_text() == digest.hexdigest():
        return artefact
    with tempfile.TemporaryDirectory() as copy:
        for part in ("Sources", "include"):
            shutil.copytree(ROOT / part, Path(copy) / part)
        shutil.copy(ROOT / "Makefile", copy)
        for file, text, instead in edits:
            path = Path(copy) / "Sources/FlxChannel" / file
            source = path.read_text()
            assert source.count(text) == 1, f"broken build {name}: {file} has {source.count(text)} times: {text}"
            path.write_text(source.replace(text, instead))
        subprocess.run(["make", "-s", "slim"], cwd=copy, check=True, stdout=subprocess.DEVNULL)
        shutil.copy(Path(copy) / ".build-lib/slim/libflxchannel.so.1", artefact)
    seen.write_text(digest.hexdigest())
    return artefact
