"""Starting and stopping the sandbox, inside a loop and in a thread."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread
from campaign.core.errors import UsageError

GOOD = {"widget_key": "sandbox-widget", "api_key": "sandbox-api", "lc_number": "+12025550101"}


def post(url: str, number: str = GOOD["lc_number"], seconds: float = 10) -> Any:
    """Ask for a call the synchronous way."""
    body = json.dumps({**GOOD, "lc_number": number}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=seconds) as answer:
        return json.load(answer)


def test_thread_serves_synchronous_code() -> None:
    """Code without a loop talks to it and reads the ledger, during and after."""
    with run_in_thread() as sandbox:
        assert sandbox.url == f"{sandbox.base_url}/rest/v1/ext/add_call_api/"
        assert post(sandbox.url) == {"success": True, "call_id": "sbx-000001"}
        assert sandbox.ledger.calls_per_person() == {GOOD["lc_number"]: 1}
    assert sandbox.ledger.totals()["calls"] == 1
    with pytest.raises(urllib.error.URLError):
        post(sandbox.url)


def fail_inside(started: set[threading.Thread]) -> None:
    """Note which threads run beside a sandbox, then fail."""
    with run_in_thread():
        started.update(threading.enumerate())
        raise ZeroDivisionError


def test_thread_ends() -> None:
    """Nothing is left behind, even where the body of the `with` fails."""
    before = set(threading.enumerate())
    started: set[threading.Thread] = set()
    with pytest.raises(ZeroDivisionError):
        fail_inside(started)
    assert started - before
    assert set(threading.enumerate()) <= before


def test_thread_leaves_the_hung() -> None:
    """Stopping takes an instant though a client still waits."""
    with ThreadPoolExecutor(1) as pool:
        with run_in_thread(SandboxSettings(faults=parse_faults("hang:all"))) as sandbox:
            waiting = pool.submit(post, sandbox.url)
            deadline = time.monotonic() + 5
            while not sandbox.ledger.arrivals and time.monotonic() < deadline:
                time.sleep(0.001)
            assert sandbox.ledger.arrivals
            began = time.monotonic()
        assert time.monotonic() - began < 1
        assert isinstance(waiting.exception(timeout=5), OSError)


def test_many_clients_at_once() -> None:
    """Arrivals from many threads are all counted, and each has a number of its own."""
    people = [f"+120255501{index:02d}" for index in range(100)]
    with run_in_thread() as sandbox, ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda person: post(sandbox.url, person), people))
    assert len({answer["call_id"] for answer in answers}) == 100
    assert sandbox.ledger.calls_per_person() == dict.fromkeys(people, 1)
    assert {arrival.number for arrival in sandbox.ledger.arrivals} == set(range(1, 101))


def test_two_side_by_side() -> None:
    """Each sandbox has a port and a ledger of its own."""
    with run_in_thread() as one, run_in_thread() as other:
        assert one.base_url != other.base_url
        post(one.url)
        assert (len(one.ledger.arrivals), len(other.ledger.arrivals)) == (1, 0)


def test_taken_port() -> None:
    """A port that is in use is an error with a cure, in the thread that asked."""
    with run_in_thread() as sandbox:
        port = int(sandbox.base_url.rpartition(":")[2])
        with (
            pytest.raises(UsageError, match=f"can't listen on 127.0.0.1, port {port}"),
            run_in_thread(SandboxSettings(port=port)),
        ):
            pytest.fail("it started")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_loopback_host(host: str) -> None:
    """The hosts of this machine are served."""
    async with Sandbox(SandboxSettings(host=host)) as sandbox:
        assert sandbox.base_url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "example.org", "127.0.0.1.example.org", "10.0.0.1"])
def test_other_hosts_are_refused(host: str) -> None:
    """What the sandbox shows are people's numbers: it is not for the network."""
    with pytest.raises(UsageError, match="listens on this machine only"):
        SandboxSettings(host=host)


@pytest.mark.parametrize(
    "wrong",
    [
        {"latency": -1},
        {"latency": float("nan")},
        {"jitter": float("inf")},
        {"port": -1},
        {"port": 65536},
        {"widget_key": ""},
        {"api_key": ""},
    ],
)
def test_settings_that_cannot_be(wrong: dict[str, Any]) -> None:
    """Settings that can't be used are refused with a cure."""
    with pytest.raises(UsageError) as caught:
        SandboxSettings(**wrong)
    assert caught.value.cure


def test_import_is_light() -> None:
    """The package can be imported at start-up: aiohttp and phonenumbers are loaded when a sandbox starts."""
    program = (
        "import sys, campaign.adapters.sandbox; print([n for n in ('aiohttp', 'phonenumbers') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
