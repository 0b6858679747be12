"""A real browser for tests: Chromium without a window, steered by the DevTools protocol."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_ALONE = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
_PATIENCE = 60.0  # seconds for a start, or for an answer


class Browser:
    """One page of the browser. `requested` are the addresses that the page has asked for."""

    def __init__(self, wire: aiohttp.ClientWebSocketResponse) -> None:
        self._wire = wire
        self._asked = 0
        self._loaded = asyncio.Event()
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.requested: list[str] = []

    async def listen(self) -> None:
        """Take what the browser says, until it is closed."""
        async for message in self._wire:
            said = message.json()
            if said.get("id") in self._answers:
                self._answers.pop(said["id"]).set_result(said)
            elif said.get("method") == "Network.requestWillBeSent":
                self.requested.append(said["params"]["request"]["url"])
            elif said.get("method") == "Page.loadEventFired":
                self._loaded.set()

    async def call(self, method: str, **values: object) -> dict[str, Any]:
        """Call a method of the protocol."""
        self._asked += 1
        answer = self._answers[self._asked] = asyncio.get_running_loop().create_future()
        await self._wire.send_json({"id": self._asked, "method": method, "params": values})
        async with asyncio.timeout(_PATIENCE):
            said = await answer
        assert "error" not in said, f"{method}: {said}"
        return dict(said["result"])

    async def open(self, page: Path, width: int = 1200, height: int = 900) -> None:
        """Load a file into a window of that size."""
        for domain in ("Page", "Network", "Runtime"):
            await self.call(f"{domain}.enable")
        await self.resize(width, height)
        self._loaded.clear()
        await self.call("Page.navigate", url=page.as_uri())
        async with asyncio.timeout(_PATIENCE):
            await self._loaded.wait()

    async def resize(self, width: int, height: int = 900) -> None:
        """Another screen."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )

    async def prefer(self, *, dark: bool = False, medium: str = "screen") -> None:
        """A person's dark or light system, on screen or paper."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", media=medium, features=[scheme])

    async def ask(self, expression: str) -> Any:
        """The value of an expression in the page."""
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def picture(self, box: dict[str, float]) -> Image.Image:
        """What is seen in a box of the page."""
        clip = {**box, "scale": 1}
        answer = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        return Image.open(io.BytesIO(base64.b64decode(answer["data"]))).convert("RGB")


def flags(profile: Path) -> list[str]:
    """What Chromium is started with to show a page and do nothing else: without a window, with an empty folder as its profile."""
    rights = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []  # its sandbox does not work for root
    return [*_ALONE, *rights, f"--user-data-dir={profile}"]


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Browser]:
    """A new browser that knows nothing, with its profile in `folder`. Skips the test where none is installed."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    process = await asyncio.create_subprocess_exec(
        program,
        *flags(folder),
        "--remote-debugging-port=0",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stderr is not None
        async with asyncio.timeout(_PATIENCE):
            while not (line := await process.stderr.readline()).startswith(b"DevTools listening on "):
                assert line, "the browser ended before it could be steered"
        port = line.decode().partition("ws://")[2].partition("/")[0]
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://{port}/json/list") as answer:
                address = next(target for target in await answer.json() if target["type"] == "page")[
                    "webSocketDebuggerUrl"
                ]
            async with session.ws_connect(address, max_msg_size=0) as wire:
                page = Browser(wire)
                listening = asyncio.create_task(page.listen())
                yield page
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
    finally:
        process.kill()
        await process.communicate()
