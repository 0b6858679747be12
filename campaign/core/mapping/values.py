"""The kinds of value that stand in a mapping, each with how it is read and how its JSON Schema tells of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StrictStr, WithJsonSchema

from campaign.core.cells.country import read_country
from campaign.core.mapping.duration import parse_duration
from campaign.core.mapping.size import parse_size
from campaign.core.pacing.rate import Rate
from campaign.core.policy.consent_date import DateFormat
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


_SCALAR = {"type": ["string", "number", "boolean"]}
Text = Annotated[StrictStr, BeforeValidator(as_text), WithJsonSchema(_SCALAR)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(listed), Field(min_length=1), _one_or_many(_SCALAR)]
Columns = Annotated[
    tuple[StrictStr, ...], BeforeValidator(listed), Field(min_length=1), _one_or_many({"type": "string"})
]
Country = Annotated[StrictStr, AfterValidator(_country)]
Pattern = Annotated[StrictStr, AfterValidator(_pattern)]


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


_WINDOW_SCHEMA = {
    "anyOf": [
        {"type": "string", "description": "auto, off, or the name of a preset."},
        {
            "type": "object",
            "description": "Own hours: {mon-fri: '9-12, 13-18', sat: '10-14'} or {hours: 9-18, days: mon-fri}.",
        },
    ]
}
Age = Annotated[timedelta, *_parsed(_duration, {"type": "string", "pattern": r"^\d+\s*(min|h|d|w)$"}, timedelta)]
DateForm = Annotated[
    DateFormat, *_parsed(DateFormat.parse, {"type": "string", "description": "DD/MM/YYYY"}, DateFormat)
]
WindowValue = Annotated[WindowRule, *_parsed(parse_window, _WINDOW_SCHEMA, WindowRule)]
Recontact = Annotated[
    timedelta | None,
    *_parsed(_duration_or_off, {"type": "string", "pattern": r"^(off|\d+\s*(min|h|d|w))$"}, (timedelta, type(None))),
]
RateValue = Annotated[
    Rate,
    *_parsed(Rate.parse, {"anyOf": [{"type": "string", "pattern": r"^[\d.]+\s*/\s*\w+$"}, {"type": "number"}]}, Rate),
]


def _size(value: object) -> object:
    return parse_size(value) if isinstance(value, str) else value


Size = Annotated[
    StrictInt,
    BeforeValidator(_size),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": r"^\d+\s*([kKmMgG]i?)?[bB]?$"}, {"type": "integer"}]}),
]
