"""The sandbox as a running server: inside an event loop, or in a thread of its own for code that has none."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack, contextmanager
from threading import Thread
from types import TracebackType
from typing import Self

from campaign.adapters.sandbox.ledger import Ledger
from campaign.adapters.sandbox.settings import SandboxSettings
from campaign.core.errors import UsageError

# Requests that hang do so on purpose: nobody waits for them. aiohttp may wait this long twice.
_SHUTDOWN_SECONDS = 0.05
_BACKLOG = 1024
_THREAD_SECONDS = 10.0


class Sandbox:
    """A look-alike of the vendor's endpoint on this machine: `async with Sandbox(settings) as sandbox`.

    Entering raises `UsageError` if the port is taken and `OutputError` if the record can't be written. The ledger
    can still be read after leaving.
    """

    def __init__(self, settings: SandboxSettings | None = None) -> None:
        self.settings = settings or SandboxSettings()
        self.ledger = Ledger(self.settings.record)
        self._running = AsyncExitStack()
        self._base_url = ""

    @property
    def base_url(self) -> str:
        """Where it listens, without a slash at the end: `http://127.0.0.1:49152`; "" before it was started."""
        return self._base_url

    @property
    def url(self) -> str:
        """The full address of the call endpoint."""
        return f"{self._base_url}/rest/v1/ext/add_call_api/"

    async def __aenter__(self) -> Self:
        # Imported here: aiohttp is slow to load, and most commands need no server.
        from aiohttp import web

        from campaign.adapters.sandbox import endpoint, page, reports

        async with AsyncExitStack() as starting:
            self.ledger.open()
            starting.callback(self.ledger.close)
            app = web.Application()
            app.add_routes(
                [
                    *endpoint.routes(self.settings, self.ledger),
                    *reports.routes(self.settings, self.ledger),
                    *page.routes(self.ledger),
                ]
            )
            # handler_cancellation: a hung request ends when its client leaves.
            runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_SHUTDOWN_SECONDS)
            await runner.setup()
            starting.push_async_callback(runner.cleanup)
            site = web.TCPSite(runner, self.settings.bind_host, self.settings.port, backlog=_BACKLOG)
            try:
                await site.start()
            except OSError as error:
                raise UsageError(
                    f"The sandbox can't listen on {self.settings.host}, port {self.settings.port}: {error.strerror}.",
                    "Choose another port, or 0 to have a free one chosen.",
                ) from error
            self._base_url = site.name
            self._running = starting.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._running.aclose()


@contextmanager
def run_in_thread(settings: SandboxSettings | None = None) -> Iterator[Sandbox]:
    """A sandbox with an event loop and a thread of its own, for synchronous code. Raises as `Sandbox` does."""
    started: Future[tuple[Sandbox, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        async with Sandbox(settings) as sandbox:
            leave = asyncio.Event()
            started.set_result((sandbox, asyncio.get_running_loop(), leave))
            await leave.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:  # told to the thread that waits, whatever it is
            if started.done():
                raise
            started.set_exception(error)

    # A daemon: a sandbox never keeps a program alive.
    thread = Thread(target=run, name="sandbox", daemon=True)
    thread.start()
    sandbox, loop, leave = started.result()
    try:
        yield sandbox
    finally:
        loop.call_soon_threadsafe(leave.set)
        thread.join(_THREAD_SECONDS)
