"""The journal: every campaign and every row's state, in one SQLite file of the workspace.

WAL with `synchronous=FULL`: what `atomic()` has committed survives a power cut. One connection, one thread; the pool
reaches it through `commit.GroupCommit`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from campaign.adapters.journal.queries import queries, schema
from campaign.core.cells.cell import Cell, dump_cells, load_cells
from campaign.core.errors import CampaignError, IllegalTransition, WorkspaceError
from campaign.core.lead import CallRequest, Phone
from campaign.core.lifecycle import INITIAL, TRANSITIONS, State, check_transition
from campaign.core.outcome import MAYBE_CALLED, Exchange, Verdict
from campaign.core.record import CampaignRecord, CampaignSummary, Contact, DueLead, Judgement, KnownLead, LeadRecord
from campaign.core.result import CampaignFacts, ResultRow

SCHEMA_VERSION = 1
_RESPONSE_KEPT = 2_000  # characters of an answer's body that are kept for the person


class Journal:
    """The journal file. Raises `WorkspaceError` where it can't be opened, read or written."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path = path
        self._sql = queries()
        with self._explained():
            self._db = _connect(path, readonly=readonly)
            self._db.row_factory = sqlite3.Row
            self._check_version(readonly=readonly)

    def close(self) -> None:
        """Close the file. What was committed stays."""
        self._db.close()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All writes inside are committed together, durably, or not at all."""
        with self._explained():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    # --- entering a campaign -------------------------------------------------------------------------------------

    def add_campaign(self, record: CampaignRecord) -> None:
        """Enter a campaign as a draft: nothing of it can be sent before `open_campaign`."""
        with self.atomic():
            self._run(
                "add_campaign",
                {
                    "id": record.id,
                    "created_at": _ms(record.created_at),
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

    def add_leads(self, campaign: str, records: Sequence[LeadRecord]) -> None:
        """Enter rows, in one commit. Raises `IllegalTransition` for a row in a state that no row may begin in."""
        for record in records:
            if record.judgement.state not in INITIAL:
                raise IllegalTransition(f"a row can't enter the journal as {record.judgement.state}")
        with self.atomic():
            start = self._one("last_lead") + 1
            numbered = list(enumerate(records, start))
            self._db.executemany(
                self._sql["add_lead"],
                (
                    (
                        lead,
                        campaign,
                        record.number,
                        row_id(campaign, record.number),
                        dump_cells(record.cells),
                        *_judged(record.judgement),
                    )
                    for lead, record in numbered
                ),
            )
            for lead, record in numbered:
                self._add_numbers(lead, record.judgement.request)

    def open_campaign(self, campaign: str) -> None:
        """A person said yes: the campaign's rows may be sent."""
        with self.atomic():
            self._run("open_campaign", (campaign,))

    def drop_draft(self, campaign: str) -> None:
        """A person said no: forget a campaign of which nothing was sent."""
        with self.atomic():
            self._run("drop_draft", (campaign,))

    def correct(self, lead: int, cells: tuple[Cell, ...], judgement: Judgement) -> None:
        """Replace a row by its corrected cells. Raises `IllegalTransition` unless the row may be corrected."""
        with self.atomic(), _legal():
            self._run("correct", (dump_cells(cells), *_judged(judgement), lead))
            self._run("drop_numbers", (lead,))
            self._add_numbers(lead, judgement.request)

    # --- sending -------------------------------------------------------------------------------------------------

    def recover(self, now: datetime) -> int:
        """Rows found `sending` are of a run that died: they become `unknown`. Returns how many. Drafts are dropped."""
        reason = f"The run was cut off while this call was on its way. {MAYBE_CALLED}."
        with self.atomic():
            self._run("drop_all_drafts")
            self._run("recover_attempts", {"now": _ms(now), "reason": reason})
            return self._run("recover_leads", {"reason": reason}).rowcount

    def release_deferred(self, campaign: str, now: datetime) -> int:
        """Deferred rows whose time has come become `pending`. Returns how many."""
        with self.atomic():
            return self._run("release_deferred", (campaign, _ms(now))).rowcount

    def count_due_deferred(self, campaign: str, now: datetime) -> int:
        """How many rows `release_deferred` would release."""
        with self._explained():
            return self._one("count_due_deferred", (campaign, _ms(now)))

    def release(self, campaign: str, state: State) -> int:
        """All rows in `state` (failed, or unknown at a person's word) become `pending` again. Returns how many."""
        check_transition(state, State.PENDING)
        with self.atomic():
            return self._run("release", (campaign, state)).rowcount

    def cancel(self, campaign: str, reason: str) -> int:
        """Rows that were not sent yet are taken out of the campaign. Returns how many."""
        with self.atomic():
            return self._run("cancel", {"campaign": campaign, "reason": reason}).rowcount

    def due(self, campaign: str, after: int, limit: int) -> list[DueLead]:
        """The next pending rows, in the order of the file, after row number `after`."""
        with self._explained():
            return [
                DueLead(
                    row["id"],
                    row["number"],
                    row["row_id"],
                    json.loads(row["payload"]),
                    _phones(row["phones"]),
                    row["attempts"],
                )
                for row in self._run("due", (campaign, after, limit))
            ]

    def begin(self, campaign: str, lead: int, now: datetime, recontact: timedelta | None) -> Contact | None:
        """Write the intent to call, unless one of the lead's numbers may have been called already.

        Looked up in the same transaction: within this campaign at any time, in others since `recontact` ago (never if
        None). Returns that earlier contact, and then nothing is written. To be called inside `atomic`; raises
        `IllegalTransition` unless the row is pending.
        """
        since = _ms(now - recontact if recontact is not None else now + timedelta(days=1))
        found = self._run("conflict", {"lead": lead, "campaign": campaign, "since": since}).fetchone()
        if found is not None:
            return _contact(found)
        begun = self._run("begin_lead", {"lead": lead, "now": _ms(now)}).fetchone()
        if begun is None:
            raise IllegalTransition(f"lead {lead} is not pending: it can't be sent")
        self._run("begin_attempt", (lead, begun["attempts"], _ms(now)))
        return None

    def finish(self, lead: int, verdict: Verdict, exchange: Exchange, now: datetime) -> None:
        """Write what became of the call. To be called inside `atomic`; raises `IllegalTransition` unless it was sending."""
        facts = {
            "lead": lead,
            "state": verdict.state,
            "reason": verdict.reason,
            "cause": verdict.reason,
            "http_status": exchange.status,
            "response": exchange.body.decode("utf-8", "replace")[:_RESPONSE_KEPT],
            "now": _ms(now),
        }
        with _legal():
            if self._run("finish_lead", facts).rowcount != 1:
                raise IllegalTransition(f"lead {lead} is not being sent: it can't become {verdict.state}")
            self._run("finish_attempt", facts)

    def hold(self, lead: int, judgement: Judgement) -> None:
        """Hold a pending row back (duplicate, suppressed, deferred). To be called inside `atomic`."""
        with _legal():
            self._run(
                "hold",
                {
                    "lead": lead,
                    "state": judgement.state,
                    "reason": judgement.reason,
                    "cause": judgement.cause,
                    "next_allowed": _ms(judgement.next_allowed),
                },
            )

    def set_halted(self, campaign: str, reason: str) -> None:
        """Remember why sending stopped; "" when it goes on."""
        with self.atomic():
            self._run("set_halted", (reason, campaign))

    def set_endpoint(self, campaign: str, endpoint: str, widget: str) -> None:
        """Remember where the campaign is sent to now."""
        with self.atomic():
            self._run("set_endpoint", (endpoint, widget, campaign))

    # --- looking -------------------------------------------------------------------------------------------------

    def campaign(self, campaign: str) -> CampaignRecord | None:
        """The campaign of that id."""
        with self._explained():
            row = self._run("campaign", (campaign,)).fetchone()
        return None if row is None else _record(row)

    def campaigns(self) -> list[CampaignSummary]:
        """All campaigns, the newest first."""
        with self._explained():
            rows = self._run("campaigns").fetchall()
            return [
                CampaignSummary(
                    row["id"], row["list_name"], _utc(row["created_at"]), self.counts(row["id"]), row["halted"]
                )
                for row in rows
            ]

    def campaigns_of_list(self, sha256: str) -> list[str]:
        """The campaigns that were made of a list with this content, the newest first."""
        with self._explained():
            return [row["id"] for row in self._run("campaigns_of_list", (sha256,))]

    def counts(self, campaign: str) -> dict[State, int]:
        """Rows by state, in the order of `State`."""
        with self._explained():
            found = {State(row[0]): row[1] for row in self._run("counts", (campaign,))}
        return {state: found[state] for state in State if state in found}

    def contacts(self, digits: Sequence[int], since: datetime, besides: str) -> dict[int, Contact]:
        """The latest contact since `since` to each of the numbers that had one, in other campaigns than `besides`."""
        with self._explained():
            rows = self._run("contacts", (json.dumps(digits), _ms(since), besides)).fetchall()
        return {row["digits"]: _contact(row) for row in rows}

    def find_lead(self, row_id: str) -> KnownLead | None:
        """The row with that row id, of whatever campaign."""
        with self._explained():
            row = self._run("lead_by_row_id", (row_id,)).fetchone()
        return None if row is None else _known(row)

    def leads_with_number(self, campaign: str, digits: int) -> list[KnownLead]:
        """The campaign's rows that have a number, in the order of the file."""
        with self._explained():
            return [_known(row) for row in self._run("leads_by_number", (digits, campaign))]

    def last_number(self, campaign: str) -> int:
        """The highest row number of the campaign."""
        with self._explained():
            return self._one("last_number", (campaign,))

    def facts(self, campaign: str) -> CampaignFacts:
        """The campaign as its summary tells it."""
        with self._explained():
            row = self._run("campaign", (campaign,)).fetchone()
            first, last = self._run("submitted_span", (campaign,)).fetchone()
            reasons = [(State(state), cause, rows) for state, cause, rows in self._run("reasons", (campaign,))]
        record = _record(row)
        return CampaignFacts(
            campaign=record.id,
            list_name=record.list_name,
            sheet=record.sheet,
            header=record.header,
            counts=self.counts(campaign),
            reasons=reasons,
            created_at=record.created_at,
            first_submitted_at=_utc_or_none(first),
            last_submitted_at=_utc_or_none(last),
            endpoint=record.endpoint,
            mapping_name=record.mapping_name,
            mapping_text=record.mapping_text,
            halted=row["halted"],
        )

    def results(self, campaign: str) -> Iterator[ResultRow]:
        """Every row of the campaign in the order of the file, streamed."""
        with self._explained():
            for row in self._run("results", (campaign,)):
                phones = _phones(row["phones"])
                yield ResultRow(
                    number=row["number"],
                    cells=load_cells(row["cells"]),
                    state=State(row["state"]),
                    reason=" ".join(
                        filter(None, (row["reason"], *(_sentence(note) for note in json.loads(row["notes"]))))
                    ),
                    phone=phones[0].e164 if phones else "",
                    attempts=row["attempts"],
                    http_status=row["http_status"],
                    response=row["response"],
                    submitted_at=_utc_or_none(row["submitted_at"]),
                    next_allowed=_utc_or_none(row["next_allowed"]),
                    row_id=row["row_id"],
                )

    # --- inside --------------------------------------------------------------------------------------------------

    def _run(self, name: str, values: Sequence[Any] | dict[str, Any] = ()) -> sqlite3.Cursor:
        return self._db.execute(self._sql[name], values)

    def _one(self, name: str, values: Sequence[Any] = ()) -> int:
        return int(self._run(name, values).fetchone()[0])

    def _add_numbers(self, lead: int, request: CallRequest | None) -> None:
        for phone in request.numbers if request else ():
            self._run("add_number", (phone.digits, lead))

    def _check_version(self, *, readonly: bool) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise WorkspaceError(
                f"The journal {self.path} was written by a newer version of campaign (format {version}).",
                "Update campaign: pip install --upgrade campaign.",
            )
        if readonly:
            return
        if version == 0:
            # executescript commits by itself, so the version goes into the same script: all of it or nothing.
            self._db.executescript(f"BEGIN IMMEDIATE;\n{schema()}\nPRAGMA user_version = {SCHEMA_VERSION};\nCOMMIT;")
        with self.atomic():
            self._db.execute("DELETE FROM transition")
            self._db.executemany(
                "INSERT INTO transition VALUES (?, ?)",
                [(origin, target) for origin, ways in TRANSITIONS.items() for target in ways],
            )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """SQLite's errors in words that help a person."""
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as error:
            raise _in_words(self.path, error) from error


def row_id(campaign: str, number: int) -> str:
    """What ties the vendor's reports to a row: the campaign and the row number of the person's file."""
    return f"{campaign}-{number}"


def _connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    if readonly:
        return sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False, timeout=10
        )
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    path.chmod(0o600)
    mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    durable = db.execute("PRAGMA synchronous").fetchone()[0] == 2
    if mode != "wal" or not durable:
        db.close()
        raise WorkspaceError(
            f"The journal {path} can't be written durably here (mode {mode}).",
            "Put the workspace on a local disk: --home FOLDER or CAMPAIGN_HOME.",
        )
    return db


@contextmanager
def _legal() -> Iterator[None]:
    """The trigger's refusal as our own error."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        if "illegal transition" in str(error):
            raise IllegalTransition("a row was asked to go where no row may go; nothing was changed") from error
        raise


def _in_words(path: Path, error: sqlite3.DatabaseError) -> CampaignError:
    said = str(error)
    if "full" in said or "disk I/O" in said:
        return WorkspaceError(
            f"The journal {path} can't be written: the disk is full or failing ({said}).",
            "Nothing is lost. Free some space, then: campaign resume.",
        )
    if "readonly" in said or "unable to open" in said:
        return WorkspaceError(
            f"The journal {path} can't be opened for writing ({said}).",
            "Check your rights to the folder, or choose another workspace: --home FOLDER or CAMPAIGN_HOME.",
        )
    if "locked" in said or "busy" in said:
        return WorkspaceError(
            f"The journal {path} is in use by another program.", "Wait until it has finished, then try again."
        )
    if "malformed" in said or "not a database" in said:
        return WorkspaceError(
            f"The journal {path} is damaged ({said}). Nothing was sent.",
            "Keep a copy of it: it knows who was called. Then restore it from a backup, or `sqlite3 journal.db .recover`.",
        )
    return WorkspaceError(
        f"The journal {path} can't be used: {said}.",
        "Nothing was sent. Try again, or use another workspace: --home FOLDER.",
    )


def _judged(judgement: Judgement) -> tuple[Any, ...]:
    request = judgement.request
    return (
        json.dumps(dict(request.payload), ensure_ascii=False) if request else None,
        json.dumps([[phone.e164, phone.region] for phone in request.numbers] if request else []),
        judgement.state,
        judgement.reason,
        judgement.cause,
        json.dumps(judgement.notes, ensure_ascii=False),
        _ms(judgement.next_allowed),
    )


def _record(row: sqlite3.Row) -> CampaignRecord:
    return CampaignRecord(
        id=row["id"],
        created_at=_utc(row["created_at"]),
        list_name=row["list_name"],
        list_path=row["list_path"],
        list_sha256=row["list_sha256"],
        sheet=row["sheet"],
        header=tuple(json.loads(row["header"])),
        mapping_name=row["mapping_name"],
        mapping_text=row["mapping_text"],
        mapping_folder=row["mapping_folder"],
        endpoint=row["endpoint"],
        widget=row["widget"],
    )


def _known(row: sqlite3.Row) -> KnownLead:
    payload = json.loads(row["payload"]) if row["payload"] else {}
    return KnownLead(row["id"], row["campaign"], row["number"], State(row["state"]), load_cells(row["cells"]), payload)


def _contact(row: sqlite3.Row) -> Contact:
    return Contact(row["campaign"], row["row"], State(row["state"]), _utc(row["submitted_at"]))


def _phones(text: str) -> tuple[Phone, ...]:
    return tuple(Phone(e164, region) for e164, region in json.loads(text))


def _sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:]}{'' if note.endswith('.') else '.'}"


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)


def _utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _utc_or_none(ms: int | None) -> datetime | None:
    return None if ms is None else _utc(ms)
