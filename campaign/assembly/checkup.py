"""doctor: whether the set-up would carry a run. Looks only: makes nothing, sends nothing, calls nobody.

The checks come one by one, so that what is slow (the network) does not hold back what is known.
"""

from __future__ import annotations

import asyncio
import errno
import platform
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from campaign.adapters import machine
from campaign.adapters.clock import SystemClock
from campaign.adapters.gateway import Reached, Unreached, reach
from campaign.adapters.journal.glance import examine
from campaign.adapters.keys import ACCOUNT_KEY, where_keys_stand
from campaign.adapters.results.place import leftovers
from campaign.adapters.suppressions import OwnList
from campaign.adapters.workspace import Workspace
from campaign.assembly.prepare import load_mapping, window_of
from campaign.assembly.suppression_files import SuppressionFiles
from campaign.core.checkup import Check, ok, problem, warning
from campaign.core.endpoint import VENDOR_ENDPOINT, check_endpoint, is_loopback
from campaign.core.errors import CampaignError
from campaign.core.mapping.loaded import LoadedMapping
from campaign.core.mapping.size import size_in_words
from campaign.core.outcome import Fault
from campaign.ports import Progress

KEYS = ("BRIGHTCALL_WIDGET_KEY", "BRIGHTCALL_API_KEY")
"""The keys that a run takes, where the mapping names no others."""

_SHOWN = ("aiohttp", "click", "openpyxl", "pandas", "phonenumbers")
_PATIENCE = 10.0  # seconds for a connection
_TLS_PATIENCE = 2.0  # seconds for a handshake on this machine
_SCARCE = 500 * 1024 * 1024  # bytes; a run of a million rows writes about so many
_SOON = timedelta(days=14)
_ZONES = ("America/New_York", "Europe/London", "Asia/Kolkata")
_WORKSPACE_CURE = "Check your rights to it, or choose another workspace: --home FOLDER or CAMPAIGN_HOME."


def check_set_up(
    home: Path, endpoint: str | None, mapping: str | None, progress: Progress | None = None
) -> Iterator[Check]:
    """All checks, in the order in which a run would meet what they look at. Raises nothing: what goes wrong is told.

    `progress` is told how far a long do-not-call list is read.
    """
    yield _programs()
    yield _zones()
    yield _terminal()
    loaded = None
    if mapping is not None:
        loaded, said = _mapping(mapping, home, progress)
        yield said
    yield from _told("keys", _keys(loaded))
    yield from _told("workspace", _workspace(home))
    yield from _told("do-not-call list", _own_list(home))
    yield from _told("journal", _journal(home))
    yield from _told("leftovers", _leftovers(home))
    yield from _told("endpoint", _endpoint(endpoint))


def _told(name: str, checks: Iterator[Check]) -> Iterator[Check]:
    """The checks; what they raise is a problem of that name."""
    try:
        yield from checks
    except CampaignError as error:
        yield problem(name, error.message.removesuffix(" Nothing was sent."), error.cure)
    except OSError as error:
        yield problem(name, f"can't be looked at: {error.strerror or error}", _WORKSPACE_CURE)


def _programs() -> Check:
    found = machine.versions()
    if missing := [name for name, version in found.items() if not version]:
        return problem("versions", f"not installed: {', '.join(missing)}", "pip install --force-reinstall campaign")
    shown = ", ".join(f"{name} {found[name]}" for name in _SHOWN)
    return ok(
        "versions",
        f"campaign {found['campaign']}, Python {platform.python_version()} on {platform.system()}; {shown}",
    )


def _zones() -> Check:
    if missing := machine.missing_zones(*_ZONES):
        return problem("time zones", f"no data of {', '.join(missing)}", "pip install --upgrade tzdata")
    return ok("time zones", "calling hours can be kept in every zone")


def _terminal() -> Check:
    if encoding := machine.terminal_encoding():
        return warning(
            "terminal",
            f"its encoding is {encoding}: some letters are shown as '?' (files are not touched by that)",
            "Set PYTHONUTF8=1, and on Windows: chcp 65001",
        )
    return ok("terminal", "shows all letters")


def _mapping(name: str, home: Path, progress: Progress | None) -> tuple[LoadedMapping | None, Check]:
    loaded = None
    try:
        loaded = load_mapping(name)
        SuppressionFiles(loaded, progress)
        window_of(loaded, home)
    except CampaignError as error:
        return loaded, problem("mapping", error.message.removesuffix(" Nothing was sent."), error.cure)
    lists = len(loaded.mapping.policy.suppress)
    also = f", and its {lists} do-not-call list{'s' if lists > 1 else ''} can be read" if lists else ""
    return loaded, ok("mapping", f"{name} is sound{also} (validate checks it against a list)")


def _keys(loaded: LoadedMapping | None) -> Iterator[Check]:
    names = (loaded.mapping.widget_key.env, loaded.mapping.api_key.env) if loaded is not None else KEYS
    folders = (Path.cwd(), *((Path(loaded.folder),) if loaded is not None else ()))
    places = where_keys_stand((*names, ACCOUNT_KEY), folders)
    if missing := [name for name in names if not places[name]]:
        yield problem(
            "keys",
            f"not set: {', '.join(missing)}",
            "Set in the environment, or write NAME=... into a file named .env in this folder or beside the mapping. "
            "Brightcall shows them in the dashboard, your widget: tab Main (widget key), tab Integrations (its API key).",
        )
    else:
        yield ok("keys", "; ".join(f"{name} from {_place(places[name])}" for name in names))
    account = places[ACCOUNT_KEY]
    told = f"{ACCOUNT_KEY} from {_place(account)}" if account else f"{ACCOUNT_KEY} is not set; only reconcile needs it"
    yield ok("account key", told)


def _place(where: str) -> str:
    return "the environment" if where == "environment" else where


def _workspace(home: Path) -> Iterator[Check]:
    there = home.exists()
    folder = home if there else machine.nearest_folder(home)
    if not folder.is_dir():
        yield problem("workspace", f"{folder} is no folder", _WORKSPACE_CURE)
        return
    refusal = machine.refusal_to_write(folder)
    if refusal is not None:
        full = refusal.errno in (errno.ENOSPC, errno.EDQUOT)
        cure = "Free some space on that disk." if full else _WORKSPACE_CURE
        yield problem("workspace", f"{folder} can't be written: {refusal.strerror or refusal}", cure)
    else:
        made = f"{home} can be written" if there else f"{home} is not there yet: the first run makes it"
        yield ok("workspace", made)
    free = machine.free_bytes(folder)
    if free < _SCARCE:
        yield warning("disk", f"{size_in_words(free)} free", "Free some space: a large list may not fit.")
    else:
        yield ok("disk", f"{size_in_words(free)} free")
    if holder := Workspace(home).holder():
        yield warning("in use", f"by another command ({holder})", "A run has to wait until that has finished.")


def _own_list(home: Path) -> Iterator[Check]:
    with closing(OwnList(Workspace(home).suppressions_path)) as own_list:
        own_list.check()
        entries = own_list.count()
    yield ok("do-not-call list", f"whole, entries: {entries:,}" if entries else "empty")


def _journal(home: Path) -> Iterator[Check]:
    found = examine(Workspace(home).journal_path)
    if found is None:
        yield ok("journal", "none yet: the first run begins it")
        return
    yield ok("journal", f"whole, format {found.version}, campaigns: {found.campaigns:,}")
    now = SystemClock().now()
    if found.newest is not None and found.newest > now:
        yield problem(
            "clock",
            f"it says {now:%Y-%m-%d %H:%M} UTC, and a campaign of {found.newest:%Y-%m-%d %H:%M} UTC is in the journal",
            "Set the clock of this machine: calling hours are kept by it.",
        )
    else:
        yield ok("clock", f"{now:%Y-%m-%d %H:%M} UTC, {now.astimezone():%H:%M} here")


def _leftovers(home: Path) -> Iterator[Check]:
    folders = dict.fromkeys(folder.absolute() for folder in (Path.cwd(), home) if folder.is_dir())
    found = [path for folder in folders for path in leftovers(folder)]
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        yield warning(
            "leftovers",
            f"of results that were broken off: {', '.join(map(str, found[:3]))}{more}",
            "Delete them if no command is writing just now; the journal has every row.",
        )


def _endpoint(given: str | None) -> Iterator[Check]:
    url = check_endpoint(given or VENDOR_ENDPOINT)
    seen = asyncio.run(reach(url, _PATIENCE))
    if isinstance(seen, Unreached):
        yield problem("endpoint", f"{url}: {_why(seen)}", _cure(seen.fault, url))
    elif not seen.tls and asyncio.run(_speaks_tls(url)):
        yield problem(
            "endpoint", f"{url}: the server speaks TLS there", "Write https:// in --endpoint or CAMPAIGN_ENDPOINT."
        )
    else:
        yield _reached(url, seen)


async def _speaks_tls(url: str) -> bool:
    """Whether a server that takes connections at a plain http address wants TLS there."""
    parts = urlsplit(url)
    place = parts.netloc if parts.port is not None else f"{parts.netloc}:80"
    seen = await reach(urlunsplit(parts._replace(scheme="https", netloc=place)), _TLS_PATIENCE)
    return isinstance(seen, Reached) or seen.fault is Fault.TLS


def _reached(url: str, seen: Reached) -> Check:
    way = f" through the proxy {seen.proxy}" if seen.proxy else ""
    secured = f", {seen.tls}" if seen.tls else ", not encrypted (this machine only)"
    said = f"{url} can be reached{way}{secured}; no request was sent, so nobody was called"
    if seen.valid_until is not None and seen.valid_until - SystemClock().now() < _SOON:
        return warning(
            "endpoint",
            f"{said}. Its certificate ends on {seen.valid_until:%Y-%m-%d}",
            "Tell whoever runs that server: from then on calls would halt.",
        )
    return ok("endpoint", said)


def _why(seen: Unreached) -> str:
    detail = f" ({seen.detail})" if seen.detail else ""
    match seen.fault:
        case Fault.TLS:
            return f"its certificate is not accepted{detail}"
        case Fault.NO_TLS:
            return "the server does not speak TLS there"
        case Fault.TIMEOUT:
            return f"no connection within {_PATIENCE:.0f} s"
        case Fault.URL:
            return f"the address can't be used{detail}"
        case _:
            return f"no connection{detail}"


def _cure(fault: Fault, url: str) -> str:
    match fault, is_loopback(urlsplit(url).hostname or ""):
        case Fault.TLS, _:
            return (
                "Check --endpoint or CAMPAIGN_ENDPOINT, and the clock of this machine. Where a proxy of your company looks "
                "into connections, its certificate must be trusted: SSL_CERT_FILE=FILE.pem"
            )
        case Fault.NO_TLS, True:
            return "Write http:// in --endpoint or CAMPAIGN_ENDPOINT: on this machine that will do."
        case _, True:
            return "Start the sandbox in another window (campaign sandbox), or take CAMPAIGN_ENDPOINT away."
        case _:
            return "Check the network, --endpoint or CAMPAIGN_ENDPOINT, and the proxy (HTTPS_PROXY, NO_PROXY)."
