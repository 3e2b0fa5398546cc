"""A request to a socket of php-fpm, as a web server makes it: `python3 fcgi.py SOCKET SCRIPT`, with the body on standard input.

Prints what the script answered, and ends with 1 where there was no connection.
"""

from __future__ import annotations

import socket
import struct
import sys


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("!BBHHBx", 1, kind, 1, len(content), 0) + content


def main(place: str, script: str) -> int:
    body = sys.stdin.buffer.read()
    said = {
        "SCRIPT_FILENAME": script, "REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/json"}
    parameters = b"".join(bytes([len(key), len(value)]) + key.encode() + value.encode() for key, value in said.items())
    begin = struct.pack("!HB5x", 1, 0)
    with socket.socket(socket.AF_UNIX) as server:
        server.settimeout(60)
        try:
            server.connect(place)
        except OSError as error:
            print(f"{place}: {error}", file=sys.stderr)
            return 1
        server.sendall(record(1, begin) + record(4, parameters) + record(4, b"") + record(5, body) + record(5, b""))
        answer = server.makefile("rb")
        while head := answer.read(8):
            _, kind, _, length, padding = struct.unpack("!BBHHBx", head)
            content = answer.read(length + padding)[:length]
            if kind == 6:
                sys.stdout.buffer.write(content)
            elif kind == 7:
                sys.stderr.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
