"""What the sandbox received, and whom it would have called: the truth that a run is held against."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

from campaign.core.errors import OutputError

KEPT = 100_000
"""How many arrivals stay in memory, the latest ones. The counts are of all, and so is the record."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request that reached the endpoint.

    `time` is UTC, ISO 8601. `person` is `lc_number` as it came; `numbers` are those that would be called, as dialled.
    `fault` is the name of the fault it met, "" for none. `status` is the status it was answered with, None where none
    goes out. `started` says whether a call was started, whatever the answer. `payload` is what came, keys redacted.
    """

    number: int
    time: str
    method: str
    person: str
    numbers: tuple[str, ...]
    row_id: str
    fault: str
    status: int | None
    started: bool
    payload: MappingOf[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The arrival as JSON has it, one key per field."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


class Ledger:
    """All arrivals in the order in which they were read. Safe to read from another thread.

    A number's calls are counted over `lc_number` and `lc_number_2`, because the vendor may call both: a request that
    carries the same number twice counts as two calls to it.
    """

    def __init__(self, record: Path | None = None) -> None:
        self._path = record
        self._file: BinaryIO | None = None
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        self._latest: deque[Arrival] = deque(maxlen=KEPT)
        self._numbered = 0
        self._total = 0
        self._started = 0
        self._arrivals_of: Counter[str] = Counter()
        self._calls_of: Counter[str] = Counter()

    def open(self) -> None:
        """Open the record, if there is one, to append to it. Raises `OutputError` if it can't be written."""
        if self._path is None:
            return
        try:
            self._file = self._path.open("ab")  # stays open for the sandbox's life; `close` closes it
        except OSError as error:
            raise OutputError(
                f"The sandbox can't write its record {self._path}: {error.strerror}.",
                "Choose a file in a folder that exists and is yours.",
            ) from error

    def close(self) -> None:
        """Close the record. What is in memory can still be read."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def next_number(self) -> int:
        """The number of an arrival that begins now, from 1."""
        with self._lock:
            self._numbered += 1
            return self._numbered

    def add(self, arrival: Arrival) -> None:
        """Keep an arrival. It is in the record, safe from a kill, before this returns and so before any answer."""
        with self._lock:
            if self._file is not None:
                self._file.write(json.dumps(arrival.as_json()).encode() + b"\n")
                self._file.flush()
            self._latest.append(arrival)
            self._total += 1
            self._arrivals_of.update(set(arrival.numbers))
            if arrival.started:
                self._started += 1
                self._calls_of.update(arrival.numbers)

    def reset(self) -> None:
        """Forget everything and number from 1 again. The record stays: it is evidence."""
        with self._lock:
            self._forget()

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """The arrivals in memory (the latest `KEPT`), oldest first."""
        with self._lock:
            return tuple(self._latest)

    def latest(self, limit: int) -> tuple[Arrival, ...]:
        """The last `limit` arrivals, newest first."""
        with self._lock:
            return tuple(islice(reversed(self._latest), limit))

    def calls_per_person(self) -> dict[str, int]:
        """How many calls were started to each number; numbers that were not called are left out."""
        with self._lock:
            return dict(self._calls_of)

    def called_twice(self) -> tuple[str, ...]:
        """The numbers to which more than one call was started, sorted. Empty is what everyone wants to see."""
        with self._lock:
            return tuple(sorted(number for number, calls in self._calls_of.items() if calls > 1))

    def totals(self) -> dict[str, Any]:
        """The counts as JSON has them: `arrivals` (requests), `calls` (requests that started one), `people` (different
        numbers that arrived) and `called_twice` (numbers)."""
        twice = self.called_twice()
        with self._lock:
            return {
                "arrivals": self._total,
                "calls": self._started,
                "people": len(self._arrivals_of),
                "called_twice": list(twice),
            }

    def per_person(self) -> dict[str, dict[str, int]]:
        """Arrivals and calls of every number that arrived, in the order of first arrival."""
        with self._lock:
            return {
                number: {"arrivals": arrivals, "calls": self._calls_of[number]}
                for number, arrivals in self._arrivals_of.items()
            }
