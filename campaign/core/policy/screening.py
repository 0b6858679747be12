"""What becomes of a row before anything is sent: all the rules in their order, and the reason in words.

A row is held back by the first rule that applies, so that nobody corrects a cell of a person who must not be called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from campaign.core.cells.cell import Cell
from campaign.core.lead import CallRequest, Phone, Reading, SourceRow
from campaign.core.lifecycle import State
from campaign.core.mapping.duration import in_words
from campaign.core.policy.conditions import Condition, Objection, ValidUntil
from campaign.core.policy.duplicates import Duplicates
from campaign.core.policy.suppression import DoNotCall, Suppression, SuppressionList
from campaign.core.policy.window import CallingWindow
from campaign.core.record import Contact, Judgement


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
    ) -> None:
        self._conditions = conditions
        self._valid_until = valid_until
        self._suppression = suppression
        self._duplicates = duplicates
        self.recontact_after = recontact_after
        self._window = window
        self._objecting: dict[int, int] = {}
        self.unchecked: Counter[str] = Counter()

    @property
    def must_look(self) -> bool:
        """Whether `look` must see every row before `judge` sees the first."""
        return self._duplicates.two_passes or bool(self._conditions)

    def heed(self, other: DoNotCall) -> None:
        """Ask this do-not-call list too."""
        self._suppression.heed(other)

    def look(self, row: SourceRow, read: Callable[[SourceRow], Reading], now: datetime) -> None:
        """A row in the pass before the deciding one. Only what this pass needs is read.

        A person who objects in one row objects in all: their numbers are remembered. Duplicates see who may be called.
        """
        objection = self._objection(row.cells, now)
        if objection is not None and objection.by_person:
            request = read(row).request
            for phone in request.numbers if request else ():
                self._objecting.setdefault(phone.digits, row.number)
        elif objection is None and self._duplicates.two_passes:
            allowed = self._allowed(read(row), now)
            if isinstance(allowed, CallRequest):
                self._duplicates.earlier_look(row.number, allowed)

    def judge(self, reading: Reading, now: datetime, contacts: MappingOf[int, Contact]) -> Judgement:
        """Decide about a row. `contacts` are earlier calls, by number, to people of this row's batch."""
        notes = list(reading.notes)
        request = self._allowed(reading, now, notes)
        if isinstance(request, Judgement):
            return request
        contact = contacts.get(request.phone.digits)
        if contact is not None:
            return self._contacted(request, contact)
        first, second = self._duplicates.claim(reading.row.number, request)
        if first is not None or (second is not None and self._duplicates.second_holds):
            other, phone = (first, request.phone) if first is not None else (second, request.numbers[1])
            reason = f"Row {other} of this list has the same number {phone.e164}."
            return Judgement(
                self._duplicates.held_as, request, reason, "The same number as another row of the list.", tuple(notes)
            )
        request = self._second_number(request, second, contacts, notes)
        until = self._valid_until(reading.row.cells)
        opening = self._window.opening_of_all(request.numbers, now)
        if not opening.allowed:
            return replace(deferred(request, opening.rule, opening.next_allowed, tuple(notes)), valid_until=until)
        if opening.unchecked:
            self.unchecked[opening.rule] += 1
        return Judgement(State.PENDING, request, notes=tuple(notes), valid_until=until)

    def objection_to_second(self, phones: Sequence[Phone], now: datetime) -> str | None:
        """At the moment of sending: the note with which a row loses its second number to a do-not-call list of now."""
        for phone in phones[1:]:
            if (found := self._suppression.find(phone, now)) is not None:
                return _second_listed(phone, found)
        return None

    def recheck(self, phones: Sequence[Phone], now: datetime) -> Judgement | None:
        """At the moment of sending: whether a number is on a do-not-call list now, or the window has closed meanwhile."""
        for phone in phones:
            if (found := self._suppression.find(phone, now)) is not None:
                return _suppressed(None, phone, found)
        opening = self._window.opening_of_all(phones, now)
        return None if opening.allowed else deferred(None, opening.rule, opening.next_allowed)

    def _allowed(self, reading: Reading, now: datetime, notes: list[str] | None = None) -> CallRequest | Judgement:
        """The row's request as far as others of its campaign don't matter, or why it is held back."""
        objection = self._objection(reading.row.cells, now)
        if objection is not None:
            reason, cause = f"Not called, {objection.reason}.", f"Not called, {objection.cause}."
            return Judgement(State.SUPPRESSED, reading.request, reason, cause)
        request = reading.request
        if request is None:
            reason = " ".join(problem.sentence() for problem in reading.problems)
            blamed = reading.problems[0]
            return Judgement(
                State.INVALID, None, reason, f"{blamed.column or blamed.field}: {blamed.message}".strip(": ")
            )
        if (found := self._suppression.find(request.phone, now)) is not None:
            return _suppressed(request, request.phone, found)
        if (row := self._objecting.get(request.phone.digits)) is not None:
            cause = "Not called, another row of this person objects."
            return Judgement(
                State.SUPPRESSED, request, f"Not called: row {row} has the same number and objects.", cause
            )
        for phone in request.numbers[1:]:
            if (row := self._objecting.get(phone.digits)) is not None:
                if notes is not None:
                    notes.append(f"Second number {phone.e164} was left out: row {row} has it and objects")
                request = request.without_second()
            elif (found := self._suppression.find(phone, now)) is not None:
                if notes is not None:
                    notes.append(_second_listed(phone, found))
                request = request.without_second()
        return request

    def objects(self, cells: Sequence[Cell]) -> bool:
        """Whether a row's cells speak for the person against being called (see `Objection.by_person`)."""
        objection = self._objection(cells, _ANY_TIME)  # what speaks for the person does so at any time
        return objection is not None and objection.by_person

    def _objection(self, cells: Sequence[Cell], now: datetime) -> Objection | None:
        return next((found for condition in self._conditions if (found := condition(cells, now)) is not None), None)

    def _contacted(self, request: CallRequest, contact: Contact) -> Judgement:
        within = f"in the last {in_words(self.recontact_after)}" if self.recontact_after else "before"
        return contacted(contact, request, within)

    def _second_number(
        self, request: CallRequest, row: int | None, contacts: MappingOf[int, Contact], notes: list[str]
    ) -> CallRequest:
        """The request without its second number, if another row or an earlier campaign has that one."""
        for phone in request.numbers[1:]:
            if row is not None:
                notes.append(f"Second number {phone.e164} was left out: row {row} has it")
                return request.without_second()
            if phone.digits in contacts:
                notes.append(
                    f"Second number {phone.e164} was left out: campaign {contacts[phone.digits].campaign} called it"
                )
                return request.without_second()
        return request


def lapsed(until: datetime | None, now: datetime) -> Judgement | None:
    """At the moment of sending: a consent that held when the row was entered, and holds no more."""
    if until is None or now < until:
        return None
    reason = f"Not called, the consent held until {until:%Y-%m-%d %H:%M} UTC."
    return Judgement(State.SUPPRESSED, None, reason, "Not called, the consent is too old by now.")


def contacted(contact: Contact, request: CallRequest | None = None, within: str = "before") -> Judgement:
    """A person whom another row or campaign has called, or may have called."""
    did = "called" if contact.state is State.ACCEPTED else "may have called"
    when = contact.at.strftime("%Y-%m-%d %H:%M UTC")
    reason = f"Campaign {contact.campaign}, row {contact.row}, {did} this person {within} (at {when})."
    return Judgement(State.DUPLICATE, request, reason, f"An earlier campaign {did} this person.")


def deferred(
    request: CallRequest | None, rule: str, next_allowed: datetime | None, notes: tuple[str, ...] = ()
) -> Judgement:
    """A row whose calling window is closed."""
    return Judgement(State.DEFERRED, request, f"Not now: {rule}.", f"Not now: {rule}.", notes, next_allowed)


def _suppressed(request: CallRequest | None, phone: Phone, found: Suppression) -> Judgement:
    return Judgement(State.SUPPRESSED, request, f"{phone.e164} is {found.said}.", f"On {found.list_name}.")


def _second_listed(phone: Phone, found: Suppression) -> str:
    return f"Second number {phone.e164} was left out: it is {found.said}"


_ANY_TIME = datetime.max.replace(tzinfo=UTC)
