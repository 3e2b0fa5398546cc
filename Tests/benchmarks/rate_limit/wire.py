"""A wire with a length: connections to a hub whose bytes take time, each way, without changing their order."""

from __future__ import annotations

import asyncio
import random
import threading


class Wires:
    """One event loop in a thread of its own that carries the connections of many wires."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def lay(self, port: int, round_trip_ms: float, jitter_ms: float, seed: int) -> int:
        """Lay a wire to `port`; returns the port of its near end. Half of the jitter, drawn anew per chunk, each way."""
        return asyncio.run_coroutine_threadsafe(self._lay(port, round_trip_ms, jitter_ms, seed), self._loop).result()

    async def _lay(self, port: int, round_trip_ms: float, jitter_ms: float, seed: int) -> int:
        draw = random.Random(seed)

        def delay() -> float:
            return (round_trip_ms / 2 + draw.uniform(0, jitter_ms / 2)) / 1000

        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            due = 0.0
            pending: "asyncio.Queue[tuple[float, bytes]]" = asyncio.Queue()

            async def deliver() -> None:
                while True:
                    at, chunk = await pending.get()
                    await asyncio.sleep(max(0.0, at - self._loop.time()))
                    if not chunk:
                        break
                    writer.write(chunk)
                writer.close()

            task = self._loop.create_task(deliver())
            try:
                while True:
                    chunk = await reader.read(65536)
                    due = max(due, self._loop.time() + delay())
                    pending.put_nowait((due, chunk))
                    if not chunk:
                        break
            except ConnectionError:
                pending.put_nowait((self._loop.time(), b""))
            await asyncio.gather(task, return_exceptions=True)

        async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer), return_exceptions=True)

        server = await asyncio.start_server(connect, "127.0.0.1", 0, backlog=512)
        return int(server.sockets[0].getsockname()[1])
