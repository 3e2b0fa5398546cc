"""The server that every program of the benchmark talks to: nginx on loopback, over page files as the hub would send them.

Three catalogues, each on a port of its own. Every answer has the hub's pool headers, which grant a large pool: this
library reads them and limits itself by them, so that its rate limiter is part of what is measured and not what limits it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

PAGE = 100
VARIANTS = 112_841
#: The largest pool and refill that the library believes.
POOL = {"X-Auth-Pool-Size": 10_000, "X-Auth-Pool-Used": 0, "X-Auth-Replenished-Per-Second": 1000}
COUNT = b"112841"


@dataclass(frozen=True)
class Sums:
    """What a program that read all of a catalogue must have found."""

    listings: int
    ids: int
    cents: int
    quantity: int


@dataclass(frozen=True)
class Catalogue:
    """Page files and what is in them."""

    name: str
    folder: Path
    sums: Sums
    record_bytes: int
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def prepare(build: Path, sandbox: str) -> "list[Catalogue]":
    """Write the page files, once: `small` and `whole` as the sandbox sends them, `rich` filled up to 10 KB a record."""
    folder = build / "pages"
    known = folder / "catalogues.json"
    if not known.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = _write(folder, sandbox)
        known.write_text(json.dumps([asdict(one) | {"folder": one.folder.name} for one in made]))
    return [
        Catalogue(one["name"], folder / one["folder"], Sums(**one["sums"]), one["record_bytes"])
        for one in json.loads(known.read_text())
    ]


def _write(folder: Path, sandbox: str) -> "list[Catalogue]":
    print("bench: writing page files", file=sys.stderr, flush=True)
    process = subprocess.Popen(
        [sandbox, "--port", "0", "--seed", "large", "--set", "pool.size=10000", "--set", "pool.refill=1000",
         "--exit-with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        at = dict(process.stdout.readline().split() for _ in range(2))
        whole, small, rich = (folder / name for name in ("whole", "small", "rich"))
        for one in (whole, small, rich):
            one.mkdir(exist_ok=True)
        number = 0
        while True:
            number += 1
            page = _ask(at, number, "false")
            if page == b"[]":
                break
            (whole / f"{number}.json").write_bytes(page)
            if number <= 200:
                (small / f"{number}.json").write_bytes(page)
            if number <= 40:
                (rich / f"{number}.json").write_bytes(_fill(_ask(at, number, "true")))
    finally:
        process.terminate()
        process.wait()
    return [_measure(one) for one in (small, whole, rich)]


def _ask(at: "dict[str, str]", number: int, parent: str) -> bytes:
    query = f"/listing/variants?page={number}&pageSize={PAGE}&includeParent={parent}"
    request = urllib.request.Request(at["url"] + query, headers={"X-API-TOKEN": at["token"]})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def _fill(page: bytes) -> bytes:
    """Give each record the description, pictures and fields of a merchant who fills in everything: 10 KB."""
    records = json.loads(page, parse_float=Decimal)
    for record in records:
        parent, label = record["parent"], record["sku"]
        parent["images"] = [
            dict(parent["images"][0], id=9_000_000 + place, sortOrder=place,
                 url=f"https://img.example/{label.lower()}/{place}.jpg") for place in range(10)]
        record["customFields"] = [
            {"id": 70_000 + place, "name": f"Field {place}", "value": f"Value {place} of {label}"} for place in range(15)]
        paragraph = f'<p class="text">{parent["title"]} — measured at 20 °C, "as delivered".</p>\n<ul><li>Länge</li></ul>\n'
        missing = 10_000 - len(_json(record).encode())
        parent["description"] += paragraph * max(0, missing // len(json.dumps(paragraph, ensure_ascii=False).encode()))
    return _json(records).encode()


def _json(value: object) -> str:
    """JSON with the numbers as they were, as the hub writes it: no space, no needless escape."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{_json(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def _measure(folder: Path) -> Catalogue:
    listings = ids = quantity = size = 0
    price = Decimal(0)
    for file in folder.iterdir():
        page = file.read_bytes()
        size += len(page)
        for record in json.loads(page, parse_float=Decimal):
            listings += 1
            ids += record["id"]
            quantity += record["quantity"] or 0
            price += record["price"] or 0
    cents = price * 100
    assert cents == int(cents), "a price has parts of a cent; the programs count in cents"
    assert folder.name != "whole" or listings == VARIANTS
    return Catalogue(folder.name, folder, Sums(listings, ids, int(cents), quantity), size // listings)


class Server:
    """nginx with one worker, unprivileged, all of its files in one folder; ended by its process id."""

    def __init__(self, folder: Path, catalogues: "list[Catalogue]", ports: "list[int]") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.catalogues = {
            one.name: Catalogue(one.name, one.folder, one.sums, one.record_bytes, port)
            for one, port in zip(catalogues, ports)}
        for one in catalogues:
            (one.folder / "end.json").write_bytes(b"[]")
            (one.folder / "count").write_bytes(COUNT)
        (folder / "nginx.conf").write_text(self._config(folder))
        self.log = open(folder / "error.log", "wb")
        self.process = subprocess.Popen(
            ["nginx", "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"], stdout=self.log, stderr=self.log,
            env=os.environ | {"PATH": os.environ["PATH"] + ":/usr/sbin"})
        for _ in range(100):
            if all(self._answers(one.url) for one in self.catalogues.values()):
                return
            time.sleep(0.05)
        self.close()
        raise SystemExit(f"nginx does not answer, see {folder}/error.log")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        self.log.close()

    @staticmethod
    def _answers(url: str) -> bool:
        try:
            return urllib.request.urlopen(url + "/listing/variants/count", timeout=2).read() == COUNT
        except OSError:
            return False

    def _config(self, folder: Path) -> str:
        headers = "\n  ".join(f"add_header {name} {value};" for name, value in POOL.items())
        temporary = "\n  ".join(
            f"{kind}_temp_path temp;" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        servers = "\n  ".join(f"""server {{
    listen 127.0.0.1:{one.port};
    root {one.folder};
    location = /listing/variants {{ try_files /$arg_page.json /end.json; }}
    location = /listing/variants/count {{ try_files /count =404; }}
  }}""" for one in self.catalogues.values())
        return f"""worker_processes 1;
daemon off;
pid nginx.pid;
events {{ worker_connections 64; }}
http {{
  access_log off;
  sendfile on;
  open_file_cache max=4000 inactive=10m;
  keepalive_requests 10000000;
  keepalive_timeout 600;
  default_type application/json;
  {headers}
  {temporary}
  {servers}
}}
"""
