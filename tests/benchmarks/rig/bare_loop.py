"""The bare work of sending: an aiohttp loop with the payloads, the concurrency and the client options of our gateway.

It looks at the status of every answer, reads its body, and keeps neither. Prints the seconds that it took.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from pathlib import Path

import aiohttp


async def send(url: str, payloads: list[dict[str, str]], concurrency: int) -> float:
    """Send all; the seconds that it took."""
    waiting = iter(payloads)
    timeout = aiohttp.ClientTimeout(total=40, connect=10, sock_connect=10, sock_read=30)
    connector = aiohttp.TCPConnector(limit=concurrency, force_close=True)
    began = time.perf_counter()
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Accept": "application/json", "User-Agent": "campaign"},
    ) as session:

        async def work() -> None:
            for payload in waiting:
                body = json.dumps(payload, ensure_ascii=False).encode()
                async with session.post(
                    url, data=body, headers={"Content-Type": "application/json"}, allow_redirects=False
                ) as response:
                    await response.read()
                    if response.status != 200:
                        raise RuntimeError(f"the endpoint answered {response.status}")

        await asyncio.gather(*(work() for _ in range(concurrency)))
    return time.perf_counter() - began


def main() -> None:
    """Send the payloads of a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("payloads", type=Path)
    parser.add_argument("concurrency", type=int)
    asked = parser.parse_args()
    with asked.payloads.open(encoding="utf-8") as lines:
        payloads = [json.loads(line) for line in lines]
    print(asyncio.run(send(asked.url, payloads, asked.concurrency)))  # noqa: T201 - read by the benchmark


if __name__ == "__main__":
    main()
