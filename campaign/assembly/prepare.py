"""A list and a mapping become a plan: everything compiled and checked, nothing sent."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from campaign.adapters.calling_hours import load_presets
from campaign.adapters.mapping_file import load_mapping_file, mapping_from_dict, parse_mapping
from campaign.adapters.shipped import template_names, template_text
from campaign.adapters.sources import DataFrameSource, open_source
from campaign.assembly.suppression_files import SuppressionFiles
from campaign.assembly.wrong_list import hidden_told, refuse_names_of_a_lead, wrong_header
from campaign.core.errors import MappingError
from campaign.core.mapping.columns import Columns, absent_columns, named_columns
from campaign.core.mapping.document import Mapping
from campaign.core.mapping.loaded import LoadedMapping
from campaign.core.mapping.row_reader import RowReader
from campaign.core.policy.conditions import conditions, valid_until
from campaign.core.policy.duplicates import duplicates
from campaign.core.policy.presets import NO_LEGAL_ADVICE, Presets
from campaign.core.policy.screening import Screening
from campaign.core.policy.suppression import SuppressionList
from campaign.core.policy.window import CallingWindow
from campaign.ports import HiddenChoice, LeadSource, Progress

if TYPE_CHECKING:
    import pandas as pd

TEMPLATE = "template:"
OWN_HOURS = "calling_hours.yaml"
"""The file of a workspace with calling-hour presets of a person's own."""

MappingLike: TypeAlias = "str | Path | LoadedMapping | MappingOf[str, Any]"
"""A mapping file's path, `template:NAME`, a mapping that is loaded already, or its content as plain data."""

Leads: TypeAlias = "str | Path | pd.DataFrame"
"""A lead list: a file, or a DataFrame."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A list with its mapping compiled."""

    loaded: LoadedMapping
    source: LeadSource
    reader: RowReader
    screening: Screening
    suppression: SuppressionFiles
    cautions: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know before sending; complete once every row was judged."""
        unchecked = (
            f"{rows:,} {'row' if rows == 1 else 'rows'}: {rule}; called at any hour."
            for rule, rows in self.screening.unchecked.items()
        )
        return (*self.source.notes, *hidden_told(self.source.hidden), *self.cautions, *unchecked)

    @property
    def mapping(self) -> Mapping:
        """The mapping."""
        return self.loaded.mapping


def load_mapping(mapping: MappingLike) -> LoadedMapping:
    """The mapping, checked. Raises `MappingError`."""
    if isinstance(mapping, LoadedMapping):
        return mapping
    if isinstance(mapping, MappingOf):
        return mapping_from_dict(mapping, Path.cwd())
    if str(mapping).startswith(TEMPLATE):
        name = str(mapping).removeprefix(TEMPLATE)
        return parse_mapping(template_text(name), f"{TEMPLATE}{name}", Path.cwd())
    if not Path(mapping).exists() and str(mapping) in template_names():
        raise MappingError(f"There is no mapping file {mapping}.", f"Did you mean {TEMPLATE}{mapping}?")
    return load_mapping_file(Path(mapping))


def open_leads(
    leads: Leads, loaded: LoadedMapping, sheet: str | None = None, hidden_rows: HiddenChoice | None = None
) -> LeadSource:
    """The list, opened as the mapping says; `sheet` and `hidden_rows` go before the mapping's. Raises `SourceError`."""
    if isinstance(leads, (str, Path)):
        spec = loaded.mapping.source
        return open_source(
            Path(leads),
            sheet=sheet or spec.sheet,
            header_row=spec.header_row,
            encoding=spec.encoding,
            delimiter=spec.delimiter,
            hidden_rows=hidden_rows or spec.hidden_rows,
            limits=spec.limits.limits(),
        )
    return DataFrameSource(leads)


def make_plan(loaded: LoadedMapping, source: LeadSource, home: Path, progress: Progress | None = None) -> Plan:
    """Compile the mapping for the list; read its do-not-call lists, and the calling hours of it and of the workspace.

    Raises `MappingError`, `SourceError`, `UsageError`.
    """
    try:
        reader = RowReader(loaded, source.header, source.name)
    except MappingError as error:
        raise wrong_header(loaded.mapping, source) or error from None
    suppression = SuppressionFiles(loaded, progress)
    warnings = [*suppression.warnings]
    columns = Columns(source.header)
    screening = make_screening(loaded, columns, suppression.lists, home)
    places = (columns.find(name) for name in dict.fromkeys(name for _, name in named_columns(loaded.mapping)))
    used = [source.header[place] for place in places if place is not None]
    refuse_names_of_a_lead(source, used)
    warnings += [
        f"The list has several columns named '{name}': the first is meant; the next is '{name} (2)'."
        for name in used
        if f"{name} (2)" in source.header
    ]
    hidden = [name for name in used if name in source.hidden_columns]
    if hidden:
        warnings.append(f"The mapping uses columns that the sheet hides, and they are read: {', '.join(hidden)}.")
    warnings += [
        f"The list has a column '{name}', which no rule of the mapping reads: if it says who must not be called, add it to "
        "policy: skip_when."
        for name in _objections([name for name in source.header if name not in used])
    ]
    if absent := absent_columns(loaded.mapping, columns):
        warnings.append(f"The list lacks columns that are optional in the mapping: {', '.join(absent)}.")
    if loaded.mapping.policy.calling_window.mode.uses_presets:
        warnings.append(NO_LEGAL_ADVICE)
        if own := presets_of(loaded, home).own():
            told = "; ".join(f"{preset.name} (in {preset.origin})" for preset in own)
            warnings.append(f"Calling hours of your own: {told}.")
    if loaded.mapping.delivery.method == "GET":
        warnings.append("GET puts both keys into the address, where proxies and servers log them: POST is safer.")
    return Plan(loaded, source, reader, screening, suppression, tuple(warnings))


def _objections(unread: list[str]) -> list[str]:
    """Those of the columns that the mapping leaves unread which say by their names who must not be called."""
    if not unread:
        return []
    # Imported here: a mapping that reads every column need not wait for the dictionary of names.
    from campaign.adapters.header_names import load_header_names
    from campaign.core.proposal.holding_back import objections

    return objections(unread, load_header_names())


def make_screening(loaded: LoadedMapping, columns: Columns, suppression: SuppressionList, home: Path) -> Screening:
    """The mapping's rules about who may be called, and when."""
    policy = loaded.mapping.policy
    return Screening(
        conditions(policy, columns),
        suppression,
        duplicates(policy.duplicates),
        policy.recontact_after,
        window_of(loaded, home),
        valid_until(policy, columns),
        policy.attempts_per_person,
    )


def window_of(loaded: LoadedMapping, home: Path) -> CallingWindow:
    """The calling window that the mapping asks for.

    Raises `MappingError` if it names a preset that there is not, `UsageError` if a person's own presets can't be read.
    """
    rule = loaded.mapping.policy.calling_window
    presets = presets_of(loaded, home, shipped=rule.mode.uses_presets)  # own files are checked, used or not
    try:
        return CallingWindow(rule, presets)
    except ValueError as error:
        where = loaded.where(("policy", "calling_window"))
        raise MappingError(f"{where}: {error}.", "Correct it, or write auto, off, or hours of your own.") from None


def presets_of(loaded: LoadedMapping | None, home: Path, *, shipped: bool = True) -> Presets:
    """The presets that hold: the mapping's own before those of the workspace, these before the shipped ones, if `shipped`.

    Raises `UsageError` that names file, line and key.
    """
    named = loaded.mapping.policy.calling_hours if loaded is not None else None
    if loaded is not None and named is not None and not (path := _beside(loaded, named)).is_file():
        where = loaded.where(("policy", "calling_hours"))
        raise MappingError(f"{where}: there is no file {path}.", "Correct the name; it starts at the mapping's folder.")
    return load_presets(*own_hours_files(loaded, home), shipped=shipped)


def own_hours_files(loaded: LoadedMapping | None, home: Path) -> list[Path]:
    """Where presets of a person's own may stand, the ones that win last."""
    named = loaded.mapping.policy.calling_hours if loaded is not None else None
    return [home / OWN_HOURS, *([_beside(loaded, named)] if loaded is not None and named is not None else [])]


def _beside(loaded: LoadedMapping, name: str) -> Path:
    return Path(loaded.folder) / Path(name).expanduser()
