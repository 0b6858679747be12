"""An endpoint on loopback, in a process of its own and several times as fast as any client here, so that it never is what
is measured: it answers every call, after `--latency` seconds, and keeps when each arrived.

Its clock is `time.monotonic`, which is the machine's and not the process's. It is no server for anybody else: it knows as
much of HTTP as the clients of the benchmarks say.
"""

from __future__ import annotations

import argparse
import heapq
import json
import selectors
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_BACKLOG = 1024
_LARGEST = 65_536
_TAKEN = json.dumps({"success": True, "call_id": "bench-000000"}).encode()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The running endpoint, as the benchmark's own process sees it."""

    port: int

    @property
    def url(self) -> str:
        """Where calls are sent to."""
        return f"http://127.0.0.1:{self.port}/rest/v1/ext/add_call_api/"

    def arrivals(self) -> list[float]:
        """When each call arrived since this was asked last: seconds of the machine's monotonic clock, in order."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/arrivals") as answer:
            times: list[float] = json.load(answer)
        return times


@contextmanager
def loopback(latency: float = 0.0) -> Iterator[Endpoint]:
    """An endpoint that answers after `latency` seconds."""
    command = [sys.executable, str(Path(__file__).resolve()), "--latency", str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Endpoint(int(process.stdout.readline()))
        finally:
            process.kill()


@dataclass(slots=True)
class _Client:
    socket: socket.socket
    received: bytes = b""
    watched: bool = False


@dataclass(slots=True)
class _Server:
    latency: float
    listener: socket.socket
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    arrived: list[float] = field(default_factory=list)
    answers: list[tuple[float, int, _Client, bool]] = field(default_factory=list)
    answered: int = 0

    def serve(self) -> None:
        self.selector.register(self.listener, selectors.EVENT_READ)
        while True:
            wait = max(0.0, self.answers[0][0] - time.monotonic()) if self.answers else None
            for key, _ in self.selector.select(wait):
                if key.data is None:
                    self._accept()
                else:
                    self._read(key.data)
            while self.answers and self.answers[0][0] <= time.monotonic():
                _, _, client, last = heapq.heappop(self.answers)
                self._answer(client, _TAKEN, last=last)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except BlockingIOError:
                return
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._read(_Client(connection))

    def _read(self, client: _Client) -> None:
        try:
            part = client.socket.recv(_LARGEST)
        except BlockingIOError:
            if not client.watched:
                self.selector.register(client.socket, selectors.EVENT_READ, client)
                client.watched = True
            return
        except OSError:
            part = b""
        if not part:
            self._close(client)
            return
        client.received += part
        head, end, body = client.received.partition(b"\r\n\r\n")
        headers = head.lower()
        if not end or len(body) < _length(headers):
            self._read(client)
            return
        client.received = b""
        last = b"connection: close" in headers
        if headers.startswith(b"get /arrivals"):
            times, self.arrived = self.arrived, []
            self._answer(client, json.dumps(times).encode(), last=True)
            return
        now = time.monotonic()
        self.arrived.append(now)
        if self.latency:
            self.answered += 1
            heapq.heappush(self.answers, (now + self.latency, self.answered, client, last))
        else:
            self._answer(client, _TAKEN, last=last)

    def _answer(self, client: _Client, body: bytes, *, last: bool) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: %s\r\n\r\n"
        try:
            client.socket.setblocking(True)
            client.socket.sendall(head % (len(body), b"close" if last else b"keep-alive") + body)
            client.socket.setblocking(False)
        except OSError:
            last = True
        if last:
            self._close(client)
        else:
            self._read(client)

    def _close(self, client: _Client) -> None:
        if client.watched:
            self.selector.unregister(client.socket)
        client.socket.close()


def _length(headers: bytes) -> int:
    _, named, rest = headers.partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0]) if named else 0


def main() -> None:
    """Serve until killed; the port is printed first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0)
    latency = parser.parse_args().latency
    with socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG) as listener:
        listener.setblocking(False)
        print(listener.getsockname()[1], flush=True)  # noqa: T201 - how the benchmark learns the port
        _Server(latency, listener).serve()


if __name__ == "__main__":
    main()
