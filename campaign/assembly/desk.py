"""The desk at which campaigns are started, gone on with and corrected, with the workspace held for this process alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from collections.abc import Mapping as MappingOf
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from campaign.adapters.clock import SystemClock
from campaign.adapters.journal import Journal
from campaign.adapters.mapping_file import parse_mapping
from campaign.adapters.sources import open_result
from campaign.adapters.suppressions import OwnList
from campaign.adapters.workspace import Workspace
from campaign.assembly.bounds import outlook_of_campaign
from campaign.assembly.no_campaign import forgotten, no_such_campaign
from campaign.assembly.prepare import make_screening
from campaign.assembly.suppression_files import SuppressionFiles
from campaign.core.errors import UsageError
from campaign.core.lifecycle import WAITING, State
from campaign.core.limits import Limits
from campaign.core.mapping.columns import Columns, check_columns
from campaign.core.mapping.delivery_part import DeliverySpec
from campaign.core.mapping.loaded import LoadedMapping
from campaign.core.mapping.row_reader import RowReader
from campaign.core.outlook import Outlook
from campaign.core.record import CampaignRecord, Corrections
from campaign.core.run import Options, RunResult
from campaign.core.state_words import quoted
from campaign.ports import Progress
from campaign.usecases.correcting.corrections import Correcting
from campaign.usecases.correcting.result_file import ResultFile, campaign_of

_LONG = timedelta(days=3650)
_TOLD = 20  # campaigns


class Desk:
    """The workspace, held by this process alone, with its journal open: where campaigns are started and gone on with."""

    def __init__(self, home: Path, journal: Journal, own_list: OwnList, cut_off: MappingOf[str, int]) -> None:
        """`cut_off` is how many rows of which campaign were found on their way in a run that died: they are `unknown` now."""
        self.home = home
        self.journal = journal
        self.own_list = own_list
        self.cut_off = cut_off

    def tell_of_cut_off(self, tell: Callable[[str], None]) -> None:
        """Say what became of the calls of a run that died."""
        for name, rows in self.cut_off.items():
            were, are = ("call was on its", "it is") if rows == 1 else ("calls were on their", "they are")
            tell(f"{rows:,} {were} way when the run of campaign {name} was cut off: {are} 'unknown' now.")

    def outlook(
        self, record: CampaignRecord, delivery: DeliverySpec, options: Options, released: Collection[int] = ()
    ) -> Outlook:
        """What lies ahead of the campaign's unsent rows and those that are `released` for it, if they are sent now."""
        return outlook_of_campaign(self.journal, record, delivery, options, SystemClock().now(), released)

    def only_open_one(self) -> str | None:
        """The only campaign that can be gone on with; None if none can. Raises `UsageError` if several can."""
        open_ones = [campaign for campaign in self.journal.campaigns() if campaign.can_go_on]
        if not open_ones:
            # Where all that was left was on its way, nothing waits, and yet its result is still to be written.
            return next(iter(self.cut_off), None)
        if len(open_ones) > 1:
            names = "\n".join(f"  {c.id}  {c.list_name}" for c in open_ones[:_TOLD])
            more = f"\n  and {len(open_ones) - _TOLD:,} more" if len(open_ones) > _TOLD else ""
            raise UsageError(
                f"Several campaigns can go on:\n{names}{more}",
                "Name one, campaign resume CAMPAIGN, or take them all: campaign resume --all.",
            )
        return open_ones[0].id

    def find(self, campaign: str) -> CampaignRecord:
        """The campaign of that id. Raises `UsageError`."""
        record = self.journal.campaign(campaign)
        if record is None:
            raise no_such_campaign(campaign, [known.id for known in self.journal.campaigns()])
        if record.forgotten_at is not None:
            raise forgotten(record.id, record.forgotten_at)
        return record

    def find_by_file(self, file: Path, named: str | None) -> CampaignRecord:
        """The campaign that a result file belongs to: by its row ids or, where it has lost them, as it is `named`.

        Raises `UsageError`, `SourceError`.
        """
        results, _ = open_result(file, Limits(rows=None))
        campaign = campaign_of(results, self.journal)
        if named is not None and campaign not in (None, named):
            # The rows of another campaign would be new ones in this: whom that has called would be called again.
            raise UsageError(
                f"{file.name} is a result of campaign {campaign}, not of {named}. Nothing was changed or sent.",
                f"Rerun it as what it is: campaign rerun {quoted(str(file))}",
            )
        campaign = campaign or named
        if campaign is None:
            raise UsageError(
                f"{file.name} can't be tied to a campaign: no row has a call_row_id that this workspace knows.",
                "Name the campaign: campaign rerun FILE --campaign CAMPAIGN (campaign status lists them). The report of a dry run "
                "is no result file: campaign run FILE -m MAPPING sends the rows that you corrected in it.",
            )
        return self.find(campaign)

    def correct(self, file: Path, record: CampaignRecord, progress: Progress) -> Corrections:
        """Take the corrections of a result file into its campaign. Raises `SourceError`, `MappingError`."""
        loaded = mapping_of(record)
        results, to_correct = open_result(file, loaded.mapping.source.limits.limits())
        reader = RowReader(loaded, record.header, file.name)
        # A renamed header would make every correction a blank.
        check_columns(loaded, results.header, file.name, record.header)
        if to_correct is not None:
            check_columns(loaded, to_correct.header, f"{file.name}, sheet {to_correct.sheet}", record.header)
        screening = make_screening(loaded, Columns(record.header), SuppressionFiles(loaded, progress).lists, self.home)
        screening.heed(self.own_list)
        source = ResultFile(results, to_correct, record.header, self.journal, screening.objects)
        return Correcting(record, source, reader, screening, self.journal, SystemClock().now()).take(progress)

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


def mapping_of(record: CampaignRecord) -> LoadedMapping:
    """The mapping that the campaign was started with."""
    return parse_mapping(record.mapping_text, record.mapping_name, Path(record.mapping_folder))


def _until(options: Options) -> datetime:
    """Up to which moment deferred rows are released, if the run is started now."""
    now = SystemClock().now()
    return now + _LONG if options.wait else max(now, options.start_at or now)
