"""Calling-hour presets from their files: the one that is shipped, and a person's own after it."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from datetime import date, timedelta
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from pkgutil import get_data
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails

from campaign.core.errors import UsageError
from campaign.core.mapping.duration import parse_duration
from campaign.core.mapping.loaded import Path as KeyPath
from campaign.core.policy.opening_times import holidays_known
from campaign.core.policy.presets import Cap, Counted, Preset, Presets
from campaign.core.policy.weekly_hours import WeeklyHours, parse_weekly_hours

SHIPPED = "calling_hours.yaml"
_MOST_BYTES = 1_000_000
_MOST_NODES = 20_000  # a row has some dozens; more is an alias bomb
_DEEPEST = 10
_TWICE = "there is a row of this name already."
_CURE = (
    "Write a list of rows, each with name, regions, hours, source and checked (and state, holidays, caps, note); "
    "campaign hours shows those that are shipped."
)

_OURS = {"file": SHIPPED}
"""What the shipped rows are validated with. Whether their places exist is not looked up at every start, which would take a
sixth of a second: the tests read the same file as a person's own."""


def _known_region(code: str, info: ValidationInfo) -> str:
    if info.context is _OURS:
        return code
    import pycountry

    if pycountry.countries.get(alpha_2=code) is None:
        raise ValueError(f"'{code}' is no country code of ISO 3166-1: write two letters, such as US, GB or AE")
    return code


def _real_date(text: str) -> str:
    try:
        date.fromisoformat(text if text.count("-") == 2 else f"{text}-01")
    except ValueError:
        raise ValueError(f"'{text}' is no month or day: write it like 2026-11 or 2026-11-25") from None
    return text


def _weekly_hours(value: object) -> WeeklyHours:
    if not isinstance(value, dict):
        raise ValueError(f"'{value}' is no hours: write their days, too, like {{mon-fri: 9-18}}")
    return parse_weekly_hours(value)


def _duration(value: object) -> timedelta:
    return parse_duration(str(value))


class _Strict(BaseModel):
    """A part of the file: unknown keys are errors, values don't change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class _Cap(_Strict):
    """How often a person may be called."""

    calls: StrictInt = Field(ge=0)
    within: Annotated[timedelta, BeforeValidator(_duration)]
    of: Counted = Counted.ALL
    after: Literal["refusal"] | None = None


class _Row(_Strict):
    """A preset as the file has it."""

    name: StrictStr = Field(min_length=1)
    regions: list[Annotated[StrictStr, AfterValidator(_known_region)]] = Field(min_length=1)
    state: StrictStr = ""
    hours: Annotated[WeeklyHours, BeforeValidator(_weekly_hours)]
    holidays: StrictBool = False
    caps: list[_Cap] = Field(default_factory=list)
    source: StrictStr = Field(min_length=1)
    checked: Annotated[StrictStr, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$"), AfterValidator(_real_date)]
    note: StrictStr = ""

    @field_validator("state")
    @classmethod
    def _is_state(cls, state: str, others: ValidationInfo) -> str:
        regions = others.data.get("regions")  # None where they are wrong themselves
        if others.context is not _OURS and state and regions and (unknown := _unknown_state(regions[0], state)):
            raise ValueError(unknown)
        return state

    @field_validator("holidays")
    @classmethod
    def _are_known(cls, holidays: bool, others: ValidationInfo) -> bool:
        regions, state = others.data.get("regions"), others.data.get("state")
        if others.context is _OURS or not holidays:
            return holidays
        if regions and state is not None and not holidays_known(regions[0], state):
            raise ValueError(f"the public holidays of {regions[0]} {state}".rstrip() + " are not known")
        return holidays

    def preset(self, origin: str) -> Preset:
        """The preset, from a file of that name ("" for the shipped one)."""
        caps = tuple(Cap(cap.calls, cap.within, cap.of, cap.after is not None) for cap in self.caps)
        told = self.holidays, self.source, self.checked, self.note
        return Preset(self.name, tuple(self.regions), self.state, self.hours, *told, caps, origin)


def _unknown_state(country: str, state: str) -> str:
    """What to say of a state that the country does not have; "" if it has it."""
    import pycountry

    of_country = [one for one in pycountry.subdivisions if one.country_code == country]
    known = {one.code.partition("-")[2]: one.name for one in of_country}
    if state in known:
        return ""
    names = {name.casefold(): code for code, name in known.items()}
    near = get_close_matches(state.casefold(), [*names, *(code.casefold() for code in known)], n=1)
    hint = f": did you mean {names.get(near[0], near[0].upper())}?" if near else ""
    return f"'{state}' is no state of {country} by its code in ISO 3166-2{hint}"


_ROWS = TypeAdapter(list[_Row])


def shipped_text() -> str:
    """The shipped file, for people who want one of their own to start from."""
    text = get_data(
        "campaign", f"data/{SHIPPED}"
    )  # importlib.resources does the same, but every run would wait for its import
    assert text is not None
    return text.decode().replace("\r\n", "\n")


def load_presets(*own: Path, shipped: bool = True) -> Presets:
    """The shipped presets and those of the files `own`, the last of which wins; a file that does not exist adds none. Without
    `shipped` there are only own ones, and a start is some 20 ms shorter.

    Raises `UsageError` that names file, line and key.
    """
    presets = _shipped() if shipped else ()
    for path in own:
        if (text := _read(path)) is not None:
            presets += _parse(text, str(path), path.name)
    return Presets(presets)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Preset, ...]:
    return _parse(shipped_text(), SHIPPED, "")


def _read(path: Path) -> str | None:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError(f"{path} is too large for calling-hour presets.", "Check that it is the right file.")
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text ({error.reason}).", "Save it as UTF-8 text.") from None
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.", "Check your rights to the file.") from None


def _parse(text: str, name: str, origin: str) -> tuple[Preset, ...]:
    document, lines = _yaml(text, name)
    try:
        rows = _ROWS.validate_python([] if document is None else document, context=None if origin else _OURS)
    except ValidationError as error:
        faults = "\n".join(_fault(name, lines, document, detail) for detail in error.errors())
        raise UsageError(faults, _CURE) from None
    names = [row.name.casefold() for row in rows]
    again = [number for number, same in enumerate(names) if names.index(same) != number]
    if again:
        raise UsageError(
            "\n".join(f"{_where(name, lines, document, (number, 'name'))}: {_TWICE}" for number in again), _CURE
        )
    return tuple(row.preset(origin) for row in rows)


def _yaml(text: str, name: str) -> tuple[Any, dict[KeyPath, int]]:
    """The file as plain data, and the line of every key."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    lines: dict[KeyPath, int] = {}
    try:
        return _plain(YAML(typ="rt", pure=True).compose(text), (), lines), lines
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f", line {mark.line + 1}" if mark else ""
        raise UsageError(f"{name}{at} is not YAML: {error.problem or error.context}.", _CURE) from None
    except (YAMLError, ValueError) as error:
        raise UsageError(f"{name} can't be read: {error}.", _CURE) from None


_WORDS = {"true": True, "false": False, "": None, "~": None, "null": None}


def _plain(node: Any, path: KeyPath, lines: dict[KeyPath, int]) -> Any:
    """A node of YAML 1.2 as plain data. Days stay text, and so does what would not print back as it was written."""
    from ruamel.yaml.nodes import SequenceNode

    if node is None:
        return None
    lines.setdefault(path, node.start_mark.line + 1)
    if len(lines) > _MOST_NODES or len(path) > _DEEPEST:
        raise ValueError("it is too large or too deep for calling-hour presets")
    if isinstance(node.value, str):
        if node.style is not None:  # in quotes
            return node.value
        number = int(node.value) if node.value.isascii() and node.value.isdigit() and len(node.value) < 10 else None
        return number if str(number) == node.value else _WORDS.get(node.value, node.value)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, number), lines) for number, item in enumerate(node.value)]
    plain: dict[str, Any] = {}
    for key_node, value in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in plain:
            raise ValueError(f"line {line} has the key '{key}' for the second time")
        lines[(*path, key)] = line
        plain[key] = _plain(value, (*path, key), lines)
    return plain


def _fault(name: str, lines: MappingOf[KeyPath, int], document: object, detail: ErrorDetails) -> str:
    """One fault in words, with file, line, row and key, and the nearest right name of an unknown key."""
    path = detail["loc"]
    said = str(detail["ctx"]["error"]) if detail["type"] == "value_error" else detail["msg"]
    if detail["type"] == "extra_forbidden":
        known = list((_Cap if "caps" in path[:-1] else _Row).model_fields)
        near = get_close_matches(str(path[-1]), known, n=1, cutoff=0.5)
        said = f"unknown key: did you mean '{near[0]}'?" if near else f"unknown key: the keys are {', '.join(known)}"
    return f"{_where(name, lines, document, path)}: {said.rstrip('.')}."


def _where(name: str, lines: MappingOf[KeyPath, int], document: object, path: KeyPath) -> str:
    """File, line, row and key of `path`; the line is that of the nearest key above it which stands in the file."""
    line = next((f", line {lines[path[:end]]}" for end in range(len(path), -1, -1) if path[:end] in lines), "")
    number, *keys = path or ("",)
    if not isinstance(number, int) or not isinstance(document, list):
        return f"{name}{line}"
    row = document[number]
    named = f" ('{row['name']}')" if isinstance(row, dict) and "name" in row else ""
    key = ".".join(str(part) for part in keys)
    return f"{name}{line}, row {number + 1}{named}{', ' + key if key else ''}"
