"""The desk at which campaigns are started, gone on with and corrected, with the workspace held for this process alone."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path

from campaign.adapters.clock import SystemClock
from campaign.adapters.journal import Journal
from campaign.adapters.mapping_file import parse_mapping
from campaign.adapters.results import result_writer
from campaign.adapters.sources import open_source
from campaign.adapters.suppressions import OwnList
from campaign.adapters.workspace import Workspace
from campaign.assembly.bounds import outlook_of_campaign
from campaign.assembly.pool import finish, submit
from campaign.assembly.prepare import Plan, make_screening
from campaign.assembly.rules import RulesAtSending
from campaign.assembly.suppression_files import SuppressionFiles
from campaign.assembly.wrong_list import refuse_undecided
from campaign.core.errors import CampaignHalted, KeysError, MappingError, OutputError, UsageError, WorkspaceError
from campaign.core.keys import Keys
from campaign.core.lifecycle import WAITING, State
from campaign.core.limits import Limits
from campaign.core.mapping.columns import Columns, check_columns
from campaign.core.mapping.delivery_part import DeliverySpec
from campaign.core.mapping.loaded import LoadedMapping
from campaign.core.mapping.row_reader import RowReader
from campaign.core.outlook import Outlook
from campaign.core.record import CampaignRecord, CampaignSummary, Corrections
from campaign.core.row_id import campaign_id
from campaign.core.run import Options, Preview, RunResult
from campaign.ports import Progress, rows_by_reason
from campaign.usecases.correct import Correcting, campaign_of
from campaign.usecases.export import export
from campaign.usecases.ingest import ingest
from campaign.usecases.validate import redacted_payload

_LONG = timedelta(days=3650)


class Desk:
    """The workspace, held by this process alone, with its journal open: where campaigns are started and gone on with."""

    def __init__(self, home: Path, journal: Journal, own_list: OwnList, recovered: int) -> None:
        """`recovered` is how many rows were found on their way in a run that died: they are `unknown` now."""
        self._home = home
        self.journal = journal
        self._own_list = own_list
        self.recovered = recovered

    def enter(self, plan: Plan, endpoint: str, keys: Keys, list_path: str, progress: Progress) -> CampaignRecord:
        """Enter the plan's list as a draft. Raises `UsageError` if an unfinished campaign has the same list."""
        fingerprint = plan.source.fingerprint()
        for earlier in self.journal.campaigns_of_list(fingerprint):
            if self.unsent(earlier):
                raise UsageError(
                    f"Campaign {earlier} was made of this same list and is not finished. Nothing was sent.",
                    f"Go on with it: campaign resume {earlier}\nor take its remaining rows out first: campaign cancel {earlier}",
                )
        if any(key in plan.loaded.text for key in (keys.widget_key, keys.api_key)):
            raise KeysError(
                f"{plan.loaded.name} holds one of the keys, maybe in a comment. It would stand in the result workbook.",
                "Remove it from the mapping: the keys belong into the environment or .env alone.",
            )
        now = SystemClock().now()
        record = CampaignRecord(
            id=self._new_id(now),
            created_at=now,
            list_name=plan.source.name,
            list_path=list_path,
            list_sha256=fingerprint,
            sheet=plan.source.sheet,
            header=plan.source.header,
            mapping_name=plan.loaded.name,
            mapping_text=plan.loaded.text,
            mapping_folder=str(Path(plan.loaded.folder).absolute()),
            endpoint=endpoint,
            widget=keys.fingerprint(),
        )
        plan.screening.heed(self._own_list)
        try:
            ingest(record, plan.source, plan.reader, plan.screening, self.journal, progress)
        except BaseException:
            self.journal.drop_draft(record.id)
            raise
        return record

    def preview(self, record: CampaignRecord, plan: Plan, options: Options) -> Preview:
        """What sending the draft would do."""
        counts = self.journal.counts(record.id)
        due = self.journal.due(record.id, 0, 1)
        rate = options.rate or plan.mapping.delivery.rate
        outlook = self.outlook(record, plan.mapping.delivery, options)
        to_send = outlook.now + (outlook.later if options.wait else 0)
        if options.limit is not None:
            to_send = min(to_send, options.limit)
        return Preview(
            campaign=record.id,
            list_name=record.list_name,
            endpoint=record.endpoint,
            counts=counts,
            to_send=to_send,
            rate=rate,
            seconds=to_send / rate.per_second,
            first_payload=redacted_payload(due[0].payload, due[0].row_id) if due else {},
            first_row=due[0].number if due else 0,
            skipped=rows_by_reason(plan.source.skipped()),
            warnings=plan.warnings,
            outlook=outlook,
            wait=options.wait,
            start_at=options.start_at,
        )

    def outlook(
        self, record: CampaignRecord, delivery: DeliverySpec, options: Options, released: Collection[int] = ()
    ) -> Outlook:
        """What lies ahead of the campaign's unsent rows and those that are `released` for it, if they are sent now."""
        return outlook_of_campaign(self.journal, record, delivery, options, SystemClock().now(), released)

    def open_ones(self) -> list[CampaignSummary]:
        """The campaigns that `resume` could go on with, the newest first."""
        return [campaign for campaign in self.journal.campaigns() if campaign.can_go_on]

    def find(self, campaign: str | None) -> CampaignRecord:
        """The campaign of that id, or the only one that can be gone on with. Raises `UsageError`."""
        if campaign is None:
            open_ones = self.open_ones()
            if not open_ones:
                raise UsageError("No campaign is waiting to go on.", "campaign status lists them all.")
            if len(open_ones) > 1:
                names = "\n".join(f"  {c.id}  {c.list_name}" for c in open_ones[:20])
                raise UsageError(f"Several campaigns can go on:\n{names}", "Name one: campaign resume CAMPAIGN.")
            campaign = open_ones[0].id
        record = self.journal.campaign(campaign)
        if record is None:
            raise no_such_campaign(campaign, [known.id for known in self.journal.campaigns()])
        if record.forgotten_at is not None:
            raise forgotten(record.id, record.forgotten_at)
        return record

    def find_by_file(self, file: Path) -> CampaignRecord:
        """The campaign that a result file belongs to. Raises `UsageError`, `SourceError`."""
        campaign = campaign_of(open_source(file, limits=Limits(rows=None)), self.journal)
        if campaign is None:
            raise UsageError(
                f"{file.name} can't be tied to a campaign: no row has a call_row_id that this workspace knows.",
                "Name the campaign: campaign rerun FILE --campaign CAMPAIGN (campaign status lists them).",
            )
        return self.find(campaign)

    def correct(self, file: Path, record: CampaignRecord) -> Corrections:
        """Take the corrections of a result file into its campaign. Raises `SourceError`, `MappingError`."""
        loaded = mapping_of(record)
        source = open_source(file, limits=loaded.mapping.source.limits.limits())
        reader = RowReader(loaded, record.header, file.name)
        check_columns(
            loaded, source.header, file.name, record.header
        )  # a renamed header would make every correction a blank
        screening = make_screening(loaded, Columns(record.header), SuppressionFiles(loaded).lists, self._home)
        screening.heed(self._own_list)
        return Correcting(record, source, reader, screening, self.journal).take(SystemClock().now())

    def ready(self, record: CampaignRecord, options: Options) -> int:
        """How many rows can be sent: pending, failed, and deferred whose time has come, or comes while the run waits."""
        counts = self.journal.counts(record.id)
        due = self.journal.count_due_deferred(record.id, _until(options))
        return counts.get(State.PENDING, 0) + counts.get(State.FAILED, 0) + due

    def coming(self, deferred: MappingOf[int, datetime | None], options: Options) -> set[int]:
        """Of deferred leads and their moments, those whose time comes while the run waits."""
        by = _until(options)
        return {lead for lead, opens in deferred.items() if opens is not None and opens <= by}

    def release(self, record: CampaignRecord) -> None:
        """Make the failed rows, and the deferred ones whose time has come, pending."""
        self.journal.release_deferred(record.id, SystemClock().now())
        self.journal.release(record.id, State.FAILED)

    def cancel(self, record: CampaignRecord) -> int:
        """Take the rows that were not sent out of the campaign. Returns how many."""
        return self.journal.cancel(record.id, "Taken out by a person before it was sent.")

    def unsent(self, campaign: str) -> int:
        """How many rows of the campaign wait to be sent."""
        counts = self.journal.counts(campaign)
        return sum(counts.get(state, 0) for state in WAITING)

    def standing(self, record: CampaignRecord) -> RunResult:
        """Where the campaign stands, in the form of a run that sent nothing."""
        counts, opens = self.journal.counts(record.id), self.journal.next_allowed(record.id)
        return RunResult(record.id, counts, None, "", interrupted=False, seconds=0.0, next_allowed=opens)

    def check_output(self, options: Options) -> None:
        """Raise `OutputError` now if the result could not be written later."""
        if options.output is not None:
            result_writer(options.output, force=options.force)

    def send(
        self,
        record: CampaignRecord,
        endpoint: str,
        keys: Keys,
        options: Options,
        progress: Progress,
        files: SuppressionFiles | None = None,
    ) -> RunResult:
        """Send what is due and write the result file. `files` are the do-not-call lists, where they were read already.

        Raises `CampaignHalted` if the journal can no longer be written; what was committed before stands.
        """
        loaded = mapping_of(record)
        rules = RulesAtSending(loaded, self._home, files or SuppressionFiles(loaded), self._own_list)
        output = (options.output or default_output(record)) if options.write_result else None
        writer = result_writer(output, force=options.force) if output is not None else None
        self.journal.set_endpoint(record.id, endpoint, keys.fingerprint())
        self.journal.set_halted(record.id, "")
        started = time.monotonic()
        submission = finish(
            lambda stop: submit(self.journal, record, loaded.mapping, rules, endpoint, keys, options, progress, stop)
        )
        if isinstance(submission.failure, WorkspaceError):
            raise _journal_fails(submission.failure, record)
        halted = submission.halted
        if isinstance(submission.failure, UsageError):  # a do-not-call list that was spoilt while calls went out
            halted = f"{submission.failure.message} {submission.failure.cure} Then: campaign resume {record.id}"
        try:
            self.journal.recover(SystemClock().now())
            if halted:
                self.journal.set_halted(record.id, halted)
        except WorkspaceError as error:
            raise _journal_fails(error, record) from None
        try:
            if writer is not None:
                export(record.id, self.journal, reader_of(record), writer)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"Stopped while the result was written, so there is none. Nothing is lost: campaign export {record.id} -o OUT"
            ) from None
        except OutputError as error:
            output, halted = None, f"{halted} {error}".strip()
        if submission.failure is not None and not isinstance(submission.failure, UsageError):
            raise submission.failure
        standing = self.standing(record)
        return replace(
            standing,
            output=output,
            halted=halted,
            paused=submission.paused if standing.unfinished else "",
            interrupted=submission.interrupted,
            seconds=time.monotonic() - started,
        )

    def _new_id(self, now: datetime) -> str:
        while True:
            campaign = campaign_id(now, secrets.choice)
            if self.journal.campaign(campaign) is None:
                return campaign


def _until(options: Options) -> datetime:
    """Up to which moment deferred rows are released, if the run is started now."""
    now = SystemClock().now()
    return now + _LONG if options.wait else max(now, options.start_at or now)


def _journal_fails(error: WorkspaceError, record: CampaignRecord) -> CampaignHalted:
    said = error.message.removesuffix(" Nothing was sent.")
    return CampaignHalted(
        f"{said} Sending stopped; calls under way are 'unknown'.",
        f"Nothing is lost. Mend that, then: campaign resume {record.id}",
    )


@contextmanager
def open_desk(home: Path) -> Iterator[Desk]:
    """Hold the workspace and open its journal; rows of a run that died become `unknown`. Raises `WorkspaceError`."""
    workspace = Workspace(home)
    workspace.create()
    with (
        workspace.sole_use(),
        closing(OwnList(workspace.suppressions_path)) as own_list,
        closing(Journal(workspace.journal_path)) as journal,
    ):
        own_list.check()
        yield Desk(home, journal, own_list, journal.recover(SystemClock().now()))


def run_plan(
    home: Path,
    plan: Plan,
    endpoint: str,
    keys: Keys,
    options: Options,
    list_path: str,
    confirm: Callable[[Preview], bool],
    progress: Progress,
) -> RunResult | None:
    """The main job. `confirm` is shown what will happen; None is returned if it says no, and nothing is kept.

    Raises `UsageError` if the list hides rows and nobody said what to do with them.
    """
    refuse_undecided(plan.source)
    with open_desk(home) as desk:
        desk.check_output(options)
        try:
            record = desk.enter(plan, endpoint, keys, list_path, progress)
            agreed = False
            try:
                agreed = confirm(desk.preview(record, plan, options))
            finally:
                if not agreed:
                    desk.journal.drop_draft(record.id)
        except KeyboardInterrupt:
            raise KeyboardInterrupt("Stopped. Nothing was sent.") from None
        if not agreed:
            return None
        desk.journal.open_campaign(record.id)
        return desk.send(record, endpoint, keys, options, progress, plan.suppression)


def mapping_of(record: CampaignRecord) -> LoadedMapping:
    """The mapping that the campaign was started with."""
    return parse_mapping(record.mapping_text, record.mapping_name, Path(record.mapping_folder))


def reader_of(record: CampaignRecord) -> RowReader | None:
    """Reads rows as the campaign's mapping did; None if that can't be read by this version: a result must be had all the
    same."""
    try:
        return RowReader(mapping_of(record), record.header, record.list_name)
    except MappingError:
        return None


def default_output(record: CampaignRecord) -> Path:
    """Where the result goes when nobody says: a name in this folder that is still free, so that no edited file is lost."""
    stem = f"{Path(record.list_name).stem}-{record.id}"
    names = (Path(f"{stem}{suffix}.xlsx") for suffix in ("", *(f"-{n}" for n in range(2, 10_000))))
    return next(name for name in names if not name.exists())


def forgotten(campaign: str, at: datetime) -> UsageError:
    """Its personal data was erased."""
    return UsageError(
        f"Campaign {campaign} was forgotten on {at:%Y-%m-%d}: its rows are erased, so nothing of it can be sent or written.",
        f"campaign status {campaign} still has its counts.",
    )


def no_such_campaign(campaign: str, known: Sequence[str] = ()) -> UsageError:
    """Nobody knows that campaign; maybe the nearest of the `known` ones was meant, or a result file."""
    cure = "campaign status lists those that it has."
    if Path(campaign).is_file():
        cure = f"That is a file: campaign rerun {campaign} sends what you corrected in it. Of campaigns, {cure}"
    elif near := get_close_matches(campaign, known, n=1):
        cure = f"Did you mean {near[0]}? {cure[0].upper()}{cure[1:]}"
    return UsageError(f"This workspace has no campaign '{campaign}'.", cure)
