"""suppress: the workspace's own do-not-call list, looked at and changed, also while a campaign is being sent from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from campaign.adapters.clock import SystemClock
from campaign.adapters.results.own_list_file import write_own_list
from campaign.adapters.suppressions import OwnList
from campaign.adapters.workspace import Workspace
from campaign.assembly.prepare import MappingLike, load_mapping
from campaign.assembly.suppression_files import SuppressionFiles, home_country, read_file
from campaign.core.cells.country import read_country
from campaign.core.errors import SourceError, UsageError
from campaign.core.lead import Phone
from campaign.core.limits import Limits
from campaign.core.mapping.policy_part import SuppressionFile
from campaign.core.policy.own_entry import OwnEntry
from campaign.core.policy.suppression import Suppression
from campaign.ports import Progress
from campaign.usecases.counting import counted
from campaign.usecases.own_entries import Wish, entries_of, read_numbers, read_one, read_until

_IMPORT_CURE = (
    "Correct the file, or say more: --column names the column of the numbers, --country is that of numbers without +."
)


@dataclass(frozen=True, slots=True)
class Added:
    """How many numbers are suppressed from now on (`new`), and how many were before (`known`); `unread` could not be."""

    new: int
    known: int
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken off, and what did not stand there. `still` are numbers that a prefix of the list suppresses yet."""

    removed: tuple[str, ...]
    missing: tuple[str, ...]
    still: tuple[tuple[str, Suppression], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The entries that were looked for: how many there are, and the newest of them, streamed, each with whether it has expired
    and counts no more."""

    total: int
    entries: Iterator[tuple[OwnEntry, bool]]


@dataclass(frozen=True, slots=True)
class Checked:
    """Every list that says a number must not be called; none, and it may be. `expired` is an entry that counts no more."""

    number: str
    suppressions: tuple[Suppression, ...]
    expired: OwnEntry | None


def wish(reason: str, source: str, until: str | None) -> Wish:
    """What goes along with the numbers. Raises `UsageError` for a day that is none."""
    return Wish(reason, source, read_until(until, SystemClock().now()) if until is not None else None)


def add(home: Path, given: Iterable[str], country: str | None, asked: Wish) -> Added:
    """Put numbers and prefixes on the list, durably. All or none: raises `UsageError` naming those that can't be read."""
    numbers = read_numbers(given, _iso(country))
    now = SystemClock().now()
    workspace = Workspace(home)
    workspace.create()
    with closing(OwnList(workspace.suppressions_path)) as own_list:
        new = own_list.add((asked.entry(number, now) for number in numbers), now)
    return Added(new, len(numbers) - new)


def add_file(
    home: Path, file: Path, column: str | None, country: str | None, asked: Wish, progress: Progress | None = None
) -> Added:
    """Put the numbers of a file on the list. Raises `SourceError` if it can't be read, and then nothing is changed."""
    spec = SuppressionFile(file=str(file), column=column, country=None, sheet=None)
    home_of_numbers = _iso(country)
    try:
        lists = list(read_file(file, spec, home_of_numbers, Limits(), progress))
    except SourceError as error:
        message = error.message.replace("Nothing was sent.", "Nothing was changed.")
        raise SourceError(message, _IMPORT_CURE if "suppress" in error.cure else error.cure) from None
    now = SystemClock().now()
    workspace = Workspace(home)
    workspace.create()
    new = total = 0
    with closing(OwnList(workspace.suppressions_path)) as own_list:
        for read in lists:
            as_asked = Wish(asked.reason, asked.source or read.name, asked.until)
            new += own_list.add(counted(entries_of(read.numbers, as_asked, now), progress, read.name), now)
            total += len(read.numbers)
    return Added(new, total - new, tuple(entry for read in lists for entry in read.unread))


def remove(
    home: Path, given: Iterable[str], country: str | None, confirm: Callable[[list[str]], bool]
) -> Removed | None:
    """Take numbers and prefixes off the list; None if `confirm`, shown those that stand there, says no."""
    numbers = read_numbers(given, _iso(country))
    with closing(OwnList(Workspace(home).suppressions_path)) as own_list:
        there = [number for number in numbers if own_list.known(number) is not None]
        if there and not confirm(there):
            return None
        removed = own_list.remove(there)
        now = SystemClock().now()
        still = tuple(
            (number, found)
            for number in numbers
            if not number.endswith("*") and (found := own_list.find(Phone(number, ""), now)) is not None
        )
    return Removed(tuple(removed), tuple(number for number in numbers if number not in removed), still)


def export(home: Path, output: Path, *, force: bool, progress: Progress | None = None) -> int:
    """Write the whole list to a file, expired entries too. Returns how many. Raises `OutputError`."""
    with closing(OwnList(Workspace(home).suppressions_path)) as own_list:
        count = own_list.count()
        entries = counted(own_list.entries(), progress, "the do-not-call list")
        write_own_list(output, entries, count, SystemClock().now(), force=force)
    return count


@contextmanager
def search(home: Path, digits: str, limit: int) -> Iterator[Found]:
    """The entries that have these digits in a row, the newest first; all for "". Raises `UsageError` for other signs."""
    wanted = "".join(sign for sign in digits if sign not in " +().-/*")
    if digits and not (wanted.isascii() and wanted.isdecimal()):
        raise UsageError(f"'{digits}' has no digits to search for.", "Search for a part of a number: --search 2079460.")
    now = SystemClock().now()
    with closing(OwnList(Workspace(home).suppressions_path)) as own_list:
        yield Found(own_list.count(wanted), ((entry, entry.expired(now)) for entry in own_list.search(wanted, limit)))


def check(
    home: Path,
    said: str,
    country: str | None,
    mapping: MappingLike | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Whether a number must not be called: by the workspace's own list and, with a mapping, by the mapping's lists."""
    loaded = load_mapping(mapping) if mapping is not None else None
    phone = read_one(said, _iso(country) or (home_country(loaded.mapping) if loaded else ""))
    now = SystemClock().now()
    with closing(OwnList(Workspace(home).suppressions_path)) as own_list:
        known = own_list.known(phone.e164)
        found = [own_list.find(phone, now)]
    if loaded is not None:
        found += SuppressionFiles(loaded, progress).lists.find_all(phone, now)
    expired = known if known is not None and known.expired(now) else None
    return Checked(phone.e164, tuple(one for one in found if one is not None), expired)


def _iso(country: str | None) -> str:
    if not country:
        return ""
    iso = read_country(country)
    if iso is None:
        raise UsageError(f"--country: '{country}' is no country.", "Write an ISO code like US, GB or DE, or its name.")
    return iso
