"""Rows and readings as they go through the pipes: pickles of plain tuples, which take half the time that those of named ones do.

These are not the pickles of strangers: both ends of the pipes are our own processes.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from typing import Any

from campaign.core.lead import CallRequest, Phone, SourceRow
from campaign.core.policy.terms import Terms
from campaign.core.reading import Reading


def rows_sent(rows: Iterable[SourceRow]) -> bytes:
    """Rows, as a worker gets them."""
    return pickle.dumps([tuple(row) for row in rows], pickle.HIGHEST_PROTOCOL)


def rows_received(message: bytes) -> list[SourceRow]:
    """The rows that were sent."""
    return [SourceRow(*row) for row in pickle.loads(message)]  # noqa: S301


def readings_sent(readings: Iterable[Reading]) -> bytes:
    """Readings, as a worker answers with them: without their rows, which the other side has."""
    return pickle.dumps([_plain(reading) for reading in readings], pickle.HIGHEST_PROTOCOL)


def readings_received(rows: Sequence[SourceRow], message: bytes) -> list[Reading]:
    """The readings that were sent, each with its row."""
    sent = pickle.loads(message)  # noqa: S301
    return [_reading(row, *plain) for row, plain in zip(rows, sent, strict=True)]


def _plain(reading: Reading) -> tuple[Any, ...]:
    _, request, problems, notes, phones, terms = reading
    every = _written(phones)
    if request is None:
        return None, problems, notes, every, None
    payload, numbers, place = request
    called = every if numbers == phones else _written(numbers)
    return (payload, called, place), problems, notes, every, tuple(terms) if terms else None


def _reading(row: SourceRow, request: Any, problems: Any, notes: Any, every: Any, terms: Any) -> Reading:
    phones = _phones(every)
    if request is None:
        return Reading(row, None, problems, notes, phones)
    payload, called, place = request
    numbers = phones if called is every else _phones(called)
    made = CallRequest(payload, numbers, place)
    return Reading(row, made, problems, notes, phones, Terms(*terms) if terms else None)


def _written(phones: Iterable[Phone]) -> list[tuple[str, ...]]:
    return [tuple(phone) for phone in phones]


def _phones(written: Iterable[tuple[str, ...]]) -> tuple[Phone, ...]:
    return tuple([Phone(*one) for one in written])
