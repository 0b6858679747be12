"""What a whole column of phones seems to have lost, and the line of the mapping that would mend it.

Nothing is mended by this: a person reads the suggestion, and writes the line or does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace

from campaign.core.cells.cell import Cell, is_blank, shown
from campaign.core.cells.phone import PhoneReader
from campaign.core.cells.phone_restore import Restore, bare_digits, holds_bare
from campaign.core.lead import Phone
from campaign.core.mapping.columns import Columns
from campaign.core.mapping.field_part import FieldSpec
from campaign.core.mapping.field_reader import FieldReader, is_phone, phone_reader
from campaign.core.mapping.flow import flow
from campaign.core.mapping.likely_country import LikelyCountry
from campaign.core.mapping.loaded import LoadedMapping, Path
from campaign.core.problem import Code
from campaign.core.reading import Reading
from campaign.core.suggestion import Suggestion

FEWEST_CELLS = 5
SHARE = 0.8
"""Of a column's filled cells, so many must be read with the line before it is suggested."""
_EXAMPLES = 2
_LOST = {Restore.PLUS: "have lost their +", Restore.ZERO: "have lost their leading 0"}


@dataclass(slots=True)
class _Tally:
    """What one line would do: cells that fit it, and those of them that it mends."""

    fitting: int = 0
    mended: int = 0
    examples: list[tuple[str, str]] = field(default_factory=list)

    def mend(self, cell: Cell, phone: Phone) -> None:
        self.fitting += 1
        self.mended += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append((shown(cell), _told(phone)))


class Suggestions:
    """Looks at every row of a list; `found` has what is to be suggested then."""

    def __init__(self, loaded: LoadedMapping, header: Sequence[str]) -> None:
        mapping, columns = loaded.mapping, Columns(header)
        self._loaded = loaded
        country = mapping.fields.get("country")
        self._country = FieldReader("country", country, columns) if country else None
        named: list[tuple[str, Path, FieldSpec]] = [(name, ("fields", name), s) for name, s in mapping.fields.items()]
        for place, (agent, (_, phone)) in enumerate(mapping.numbered_agents()):
            named.append((phone, ("agents", place, "phone"), agent.phone))
        self._occurring: set[str] = set()
        self._columns = [
            _Column(name, path, spec, columns) for name, path, spec in named if spec.column and is_phone(name, spec)
        ]

    def look(self, reading: Reading) -> None:
        """See a row, as it was read."""
        cells, request = reading.row.cells, reading.request
        payload: MappingOf[str, str] = request.payload if request else {}
        region = payload.get("country", "")
        clear, wrong = True, set[str]()
        if request is not None:
            self._occurring |= {phone.region for phone in request.numbers}
        else:
            wrong |= {problem.field for problem in reading.problems}
            wrong |= {note.field for note in reading.notes if note.code is Code.LEFT_OUT}
            if self._country is not None:
                read = self._country.read(cells)
                region, clear = read.value, not read.problems
        for column in self._columns:
            # In a row with problems, what no problem is told of could be read.
            good = payload.get(column.name) if request else ("" if column.name not in wrong else None)
            column.look(cells, good, "" if column.is_agent else region, clear or column.is_agent)

    def found(self) -> tuple[Suggestion, ...]:
        """The suggestions, in the order of the mapping; two for one field can't both be right."""
        told = [suggestion for column in self._columns for suggestion in self._of(column)]
        return tuple({suggestion.line: suggestion for suggestion in reversed(told)}.values())[::-1]

    def _of(self, column: _Column) -> Iterator[Suggestion]:
        if column.filled < FEWEST_CELLS:
            return
        for sign, tally in column.restores.items():
            if tally.mended and tally.fitting >= SHARE * column.filled:
                yield self._suggestion(column, tally.mended, _LOST[sign], {"restore": sign.value}, tally.examples)
        if column.countries is None or column.countries.homeless < SHARE * column.filled:
            return
        # Where the leads are says nothing of an agent's phone.
        occurring = set() if column.is_agent else self._occurring
        likely = column.countries.one(SHARE * column.filled, occurring)
        if likely is not None:
            seems = f"be numbers of {likely.region}, whose rows name no country"
            if column.is_agent or self._country is None:
                yield self._suggestion(column, likely.cells, seems, {"country": likely.region}, likely.examples)
            else:
                key, named = {"default": likely.region}, ("fields", "country")
                yield self._suggestion(column, likely.cells, seems, key, likely.examples, named)

    def _suggestion(
        self,
        column: _Column,
        rows: int,
        seems: str,
        added: dict[str, str],
        examples: Sequence[tuple[str, str]],
        at: Path | None = None,
    ) -> Suggestion:
        path = at or column.path
        spec = self._loaded.mapping.fields[str(path[1])] if at else column.spec
        line = f"{path[-1]}: {flow({**spec.model_dump(exclude_unset=True), **added})}"
        where = self._loaded.where(path)
        return Suggestion(column.name, column.label, rows, column.filled, seems, line, where, tuple(examples))


class _Column:
    """The cells of one phone field, counted by what they may have lost."""

    def __init__(self, name: str, path: Path, spec: FieldSpec, columns: Columns) -> None:
        names = spec.column or ()
        self.name, self.path, self.spec = name, path, spec
        self.is_agent = path[0] == "agents"
        self.label = " / ".join(names)
        self.filled = 0
        self._origins = [
            (place, phone_reader(name, column, spec))
            for column in names
            if (place := columns.find(column)) is not None  # an optional one may not be there
        ]
        self.restores = {sign: _Tally() for sign in Restore} if spec.restore is None else {}
        self.countries = LikelyCountry() if spec.country is None else None

    def look(self, cells: Sequence[Cell], good: str | None, region: str, clear: bool) -> None:
        """See a row. `good` is the number that was read, "" if one was and it is not known which, None if none was;
        `clear` tells that no country is written that can't be read."""
        for place, reader in self._origins:
            cell = cells[place]
            if is_blank(cell):
                continue
            self.filled += 1
            if good is None:
                self._look_at_wrong(cell, reader, region, clear)
            elif good and Restore.PLUS in self.restores and holds_bare(cell, good[1:]):
                self.restores[Restore.PLUS].fitting += 1
            return

    def _look_at_wrong(self, cell: Cell, reader: PhoneReader, region: str, clear: bool) -> None:
        read = reader.read(cell, region)
        if read.phones:
            return
        if bare_digits(cell):
            for sign, tally in self.restores.items():
                tried = replace(reader, restore=sign).read(cell, region)
                if tried.restored:
                    tally.mend(cell, tried.phones[0])
        homeless = all(problem.code is Code.PHONE_NO_COUNTRY for problem in read.problems)
        if self.countries is not None and homeless and clear and not region:
            self.countries.add(cell, reader)


def _told(phone: Phone) -> str:
    return f"{phone.e164} ({phone.region})" if phone.region else phone.e164
