"""What the vendor asks of a request, written down anew.

The mapping has the same rules; this copy is on purpose, so that the sandbox can prove that one wrong.
Source: Brightcall, "Making calls through an API request". What it answers to a bad request is not documented: the
statuses here are the usual ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

import phonenumbers

_KEYS = ("widget_key", "api_key")
_KNOWN = frozenset(
    (
        "lc_number",
        "lc_number_2",
        "country",
        "lc_message",
        "delay_sec",
        "future_unixstamp",
        "no_repeat",
        "is_test",
        *_KEYS,
    )
)
_CUSTOM = re.compile("lc_param_[A-Za-z0-9_]{1,20}")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}")
_LOCAL = re.compile(r"\(?[0-9][0-9 ()./-]{2,24}")
_COUNTRY = re.compile("[A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not taken, and the status that says so."""

    status: int
    message: str


def check(params: MappingOf[str, object], widget_key: str, api_key: str) -> Refusal | None:
    """The first rule that `params` breaks, in the vendor's likely order: keys, names, values. None if it is good."""
    for name, right in zip(_KEYS, (widget_key, api_key), strict=True):
        if name not in params:
            return Refusal(401, f"{name} is missing")
        if params[name] != right:
            return Refusal(401, f"{name} is wrong")
    for name, value in params.items():
        if name not in _KNOWN and not _CUSTOM.fullmatch(name):
            return Refusal(400, f"there is no parameter {name[:80]}")
        if isinstance(value, dict | list) or value is None:
            return Refusal(422, f"{name} must be a text or a number")
    return _check_numbers(params)


def _check_numbers(params: MappingOf[str, object]) -> Refusal | None:
    country = params.get("country")
    if "country" in params and not (isinstance(country, str) and _COUNTRY.fullmatch(country)):
        return Refusal(422, "country must be two letters, such as US")
    if "lc_number" not in params:
        return Refusal(422, "lc_number is missing")
    for name in ("lc_number", "lc_number_2"):
        if name in params and _dialled(params[name], country) is None:
            return Refusal(422, f"{name} must be international, such as +12025550123, or local with its country")
    return None


def numbers_called(params: MappingOf[str, object]) -> tuple[str, ...]:
    """The numbers that such a request would call, as dialled; those that can't be read are left out."""
    dialled = (_dialled(params.get(name), params.get("country")) for name in ("lc_number", "lc_number_2"))
    return tuple(number for number in dialled if number is not None)


def _dialled(number: object, country: object) -> str | None:
    if not isinstance(number, str):
        return None
    if _INTERNATIONAL.fullmatch(number):
        return number
    if not (isinstance(country, str) and _COUNTRY.fullmatch(country) and _LOCAL.fullmatch(number)):
        return None
    # The same person must count as one, however the number is written. The vendor's page has UK for GB.
    region = {"UK": "GB"}.get(country.upper(), country.upper())
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return f"{country.upper()} {number}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def redacted(params: MappingOf[str, object]) -> dict[str, str | int | float | bool | None]:
    """`params` as they may be kept: without the keys, however these are spelled, and flat."""
    kept: dict[str, str | int | float | bool | None] = {}
    for name, value in params.items():
        if re.sub("[^a-z]", "", name.lower()) in ("widgetkey", "apikey"):
            kept[name] = "REDACTED"
        elif value is None or isinstance(value, str | int | float):
            kept[name] = value
        else:
            kept[name] = f"({type(value).__name__})"
    return kept
