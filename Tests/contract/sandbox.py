"""The sandbox hub of this repository, run for a test."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request
from typing import Any, Optional


def binary() -> str:
    """Return the sandbox's binary, named by FLX_SANDBOX."""
    return os.environ.get("FLX_SANDBOX", "flx-sandbox")


class Sandbox:
    """A context manager around one process. `Sandbox("--seed", "tiny", switch=..., ...)` takes its options as text and
    switches in a dict."""

    account_token = "sandbox-account-token"
    source_token = "sandbox-source-token"

    def __init__(self, *options: str, switches: "Optional[dict[str, str]]" = None) -> None:
        self._options = list(options)
        for name, value in (switches or {}).items():
            self._options += ["--set", f"{name}={value}"]
        self.url = ""
        self.token = ""

    def __enter__(self) -> "Sandbox":
        self._process = subprocess.Popen(
            [binary(), "--exit-with-parent", *self._options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        facts = {}
        for _ in range(2):
            name, _, value = self._process.stdout.readline().strip().partition(" ")
            facts[name] = value
        if "url" not in facts:
            self.__exit__()
            raise RuntimeError("the sandbox did not start")
        self.url, self.token = facts["url"], facts["token"]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def ask(
        self, method: str, target: str, body: Any = None, *, token: "Optional[str]" = None
    ) -> "tuple[int, dict[str, str], bytes]":
        """Send a request as a bare client and return status, headers and body."""
        headers = {"Accept": "application/json", "X-API-TOKEN": self.token if token is None else token}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = body if isinstance(body, bytes) else json.dumps(body, default=float).encode()
        request = urllib.request.Request(self.url + target, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """Call the admin API, which is beside the contract."""
        status, _, text = self.ask(method, "/_admin/" + path, body)
        if status >= 300:
            raise RuntimeError(f"{method} /_admin/{path} -> {status} {text[:500]!r}")
        return json.loads(text) if text else None

    def set(self, **switches: Any) -> None:
        """Set switches; a name's dots are given as two underscores."""
        self.admin("POST", "switches", {name.replace("__", "."): str(value) for name, value in switches.items()})

    def journal(self, operation: "Optional[str]" = None) -> "list[dict[str, Any]]":
        entries = self.admin("GET", "journal")
        rows = entries if isinstance(entries, list) else entries["entries"]
        return [row for row in rows if operation in (None, row["operation"])]
