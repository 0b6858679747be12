"""The main job: a list is entered as a campaign, shown to a person, and sent if they say yes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from campaign.adapters.clock import SystemClock
from campaign.adapters.journal import Journal
from campaign.adapters.row_reading import ReadingProcesses
from campaign.assembly.desk import Desk, open_desk
from campaign.assembly.prepare import Plan
from campaign.assembly.sending import check_output, send
from campaign.assembly.wrong_list import refuse_undecided
from campaign.core.errors import KeysError, UsageError
from campaign.core.keys import Keys
from campaign.core.record import CampaignRecord
from campaign.core.row_id import campaign_id
from campaign.core.run import Options, Preview, RunResult
from campaign.ports import Progress, rows_by_reason
from campaign.usecases.ingest import ingest
from campaign.usecases.validate import redacted_payload


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
        desk.tell_of_cut_off(progress.note)
        check_output(options)
        try:
            record = _enter(desk, plan, endpoint, keys, list_path, progress)
            agreed = False
            try:
                agreed = confirm(_preview(desk, record, plan, options))
            finally:
                if not agreed:
                    desk.journal.drop_draft(record.id)
        except KeyboardInterrupt:
            raise KeyboardInterrupt("Stopped. Nothing was sent.") from None
        if not agreed:
            return None
        desk.journal.open_campaign(record.id)
        return send(desk, record, endpoint, keys, options, progress, plan.suppression)


def _enter(desk: Desk, plan: Plan, endpoint: str, keys: Keys, list_path: str, progress: Progress) -> CampaignRecord:
    """Enter the plan's list as a draft. Raises `UsageError` if an unfinished campaign has the same list."""
    fingerprint = plan.source.fingerprint()
    for earlier in desk.journal.campaigns_of_list(fingerprint):
        if desk.unsent(earlier):
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
        id=_new_id(desk.journal, now),
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
    plan.screening.heed(desk.own_list)
    try:
        with ReadingProcesses() as read_many:
            ingest(record, plan.source, plan.reader, plan.screening, desk.journal, progress, read_many)
    except BaseException:
        desk.journal.drop_draft(record.id)
        raise
    return record


def _preview(desk: Desk, record: CampaignRecord, plan: Plan, options: Options) -> Preview:
    """What sending the draft would do."""
    counts = desk.journal.counts(record.id)
    due = desk.journal.due(record.id, 0, 1)
    rate = options.rate or plan.mapping.delivery.rate
    outlook = desk.outlook(record, plan.mapping.delivery, options)
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


def _new_id(journal: Journal, now: datetime) -> str:
    while True:
        campaign = campaign_id(now, secrets.choice)
        if journal.campaign(campaign) is None:
            return campaign
