"""One field of the payload, compiled: takes a row's cells and gives the field's value, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from campaign.core.cells.cell import Cell, CellFault, is_blank, shown, text
from campaign.core.cells.country import CountryReader
from campaign.core.cells.email import EmailReader
from campaign.core.cells.number import NumberReader
from campaign.core.cells.phone import PhoneReader
from campaign.core.cells.phone_restore import Restore
from campaign.core.cells.text import TextRule
from campaign.core.lead import Phone
from campaign.core.mapping.columns import Columns
from campaign.core.mapping.field_names import is_agent_phone
from campaign.core.mapping.field_part import FieldSpec
from campaign.core.mapping.values import PLACEHOLDER
from campaign.core.problem import Code, Note, Problem, without_numbers

_BY_NAME = {"lc_number": "phone", "lc_number_2": "phone", "country": "country"}


class FieldReading(NamedTuple):
    """What a field became: its value ("" where there is none), its numbers if it is a phone, its problems and notes."""

    value: str = ""
    phones: tuple[Phone, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()


_NOTHING = FieldReading()
_SPACES = re.compile(r" {2,}")
CellReader = Callable[[Cell, str], FieldReading]


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where cells come from. `column` is the name that problems give."""

    column: str
    pick: Callable[[Sequence[Cell]], Cell]


class FieldReader:
    """Compiled once for a list, run for every row."""

    def __init__(self, name: str, spec: FieldSpec, columns: Columns, home: str = "") -> None:
        """`home` is the ISO region in which the numbers of this field are read when neither row nor field names one."""
        self.name = name
        self.kind = _kind(name, spec)
        self.column = " / ".join(spec.column or ()) or spec.template or ""
        self._drop = spec.on_invalid == "drop"
        self._origins = [
            (origin.pick, _cell_reader(name, self.kind, origin.column, spec, home))
            for origin in _origins(spec, columns)
        ]
        self.taken_as_it_is = _plain_column(name, self.kind, spec, columns)
        """The place of its column if it is a text of which nothing is asked: what is printable there is the value."""
        self._blank = _NOTHING
        if spec.default is not None:
            read_default = _cell_reader(name, self.kind, self.column, spec, home)
            self._blank = read_default(spec.default, "")
        elif spec.required or name == "lc_number":
            self._blank = self._missing()
        self._needed = bool(self._blank.problems) and len(self._origins) == 1

    def unusable(self, spec: FieldSpec) -> tuple[str, Problem] | None:
        """The key of the mapping, `default` or `value`, whose value is wrong for each row that takes it, and what is wrong;
        None if that can be used."""
        if spec.default is not None and self._blank.problems:
            return "default", self._blank.problems[0].where_needed()
        if spec.value is None or self.kind == "phone":  # a row's country may make a number of a phone
            return None
        [(pick, reader)] = self._origins
        reading = reader(pick(()), "")
        return ("value", reading.problems[0].where_needed()) if reading.problems else None

    def read(self, cells: Sequence[Cell], region: str = "") -> FieldReading:
        """Read the field from a row. `region` is the row's own ISO country, for phones."""
        for pick, reader in self._origins:
            cell = pick(cells)
            if cell is not None and not is_blank(cell):
                reading = reader(cell, region)
                return self._refused(reading) if reading.problems else reading
        return self._blank

    def every_phone(self, cells: Sequence[Cell], region: str) -> Iterator[Phone]:
        """The numbers in all columns of the field, not only in the one that is taken."""
        for pick, reader in self._origins:
            cell = pick(cells)
            if not is_blank(cell):
                yield from reader(cell, region).phones

    def _refused(self, reading: FieldReading) -> FieldReading:
        if self._drop and not reading.value:
            return FieldReading(notes=(*reading.notes, *map(_left_out, reading.problems)))
        if self._needed:
            return reading._replace(problems=tuple(problem.where_needed() for problem in reading.problems))
        return reading

    def _missing(self) -> FieldReading:
        problem = Problem(
            Code.REQUIRED, self.name, self.column, "", "the cell is blank", f"Fill it in: {self.name} is needed."
        )
        return FieldReading(problems=(problem,))


def _plain_column(name: str, kind: str, spec: FieldSpec, columns: Columns) -> int | None:
    one = spec.column is not None and len(spec.column) == 1
    if kind != "text" or not one or not _rule(name, "", spec).takes_any:
        return None
    assert spec.column is not None
    return columns.find(spec.column[0])


def _origins(spec: FieldSpec, columns: Columns) -> list[_Origin]:
    if spec.column is not None:
        there = [name for name in spec.column if not spec.optional or columns.find(name) is not None]
        return [_Origin(name, itemgetter(columns.index(name))) for name in there]
    if spec.template is not None:
        return [_Origin(spec.template, _filled(spec.template, columns, optional=spec.optional))]
    constant = spec.value
    return [_Origin("", lambda _cells: constant)]


def _filled(template: str, columns: Columns, *, optional: bool) -> Callable[[Sequence[Cell]], Cell]:
    """A template's text for a row; None where all of its columns are blank, so that a default can step in."""
    parts: list[str | int] = []
    end = 0
    for match in PLACEHOLDER.finditer(template):
        parts.append(template[end : match.start()])
        if match[1] is None:
            parts.append(match[0][0])
        elif not optional or columns.find(match[1]) is not None:
            parts.append(columns.index(match[1]))
        end = match.end()
    parts.append(template[end:])
    used = [part for part in parts if isinstance(part, int)]
    form = "".join("%s" if isinstance(part, int) else part.replace("%", "%%") for part in parts)
    has_columns = any(match[1] is not None for match in PLACEHOLDER.finditer(template))

    def fill(cells: Sequence[Cell]) -> Cell:
        texts = []
        for index in used:
            cell = cells[index]
            if isinstance(cell, CellFault):
                return cell  # an error in the sheet is no part of anybody's name
            texts.append(text(cell))
        if has_columns and not any(texts):
            return None
        filled = form % tuple(texts)
        # A blank first or last name must not leave its space behind.
        return (_SPACES.sub(" ", filled) if "  " in filled else filled).strip()

    return fill


def _cell_reader(name: str, kind: str, column: str, spec: FieldSpec, home: str) -> CellReader:
    rule = _rule(name, column, spec)
    match kind:
        case "phone":
            return _phone(phone_reader(name, column, spec, home))
        case "country":
            return _single(CountryReader(name, column).read)
        case "email":
            return _single(EmailReader(name, column).read, rule)
        case "number" | "integer":
            return _single(NumberReader(name, column, integer=kind == "integer").read, rule)
        case _:
            return _text(rule)


def _rule(name: str, column: str, spec: FieldSpec) -> TextRule:
    return TextRule(
        field=name,
        column=column,
        min_length=spec.min_length,
        max_length=spec.max_length,
        pattern=re.compile(spec.pattern) if spec.pattern is not None else None,
        choices=spec.choices,
        case=spec.case,
    )


def _kind(name: str, spec: FieldSpec) -> str:
    return spec.type or _BY_NAME.get(name) or ("phone" if is_agent_phone(name) else "text")


def is_phone(name: str, spec: FieldSpec) -> bool:
    """Whether the field of that name is read as a phone."""
    return _kind(name, spec) == "phone"


def phone_reader(name: str, column: str, spec: FieldSpec, home: str = "") -> PhoneReader:
    """The reader of a phone field's cells in one column."""
    restore = Restore(spec.restore) if spec.restore is not None else None
    return PhoneReader(name, column, spec.country or home, frozenset(spec.allow_types), restore)


def _text(rule: TextRule) -> CellReader:
    def reader(cell: Cell, _region: str) -> FieldReading:
        value, problems = rule.read(cell)
        return FieldReading("", (), problems) if problems else FieldReading(value)

    def reader_of_most(cell: Cell, region: str) -> FieldReading:
        if type(cell) is str and cell.isprintable():
            return FieldReading(text(cell))
        return reader(cell, region)

    return reader_of_most if rule.takes_any else reader


def _single(read: Callable[[Cell], tuple[str, Problem | None]], rule: TextRule | None = None) -> CellReader:
    then = _text(rule) if rule is not None else None

    def reader(cell: Cell, region: str) -> FieldReading:
        value, problem = read(cell)
        if problem is not None:
            return FieldReading(problems=(problem,))
        return then(value, region) if then is not None else FieldReading(value)

    return reader


def _phone(phone: PhoneReader) -> CellReader:
    def reader(cell: Cell, region: str) -> FieldReading:
        phones, problems, restored = phone.read(cell, region)
        if not phones:
            return FieldReading(problems=problems)
        if not (problems or restored):
            return FieldReading(phones[0].e164, phones)
        notes = [_left_out(problem) for problem in problems]
        if restored:
            notes.append(_restored(phone, shown(cell), phones[0]))
        return FieldReading(phones[0].e164, phones, notes=tuple(notes))

    return reader


def _restored(reader: PhoneReader, value: str, phone: Phone) -> Note:
    """The note about a number that was read with the sign that its column has lost."""
    where, how = reader.column or reader.field, f'restore: "{reader.restore}"'
    text, cause = f'{where} "{value}" was read as {phone.e164}, with {how}', f"{where} was read with {how}"
    return Note(Code.RESTORED, text, cause, reader.field, reader.column, value)


def _left_out(problem: Problem) -> Note:
    """The note about a value that its row is sent without."""
    where, why = problem.column or problem.field, problem.message
    text, cause = f'{where} "{problem.value}" was left out: {why}', f"{where} was left out: {without_numbers(why)}"
    return Note(Code.LEFT_OUT, text, cause, problem.field, problem.column, problem.value)
