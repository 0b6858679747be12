"""Calling-hour presets from their files: the one that is shipped, and a person's own after it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import ErrorDetails

from campaign.core.errors import UsageError
from campaign.core.mapping.duration import parse_duration
from campaign.core.mapping.loaded import Path as KeyPath
from campaign.core.policy.opening_times import holidays_known
from campaign.core.policy.presets import Cap, Counted, Preset, Presets
from campaign.core.policy.weekly_hours import parse_weekly_hours

SHIPPED = "calling_hours.yaml"
_MOST_BYTES = 1_000_000
_MOST_NODES = 20_000  # a row has some dozens; more is an alias bomb
_CURE = (
    "Write a list of rows, each with name, regions, hours, source and checked (and state, holidays, caps, note); "
    "campaign hours shows those that are shipped."
)


def _known_region(code: str) -> str:
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


class _Strict(BaseModel):
    """A part of the file: unknown keys are errors, values don't change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Cap(_Strict):
    """How often a person may be called."""

    calls: StrictInt = Field(ge=0)
    within: StrictStr
    of: Counted = Counted.ALL
    after: Literal["refusal"] | None = None

    def cap(self) -> Cap:
        """The cap. Raises `ValueError`."""
        return Cap(self.calls, parse_duration(self.within), self.of, self.after is not None)


class _Row(_Strict):
    """A preset as the file has it."""

    name: StrictStr = Field(min_length=1)
    regions: list[Annotated[StrictStr, AfterValidator(_known_region)]] = Field(min_length=1)
    state: StrictStr = ""
    hours: dict[str, object]
    holidays: StrictBool = False
    caps: list[_Cap] = Field(default_factory=list)
    source: StrictStr = Field(min_length=1)
    checked: Annotated[StrictStr, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$"), AfterValidator(_real_date)]
    note: StrictStr = ""

    def preset(self, origin: str) -> tuple[Preset | None, list[tuple[str, str]]]:
        """The preset, or else what is wrong: keys with sentences."""
        faults: list[tuple[str, str]] = []
        if self.state and (unknown := _unknown_state(self.regions[0], self.state)):
            faults.append(("state", unknown))
        elif self.holidays and not holidays_known(self.regions[0], self.state):
            faults.append(
                ("holidays", f"the public holidays of {self.regions[0]} {self.state}".rstrip() + " are not known")
            )
        for key, parse in (("hours", lambda: parse_weekly_hours(self.hours)), ("caps", self._caps)):
            try:
                parse()
            except ValueError as error:
                faults.append((key, str(error)))
        if faults:
            return None, faults
        hours = parse_weekly_hours(self.hours)
        told = self.holidays, self.source, self.checked, self.note
        return Preset(self.name, tuple(self.regions), self.state, hours, *told, self._caps(), origin), []

    def _caps(self) -> tuple[Cap, ...]:
        return tuple(cap.cap() for cap in self.caps)


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
    return resources.files("campaign").joinpath("data", SHIPPED).read_text(encoding="utf-8")


def load_presets(*own: Path) -> Presets:
    """The shipped presets and those of the files `own`, the last of which wins; a file that does not exist adds none.

    Raises `UsageError` that names file, line and key.
    """
    presets = _shipped()
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
        rows = _ROWS.validate_python([] if document is None else document)
    except ValidationError as error:
        faults = "\n".join(_fault(name, lines, document, detail) for detail in error.errors())
        raise UsageError(faults, _CURE) from None
    presets: list[Preset] = []
    wrong: list[str] = []
    for number, row in enumerate(rows):
        preset, found = row.preset(origin)
        wrong += [f"{_where(name, lines, document, (number, key))}: {fault}." for key, fault in found]
        presets += [preset] if preset else []
    names = [row.name.casefold() for row in rows]
    for number, same in enumerate(names):
        if (first := names.index(same)) != number:
            here = _where(name, lines, document, (number, "name"))
            wrong.append(f"{here}: there is a row of this name already, row {first + 1}.")
    if wrong:
        raise UsageError("\n".join(wrong), _CURE)
    return tuple(presets)


def _yaml(text: str, name: str) -> tuple[Any, dict[KeyPath, int]]:
    """The file as plain data, and the line of every key. The pure reader: of YAML 1.2, where `off` and NO are words."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        lines = dict(_lines(YAML(typ="rt", pure=True).compose(text), (), [0]))
        return YAML(typ="safe", pure=True).load(text), lines
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f", line {mark.line + 1}" if mark else ""
        raise UsageError(f"{name}{at} is not YAML: {error.problem or error.context}.", _CURE) from None
    except (YAMLError, ValueError) as error:
        raise UsageError(f"{name} is not YAML: {error}.", _CURE) from None


def _lines(node: Any, path: KeyPath, seen: list[int]) -> Iterator[tuple[KeyPath, int]]:
    if node is None:
        return
    seen[0] += 1
    if seen[0] > _MOST_NODES or len(path) > 10:
        raise ValueError("it is too large or too deep for calling-hour presets")
    yield path, node.start_mark.line + 1
    if isinstance(node.value, list):
        for number, item in enumerate(node.value):
            if isinstance(item, tuple):
                key, value = item
                yield (*path, str(key.value)), key.start_mark.line + 1
                yield from ((deep, line) for deep, line in _lines(value, (*path, str(key.value)), seen) if deep != path)
            else:
                yield from _lines(item, (*path, number), seen)


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
