"""A server of raw sockets on loopback: it answers as told, byte for byte, and keeps what arrives and when."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Literal, Self

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
"""Is given what was read of a request (see `Reads`) and writes what it likes."""

Reads = Literal["nothing", "some", "head", "whole"]
"""How much of a request is read before it is answered. `some` is so little that the rest jams on its way."""

PATH = "/rest/v1/ext/add_call_api/"
SOME = 1000
_RECEIVE_BUFFER = 4096
_MOST = 1 << 16


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


def in_turn(*answers: Answer) -> Answer:
    """Each answer once, in this order; the last one for good."""
    left = list(answers)

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(request, writer)

    return answer


async def resets(_request: bytes, writer: asyncio.StreamWriter) -> None:
    """Reset the connection: the client is told by an RST, not by a close."""
    reset(writer)


def reset(writer: asyncio.StreamWriter) -> None:
    """Reset the connection now. What was written and not sent yet is lost."""
    # Without SO_LINGER 0 a transport that is aborted closes in good order wherever all was read.
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def closes(_request: bytes, writer: asyncio.StreamWriter) -> None:
    """Close the connection without a word, also where it would be kept open."""
    writer.close()


async def stays_silent(_request: bytes, _writer: asyncio.StreamWriter) -> None:
    """Say nothing for as long as the server runs."""
    await asyncio.Event().wait()


class Wire:
    """Listens on a free port. With `keep_open` it reads on where it would close; with `tls` it speaks TLS."""

    def __init__(
        self, answer: Answer, *, reads: Reads = "whole", keep_open: bool = False, tls: ssl.SSLContext | None = None
    ) -> None:
        self._answer = answer
        self._reads = reads
        self._keep_open = keep_open
        self._tls = tls
        self._more = asyncio.Event()
        self._serving: set[asyncio.Task[None]] = set()
        self.connections = 0
        self._met = 0
        self.requests: list[bytes] = []
        self.times: list[float] = []

    async def __aenter__(self) -> Self:
        listening = socket.socket()
        if self._reads == "some":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        listening.bind(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        scheme = "https" if self._tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}{PATH}"
        limit = SOME if self._reads == "some" else _MOST
        self._server = await asyncio.start_server(self._accept, sock=listening, ssl=self._tls, limit=limit)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._serving:  # those that stay silent never end by themselves
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await self._server.wait_closed()

    async def arrived(self, number: int) -> None:
        """Return once so many were read as far as they are to be read, and are about to be answered."""
        while self._met < number:
            self._more.clear()
            await self._more.wait()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await self._read(reader)
                self._met += 1
                self._more.set()
                await self._answer(request, writer)
                if not self._keep_open:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        if self._reads == "nothing":
            return b""
        request = await (reader.readexactly(SOME) if self._reads == "some" else reader.readuntil(b"\r\n\r\n"))
        self.times.append(time.monotonic())
        self.requests.append(request)
        if self._reads == "whole":
            length = next(
                (line for line in request.split(b"\r\n") if line.lower().startswith(b"content-length:")), b":0"
            )
            self.requests[-1] = request = request + await reader.readexactly(int(length.split(b":")[1]))
        return request
