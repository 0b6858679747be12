"""A server of raw sockets on loopback: it answers as told, byte for byte, and counts what arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Self

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
"""Is given a whole request (or only its head, see `Wire`) and writes what it likes."""


def says(data: bytes) -> Answer:
    """Answer with these bytes, then close."""

    async def answer(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return answer


def http(status: int, body: str = "", headers: str = "") -> Answer:
    """A well-formed answer."""
    head = f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {len(body.encode())}\r\n{headers}\r\n"
    return says((head + body).encode())


async def resets(_request: bytes, writer: asyncio.StreamWriter) -> None:
    """Reset the connection."""
    writer.transport.abort()


async def stays_silent(_request: bytes, writer: asyncio.StreamWriter) -> None:
    """Say nothing until the client leaves."""
    await writer.wait_closed()


class Wire:
    """Listens on a free port. `head_only` answers as soon as the head of a request is there, before its body is read."""

    def __init__(self, answer: Answer, *, head_only: bool = False, keep_open: bool = False) -> None:
        self._answer = answer
        self._head_only = head_only
        self._keep_open = keep_open
        self.connections = 0
        self.requests: list[bytes] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/rest/v1/ext/add_call_api/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                self.requests.append(request)
                if not self._head_only:
                    length = next(
                        (line for line in request.split(b"\r\n") if line.lower().startswith(b"content-length:")), b":0"
                    )
                    body = await reader.readexactly(int(length.split(b":")[1]))
                    self.requests[-1] = request + body
                await self._answer(self.requests[-1], writer)
                if not self._keep_open:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
