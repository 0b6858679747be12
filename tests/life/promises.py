"""What campaign promises of a workspace, kept by hand from what the operator did and from what reached the endpoint.

Nothing here looks into the program: a promise is broken by an arrival at the sandbox, or by what a command says or writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from command import Done
from edits import Said
from folk import numbers_in
from lead_list import LeadList

from campaign.adapters.sandbox import Arrival

FINAL = {"accepted", "duplicate", "suppressed", "cancelled"}
MAY_HAVE_CALLED = {"accepted", "unknown"}


@dataclass
class Entered:
    """A campaign as its operator knows it.

    `objecting` are the numbers of those who are marked in its list, `withdrawn` those that were marked in a workbook later,
    with the rows that it had then. `closed` are the rows of which no call may go out. `statuses` is what the last export said
    of each row; `books` are its results.
    """

    name: str
    leads: LeadList
    rows: set[str]
    objecting: set[str] = field(default_factory=set)
    withdrawn: dict[str, set[str]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    statuses: dict[str, str] = field(default_factory=dict)
    books: list[Path] = field(default_factory=list)
    forgotten: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Call:
    """A call that was started."""

    at: datetime
    row: str


@dataclass
class Promises:
    """Everything that must hold, over all campaigns of a workspace. `calls` are those that were started, by number, and `called`
    their rows; `tried` are numbers that a request was made for, whatever came of it."""

    campaigns: dict[str, Entered] = field(default_factory=dict)
    do_not_call: set[str] = field(default_factory=set)
    calls: dict[str, list[Call]] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    in_doubt: bool = False
    """A command has died, and none has looked at the journal since."""

    # --- what the operator does --------------------------------------------------------------------------------------

    def enter(self, name: str, leads: LeadList) -> Entered:
        """A list was entered: who is marked in it objects, and a row without consent is not called."""
        entered = Entered(name, leads, {f"{name}-{number}" for number in leads.rows})
        for number, line in leads.rows.items():
            if line.objects:
                entered.objecting |= numbers_in(line.phone, line.mobile)
            if line.objects or not line.consents:
                entered.closed.add(f"{name}-{number}")
        self.campaigns[name] = entered
        return entered

    def take_marks(self, entered: Entered, said: Said) -> None:
        """A workbook was rerun: who is marked in it objects, in whatever row of the campaign. Whom a person adds to it anew
        afterwards, in another file, is that person's word."""
        entered.closed |= said.marked_ids
        for number in said.marked_numbers:
            entered.withdrawn.setdefault(number, set()).update(entered.rows)

    # --- what reached the endpoint -----------------------------------------------------------------------------------

    def hear(self, arrivals: Sequence[Arrival], released: Collection[str] = (), said: Said | None = None) -> None:
        """Requests arrived. `released` are rows in doubt that a person let go once more, `said` is the workbook that was rerun."""
        started = Counter(arrival.row_id for arrival in arrivals if arrival.started)
        assert set(started.values()) <= {1}, f"called twice by one command: {started}"
        for arrival in arrivals:
            if not arrival.row_id:
                continue  # the connection broke before anything was read
            entered = self.campaigns[arrival.row_id.rpartition("-")[0]]
            numbers = frozenset(arrival.numbers)
            self.tried |= numbers
            self._may_be_called(entered, arrival.row_id, numbers)
            if said is not None:
                own = arrival.row_id in said.shown_ids or numbers & said.shown_numbers
                assert own, f"{arrival.row_id} was sent and is not shown in the workbook"
                assert not numbers & said.marked_numbers, (
                    f"{arrival.row_id} was sent to somebody marked in the workbook"
                )
            if arrival.started:
                call = Call(datetime.fromisoformat(arrival.time), arrival.row_id)
                for number in numbers:
                    self._is_no_second_call(entered, number, call, released)
                    self.calls.setdefault(number, []).append(call)
                self.called.add(arrival.row_id)

    def _may_be_called(self, entered: Entered, row: str, numbers: frozenset[str]) -> None:
        assert not entered.forgotten, f"{row} is of a forgotten campaign and was sent"
        assert not numbers & self.do_not_call, f"{row} was sent to a number on the do-not-call list"
        assert not numbers & entered.objecting, f"{row} was sent to a number of somebody who objects in the campaign"
        for number in numbers:
            assert row not in entered.withdrawn.get(number, ()), (
                f"{row} was sent to {number}, who has objected in a workbook"
            )
        assert row not in entered.closed, f"{row} was sent: it was marked, or has no consent"
        assert entered.statuses.get(row) not in FINAL, f"{row} was sent and was {entered.statuses[row]}"

    def _is_no_second_call(self, entered: Entered, number: str, call: Call, released: Collection[str]) -> None:
        policy, earlier = entered.leads.policy, self.calls.get(number, [])
        for other in earlier:
            if other.row == call.row and call.row in released:
                continue
            told = f"{number} was called by {other.row} at {other.at} and by {call.row} at {call.at}"
            assert other.row.rpartition("-")[0] != entered.name, f"twice by one campaign: {told}"
            assert call.at - other.at >= timedelta(days=policy.recontact_days), f"within recontact_after: {told}"
        lately = [other for other in earlier if call.at - other.at < timedelta(days=policy.most_days)]
        assert len(lately) < policy.most, f"{number} was called by {call.row} above its cap: {lately}"

    def reconciled(self, entered: Entered, answer: Mapping[str, Any]) -> None:
        """A report has settled rows: found means called, and missing was proven."""
        for row in answer["accepted"]:
            assert f"{entered.name}-{row['row']}" in self.called, f"row {row} was not called"
        for number in answer["released"]:
            assert f"{entered.name}-{number}" not in self.called, f"row {number} was called and is released"

    def nobody_is_left_out(self, entered: Entered, tried: Collection[str]) -> None:
        """A list was run to its end, and nothing went wrong: who was not `tried` before, stands in one row alone, and has
        nothing against it was called."""
        of_row = {number: numbers_in(line.phone, line.mobile) for number, line in entered.leads.rows.items()}
        rows_of = Counter(phone for numbers in of_row.values() for phone in numbers)
        for number, line in entered.leads.rows.items():
            row, first = f"{entered.name}-{number}", numbers_in(line.phone)
            alone = all(rows_of[phone] == 1 for phone in of_row[number])
            free = not first & (entered.objecting | self.do_not_call | set(tried)) and row not in entered.closed
            if first and alone and free:
                assert entered.statuses[row] == "accepted", f"{row} could be called and is {entered.statuses[row]}"

    # --- what commands say -------------------------------------------------------------------------------------------

    def ended(self, done: Done, *, sent: bool) -> dict[str, Any]:
        """A command ended: with a status that means something, one JSON object, no traceback. Returns that object."""
        assert done.code in range(4), done
        assert "Traceback" not in done.out + done.err
        answer = done.json
        if done.code == 2:
            assert answer["error"], done
            assert answer["cure"], done
            assert not sent, f"exit 2 says that nothing was sent: {done}"
        return answer

    def sent(self, done: Done, answer: Mapping[str, Any]) -> None:
        """A command that sends has ended: its exit status is what its counts say."""
        if done.code == 2:
            return
        counts = answer["counts"]
        assert sum(counts.values()) == answer["total"]
        assert (done.code == 3) == bool(answer["halted"]), done
        if done.code != 3:
            assert (done.code == 0) == (set(counts) <= {"accepted"}), done

    def written(self, answer: Mapping[str, Any], rows: list[dict[str, Any]]) -> None:
        """A result has the rows that the command counts."""
        assert Counter(row["call_status"] for row in rows) == answer["counts"]
        assert len(rows) == answer["total"]

    def stands(self, entered: Entered, rows: list[dict[str, Any]], more: int = 0) -> None:
        """A campaign was exported: every row is there once, in the order of the list, and stands where it may. Up to `more` rows
        may have been added since."""
        statuses = {row["call_row_id"]: row["call_status"] for row in rows}
        numbers = [int(row["call_row_id"].rpartition("-")[2]) for row in rows]
        assert numbers == sorted(set(numbers)), "a row is there twice, or rows are out of order"
        assert entered.rows <= set(statuses), f"lost: {entered.rows - set(statuses)}"
        assert len(statuses) <= len(entered.rows) + more, f"nobody added {set(statuses) - entered.rows}"
        for row, before in entered.statuses.items():
            if before in FINAL:
                assert statuses[row] == before, f"{row} was {before} and is {statuses[row]}"
        if not self.in_doubt:
            self._agrees_with_the_ledger(statuses)
        for cells in rows:
            if cells["call_status"] == "unknown":
                self.tried |= numbers_in(cells["Phone"], cells["Mobile"])
        entered.rows, entered.statuses = set(statuses), statuses

    def _agrees_with_the_ledger(self, statuses: Mapping[str, str]) -> None:
        for row, status in statuses.items():
            assert status != "sending", f"{row} is on its way, and nothing is being sent"
            if row in self.called:
                assert status in MAY_HAVE_CALLED, f"{row} was called and is {status}"
            else:
                assert status != "accepted", f"{row} is accepted and was never called"
