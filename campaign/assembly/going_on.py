"""resume and rerun: go on with a campaign that the journal knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from campaign.adapters.keys import load_keys
from campaign.adapters.near_file import did_you_mean
from campaign.adapters.sources import ENDINGS
from campaign.assembly.changed_since import changed_since
from campaign.assembly.desk import Desk, mapping_of, open_desk
from campaign.assembly.sending import check_output, send, write_standing
from campaign.core.endpoint import check_endpoint
from campaign.core.errors import UsageError
from campaign.core.keys import Keys
from campaign.core.lifecycle import State
from campaign.core.record import CampaignRecord
from campaign.core.run import Options, RunResult
from campaign.ports import Progress, Talk

_NEWEST = 5  # campaigns whose rows in doubt are told where none waits; campaign status lists them all


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
        desk.tell_of_cut_off(talk.tell)
        name = campaign if campaign is not None else desk.only_open_one()
        if name is None:
            for sentence in _nothing_waits(desk):
                talk.tell(sentence)
            return RunResult("", {}, None, "", interrupted=False, seconds=0.0)
        return go_on(desk, name, endpoint, keys, options, talk, progress)


@contextmanager
def every_open_one(home: Path, tell: Callable[[str], None]) -> Iterator[tuple[Desk, list[str]]]:
    """The desk, and the campaigns that can go on there, the oldest first: `go_on` goes on with each. No other command delivers
    in between."""
    with open_desk(home) as desk:
        desk.tell_of_cut_off(tell)
        names = [c.id for c in reversed(desk.journal.campaigns()) if c.can_go_on or c.id in desk.cut_off]
        if not names:
            for sentence in _nothing_waits(desk):
                tell(sentence)
        yield desk, names


def go_on(
    desk: Desk,
    campaign: str,
    endpoint: str | None,
    keys: Keys | None,
    options: Options,
    talk: Talk,
    progress: Progress,
) -> RunResult | None:
    """`resume`, at a desk that is open already."""
    record = desk.find(campaign)
    _tell_of_changes(record, talk)
    going = _Going(desk, record, endpoint, keys, options, talk, progress)
    return going.send(desk.ready(record, options), lambda: desk.release(record))


def rerun(
    home: Path,
    what: str,
    wishes: Wishes,
    endpoint: str | None,
    keys: Keys | None,
    options: Options,
    talk: Talk,
    progress: Progress,
) -> RunResult | None:
    """Send what failed, and what a person has corrected in a result file: `what` is the file, or a campaign.

    Of a file, only its own rows are sent. Otherwise as `resume`.
    """
    file = Path(what)
    with open_desk(home) as desk:
        desk.tell_of_cut_off(talk.tell)
        if not file.is_file() and (wishes.campaign or file.suffix):
            near = did_you_mean(file, *ENDINGS)
            raise UsageError(f"There is no file {what}.", f"{near}Check the name; campaign status lists the campaigns.")
        if file.is_file():
            record = desk.find_by_file(file, wishes.campaign)
            taken = desk.correct(file, record, progress)
            talk.corrections(taken)
            going = taken.ready | desk.coming(taken.deferred, options)
            ready, unknown, refused = len(going), taken.unknown, taken.refused
        else:
            record = desk.find(what)
            taken, going = None, set()
            ready = desk.ready(record, options)
            unknown = desk.journal.leads_in(record.id, State.UNKNOWN)
            refused = desk.journal.leads_in(record.id, State.REJECTED)
        _tell_of_changes(record, talk)
        if not (wishes.unknown and unknown and talk.agree(_twice(len(unknown)))):
            unknown = set()
        if not wishes.rejected:
            refused = set()

        def release() -> None:
            if taken is None:
                desk.release(record)
            desk.journal.release_leads(unknown, State.UNKNOWN)
            desk.journal.release_leads(refused, State.REJECTED)

        if taken is not None:
            options = replace(options, only=going | unknown | refused)
        both = _Going(desk, record, endpoint, keys, options, talk, progress)
        return both.send(ready + len(unknown) + len(refused), release, unknown | refused)


def _tell_of_changes(record: CampaignRecord, talk: Talk) -> None:
    if changed := changed_since(record):
        have, their = ("has", "its") if len(changed) == 1 else ("have", "their")
        talk.tell(
            f"{' and '.join(changed)} {have} changed since campaign {record.id} was made: it goes on with what was read then, "
            f"and {their} changes are not taken. To correct rows, edit the result file and rerun that; to start anew from "
            f"{record.list_name}: campaign cancel {record.id}, then campaign run."
        )


def _nothing_waits(desk: Desk) -> list[str]:
    """Why there is nothing to go on with, and what a person may still want to do."""
    known = desk.journal.campaigns()
    if not known:
        return ["This workspace has no campaigns yet: there is nothing to go on with."]
    told = ["No campaign is waiting to go on: there is nothing to send."]
    told.extend(
        f"{_maybe_called(unknown)} in campaign {campaign.id} ({campaign.list_name}). To find out: "
        f"campaign reconcile {campaign.id}"
        for campaign in known[:_NEWEST]
        if (unknown := campaign.counts.get(State.UNKNOWN))
    )
    newest = known[0]
    told.append(f"The result of the last one ({newest.list_name}) again: campaign export {newest.id} -o results.xlsx")
    return told


def _maybe_called(people: int) -> str:
    return f"{people:,} {'person' if people == 1 else 'people'} may have been called already"


def _twice(people: int) -> str:
    return f"{_maybe_called(people)} and could be called twice. Send them all the same?"


def _why_nothing(standing: RunResult) -> str:
    counts = standing.counts
    if counts.get(State.ACCEPTED) == standing.total:
        return ": every row is accepted"
    if unknown := counts.get(State.UNKNOWN):
        return f": {_maybe_called(unknown)}, and nobody is called again by itself"
    if deferred := counts.get(State.DEFERRED):
        return f": {deferred:,} {'row waits' if deferred == 1 else 'rows wait'} for calling hours or a free cap"
    return ": no row is left that can be sent as it is"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a rerun takes besides the failed and corrected rows. `campaign` is the file's, where the file does not tell."""

    campaign: str | None = None
    unknown: bool = False
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class _Going:
    """What both commands have in hand."""

    desk: Desk
    record: CampaignRecord
    endpoint: str | None
    keys: Keys | None
    options: Options
    talk: Talk
    progress: Progress

    def send(
        self, ready: int, release: Callable[[], None], released: Collection[int] = frozenset()
    ) -> RunResult | None:
        """Ask, release, send. `ready` is how many rows `release` makes ready, `released` are those that only a person's word
        does."""
        if not ready:
            standing = self.desk.standing(self.record)
            self.talk.tell(f"Campaign {self.record.id} has nothing to send now{_why_nothing(standing)}.")
            # A run that was cut off left no result.
            wanted = self.options.output is not None or self.record.id in self.desk.cut_off
            return write_standing(self.desk, self.record, self.options, self.progress) if wanted else standing
        url = check_endpoint(self.endpoint or self.record.endpoint)
        loaded = mapping_of(self.record)
        keys = self.keys or load_keys(loaded.mapping, (Path.cwd(), Path(loaded.folder)))
        check_output(self.options)
        seen = self.desk.outlook(self.record, loaded.mapping.delivery, self.options, released)
        self.talk.ahead(seen)
        first = min(ready, self.options.limit or ready)
        if not self.options.wait:
            first = min(first, seen.now)
        rows = f"{first:,} row{'s' if first != 1 else ''}" if first else "what can go (no row can by now)"
        later = ", now and as their calling hours open" if self.options.wait else ""
        if not self.talk.agree(f"Send {rows} of campaign {self.record.id} ({self.record.list_name}) to {url}{later}?"):
            return None
        release()
        return send(self.desk, self.record, url, keys, self.options, self.progress)
