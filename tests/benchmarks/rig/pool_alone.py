"""`campaign resume` with the time taken of its pool alone: from the moment when sending begins until the last outcome stands.

With `--unjournaled` intents and outcomes are kept nowhere, to tell what the journal costs; nothing else differs.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from campaign.adapters.journal import GroupCommit, Journal
from campaign.assembly import pool, sending
from campaign.cli import main as campaign
from campaign.core.outcome import Exchange, Verdict
from campaign.core.policy.person_caps import CapReached, PersonCap
from campaign.core.record import Contact, DueLead


class Unjournaled(GroupCommit):
    """Reads what is due, and writes nothing."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self._read = journal

    async def due(self, campaign: str, after: int, limit: int) -> list[DueLead]:
        """What is due, on this thread."""
        return self._read.due(campaign, after, limit)

    async def begin(
        self, campaign: str, lead: int, now: datetime, since: datetime | None, caps: Sequence[PersonCap] = ()
    ) -> Contact | CapReached | None:
        """Nothing is written."""
        return None

    def finish(self, lead: int, verdict: Verdict, exchange: Exchange, now: datetime) -> asyncio.Future[None]:
        """Nothing is written."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        written.set_result(None)
        return written


def main() -> None:
    """Send what is due in a workspace with one campaign; the seconds go into a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("took", type=Path)
    parser.add_argument("--unjournaled", action="store_true")
    asked, arguments = parser.parse_known_args()
    submit = pool.submit

    async def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return await submit(*given, **named)
        finally:
            asked.took.write_text(str(time.perf_counter() - began), encoding="utf-8")

    vars(sending)["submit"] = timed  # the same, and a watch
    if asked.unjournaled:
        vars(pool)["GroupCommit"] = Unjournaled  # the one place that knows which journal the pool writes
    sys.argv[1:] = ["resume", *arguments]
    campaign()


if __name__ == "__main__":
    main()
