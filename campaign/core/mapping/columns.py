"""The columns that a mapping names, looked up in the header of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from campaign.core.errors import MappingError
from campaign.core.mapping.document import Mapping
from campaign.core.mapping.field_part import FieldSpec
from campaign.core.mapping.loaded import LoadedMapping, Path
from campaign.core.mapping.values import PLACEHOLDER

_MOST_NAMES = 40  # of a list's columns in a message


class Columns:
    """Finds columns by name. Capitals and the number of spaces don't matter where only one column fits."""

    def __init__(self, header: Sequence[str]) -> None:
        self._header = tuple(header)
        self._exact = {name: index for index, name in reversed(list(enumerate(header)))}
        self._loose: dict[str, list[int]] = {}
        for index, name in enumerate(header):
            self._loose.setdefault(_loose(name), []).append(index)

    def find(self, name: str) -> int | None:
        """Index of the column, None if the list has none or several of that name."""
        if name in self._exact:
            return self._exact[name]
        near = self._loose.get(_loose(name), [])
        return near[0] if len(near) == 1 else None

    def index(self, name: str) -> int:
        """Index of a column that `check_columns` has found."""
        found = self.find(name)
        assert found is not None, name
        return found

    def missing(self, name: str) -> str:
        """What to tell about a column that is not there, with the nearest right name if one is near."""
        near = get_close_matches(_loose(name), self._loose, n=1, cutoff=0.6)
        if near:
            return f"the list has no column '{name}': did you mean '{self._header[self._loose[near[0]][0]]}'?"
        return f"the list has no column '{name}'."

    def names(self) -> str:
        """The names that a list has, as far as a person reads them."""
        shown = ", ".join(self._header[:_MOST_NAMES])
        return f"{shown}, ..." if len(self._header) > _MOST_NAMES else shown


def places(named: str, columns: Columns) -> tuple[int, ...]:
    """The columns that a problem names: one, or those of a template, or several of which the first not blank counts."""
    if (one := columns.find(named)) is not None:
        return (one,)
    names = [match[1] for match in PLACEHOLDER.finditer(named) if match[1] is not None] or named.split(" / ")
    return tuple(place for name in names if (place := columns.find(name)) is not None)


def check_columns(loaded: LoadedMapping, header: Sequence[str], list_name: str, before: Sequence[str] = ()) -> Columns:
    """The columns of `header`. Raises `MappingError` with file, line and nearest name of each one that is missing.

    An optional one may be missing, unless the list had it when its header was `before`.
    """
    columns, earlier = Columns(header), Columns(before)
    optional = {path for path, name in _may_be_absent(loaded.mapping, columns) if earlier.find(name) is None}
    faults = [
        f"{loaded.where(path)}: {columns.missing(name)}"
        for path, name in named_columns(loaded.mapping)
        if columns.find(name) is None and path not in optional
    ]
    if faults:
        raise MappingError(
            f"The mapping does not fit {list_name}:\n"
            + "\n".join(f"  {fault}" for fault in faults)
            + f"\nIt has the columns: {columns.names()}",
            "Correct the names in the mapping (they must be those of the list's header row), then try again.",
        )
    return columns


def absent_columns(mapping: Mapping, columns: Columns) -> list[str]:
    """The optional columns that the list does not have."""
    names = (name for _, name in _may_be_absent(mapping, columns) if columns.find(name) is None)
    return list(dict.fromkeys(names))


def _may_be_absent(mapping: Mapping, columns: Columns) -> Iterator[tuple[Path, str]]:
    """The optional columns. Those of `lc_number` are needed if the list has none of them: nobody could be called."""
    for field, spec in mapping.fields.items():
        named = list(_of_field(("fields", field), spec))
        if spec.optional and (field != "lc_number" or any(columns.find(name) is not None for _, name in named)):
            yield from named
    for place, agent in enumerate(mapping.agents):
        for part, spec in (("name", agent.name), ("phone", agent.phone)):
            if spec.optional:
                yield from _of_field(("agents", place, part), spec)


def named_columns(mapping: Mapping) -> Iterator[tuple[Path, str]]:
    """Every column that the mapping names, with the place where it does."""
    for name, spec in mapping.fields.items():
        yield from _of_field(("fields", name), spec)
    for place, agent in enumerate(mapping.agents):
        yield from _of_field(("agents", place, "name"), agent.name)
        yield from _of_field(("agents", place, "phone"), agent.phone)
    if mapping.policy.consent:
        yield ("policy", "consent", "column"), mapping.policy.consent.column
        if mapping.policy.consent.date:
            yield ("policy", "consent", "date", "column"), mapping.policy.consent.date.column
    for place, rule in enumerate(mapping.policy.skip_when):
        yield ("policy", "skip_when", place, "column"), rule.column
    for key, origin in mapping.policy.place:
        for name in origin.column if origin is not None else ():
            yield ("policy", "place", key, "column"), name


def _of_field(path: Path, spec: FieldSpec) -> Iterator[tuple[Path, str]]:
    for name in spec.column or ():
        yield (*path, "column"), name
    if spec.template is not None:
        for match in PLACEHOLDER.finditer(spec.template):
            if match[1] is not None:
                yield (*path, "template"), match[1]


def _loose(name: str) -> str:
    return " ".join(name.casefold().split())
