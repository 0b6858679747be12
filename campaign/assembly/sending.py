"""Sending what is due of a campaign, and writing what became of it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from campaign.adapters.clock import SystemClock
from campaign.adapters.event_log import EventLog
from campaign.adapters.results import check_folder, result_writer
from campaign.assembly.bounds import course_of
from campaign.assembly.desk import Desk, mapping_of
from campaign.assembly.exporting import write_result
from campaign.assembly.pool import finish, submit
from campaign.assembly.rules import RulesAtSending
from campaign.assembly.suppression_files import SuppressionFiles
from campaign.core.course import Course
from campaign.core.errors import CampaignHalted, OutputError, UsageError, WorkspaceError
from campaign.core.event import Finished, Started
from campaign.core.keys import Keys
from campaign.core.mapping.delivery_part import DeliverySpec
from campaign.core.record import CampaignRecord
from campaign.core.run import Options, RunResult
from campaign.ports import Progress, ResultWriter
from campaign.usecases.sending.onlookers import Onlookers

_LONG_RESULT = 100_000  # rows whose writing takes so long that a person asks what goes on


def check_output(options: Options) -> None:
    """Raise `OutputError` now if the result could not be written later."""
    if options.output is not None:
        result_writer(options.output, force=options.force)
    elif options.write_result:
        check_folder(Path("results.xlsx"))  # its name is found later: it has that of the campaign


def send(
    desk: Desk,
    record: CampaignRecord,
    endpoint: str,
    keys: Keys,
    options: Options,
    progress: Progress,
    files: SuppressionFiles | None = None,
) -> RunResult:
    """Send what is due of a campaign and write the result file. `files` are the do-not-call lists, where they were read already.

    Raises `CampaignHalted` if the journal can no longer be written; what was committed before stands.
    """
    loaded = mapping_of(record)
    rules = RulesAtSending(loaded, desk.home, files or SuppressionFiles(loaded, progress), desk.own_list)
    output = _output(record, options)
    writer = result_writer(output, force=options.force) if output is not None else None
    desk.journal.set_endpoint(record.id, endpoint, keys.fingerprint())
    desk.journal.set_halted(record.id, "")
    started = time.monotonic()
    onlookers = Onlookers(progress, EventLog(record.id))
    course = course_of(desk.journal, record, loaded.mapping.delivery, options, SystemClock().now())
    onlookers.happened(_started(course, endpoint, loaded.mapping.delivery, options))
    end = finish(
        lambda stop: submit(
            desk.journal, record, loaded.mapping, rules, endpoint, keys, options, onlookers, course, stop
        )
    )
    if isinstance(end.failure, WorkspaceError):
        raise _journal_fails(end.failure, record)
    halted = end.halted
    if isinstance(end.failure, UsageError):  # a do-not-call list that was spoilt while calls went out
        halted = f"{end.failure.message} {end.failure.cure} Then: campaign resume {record.id}"
    try:
        desk.journal.recover(SystemClock().now())
        if halted:
            desk.journal.set_halted(record.id, halted)
    except WorkspaceError as error:
        raise _journal_fails(error, record) from None
    try:
        if output is not None and writer is not None:
            _write(desk, record, output, writer, progress)
    except OutputError as error:
        output, halted = None, f"{halted} {error}".strip()
    if end.failure is not None and not isinstance(end.failure, UsageError):
        raise end.failure
    standing = desk.standing(record)
    result = replace(
        standing,
        output=output,
        halted=halted,
        paused=end.paused if standing.unfinished else "",
        interrupted=end.interrupted,
        seconds=time.monotonic() - started,
    )
    onlookers.happened(_finished(result))
    return result


def write_standing(desk: Desk, record: CampaignRecord, options: Options, progress: Progress) -> RunResult:
    """Where the campaign stands, with its result file as `options` want it, if there is nothing to send. Raises `OutputError`."""
    standing = desk.standing(record)
    output = _output(record, options)
    if output is not None:
        _write(desk, record, output, result_writer(output, force=options.force), progress)
    return replace(standing, output=output)


def _write(desk: Desk, record: CampaignRecord, output: Path, writer: ResultWriter, progress: Progress) -> None:
    if sum(desk.journal.counts(record.id).values()) >= _LONG_RESULT:  # nothing else moves meanwhile
        progress.note(f"Writing {output} ...")
    try:
        write_result(desk.journal, record.id, writer)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            f"Stopped while the result was written, so there is none. Nothing is lost: campaign export {record.id} -o OUT"
        ) from None


def _started(course: Course, endpoint: str, delivery: DeliverySpec, options: Options) -> Started:
    return Started(
        list=course.list_name,
        endpoint=endpoint,
        counts=course.counts,
        rate=str(options.rate or delivery.rate),
        concurrency=options.concurrency or delivery.concurrency,
        limit=options.limit,
        wait=course.stays,
        start_at=course.starts,
        stop_at=course.ends,
    )


def _finished(result: RunResult) -> Finished:
    return Finished(
        counts=result.counts,
        seconds=round(result.seconds, 3),
        output=str(result.output) if result.output is not None else None,
        halted=result.halted,
        paused=result.paused,
        interrupted=result.interrupted,
    )


def _output(record: CampaignRecord, options: Options) -> Path | None:
    if not options.write_result:
        return None
    return options.output or _default_output(record)


def _default_output(record: CampaignRecord) -> Path:
    """Where the result goes when nobody says: a name in this folder that is still free, so that no edited file is lost."""
    stem = f"{Path(record.list_name).stem}-{record.id}"
    names = (Path(f"{stem}{suffix}.xlsx") for suffix in ("", *(f"-{n}" for n in range(2, 10_000))))
    return next(name for name in names if not name.exists())


def _journal_fails(error: WorkspaceError, record: CampaignRecord) -> CampaignHalted:
    said = error.message.removesuffix(" Nothing was sent.")
    return CampaignHalted(
        f"{said} Sending stopped; calls under way are 'unknown'.",
        f"Nothing is lost. Mend that, then: campaign resume {record.id}",
    )
