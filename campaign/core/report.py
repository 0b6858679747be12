"""The vendor's call reports: which calls were really started.

How a report is laid out is not documented; known are the webhooks' names (`call_id`, `called_lead_phone`,
`lead.custom_params`, `time_started_iso_string`). So a call is read by what its values are, wherever they stand: row ids
and numbers can't be mistaken, and to take too much for a call is the safe side, because who was called is not called again.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from campaign.core.cells.cell import INVISIBLE
from campaign.core.row_id import row_ids_in

ANYWHERE = timedelta(hours=14)
"""How far a time whose zone the report does not tell may be from UTC."""

_LISTS = ("data", "calls", "items", "results", "rows", "records", "list", "payload", "result", "response")
_CALL_IDS = ("callid", "calluuid", "uuid", "id")
_STATUSES = ("callstatus", "disposition", "status", "result")
_OTHERS = ("agent", "widget", "lead", "user", "custom", "param")  # whose ids and statuses are not the call's
_TIME_WORDS = frozenset(
    ("time", "date", "datetime", "timestamp", "start", "started", "begin", "began", "created", "end", "ended", "at")
)
_NO_TIMES = frozenset(("zone", "timezone", "duration", "sec", "seconds", "birth", "birthday", "renewal"))
_WORD = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_NUMBER = re.compile(r"(?:tel:|p:)?'?(\+?[0-9][0-9 ().\-/\u00a0]{5,24}?)(?:\.0)?")
_AROUND = INVISIBLE + " \t\r\n\u00a0"
_NOBODY: frozenset[Any] = frozenset()
_DEEPEST = 8
_LONGEST = 100  # signs of an id or a status that are kept


@dataclass(frozen=True, slots=True)
class ReportedCall:
    """A call of a report.

    `rows` are the row ids that stand in it, as campaign and row number. `numbers` are the numbers that stand in it, digits
    alone, the agent's left out. `first` and `last` are the earliest and latest time in it, UTC; each is as early (late)
    as it can be where the report names no zone. None if it has no time that can be read.
    """

    rows: frozenset[tuple[str, int]]
    numbers: frozenset[str]
    call_id: str = ""
    status: str = ""
    first: datetime | None = None
    last: datetime | None = None

    def itself(self) -> ReportedCall:
        """The call without whose it is: so much is kept of each where a report has a million of them."""
        return ReportedCall(_NOBODY, _NOBODY, self.call_id, sys.intern(self.status), self.first, self.last)


def calls_in(answer: object) -> list[MappingOf[str, Any]] | None:
    """The calls of a report's JSON, wherever in it their list stands; None if there is no list of calls at all."""
    found = _list_in(answer, 0)
    return None if found is None else [call for call in found if isinstance(call, dict)]


class CallReader:
    """Reads calls by what their values are. `own` are the custom parameters that the campaign sends: what they hold is the
    person's, whatever it looks like. Times after `now` are none of a call that has been."""

    def __init__(self, own: Iterable[str], now: datetime) -> None:
        self._own = frozenset(_plain(name.removeprefix("lc_param_")) for name in own) - {"rowid"}
        self._now = now

    def read(self, record: MappingOf[str, Any]) -> ReportedCall:
        """One call."""
        rows: set[tuple[str, int]] = set()
        numbers: set[str] = set()
        times: list[tuple[datetime, datetime]] = []
        named: dict[str, tuple[int, str]] = {}
        for path, value in _values(record, ()):
            said = "" if value is None else str(value)
            rows.update(row_ids_in(said))
            names = [_plain(name) for name in path]
            if not any("agent" in name for name in names) and (number := _NUMBER.fullmatch(said.strip(_AROUND))):
                numbers.add(re.sub("[^0-9]", "", number[1]).lstrip("0"))
            if self._is_time(path, names):
                times.extend(span for span in _time(value) if span[0] <= self._now)
            if names and not any(other in name for name in names[:-1] for other in _OTHERS):
                depth, _ = named.get(names[-1], (_DEEPEST + 1, ""))
                if len(names) < depth:
                    named[names[-1]] = len(names), said
        return ReportedCall(
            rows=frozenset(rows),
            numbers=frozenset(numbers),
            call_id=_first(named, _CALL_IDS),
            status=_first(named, _STATUSES),
            first=min((earliest for earliest, _ in times), default=None),
            last=max((latest for _, latest in times), default=None),
        )

    def _is_time(self, path: tuple[str, ...], names: list[str]) -> bool:
        if not path or any("param" in name or "custom" in name for name in names):
            return False
        if names[-1].removeprefix("lcparam") in self._own:
            return False
        words = {word.casefold() for word in _WORD.findall(path[-1])}
        return bool(words & _TIME_WORDS) and not words & _NO_TIMES


def _list_in(value: object, depth: int) -> list[Any] | None:
    if isinstance(value, list):
        return value if not value or any(isinstance(item, dict) for item in value) else None
    if not isinstance(value, dict) or depth > _DEEPEST:
        return None
    if value and all(isinstance(inner, dict) and re.search("[0-9]", str(name)) for name, inner in value.items()):
        return list(value.values())  # calls by their ids
    named = {_plain(name): inner for name, inner in value.items()}
    for name in (*_LISTS, *(name for name in named if name not in _LISTS)):
        if name in named and (found := _list_in(named[name], depth + 1)) is not None:
            return found
    return None


def _values(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every single value with the names that lead to it."""
    if len(path) > _DEEPEST:
        return
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            value = json.loads(value)  # custom parameters may come as a text of JSON
        except (ValueError, RecursionError):
            yield path, value
            return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _values(inner, (*path, str(name)))
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, (*path, ""))
    else:
        yield path, value


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.casefold())


def _first(named: MappingOf[str, tuple[int, str]], names: tuple[str, ...]) -> str:
    said = next((named[name][1] for name in names if name in named and named[name][1]), "")
    # It is shown and kept: what is no sign that can be seen is left out, and half of one can't even be written.
    return "".join(filter(str.isprintable, " ".join(said.split())))[:_LONGEST]


def _time(value: object) -> list[tuple[datetime, datetime]]:
    """The earliest and the latest moment that the value can mean; nothing if it is no time."""
    if isinstance(value, str):
        said = value.strip()
        try:
            value = datetime.fromisoformat(said)
        except ValueError:
            return _epoch(said)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _epoch(str(int(value)) if abs(value) < 1e14 else "")
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        return []
    try:
        if value.tzinfo is not None:
            moment = value.astimezone(UTC)
            return [(moment, moment)]
        moment = value.replace(tzinfo=UTC)
        return [(moment - ANYWHERE, moment + ANYWHERE)]
    except OverflowError:  # year 1, which stands for "never"
        return []


def _epoch(text: str) -> list[tuple[datetime, datetime]]:
    """Seconds or milliseconds since 1970, of this century."""
    if not re.fullmatch(r"1[0-9]{9}|1[0-9]{12}", text):
        return []
    moment = datetime.fromtimestamp(int(text) / (1000 if len(text) > 10 else 1), UTC)
    return [(moment, moment)]
