"""Certificates of a private authority, right ones and wrong ones."""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta, timezone
from typing import Any

import trustme

from .ground import Ground

NAMES = ("127.0.0.1", "localhost", "hub.test")


class Authority:
    def __init__(self, ground: Ground, name: str = "authority") -> None:
        self.ca = trustme.CA()
        self.file = str(ground.folder / f"{name}.pem")
        self.ca.cert_pem.write_to_path(self.file)

    def context(self, *names: str, days: "tuple[float, float]" = (-1, 30), alpn: "tuple[str, ...]" = ()) -> ssl.SSLContext:
        """A server with a certificate for these names, good from `days[0]` to `days[1]` from now."""
        now = datetime.now(timezone.utc)
        begin, end = (now + timedelta(days=day) for day in days)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued: Any = self.ca.issue_cert(*(names or NAMES), not_before=begin, not_after=end)
        issued.configure_cert(context)
        if alpn:
            context.set_alpn_protocols(list(alpn))
        return context

    def renew(self, context: ssl.SSLContext, *names: str) -> None:
        """Another certificate and key, from the next connection on."""
        self.ca.issue_cert(*(names or NAMES)).configure_cert(context)
