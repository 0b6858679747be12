"""The compiled mapping: a row of the list in, a call request or all of the row's problems out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from campaign.core.cells.cell import Cell, is_blank, shown, text
from campaign.core.errors import MappingError
from campaign.core.lead import CallRequest, Phone, SourceRow
from campaign.core.mapping.columns import Columns, check_columns
from campaign.core.mapping.field_part import AgentSpec, FieldSpec
from campaign.core.mapping.field_reader import FieldReader
from campaign.core.mapping.loaded import LoadedMapping, Path
from campaign.core.mapping.merged import MergedCells
from campaign.core.mapping.place_reader import PlaceReader
from campaign.core.problem import Code, Note, Problem
from campaign.core.reading import Reading

_NUMBERS = ("lc_number", "lc_number_2")


class RowReader:
    """Compiled once for a list, run for every row. Pure: the same row gives the same reading."""

    def __init__(self, loaded: LoadedMapping, header: Sequence[str], list_name: str) -> None:
        """Raises `MappingError` if the mapping names a column that `header` does not have, or has a default or constant that
        is wrong in itself: a row that takes it could never be sent."""
        self._made_of = loaded, tuple(header), list_name
        mapping = loaded.mapping
        columns = check_columns(loaded, header, list_name)
        self._width = len(header)
        country = mapping.fields.get("country")
        self._country = FieldReader("country", country, columns) if country else None
        self._fields = [FieldReader(name, spec, columns) for name, spec in mapping.fields.items() if name != "country"]
        self._reads = [(field.name, field.read, field.taken_as_it_is) for field in self._fields]
        self.columns = {field.name: field.column for field in self._fields}
        """The column or columns of each field, as problems name them."""
        self._maps_second = "lc_number_2" in mapping.fields
        self._merged = MergedCells(mapping, header, columns)
        agents = mapping.numbered_agents()
        self._agents = [_Agent.compile(agent, names, columns) for agent, names in agents]
        self._order = (*mapping.fields, *(name for _, names in agents for name in names))
        self._place = PlaceReader(mapping.policy.place, columns)
        self._refuse_unusable(loaded)

    def __reduce__(self) -> tuple[type[RowReader], tuple[LoadedMapping, tuple[str, ...], str]]:
        """Pickled as what it was compiled from: another process compiles it anew."""
        return RowReader, self._made_of

    def _refuse_unusable(self, loaded: LoadedMapping) -> None:
        fields = loaded.mapping.fields
        readers = [*self._fields, *filter(None, (self._country,))]
        parts: list[tuple[Path, FieldSpec, FieldReader]] = [
            (("fields", reader.name), fields[reader.name], reader) for reader in readers
        ]
        for place, (given, agent) in enumerate(zip(loaded.mapping.agents, self._agents, strict=True)):
            parts.append((("agents", place, "name"), given.name, agent.name))
            parts.append((("agents", place, "phone"), given.phone, agent.phone))
        for path, spec, reader in parts:
            if wrong := reader.unusable(spec):
                key, problem = wrong
                raise MappingError(f'{loaded.where((*path, key))}: "{problem.value}": {problem.message}.', problem.cure)

    def read(self, row: SourceRow) -> Reading:
        """The row's call request, or every problem that stands in its way."""
        cells = row.cells
        values: dict[str, str] = {}
        numbers: dict[str, tuple[Phone, ...]] = {}
        problems: list[Problem] = []
        notes: list[Note] = []
        region, country_is_wrong = "", False
        if len(cells) > self._width:
            problems.append(_ragged(cells[self._width :], self._width))
        if self._country is not None:
            country = self._country.read(cells)
            region = values["country"] = country.value
            problems += country.problems
            country_is_wrong = bool(country.problems)
            notes += country.notes
        for name, read, place in self._reads:
            if place is not None:
                cell = cells[place]
                if type(cell) is str and cell.isprintable() and (said := text(cell)):
                    values[name] = said
                    continue
            value, phones, wrong, told = read(cells, region)
            if wrong or told:
                if country_is_wrong and wrong and all(problem.code is Code.PHONE_NO_COUNTRY for problem in wrong):
                    continue  # it can be read once the country is right
                problems += wrong
                notes += told
            values[name] = value
            if phones:
                numbers[name] = phones
        for agent in self._agents:
            problems += agent.read(cells, values, notes)
        if row.merged:
            problems, about_merged = self._merged.told(row, problems)
            notes += about_merged
        every = numbers.get("lc_number", ()) + numbers.get("lc_number_2", ())
        if problems:
            return Reading(row, None, tuple(problems), tuple(notes), every)
        called = self._numbers(numbers, values, notes)
        whereabouts = self._place.read(cells, called[0].region, region, notes)
        payload = {name: sent for name in self._order if (sent := values.get(name))}
        return Reading(row, CallRequest(payload, called, whereabouts), (), tuple(notes), every)

    def read_all(self, rows: Iterable[SourceRow]) -> list[Reading]:
        """Read rows, one after the other."""
        return [self.read(row) for row in rows]

    def phones(self, row: SourceRow) -> set[Phone]:
        """Every number of the person that the row has, in whatever column of one, whether or not it would be called."""
        region = self._country.read(row.cells).value if self._country is not None else ""
        fields = (field for field in self._fields if field.name in _NUMBERS)
        return {phone for field in fields for phone in field.every_phone(row.cells, region)}

    def _numbers(
        self, numbers: dict[str, tuple[Phone, ...]], values: dict[str, str], notes: list[Note]
    ) -> tuple[Phone, ...]:
        """The person's numbers: the first of `lc_number`, then one second number, which differs from it."""
        first, *further = numbers["lc_number"]
        own = numbers.get("lc_number_2", ())
        if not (further or own or first.extension):  # nearly always, and nothing is to be told
            values.pop("lc_number_2", None)
            return (first,)
        if further and self._maps_second and not own:
            own, further = (further[0],), further[1:]
            notes.append(
                self._note(Code.SECOND_FROM_CELL, "The cell's second number {} may be called too", own[0].e164)
            )
        second = next((phone for phone in own if phone.digits != first.digits), None)
        unused = [phone for phone in (*further, *own) if phone not in (first, second) and phone.digits != first.digits]
        told = "Further number {} is not called"
        notes += [self._note(Code.FURTHER_NUMBER, told, phone.e164) for phone in dict.fromkeys(unused)]
        if first.extension:
            told = f"Extension {first.extension} of {{}} is not dialled"
            notes.append(self._note(Code.EXTENSION, told, first.e164, "Extensions are not dialled"))
        if second is None:
            values.pop("lc_number_2", None)
            return (first,)
        values["lc_number_2"] = second.e164
        return (first, second)

    def _note(self, code: Code, told: str, e164: str, cause: str = "") -> Note:
        cause = cause or " ".join(told.format("").split())
        return Note(code, told.format(e164), cause, "lc_number", self.columns["lc_number"], e164)


@dataclass(frozen=True, slots=True)
class _Agent:
    """One agent of the mapping, compiled: both fields are sent, or neither."""

    name: FieldReader
    phone: FieldReader

    @classmethod
    def compile(cls, agent: AgentSpec, names: tuple[str, str], columns: Columns) -> _Agent:
        return cls(FieldReader(names[0], agent.name, columns), FieldReader(names[1], agent.phone, columns))

    def read(self, cells: Sequence[Cell], values: dict[str, str], notes: list[Note]) -> list[Problem]:
        """Put the agent's fields into `values`, and what is to be said of them into `notes`; give back what is wrong."""
        # The row's country is the lead's: it says nothing of where the agent's phone is.
        name, phone = self.name.read(cells), self.phone.read(cells)
        notes += (*name.notes, *phone.notes)
        problems = [*name.problems, *phone.problems]
        if problems or not (name.value or phone.value):
            return problems
        if not (name.value and phone.value):
            missing, there = (self.name, phone) if phone.value else (self.phone, name)
            message = f"the agent has no {'name' if missing is self.name else 'phone'}"
            return [
                Problem(
                    Code.AGENT_INCOMPLETE,
                    missing.name,
                    missing.column,
                    there.value,
                    message,
                    "Fill in both the agent's name and phone, or leave both blank.",
                )
            ]
        values[self.name.name] = name.value
        values[self.phone.name] = phone.value
        return []


def _ragged(extra: Sequence[Cell], width: int) -> Problem:
    said = ", ".join(shown(cell) for cell in extra if not is_blank(cell))
    return Problem(
        Code.RAGGED,
        "",
        "",
        said,
        f"the row has more cells than the header has columns ({width})",
        "A separator inside a value may have shifted the cells: put quotes around that value, or give the column a name.",
    )
