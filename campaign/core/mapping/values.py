"""The kinds of value that stand in a mapping, each with how it is read and how its JSON Schema tells of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StrictStr, WithJsonSchema

from campaign.core.cells.country import read_country
from campaign.core.mapping.duration import parse_duration
from campaign.core.mapping.size import parse_size
from campaign.core.moment import parse_moment
from campaign.core.pacing.rate import Rate
from campaign.core.policy.consent_date import DateFormat
from campaign.core.policy.person_caps import PersonCap, parse_person_cap
from campaign.core.policy.window import WindowRule, parse_window

PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
"""A column in a template, or a doubled brace that stands for itself."""


def as_text(value: object) -> object:
    """A plain value as the text that was written; anything else as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


def listed(value: object) -> object:
    """A single value as a list of one."""
    return (value,) if isinstance(value, (str, int, float, bool, dict)) else value


def _one_or_many(items: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [items, {"type": "array", "items": items, "minItems": 1}]})


def _country(value: str) -> str:
    iso = read_country(value)
    if iso is None:
        raise ValueError(f"'{value}' is no country: write an ISO code like US, GB or DE, or the country's name")
    return iso


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"'{value}' is no regular expression: {error}") from None
    return value


# What a title names is told by its description: editors show both, and the reference has a table of them.
_SCALAR = {"title": "text", "type": ["string", "number", "boolean"]}
_COLUMN = {"title": "column", "type": "string"}
_COUNTRY = {"title": "country", "type": "string", "description": "an ISO code or a name: US, GB, Germany"}
_REGEX = {"title": "regular expression", "type": "string", "format": "regex"}
Text = Annotated[StrictStr, BeforeValidator(as_text), WithJsonSchema(_SCALAR)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(listed), Field(min_length=1), _one_or_many(_SCALAR)]
Columns = Annotated[tuple[StrictStr, ...], BeforeValidator(listed), Field(min_length=1), _one_or_many(_COLUMN)]
Country = Annotated[StrictStr, AfterValidator(_country), WithJsonSchema(_COUNTRY)]
Pattern = Annotated[StrictStr, AfterValidator(_pattern), WithJsonSchema(_REGEX)]
Answers = Annotated[tuple[Any, ...], BeforeValidator(listed), _one_or_many(_SCALAR)]


def _parsed(parse: Callable[[Any], Any], schema: dict[str, Any], own: type | tuple[type, ...]) -> tuple[Any, Any]:
    """A value that is written as text and kept as what `parse` makes of it."""

    def read(value: object) -> object:
        return value if isinstance(value, own) else parse(value)

    return BeforeValidator(read), WithJsonSchema(schema)


def _duration(value: object) -> timedelta:
    if not isinstance(value, str):
        raise ValueError("write a length of time like 365d or 12h")
    return parse_duration(value)


def _duration_or_off(value: object) -> timedelta | None:
    if value == "off":
        return None
    if not isinstance(value, str):
        raise ValueError("write a length of time like 30d or 12h, or off")
    return parse_duration(value)


def _money(value: object) -> Decimal:
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        with suppress(InvalidOperation):
            amount = Decimal(str(value).strip())
            if amount.is_finite() and 0 < amount < 10**12:
                return amount
    raise ValueError(f"'{value}' is no amount: write a number above 0, such as 0.05")


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):  # YAML has moments of its own
        return value.astimezone(UTC)
    if not isinstance(value, str):
        raise ValueError(f"'{value}' is no moment: write it like 2026-12-01T18:00")
    return parse_moment(value, None)


_LENGTH = {
    "title": "length of time",
    "type": "string",
    "description": "minutes, hours, days or weeks: 90min, 12h, 30d, 2w",
    "pattern": r"^\d+\s*(min|h|d|w)$",
}
_CAP_SCHEMA = {
    "title": "calls in a time",
    "type": "string",
    "description": "a number of calls and a length of time: 3/24h, 1/1d, 10/30d",
    "pattern": r"^[1-9]\d*\s*/\s*\d+\s*(min|h|d|w)$",
}
_WINDOW_SCHEMA = {
    "anyOf": [
        {"enum": ["auto", "off"]},
        {
            "title": "preset",
            "type": "string",
            "description": "its name or code: US Florida, US FL; campaign hours lists them",
        },
        {
            "title": "own hours",
            "type": "object",
            "description": "{hours: 9-18, days: mon-fri} or {mon-fri: '9-12, 13-18', sat: 10-14}; beside them may stand "
            "holidays: true (closed on public holidays) and timezone: Europe/Berlin (for everybody, in place of the person's)",
        },
    ]
}
_DATE_FORM = {
    "title": "date format",
    "type": "string",
    "description": "DD, MM and YYYY (or YY) in the order and with the signs of the list: DD/MM/YYYY",
}
_MONEY = {"title": "amount", "type": "number", "exclusiveMinimum": 0, "description": "above 0, in any currency: 0.05"}
_MOMENT = {
    "title": "moment",
    "type": "string",
    "description": "2026-12-01T18:00, local time of this machine, or with Z, an offset or a zone behind it",
}
_RATE = {
    "title": "rate",
    "type": "string",
    "description": "calls in a second, minute, hour or day: 5/s, 60/min, 500/h, 2000/day; a plain number is calls a second",
    "pattern": r"^[\d.]+\s*/\s*\w+$",
}
_SIZE = {
    "title": "size",
    "type": "string",
    "description": "2GiB, 500MB; a plain number is bytes",
    "pattern": r"^\d+\s*([kKmMgG]i?)?[bB]?$",
}
Age = Annotated[timedelta, *_parsed(_duration, _LENGTH, timedelta)]
DateForm = Annotated[DateFormat, *_parsed(DateFormat.parse, _DATE_FORM, DateFormat)]
WindowValue = Annotated[WindowRule, *_parsed(parse_window, _WINDOW_SCHEMA, WindowRule)]
Recontact = Annotated[
    timedelta | None,
    *_parsed(_duration_or_off, {"anyOf": [_LENGTH, {"const": "off"}]}, (timedelta, type(None))),
]
PersonCaps = Annotated[
    tuple[Annotated[PersonCap, *_parsed(parse_person_cap, _CAP_SCHEMA, PersonCap)], ...],
    BeforeValidator(listed),
    _one_or_many(_CAP_SCHEMA),
]
Money = Annotated[Decimal, *_parsed(_money, _MONEY, Decimal)]
Moment = Annotated[datetime, *_parsed(_moment, _MOMENT, ())]
RateValue = Annotated[Rate, *_parsed(Rate.parse, {"anyOf": [_RATE, {"type": "number"}]}, Rate)]


def _size(value: object) -> object:
    return parse_size(value) if isinstance(value, str) else value


Size = Annotated[
    StrictInt,
    BeforeValidator(_size),
    WithJsonSchema({"anyOf": [_SIZE, {"type": "integer"}]}),
]
