"""Calling-hour presets from their file: the one that is shipped, and a person's own after it."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from campaign.core.errors import UsageError
from campaign.core.policy.opening_times import holidays_known
from campaign.core.policy.presets import Preset, Presets
from campaign.core.policy.weekly_hours import parse_weekly_hours

_MOST_BYTES = 1_000_000

Region = Annotated[StrictStr, Field(pattern=r"^[A-Z]{2}$")]


class _Row(BaseModel):
    """A preset as the file has it."""

    model_config = ConfigDict(extra="forbid")

    name: StrictStr = Field(min_length=1)
    regions: list[Region] = Field(min_length=1)
    state: StrictStr = ""
    hours: dict[str, object]
    holidays: StrictBool = False
    source: StrictStr = Field(min_length=1)
    checked: StrictStr = Field(pattern=r"^\d{4}-\d{2}$")
    note: StrictStr = ""

    def preset(self) -> Preset:
        """The preset. Raises `ValueError`."""
        if self.holidays and not holidays_known(self.regions[0], self.state):
            raise ValueError(f"the public holidays of {self.regions[0]} {self.state}".rstrip() + " are not known")
        week = parse_weekly_hours(self.hours)
        return Preset(
            self.name, tuple(self.regions), self.state, week, self.holidays, self.source, self.checked, self.note
        )


_ROWS = TypeAdapter(list[_Row])


def shipped_text() -> str:
    """The shipped file, for people who want one of their own to start from."""
    return resources.files("campaign").joinpath("data", "calling_hours.yaml").read_text(encoding="utf-8")


def load_presets(own: Path | None = None) -> Presets:
    """The shipped presets and those of the file `own`, which win; a file that does not exist adds none.

    Raises `UsageError` that names file, row and key.
    """
    shipped = _parse(shipped_text(), "calling_hours.yaml")
    if own is None:
        return Presets(shipped)
    try:
        if own.stat().st_size > _MOST_BYTES:
            raise UsageError(f"{own} is too large for calling-hour presets.", "Check that it is the right file.")
        text = own.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Presets(shipped)
    except UnicodeDecodeError as error:
        raise UsageError(f"{own} is not UTF-8 text ({error.reason}).", "Save it as UTF-8 text.") from None
    except OSError as error:
        raise UsageError(f"{own} can't be read: {error.strerror}.", "Check your rights to the file.") from None
    return Presets(shipped + _parse(text, str(own)))


def _parse(text: str, name: str) -> tuple[Preset, ...]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    cure = "Write a list of rows, each with name, regions, hours, source and checked (and state, holidays, note)."
    try:
        document = YAML(typ="safe", pure=True).load(
            text
        )  # the pure one: it reads YAML 1.2, where `off` and NO are words
    except YAMLError as error:
        raise UsageError(f"{name} is not YAML: {error}", cure) from None
    try:
        rows = _ROWS.validate_python([] if document is None else document)
    except ValidationError as error:
        raise UsageError("\n".join(_fault(name, document, detail) for detail in error.errors()), cure) from None
    presets: list[Preset] = []
    for row in rows:
        try:
            presets.append(row.preset())
        except ValueError as error:
            raise UsageError(f"{name}, row '{row.name}': {error}.", cure) from None
    return tuple(presets)


def _fault(name: str, document: object, detail: ErrorDetails) -> str:
    """One fault in words, with the row by its number and, if it has one, its name."""
    number, *keys = detail["loc"] or ("",)
    if isinstance(number, int) and isinstance(document, list):
        row = document[number]
        named = f" ('{row['name']}')" if isinstance(row, dict) and "name" in row else ""
        name += f", row {number + 1}{named}"
    key = ".".join(str(part) for part in keys)
    return f"{name}{', ' + key if key else ''}: {detail['msg']}."
