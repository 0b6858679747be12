"""What becomes of a row before anything is sent: all the rules in their order, and the reason in words.

A row is held back by the first rule that applies, so that nobody corrects a cell of a person who must not be called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

from campaign.core.cells.cell import Cell
from campaign.core.lead import CallRequest, Phone, SourceRow
from campaign.core.lifecycle import State
from campaign.core.mapping.duration import in_words
from campaign.core.places.place import Place
from campaign.core.policy.conditions import Condition, Objection, ValidUntil
from campaign.core.policy.duplicates import Duplicates
from campaign.core.policy.person_caps import CapReached, PersonCap, cap_reached
from campaign.core.policy.suppression import DoNotCall, Suppression, SuppressionList
from campaign.core.policy.terms import CallingTerms
from campaign.core.policy.terms_reader import TermsReader
from campaign.core.policy.window import CallingWindow, Opening
from campaign.core.problem import Code, Note, Problem
from campaign.core.reading import Reading, ReadsRows
from campaign.core.record import Contact, EarlierCall, Judgement

_NO_CALLS: MappingOf[int, Sequence[EarlierCall]] = {}


class Reads(Protocol):
    """Reads rows of a list."""

    def read(self, row: SourceRow) -> Reading:
        """The row's request, or what is wrong with it."""

    def phones(self, row: SourceRow) -> Collection[Phone]:
        """Every number of the person that the row has."""


class Screening:
    """The rules of one campaign. `judge` is called once for every row, in the order of the list.

    `unchecked` counts the rows that no calling-hour preset covers, by what is missing: a person should hear of them.
    """

    def __init__(
        self,
        conditions: Sequence[Condition],
        suppression: SuppressionList,
        duplicates: Duplicates,
        recontact_after: timedelta | None,
        window: CallingWindow,
        valid_until: ValidUntil = lambda _cells: None,
        caps: Sequence[PersonCap] = (),
    ) -> None:
        self._conditions = conditions
        self._valid_until = valid_until
        self._suppression = suppression
        self._duplicates = duplicates
        self.recontact_after = recontact_after
        self._window = window
        self._terms = CallingTerms(window, tuple(caps))
        self._objecting: dict[int, int] = {}
        self.unchecked: Counter[str] = Counter()

    @property
    def must_look(self) -> bool:
        """Whether `look` must see every row before `judge` sees the first."""
        return self._duplicates.two_passes or bool(self._conditions)

    def heed(self, other: DoNotCall) -> None:
        """Ask this do-not-call list too."""
        self._suppression.heed(other)

    def at_once(self) -> AbstractContextManager[None]:
        """While open, many rows are judged at one moment: do-not-call lists need not be opened for each."""
        return self._suppression.at_once()

    def look(self, row: SourceRow, reader: Reads, now: datetime) -> None:
        """A row in the pass before the deciding one. Only what this pass needs is read.

        A person who objects in one row objects in all: their numbers are remembered. Duplicates see who may be called.
        """
        if not self.look_for_objection(row, reader, now) and self._duplicates.two_passes:
            allowed = self._allowed(reader.read(row), now)
            if isinstance(allowed, CallRequest) and not self._never_opens(allowed, now):
                self._duplicates.earlier_look(row.number, allowed)

    def look_for_objection(self, row: SourceRow, reader: Reads, now: datetime) -> bool:
        """Remember the numbers of a person who objects, whatever else is wrong with the row. Returns whether a rule holds the
        row back."""
        objections = list(self._objections(row.cells, now))
        if any(objection.by_person for objection in objections):
            for phone in reader.phones(row):
                self._objecting.setdefault(phone.digits, row.number)
        return bool(objections)

    @property
    def objecting(self) -> Collection[int]:
        """The numbers of the people who object in the rows that were looked at."""
        return self._objecting.keys()

    def reader(self, reader: ReadsRows, now: datetime) -> TermsReader:
        """A reader that tells with each row what `judge` asks of it alone: its terms at the moment for which it is judged."""
        return TermsReader(reader, self._terms, now)

    def holds_back(self, reading: Reading, now: datetime) -> bool:
        """Whether the row's person objects, here or in another row, or is on a do-not-call list; or the row can't be read."""
        return isinstance(self._allowed(reading, now), Judgement)

    def judge(
        self,
        reading: Reading,
        now: datetime,
        contacts: MappingOf[int, Contact],
        calls: MappingOf[int, Sequence[EarlierCall]] = _NO_CALLS,
    ) -> Judgement:
        """Decide about a row. `contacts` are the latest earlier calls, by number, to people of this row's batch, `calls` all
        of them as far back as their caps look."""
        notes = list(reading.notes)
        request = self._allowed(reading, now, notes)
        if isinstance(request, Judgement):
            return request
        contact = contacts.get(request.phone.digits) if contacts else None
        if contact is not None:
            return self._contacted(request, contact)
        first = second = None
        whole = self._second_number(request, None, contacts, [])
        terms = reading.terms if reading.terms and whole is reading.request else self._terms.of(whole, now)
        # A row that can never go claims no number: another one of the person may be callable.
        if not _is_never(terms.opening):
            first, second = self._duplicates.claim(reading.row.number, request)
        if first is not None:
            return self._repeated(request, request.phone, first, tuple(notes))
        if second is not None and self._duplicates.second_holds:
            return self._repeated(request, request.numbers[1], second, tuple(notes))
        request = self._second_number(request, second, contacts, notes)
        until = self._valid_until(reading.row.cells)
        if len(request.numbers) < len(whole.numbers):
            terms = self._terms.of(request, now)
        opening, caps = terms
        if caps and (reached := _cap_reached(caps, request, calls, now)) is not None:
            held = self._until(request, request.numbers, request.place, reached.cap.rule, reached.next_allowed, notes)
            return held._replace(valid_until=until)
        if not opening.allowed:
            return deferred(request, opening, tuple(notes))._replace(valid_until=until)
        if opening.unchecked:
            self.unchecked[opening.rule] += 1
        return Judgement(State.PENDING, request, notes=tuple(notes), valid_until=until, closes_at=opening.closes_at)

    def objection_to_second(self, phones: Sequence[Phone], now: datetime) -> Note | None:
        """At the moment of sending: the note with which a row loses its second number to a do-not-call list of now."""
        for phone in phones[1:]:
            if (found := self._suppression.find(phone, now)) is not None:
                return _second_listed(phone, found)
        return None

    def recheck(self, phones: Sequence[Phone], place: Place, now: datetime) -> Judgement | None:
        """At the moment of sending: whether a number is on a do-not-call list now, or the window has closed meanwhile."""
        for phone in phones:
            if (found := self._suppression.find(phone, now)) is not None:
                return _suppressed(None, phone, found)
        opening = self._window.opening_of_all(phones, now, place)
        return None if opening.allowed else deferred(None, opening)

    def caps_of(self, phones: Sequence[Phone], place: Place) -> tuple[PersonCap, ...]:
        """How often a person may be called: by the mapping, and by the presets that hold for the person."""
        return self._terms.caps + self._window.caps_of(phones, place)

    def closes_at(self, phones: Sequence[Phone], place: Place, now: datetime) -> datetime | None:
        """When the calling hours close that are open at a moment, or open next; None where there are none."""
        return self._window.opening_of_all(phones, now, place).closes_at

    def until(self, phones: Sequence[Phone], place: Place, rule: str, earliest: datetime | None) -> Judgement:
        """A row that `rule` holds back until `earliest`: it may be called when its hours are open then, or open next."""
        return self._until(None, phones, place, rule, earliest, ())

    def _until(
        self,
        request: CallRequest | None,
        phones: Sequence[Phone],
        place: Place,
        rule: str,
        earliest: datetime | None,
        notes: Sequence[Note],
    ) -> Judgement:
        opens = closes = None
        if earliest is not None:
            opening = self._window.opening_of_all(phones, earliest, place)
            opens, closes = (earliest if opening.allowed else opening.next_allowed), opening.closes_at
        when = f" Allowed from {opens:%Y-%m-%d %H:%M} UTC." if opens is not None else ""
        cause = f"Not now: {rule}."
        cure = "Nothing to do: campaign resume sends it once the next call is allowed."
        held = _rule(Code.CAP, request.phone, f"{cause}{when}", cure) if request else None
        return Judgement(State.DEFERRED, request, f"{cause}{when}", cause, tuple(notes), opens, closes, held)

    def _allowed(self, reading: Reading, now: datetime, notes: list[Note] | None = None) -> CallRequest | Judgement:
        """The row's request as far as others of its campaign don't matter, or why it is held back."""
        objection = next(self._objections(reading.row.cells, now), None) if self._conditions else None
        if objection is not None:
            reason, cause = f"Not called, {objection.reason}.", f"Not called, {objection.cause}."
            said = objection.column, objection.value, reason.rstrip("."), objection.cure
            rule = Problem(objection.code, "", *said)
            return Judgement(State.SUPPRESSED, reading.request, reason, cause, rule=rule, objecting=reading.phones)
        request = reading.request
        if request is None:
            reason = " ".join(problem.sentence() for problem in reading.problems)
            blamed = reading.problems[0]
            return Judgement(
                State.INVALID, None, reason, f"{blamed.column or blamed.field}: {blamed.message}".strip(": ")
            )
        if (found := self._suppression.find(request.phone, now)) is not None:
            return _suppressed(request, request.phone, found)
        if self._objecting and (row := self._objecting.get(request.phone.digits)) is not None:
            cause = "Not called, another row of this person objects."
            reason = f"Not called: row {row} has the same number and objects."
            rule = _rule(Code.OBJECTION, request.phone, reason, _NOTHING)
            return Judgement(State.SUPPRESSED, request, reason, cause, rule=rule)
        for phone in request.numbers[1:]:
            if (row := self._objecting.get(phone.digits)) is not None:
                if notes is not None:
                    notes.append(second_left_out(phone, f"row {row} has it and objects", "another row objects"))
                request = request.without_second()
            elif (found := self._suppression.find(phone, now)) is not None:
                if notes is not None:
                    notes.append(_second_listed(phone, found))
                request = request.without_second()
        return request

    def objects(self, cells: Sequence[Cell]) -> bool:
        """Whether a row's cells speak for the person against being called (see `Objection.by_person`)."""
        # What speaks for the person does so at any time.
        return any(objection.by_person for objection in self._objections(cells, _ANY_TIME))

    def _objections(self, cells: Sequence[Cell], now: datetime) -> Iterator[Objection]:
        return (found for condition in self._conditions if (found := condition(cells, now)) is not None)

    def _never_opens(self, request: CallRequest, now: datetime) -> bool:
        return _is_never(self._window.opening_of_all(request.numbers, now, request.place))

    def _contacted(self, request: CallRequest, contact: Contact) -> Judgement:
        within = f"in the last {in_words(self.recontact_after)}" if self.recontact_after else "before"
        return contacted(contact, request, within)

    def _repeated(self, request: CallRequest, phone: Phone, row: int, notes: tuple[Note, ...]) -> Judgement:
        reason = f"Row {row} of this list has the same number {phone.e164}."
        cause = "The same number as another row of the list."
        state = self._duplicates.held_as
        cure = (
            "Decide which row is called, and blank or remove the others."
            if state is State.INVALID
            else "Nothing to do: the number is called once."
        )
        return Judgement(state, request, reason, cause, notes, rule=_rule(Code.DUPLICATE, phone, reason, cure))

    def _second_number(
        self, request: CallRequest, row: int | None, contacts: MappingOf[int, Contact], notes: list[Note]
    ) -> CallRequest:
        """The request without its second number, if another row or an earlier campaign has that one."""
        if len(request.numbers) == 1:
            return request
        for phone in request.numbers[1:]:
            if row is not None:
                notes.append(second_left_out(phone, f"row {row} has it", "another row has it"))
                return request.without_second()
            if phone.digits in contacts:
                campaign = contacts[phone.digits].campaign
                notes.append(second_left_out(phone, f"campaign {campaign} called it", "an earlier campaign called it"))
                return request.without_second()
        return request


def _cap_reached(
    caps: Sequence[PersonCap], request: CallRequest, calls: MappingOf[int, Sequence[EarlierCall]], now: datetime
) -> CapReached | None:
    made = {call for phone in request.numbers for call in calls.get(phone.digits, ())} if calls else ()
    return cap_reached(caps, (call.at for call in made), now)


def _is_never(opening: Opening) -> bool:
    return not opening.allowed and opening.next_allowed is None


def lapsed(until: datetime | None, now: datetime) -> Judgement | None:
    """At the moment of sending: a consent that held when the row was entered, and holds no more: it was too old, or the
    person has objected since."""
    if until is None or now < until:
        return None
    reason = f"Not called, the consent held until {until:%Y-%m-%d %H:%M} UTC."
    return Judgement(State.SUPPRESSED, None, reason, "Not called, the consent holds no more.")


def contacted(contact: Contact, request: CallRequest | None = None, within: str = "before") -> Judgement:
    """A person whom another row or campaign has called, or may have called."""
    did = "called" if contact.state is State.ACCEPTED else "may have called"
    when = contact.at.strftime("%Y-%m-%d %H:%M UTC")
    reason = f"Campaign {contact.campaign}, row {contact.row}, {did} this person {within} (at {when})."
    cure = "Nothing to do: recontact_after in the mapping says how long a person is left alone."
    rule = _rule(Code.RECONTACT, request.phone, reason, cure) if request else None
    return Judgement(State.DUPLICATE, request, reason, f"An earlier campaign {did} this person.", rule=rule)


def deferred(request: CallRequest | None, opening: Opening, notes: tuple[Note, ...] = ()) -> Judgement:
    """A row whose calling window is closed."""
    reason, cause, cure = _closed(opening)
    closed = _rule(Code.CALLING_WINDOW, request.phone, reason, cure) if request else None
    return Judgement(State.DEFERRED, request, reason, cause, notes, opening.next_allowed, opening.closes_at, closed)


@lru_cache(maxsize=4096)  # a closed window is that of thousands of rows
def _closed(opening: Opening) -> tuple[str, str, str]:
    """Reason, cause and cure of a row whose calling window is closed."""
    cause, opens = f"Not now: {opening.rule}.", opening.next_allowed
    when = f" Allowed from {opens:%Y-%m-%d %H:%M} UTC." if opens is not None else ""
    return (
        f"Not now: {opening.rule}{opening.doubt}.{when}",
        cause,
        "Nothing to do: campaign resume sends it once the hours have begun.",
    )


def second_left_out(phone: Phone, why: str, cause: str = "") -> Note:
    """The note about a second number that a row is sent without; `cause` is `why` without the row's own values."""
    text, alike = f"Second number {phone.e164} was left out: {why}", f"A second number was left out: {cause or why}"
    return Note(Code.SECOND_LEFT_OUT, text, alike, "lc_number_2", "", phone.e164)


def _suppressed(request: CallRequest | None, phone: Phone, found: Suppression) -> Judgement:
    reason = f"{phone.e164} is {found.said}."
    rule = _rule(Code.DO_NOT_CALL, phone, reason, _NOTHING)
    return Judgement(State.SUPPRESSED, request, reason, f"On {found.list_name}.", rule=rule)


def _second_listed(phone: Phone, found: Suppression) -> Note:
    return second_left_out(phone, f"it is {found.said}", f"it is on {found.list_name}")


_NOTHING = "Nothing to do: this person is not called."


def _rule(code: Code, phone: Phone, reason: str, cure: str) -> Problem:
    """The rule that holds the row of a number back, as a problem; which column the number is in, the mapping knows."""
    return Problem(code, "lc_number", "", phone.e164, reason.rstrip("."), cure)


_ANY_TIME = datetime.max.replace(tzinfo=UTC)
