"""The mapping's do-not-call lists: read once for a command, and anew when somebody has saved them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from campaign.adapters.sources import open_source
from campaign.assembly.stamps import stamps
from campaign.core.cells.country import read_country
from campaign.core.errors import SourceError
from campaign.core.limits import Limits
from campaign.core.mapping.document import Mapping
from campaign.core.mapping.loaded import LoadedMapping
from campaign.core.mapping.policy_part import SuppressionFile
from campaign.core.policy.suppression import SuppressionList
from campaign.ports import Progress
from campaign.usecases.suppress import ReadList, read_suppression

_SHOWN = 3


class SuppressionFiles:
    """The lists as they were read last. Raises `SourceError` if one can't be read: it is never taken for an empty one."""

    def __init__(self, loaded: LoadedMapping, progress: Progress | None = None) -> None:
        """`progress` is told how far the reading is: a national list takes its time."""
        self._loaded = loaded
        self._progress = progress
        self._limits = loaded.mapping.source.limits.limits()
        self._specs = [(spec, _path(loaded, spec)) for spec in loaded.mapping.policy.suppress]
        self.warnings: tuple[str, ...] = ()
        self.read()

    def changed(self) -> bool:
        """Whether a list was saved, or has gone, since it was read."""
        return stamps(path for _, path in self._specs) != self._read_at

    def read(self) -> None:
        """Read the lists as they are now."""
        read_at = stamps(path for _, path in self._specs)
        lists, warnings = SuppressionList(), []
        for place, (spec, path) in enumerate(self._specs):
            try:
                for found in read_file(path, spec, home_country(self._loaded.mapping), self._limits, self._progress):
                    lists.add_list(found.name, found.numbers)
                    if found.unread:
                        shown = "; ".join(found.unread[:_SHOWN])
                        many = "1 entry" if len(found.unread) == 1 else f"{len(found.unread)} entries"
                        warnings.append(f"{many} of {found.name} can't be read as numbers: {shown}")
            except SourceError as error:
                where = self._loaded.where(("policy", "suppress", place))
                nothing = "" if "Nothing was sent" in error.message else " Nothing was sent."
                raise SourceError(
                    f"{where}: the do-not-call list can't be used. {error.message}{nothing}", error.cure
                ) from None
        self.lists, self.warnings = lists, tuple(warnings)
        self._read_at = read_at  # only now: a list that can't be read is refused again and again


def read_file(
    path: Path, spec: SuppressionFile, home: str, limits: Limits, progress: Progress | None = None
) -> Iterator[ReadList]:
    """The lists in a file: one, or one for each sheet of a workbook that holds numbers, hidden ones too.

    Raises `SourceError` if any can't be read, or the first has no number.
    """
    limits = replace(limits, rows=None)  # a national do-not-call list has more rows than any list of leads
    first = open_source(path, sheet=spec.sheet, limits=limits)
    country = spec.country or home
    others = () if spec.sheet is not None else (*first.other_sheets, *first.hidden_sheets)
    several = bool(others)
    name = f"{first.name}, sheet {first.sheet}" if several else first.name
    found = read_suppression(first, spec.column, country, name, progress=progress)
    assert found is not None  # or it was an error
    yield found
    for sheet in others:
        source = open_source(path, sheet=sheet, limits=limits)
        column = spec.column if spec.column in source.header else None
        further = read_suppression(
            source, column, country, f"{first.name}, sheet {sheet}", may_be_no_list=True, progress=progress
        )
        if further is not None:
            yield further


def home_country(mapping: Mapping) -> str:
    """The country that the mapping gives to rows which name none: ISO, "" if it gives none."""
    country = mapping.fields.get("country")
    given = (country.value or country.default) if country else None
    return (read_country(given) or "") if given else ""


def _path(loaded: LoadedMapping, spec: SuppressionFile) -> Path:
    """The file of a list; a relative one starts at the mapping's folder."""
    return Path(loaded.folder) / Path(spec.file).expanduser()
