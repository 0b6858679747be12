"""resume and rerun: go on with a campaign that the journal knows."""

from __future__ import annotations

from pathlib import Path

from campaign.adapters.keys import load_keys
from campaign.assembly.desk import Desk, mapping_of, open_desk
from campaign.core.endpoint import check_endpoint
from campaign.core.keys import Keys
from campaign.core.lifecycle import State
from campaign.core.record import CampaignRecord
from campaign.core.run import Options, RunResult
from campaign.ports import Progress, Talk


def resume(
    home: Path,
    campaign: str | None,
    endpoint: str | None,
    keys: Keys | None,
    options: Options,
    talk: Talk,
    progress: Progress,
) -> RunResult | None:
    """Send the pending and failed rows of a campaign, and the deferred ones whose time has come.

    `campaign` None is the only one that can go on; `endpoint` and `keys` are the campaign's own if None. Returns None if
    the person said no. Raises `UsageError`, `CampaignHalted`.
    """
    with open_desk(home) as desk:
        if desk.recovered:
            talk.tell(
                f"{desk.recovered:,} calls were on their way when the last run was cut off: they are 'unknown' now."
            )
        record = desk.find(campaign)
        return _send(desk, record, endpoint, keys, options, talk, progress)


def rerun(
    home: Path,
    what: str,
    named: str | None,
    include_unknown: bool,
    endpoint: str | None,
    keys: Keys | None,
    options: Options,
    talk: Talk,
    progress: Progress,
) -> RunResult | None:
    """Send what failed, and what a person has corrected in a result file. The rows that may have been called only with
    `include_unknown` and a yes of their own.

    `what` is the file or a campaign; `named` is the campaign where the file does not tell. Otherwise as `resume`.
    """
    file = Path(what)
    with open_desk(home) as desk:
        record = desk.find(named) if named else desk.find_by_file(file) if file.is_file() else desk.find(what)
        if file.is_file():
            talk.corrections(desk.correct(file, record))
        unknown = desk.journal.counts(record.id).get(State.UNKNOWN, 0) if include_unknown else 0
        twice = f"{unknown:,} people may have been called already and could be called twice. Send them all the same?"
        if unknown and not talk.agree(twice):
            unknown = 0
        return _send(desk, record, endpoint, keys, options, talk, progress, unknown)


def _send(
    desk: Desk,
    record: CampaignRecord,
    endpoint: str | None,
    keys: Keys | None,
    options: Options,
    talk: Talk,
    progress: Progress,
    unknown: int = 0,
) -> RunResult | None:
    ready = desk.ready(record) + unknown
    if not ready:
        talk.tell(f"Campaign {record.id} has nothing to send now.")
        return desk.standing(record)
    url = check_endpoint(endpoint or record.endpoint)
    loaded = mapping_of(record)
    keys = keys or load_keys(loaded.mapping, (Path.cwd(), Path(loaded.folder)))
    desk.check_output(options)
    if not talk.agree(f"Send {ready:,} rows of campaign {record.id} ({record.list_name}) to {url}?"):
        talk.tell("Nothing was sent.")
        return None
    desk.release(record, include_unknown=bool(unknown))
    return desk.send(record, url, keys, options, progress)
