"""What a sandbox is started with."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from campaign.adapters.sandbox.faults import Fault
from campaign.core.errors import UsageError

WIDGET_KEY = "sandbox-widget"
API_KEY = "sandbox-api"
ACCOUNT_KEY = "sandbox-account"


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """How the sandbox answers, and where. The first two keys are the widget's, `account_key` is for its call reports.

    `latency` is the seconds before an answer, `jitter` up to how many seconds more. `faults` are what goes wrong,
    `seed` decides with which arrivals. `record` is a file to which every arrival is appended as a JSON line. `port` 0
    lets the system choose one. Raises `UsageError` where a value can't be used: above all where `host` is not this
    machine's own, because what the sandbox shows are people's numbers.
    """

    widget_key: str = WIDGET_KEY
    api_key: str = API_KEY
    account_key: str = ACCOUNT_KEY
    latency: float = 0.0
    jitter: float = 0.0
    faults: tuple[Fault, ...] = ()
    seed: int = 0
    record: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0

    def __post_init__(self) -> None:
        if not (self.widget_key and self.api_key and self.account_key):
            raise UsageError("The sandbox's keys must not be empty.", "Leave them out to have the usual ones.")
        for name, seconds in (("latency", self.latency), ("jitter", self.jitter)):
            if not 0 <= seconds <= 3600:
                raise UsageError(f"The sandbox's {name} can't be {seconds:g}.", "Give seconds, from 0 to 3600.")
        if not 0 <= self.port <= 65535:
            raise UsageError(f"There is no port {self.port}.", "Give 1 to 65535, or 0 to have a free one chosen.")
        if not _is_loopback(self.host):
            raise UsageError(
                f"The sandbox listens on this machine only, not on '{self.host}'.",
                "Use 127.0.0.1, ::1 or localhost.",
            )

    @property
    def bind_host(self) -> str:
        """The address to listen on. `localhost` is one address here: two would get two different free ports."""
        return "127.0.0.1" if self.host == "localhost" else self.host


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
