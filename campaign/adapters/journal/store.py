"""The journal: every campaign and every row's state, in one SQLite file of the workspace.

WAL with `synchronous=FULL`: what `atomic()` has committed survives a power cut. One connection, used by one thread at a time;
the pool reaches it through `commit.GroupCommit`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from collections.abc import Mapping as MappingOf
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from campaign.adapters.journal.calls import Intent, Outcome, write_intents, write_outcomes
from campaign.adapters.journal.database import Database
from campaign.adapters.journal.reader import JournalReader
from campaign.adapters.journal.rows import (
    NEVER,
    dump_phones,
    judgement_values,
    pace_values,
    to_ms,
)
from campaign.core.cells.cell import Cell, dump_cells
from campaign.core.errors import IllegalTransition
from campaign.core.lifecycle import INITIAL, State, check_transition
from campaign.core.outcome import MAYBE_CALLED, Exchange, Verdict
from campaign.core.pacing.pace import Pace
from campaign.core.policy.person_caps import CapReached, PersonCap
from campaign.core.problem import Note
from campaign.core.record import CampaignRecord, Contact, DueLead, Judgement, LeadRecord
from campaign.core.row_id import row_id

_IN_DOUBT = f"An earlier attempt was not clearly answered. {MAYBE_CALLED}."


class Journal(JournalReader):
    """The journal's file, to be written. Raises `WorkspaceError` where it can't be.

    It is read as a whole first: what a damaged one no longer knows could be called again.
    """

    def _open(self, path: Path) -> Database:
        return Database(path, readonly=False)

    def atomic(self) -> AbstractContextManager[None]:
        """All writes inside are committed together, durably, or not at all."""
        return self._db.atomic()

    def undoable(self) -> AbstractContextManager[None]:
        """Inside `atomic`: the writes inside are undone alone if the block raises."""
        return self._db.undoable()

    # --- entering a campaign -------------------------------------------------------------------------------------

    def add_campaign(self, record: CampaignRecord) -> None:
        """Enter a campaign as a draft: nothing of it can be sent before `open_campaign`."""
        with self.atomic():
            self._db.run("add_target", (record.endpoint, record.widget))
            self._db.run(
                "add_campaign",
                {
                    "id": record.id,
                    "created_at": to_ms(record.created_at),
                    "list_name": record.list_name,
                    "list_path": record.list_path,
                    "list_sha256": record.list_sha256,
                    "sheet": record.sheet,
                    "header": json.dumps(record.header, ensure_ascii=False),
                    "mapping_name": record.mapping_name,
                    "mapping_text": record.mapping_text,
                    "mapping_folder": record.mapping_folder,
                    "endpoint": record.endpoint,
                    "widget": record.widget,
                },
            )

    def add_leads(self, campaign: str, records: Sequence[LeadRecord]) -> list[int]:
        """Enter rows. Returns their lead ids. To be called inside `atomic`.

        Raises `IllegalTransition` for a row in a state that no row may begin in.
        """
        for record in records:
            if record.judgement.state not in INITIAL:
                raise IllegalTransition(f"a row can't enter the journal as {record.judgement.state}")
        with self._db.explained():
            start = self._db.number("last_lead") + 1
            numbered = list(enumerate(records, start))
            self._db.run_many(
                "add_lead",
                (
                    (
                        lead,
                        campaign,
                        record.number,
                        row_id(campaign, record.number),
                        dump_cells(record.cells),
                        *judgement_values(record.judgement),
                    )
                    for lead, record in numbered
                ),
            )
            for lead, record in numbered:
                self._add_numbers(lead, record.judgement)
        return [lead for lead, _ in numbered]

    def open_campaign(self, campaign: str) -> None:
        """A person said yes: the campaign's rows may be sent."""
        with self.atomic():
            self._db.run("open_campaign", (campaign,))

    def drop_draft(self, campaign: str) -> None:
        """A person said no, or broke off at any moment: forget a campaign of which nothing was sent."""
        self._db.undo()
        with self.atomic():
            self._db.run("drop_draft", (campaign,))

    def correct(self, lead: int, cells: tuple[Cell, ...], judgement: Judgement) -> None:
        """Replace a row by its corrected cells. To be called inside `atomic`; raises `IllegalTransition` unless the row may be
        corrected."""
        with self._db.explained():
            self._db.run("correct", (dump_cells(cells), *judgement_values(judgement), lead))
            self._db.run("drop_numbers", (lead,))
            self._add_numbers(lead, judgement)

    def withdraw(self, lead: int, cells: tuple[Cell, ...], now: datetime) -> None:
        """The person of a row that may have been called wants no call any more: the row says so, and its consent ends. To be called
        inside `atomic`."""
        with self._db.explained():
            self._db.run("withdraw", (dump_cells(cells), to_ms(now), lead))

    # --- sending -------------------------------------------------------------------------------------------------

    def recover(self, now: datetime) -> dict[str, int]:
        """Rows found `sending` are of a run that died: they become `unknown`. Returns how many of which campaigns. Drafts are
        dropped.

        Rows that a person had released although they may have been called, and that were not called since, become `unknown`,
        too: the release was for that run alone. Of the pace it is kept that such a run sent nothing after its last call.
        """
        reason = f"The run was cut off while this call was on its way. {MAYBE_CALLED}."
        with self.atomic():
            self._db.run("drop_all_drafts")
            self._db.run("recover_paces")
            self._db.run("recover_attempts", {"now": to_ms(now), "reason": reason})
            died = dict(self._db.run("cut_off").fetchall())
            self._db.run("recover_leads", {"reason": reason})
            self._db.run("recover_released", {"reason": _IN_DOUBT})
            return died

    def release_deferred(self, campaign: str, now: datetime) -> int:
        """Deferred rows whose time has come become `pending`. Returns how many."""
        with self.atomic():
            return self._db.run("release_deferred", (campaign, to_ms(now))).rowcount

    def release(self, campaign: str, state: State) -> int:
        """All rows in `state` become `pending` again. Returns how many."""
        check_transition(state, State.PENDING)
        with self.atomic():
            return self._db.run("release", (campaign, state)).rowcount

    def release_leads(self, leads: Collection[int], state: State) -> None:
        """At a person's word, those of the leads that are in `state` become `pending`.

        Rows that may have been called stay so until the next `recover`.
        """
        check_transition(state, State.PENDING)
        with self.atomic():
            self._db.run_many("release_lead", ((lead, state) for lead in leads))

    def cancel(self, campaign: str, reason: str) -> int:
        """Rows that were not sent yet are taken out of the campaign. Returns how many."""
        with self.atomic():
            return self._db.run("cancel", {"campaign": campaign, "reason": reason}).rowcount

    def release_waiting(self, campaign: str, now: datetime, only: Collection[int] | None) -> int:
        """Deferred rows (of `only`) whose moment has come become `pending`. To be called inside `atomic`. Returns how many."""
        values = {"campaign": campaign, "now": to_ms(now), "only": None if only is None else json.dumps(sorted(only))}
        with self._db.explained():
            return self._db.run("release_waiting", values).rowcount

    def set_closing(self, closings: Sequence[tuple[int, datetime | None]]) -> None:
        """Remember when the calling hours of rows close. To be called inside `atomic`."""
        with self._db.explained():
            self._db.run_many(
                "set_closing", ((NEVER if closes is None else to_ms(closes), lead) for lead, closes in closings)
            )

    def begin(
        self, campaign: str, lead: int, now: datetime, since: datetime | None, caps: Sequence[PersonCap] = ()
    ) -> Contact | CapReached | None:
        """Write the intent to call, unless one of the lead's numbers may have been called already, or as often as it may.

        Looked up in the same transaction: within this campaign at any time, in others after `since` (not at all if
        None), and for `caps` in all. Returns that earlier contact, or the cap that is reached, and then nothing is
        written. To be called inside `atomic`; raises `IllegalTransition` unless the row is pending.
        """
        return self.begin_all([Intent(campaign, lead, now, since, caps)])[0]

    def begin_all(self, intents: Sequence[Intent]) -> list[Contact | CapReached | None]:
        """`begin` for many, as if one after the other; nothing is written of any if it raises."""
        with self._db.explained():
            return write_intents(self._db, intents)

    def finish(self, lead: int, verdict: Verdict, exchange: Exchange, now: datetime) -> None:
        """Write what became of the call. To be called inside `atomic`; raises `IllegalTransition` unless it was sending."""
        self.finish_all([Outcome(lead, verdict, exchange, now)])

    def finish_all(self, outcomes: Sequence[Outcome]) -> None:
        """`finish` for many."""
        with self._db.explained():
            write_outcomes(self._db, outcomes)

    def hold(self, lead: int, judgement: Judgement) -> State:
        """Hold a pending row back (duplicate, suppressed, deferred). Returns its state. To be called inside `atomic`.

        A row that a person had released, and that is not to be sent after all, is `unknown` as before: an earlier attempt may
        have called.
        """
        state, reason, cause = judgement.state, judgement.reason, judgement.cause
        with self._db.explained():
            if state is not State.DEFERRED and self._db.run("in_doubt", (lead,)).fetchone() is not None:
                state, reason, cause = State.UNKNOWN, f"{reason} {_IN_DOUBT}", f"{cause} {_IN_DOUBT}"
            self._db.run("hold", _held(lead, state, reason, cause, judgement.next_allowed, judgement.closes_at))
        return state

    def leave_out_second(self, lead: DueLead, note: Note) -> None:
        """Keep that a pending row goes out as it stands here, without its second number. To be called inside `atomic`.

        The number stays among the row's own: an earlier attempt may have called it.
        """
        payload = json.dumps(dict(lead.payload), ensure_ascii=False)
        with self._db.explained():
            self._db.run("leave_out_second", (payload, dump_phones(lead.phones), note.text, lead.id))

    def keep_pace(self, campaign: str, pace: Pace) -> None:
        """Keep how fast calls can go from a moment on. To be called inside `atomic`."""
        with self._db.explained():
            self._db.run("keep_pace", (campaign, *pace_values(pace)))

    def set_halted(self, campaign: str, reason: str) -> None:
        """Remember why sending stopped; "" when it goes on."""
        with self.atomic():
            self._db.run("set_halted", (reason, campaign))

    def set_endpoint(self, campaign: str, endpoint: str, widget: str) -> None:
        """Remember where the campaign is sent to now."""
        with self.atomic():
            self._db.run("add_target", (endpoint, widget))
            self._db.run("set_endpoint", (endpoint, widget, campaign))

    def settle(self, lead: int, state: State, reason: str, cause: str) -> None:
        """What a report proves of a row in doubt: `accepted` (the person was called) or `pending` (no call was started).

        A row that was taken for proven not started, and was called after all, goes by way of `unknown`. To be called
        inside `atomic`; raises `IllegalTransition` for a row of which a report can prove nothing.
        """
        facts = {"lead": lead, "state": State.ACCEPTED if state is State.ACCEPTED else State.FAILED, "reason": reason}
        with self._db.explained():
            self._db.run("hold", _held(lead, State.UNKNOWN, ""))
            self._db.run("hold", _held(lead, state, reason, cause))
            self._db.run("settle_attempts", facts)
            if state is State.ACCEPTED:
                self._db.run("settle_last_attempt", facts)

    def set_dispositions(self, campaign: str, dispositions: MappingOf[int, str]) -> None:
        """Keep what the phone did, by row number, of rows that were sent. To be called inside `atomic`."""
        with self._db.explained():
            self._db.run_many("set_disposition", ((said, campaign, number) for number, said in dispositions.items()))

    def forget(self, campaign: str, now: datetime) -> int:
        """Erase the campaign's personal data from the file, for good. Returns how many people stay guarded.

        What remains is what is needed not to call them again: the marks of the numbers that may have been called, when,
        and the rows' states. May be repeated, where another program kept the file from being cleaned the first time:
        then `WorkspaceError` is raised, and nothing is half done.
        """
        with self.atomic():
            for statement in ("forget_leads", "forget_attempts", "forget_numbers"):
                self._db.run(statement, (campaign,))
            self._db.run("forget_campaign", {"campaign": campaign, "now": to_ms(now)})
        self._db.clean()
        return self._db.number("guarded", (campaign,))

    def _add_numbers(self, lead: int, judgement: Judgement) -> None:
        for phone in (*(judgement.request.numbers if judgement.request else ()), *judgement.objecting):
            self._db.run("add_number", (phone.digits, lead))


def _held(
    lead: int,
    state: State,
    reason: str,
    cause: str | None = None,
    next_allowed: datetime | None = None,
    closes_at: datetime | None = None,
) -> dict[str, object]:
    return {
        "lead": lead,
        "state": state,
        "reason": reason,
        "cause": reason if cause is None else cause,
        "next_allowed": to_ms(next_allowed),
        "closes_at": NEVER if closes_at is None else to_ms(closes_at),
    }
