"""The Python API: what the commands do, for programs. Sources are files or DataFrames, results come back as DataFrames.

Nothing here asks or prints: `run` sends at once. Errors are those of `campaign.core.errors`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from campaign.adapters.keys import load_keys
from campaign.adapters.workspace import home_folder
from campaign.assembly import going_on, lookup, own_list, proposal
from campaign.assembly.bounds import StopWhen, read_stop_when, refuse_no_time
from campaign.assembly.dry_run import dry_run
from campaign.assembly.forgetting import Forgotten
from campaign.assembly.forgetting import forget as erase
from campaign.assembly.own_list import Added, Checked
from campaign.assembly.prepare import Leads, MappingLike, load_mapping, make_plan, open_leads
from campaign.assembly.quiet import Quiet
from campaign.assembly.reconciling import Report, Settled, settle
from campaign.assembly.reporting import write_report
from campaign.assembly.starting import run_plan
from campaign.assembly.wrong_list import refuse_undecided
from campaign.core.cells.cell import Cell, CellFault, Formatted
from campaign.core.endpoint import VENDOR_ENDPOINT, check_endpoint
from campaign.core.errors import UsageError
from campaign.core.keys import Keys
from campaign.core.mapping.delivery_part import MOST_AT_ONCE
from campaign.core.pacing.rate import Rate
from campaign.core.proposal.proposal import Proposal
from campaign.core.record import CampaignSummary
from campaign.core.result import result_header
from campaign.core.run import Options, RunResult
from campaign.ports import HiddenChoice, Progress
from campaign.usecases.validate import Validation

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "campaigns",
    "forget",
    "load_mapping",
    "reconcile",
    "report",
    "rerun",
    "results",
    "resume",
    "run",
    "suggest_mapping",
    "suppress_numbers",
    "suppressed",
    "validate",
]


def suggest_mapping(leads: Leads, *, sheet: str | None = None) -> Proposal:
    """Propose a mapping for a list, by its column names and first rows: `yaml` is the annotated mapping file, `fields` say
    why, `checks` what a person must look at first.

    `leads` is a file or a DataFrame. Raises `SourceError` if no column can be taken for the phone numbers.
    """
    return proposal.suggest_mapping(leads, sheet).proposal


def validate(
    leads: Leads,
    mapping: MappingLike,
    *,
    at: datetime | None = None,
    hidden_rows: HiddenChoice | None = None,
    report: str | Path | None = None,
    force: bool = False,
    home: str | Path | None = None,
    progress: Progress | None = None,
) -> Validation:
    """The dry run: judge every row, send nothing.

    `leads` is a file or a DataFrame, `mapping` a file, `template:NAME`, plain data, or what `load_mapping` gave. `at` is the
    moment (with a time zone) for which the rules are asked, now if left out. Rows that a workbook hides or filters out
    are judged like the others unless `hidden_rows` (or the mapping) is "skip". `report` is a file (.xlsx, .csv or .json)
    for every finding, if one is wanted. Raises `MappingError`, `SourceError`, `OutputError`, and `UsageError` for a
    moment without a time zone.
    """
    if at is not None and at.tzinfo is None:
        raise UsageError(
            f"at: {at} has no offset from UTC, so it is a different moment in every place.",
            "Give it a time zone: datetime(2026, 7, 3, 9, tzinfo=UTC), or its astimezone() if it is this machine's time.",
        )
    _check_word(hidden_rows)
    loaded, folder = load_mapping(mapping), home_folder(home)
    plan = make_plan(loaded, open_leads(leads, loaded, hidden_rows=hidden_rows), folder, progress or Quiet())
    path = Path(report) if report is not None else None
    return dry_run(folder, plan, progress or Quiet(), at=at, report=path, force=force)


def run(
    leads: Leads,
    mapping: MappingLike,
    *,
    keys: Keys | None = None,
    endpoint: str | None = None,
    hidden_rows: HiddenChoice | None = None,
    output: str | Path | None = None,
    force: bool = False,
    limit: int | None = None,
    rate: str | None = None,
    concurrency: int | None = None,
    wait: bool = False,
    start_at: datetime | None = None,
    stop_at: datetime | None = None,
    stop_when: StopWhen | None = None,
    home: str | Path | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Send the calls of a list now, without asking, and give back how it ended.

    `endpoint` is CAMPAIGN_ENDPOINT, else Brightcall's, if left out; `keys` come from the environment or `.env`. `hidden_rows`
    says whether rows that a workbook hides or filters out are called ("call") or left out ("skip"); a list that has any is
    refused while neither it nor the mapping says so. `output` is a result file (.xlsx or .csv) if one is wanted: `results`
    gives the rows as a DataFrame in any case. `rate` as in a mapping: `5/s`. With `wait` it returns once the deferred rows
    are sent, too, as their calling hours open: that may be days. Nothing is sent before `start_at` or from `stop_at` on;
    a moment without a zone is local time. `stop_when` takes the place of the mapping's: {"accepted": 500}, or "off".
    Raises `UsageError` before anything is sent, `CampaignHalted` if the journal could no longer be written.
    """
    options = _options(output, force, limit, rate, concurrency, wait, start_at, stop_at, stop_when)
    _check_word(hidden_rows)
    loaded = load_mapping(mapping)
    plan = make_plan(loaded, open_leads(leads, loaded, hidden_rows=hidden_rows), home_folder(home), progress or Quiet())
    refuse_undecided(plan.source)
    url = check_endpoint(endpoint or os.environ.get("CAMPAIGN_ENDPOINT") or VENDOR_ENDPOINT)
    keys = keys or load_keys(loaded.mapping, (Path.cwd(), Path(loaded.folder)))
    where = str(Path(leads).absolute()) if isinstance(leads, (str, Path)) else ""
    result = run_plan(home_folder(home), plan, url, keys, options, where, lambda _preview: True, progress or Quiet())
    assert result is not None  # nobody said no
    return result


def resume(
    campaign: str | None = None,
    *,
    keys: Keys | None = None,
    endpoint: str | None = None,
    output: str | Path | None = None,
    force: bool = False,
    limit: int | None = None,
    rate: str | None = None,
    concurrency: int | None = None,
    wait: bool = False,
    start_at: datetime | None = None,
    stop_at: datetime | None = None,
    stop_when: StopWhen | None = None,
    home: str | Path | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Go on with a campaign: its pending and failed rows, and its deferred rows whose time has come, or with `wait` comes.

    Without a name, the only campaign that can go on. The other options are those of `run`. Raises as `run`.
    """
    result = going_on.resume(
        home_folder(home),
        campaign,
        endpoint or os.environ.get("CAMPAIGN_ENDPOINT"),
        keys,
        _options(output, force, limit, rate, concurrency, wait, start_at, stop_at, stop_when),
        Quiet(),
        progress or Quiet(),
    )
    assert result is not None  # nobody said no
    return result


def rerun(
    what: str | Path,
    *,
    include_unknown: bool = False,
    include_rejected: bool = False,
    campaign: str | None = None,
    keys: Keys | None = None,
    endpoint: str | None = None,
    output: str | Path | None = None,
    force: bool = False,
    limit: int | None = None,
    rate: str | None = None,
    concurrency: int | None = None,
    wait: bool = False,
    start_at: datetime | None = None,
    stop_at: datetime | None = None,
    stop_when: StopWhen | None = None,
    home: str | Path | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Send the failed rows of a campaign again, and the invalid and rejected ones as corrected in a result file.

    `what` is that file (.xlsx or .csv), whose rows are sent and no others, or the name of a campaign; never is an accepted
    row sent again. `include_unknown` sends rows, too, that may have been called already, without asking; `include_rejected`
    refused ones that are unchanged. `campaign` is that of a file that has lost its `call_row_id`. The other options are those
    of `run`. Raises as `run`.
    """
    result = going_on.rerun(
        home_folder(home),
        str(what),
        going_on.Wishes(campaign, include_unknown, include_rejected),
        endpoint or os.environ.get("CAMPAIGN_ENDPOINT"),
        keys,
        _options(output, force, limit, rate, concurrency, wait, start_at, stop_at, stop_when),
        Quiet(),
        progress or Quiet(),
    )
    assert result is not None  # nobody said no
    return result


def _options(
    output: str | Path | None,
    force: bool,
    limit: int | None,
    rate: str | None,
    concurrency: int | None,
    wait: bool,
    start_at: datetime | None,
    stop_at: datetime | None,
    stop_when: StopWhen | None,
) -> Options:
    """What the caller asked for. Raises `UsageError` for what the command line would refuse."""
    if limit is not None and limit < 1:
        raise UsageError(f"limit: {limit} rows can't be sent.", "Leave it out to send all; validate sends none.")
    if concurrency is not None and not 1 <= concurrency <= MOST_AT_ONCE:
        raise UsageError(
            f"concurrency: {concurrency} is not from 1 to {MOST_AT_ONCE}.", "Leave it out for the mapping's."
        )
    begins, ends = (moment.astimezone(UTC) if moment is not None else None for moment in (start_at, stop_at))
    refuse_no_time(begins, ends)
    return Options(
        output=Path(output) if output is not None else None,
        force=force,
        limit=limit,
        rate=_rate(rate) if rate is not None else None,
        concurrency=concurrency,
        write_result=output is not None,
        wait=wait,
        start_at=begins,
        stop_at=ends,
        stop_when=read_stop_when(stop_when) if stop_when is not None else None,
    )


def _rate(text: str) -> Rate:
    try:
        return Rate.parse(text)
    except ValueError as error:
        raise UsageError(f"rate: {error}.", "Leave it out to send at the mapping's rate.") from None


def _check_word(hidden_rows: str | None) -> None:
    if hidden_rows not in (None, "call", "skip"):
        raise UsageError(
            f"hidden_rows: {hidden_rows!r} is neither 'call' nor 'skip'.", "Leave it out for the mapping's."
        )


def campaigns(*, home: str | Path | None = None) -> list[CampaignSummary]:
    """All campaigns of the workspace, the newest first: `id`, `list_name`, `created_at`, `counts`, `halted`, and `can_go_on`,
    whether `resume` may have rows to send. May be asked while one is sent."""
    return lookup.campaigns(home_folder(home))


def results(campaign: str, *, home: str | Path | None = None) -> pd.DataFrame:
    """Every row of a campaign: the list's own columns, then the `call_` columns of the result workbook.

    Cells keep their types; the index is the row number of the person's file. Raises `UsageError` for an unknown campaign.
    """
    import pandas as pd

    folder = home_folder(home)
    header = lookup.facts(folder, campaign).header
    rows, numbers = [], []
    for row in lookup.results(folder, campaign):
        own = [*map(_value, row.cells[: len(header)]), *[None] * (len(header) - len(row.cells))]
        rows.append([*own, *row.call_cells()])
        numbers.append(row.number)
    frame = pd.DataFrame(rows, columns=list(result_header(header)), index=pd.Index(numbers, name="row"), dtype=object)
    return frame.astype({frame.columns[len(header) + 3]: "int64"}) if rows else frame


def report(campaign: str, output: str | Path, *, force: bool = False, home: str | Path | None = None) -> Path:
    """Write a page about a campaign to `output` (.html), and return its path: charts, reasons, and the rows to act on.

    It may be written while the campaign is sent. Raises `UsageError` for an unknown campaign, and `OutputError`.
    """
    path = Path(output)
    write_report(home_folder(home), campaign, path, force=force)
    return path


def reconcile(
    campaign: str,
    report: str | Path | None = None,
    *,
    made_at: datetime | None = None,
    complete: bool = False,
    url: str | None = None,
    key_in: Literal["header", "query"] = "header",
    account_key: str | None = None,
    home: str | Path | None = None,
    progress: Progress | None = None,
) -> Settled:
    """Settle a campaign's unknown rows by Brightcall's call reports; see `campaign reconcile --help`.

    `report` is a saved one (with `made_at` and `complete` as the command has them); without it the report is fetched from
    `url`, CAMPAIGN_REPORTS or the campaign's own host, with the account's key. Raises `UsageError` and `ReportError`.
    """
    wanted = Report(
        file=Path(report) if report is not None else None,
        made_at=made_at,
        complete=complete,
        url=url or os.environ.get("CAMPAIGN_REPORTS"),
        key_in=key_in,
        key=account_key,
    )
    return settle(home_folder(home), campaign, wanted, progress or Quiet())


def forget(campaign: str, *, home: str | Path | None = None) -> Forgotten:
    """Erase a finished campaign's personal data from the journal, for good; whom it may have called stays guarded.

    Raises `UsageError` if there is no such campaign or rows of it are still to be sent.
    """
    done = erase(home_folder(home), campaign, lambda _record, _unknown: True)
    assert done is not None  # nobody said no
    return done


def suppress_numbers(
    numbers: str | Iterable[str | int],
    *,
    reason: str = "",
    source: str = "",
    until: date | str | None = None,
    country: str | None = None,
    home: str | Path | None = None,
) -> Added:
    """Put numbers, and prefixes such as `+974*`, on the workspace's own do-not-call list, durably; all of them or none.

    A run that is under way heeds them from its next call on. `until` is the last day on which they count; `country` is
    that of numbers without +. Raises `UsageError` naming what can't be read. May be repeated.
    """
    wish = own_list.wish(reason, source, until.isoformat() if isinstance(until, date) else until)
    given = [numbers] if isinstance(numbers, str) else map(str, numbers)
    return own_list.add(home_folder(home), given, country, wish)


def suppressed(
    number: str, mapping: MappingLike | None = None, *, country: str | None = None, home: str | Path | None = None
) -> Checked:
    """Which do-not-call lists name a number: the workspace's own and, with a mapping, the mapping's."""
    return own_list.check(home_folder(home), number, country, mapping)


def _value(cell: Cell) -> object:
    if isinstance(cell, Formatted):
        return cell.value
    return cell.shown if isinstance(cell, CellFault) else cell
