"""What the sandbox does wrong, to which arrivals, and whether a call was started all the same.

A spec is a list of `NAME:SHARE[:option=value]`, such as `500:5%,429:first=3:retry-after=2,hang:1%,403:after=50`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from hashlib import blake2b
from itertools import accumulate

from campaign.core.errors import UsageError


class Kind(StrEnum):
    """How the sandbox misbehaves."""

    STATUS = "status"  # answers with a status from 400 to 599
    REDIRECT = "redirect"  # answers with a 3xx that points back at the endpoint
    DROP_BEFORE = "drop-before"  # aborts the connection before the body is read
    DROP_AFTER = "drop-after"  # reads, starts the call, aborts the connection
    HANG = "hang"  # reads, starts the call, never answers
    SLOW = "slow"  # answers correctly, late
    MALFORMED = "malformed"  # answers with something that is no HTTP
    CUT = "cut"  # ends the answer before its Content-Length
    NOT_JSON = "not-json"  # answers 200 with a web page
    REFUSE = "refuse"  # answers 200 with a JSON object that says failure


class Reach(StrEnum):
    """How a fault chooses its arrivals. The order is the precedence: a count beats a share, a share beats `all`."""

    FIRST = "first"  # the first `amount` arrivals
    AFTER = "after"  # every arrival after number `amount`
    SHARE = "share"  # `amount` of all arrivals, 0 to 1, chosen by the seed
    ALL = "all"  # every arrival that no other fault takes


_REDIRECTS = (301, 302, 303, 307, 308)
_STATUSES = range(400, 600)
_NAMES = (
    *(kind.value for kind in Kind if kind not in (Kind.STATUS, Kind.REDIRECT)),
    *(f"redirect-{status}" for status in _REDIRECTS),
)
_SLOW_SECONDS = 2.0
# A real gateway that answers so has thrown the request away or has not passed it on.
_NOT_STARTED = (503, 301, 307, 308)


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to misbehave, and for which arrivals. `str()` gives its spec back.

    `name` as in the spec (`500`, `hang`, `redirect-307`); `amount` is a count or a share, see `Reach`. `seconds` is
    how late `slow` is. `retry_after` is the header's seconds, or `date` for a date a few seconds ahead.
    """

    name: str
    reach: Reach = Reach.ALL
    amount: float = 0
    seconds: float = 0
    retry_after: str = ""

    @property
    def kind(self) -> Kind:
        """How it misbehaves."""
        if self.name.isdigit():
            return Kind.STATUS
        return Kind.REDIRECT if self.name.startswith("redirect-") else Kind(self.name)

    @property
    def status(self) -> int | None:
        """The status that goes out; None where none does."""
        match self.kind:
            case Kind.STATUS:
                return int(self.name)
            case Kind.REDIRECT:
                return int(self.name.removeprefix("redirect-"))
            case Kind.SLOW | Kind.CUT | Kind.NOT_JSON | Kind.REFUSE:
                return 200
            case _:
                return None

    @property
    def starts_call(self) -> bool:
        """Whether the person is called all the same: the worst that such an answer can mean."""
        if self.kind in (Kind.STATUS, Kind.REDIRECT):
            return self.status not in _NOT_STARTED and self.status not in range(400, 500)
        return self.kind not in (Kind.DROP_BEFORE, Kind.REFUSE)

    def __str__(self) -> str:
        match self.reach:
            case Reach.SHARE:
                share = repr(self.amount)
            case Reach.ALL:
                share = "all"
            case _:
                share = f"{self.reach}={self.amount:.0f}"
        seconds = f":seconds={self.seconds!r}" if self.kind is Kind.SLOW else ""
        return f"{self.name}:{share}{seconds}" + (f":retry-after={self.retry_after}" if self.retry_after else "")


class FaultPlan:
    """Which arrival gets which fault: the same seed and arrival number always give the same answer."""

    def __init__(self, faults: tuple[Fault, ...], seed: int) -> None:
        self._seed = seed
        self._counted = [fault for fault in faults if fault.reach in (Reach.FIRST, Reach.AFTER)]
        self._shared = [fault for fault in faults if fault.reach is Reach.SHARE]
        self._bounds = list(accumulate(fault.amount for fault in self._shared))
        self._rest = next((fault for fault in faults if fault.reach is Reach.ALL), None)

    def fault_for(self, number: int) -> Fault | None:
        """The fault of arrival `number` (from 1), None where it is served well."""
        for fault in self._counted:
            if number <= fault.amount if fault.reach is Reach.FIRST else number > fault.amount:
                return fault
        if self._shared:
            draw = self.draw("fault", number)
            for bound, fault in zip(self._bounds, self._shared, strict=True):
                if draw < bound:
                    return fault
        return self._rest

    def draw(self, purpose: str, number: int) -> float:
        """A number from 0 up to 1 that depends on the seed, the purpose and the arrival number alone."""
        digest = blake2b(f"{self._seed}/{purpose}/{number}".encode(), digest_size=6).digest()
        return int.from_bytes(digest) / 2**48


def parse_faults(spec: str) -> tuple[Fault, ...]:
    """The faults of a spec; none for a blank one. Raises `UsageError` that names the word that is wrong."""
    if not spec.strip():
        return ()
    faults = tuple(_parse_fault(item.strip().lower()) for item in spec.split(","))
    total = sum(fault.amount for fault in faults if fault.reach is Reach.SHARE)
    if total > 1 + 1e-9:
        raise UsageError(f"The shares in '{spec}' add up to {total:.4%}.", "Lower them to 100% or less together.")
    if sum(fault.reach is Reach.ALL for fault in faults) > 1:
        raise UsageError(f"More than one fault in '{spec}' is for all.", "Leave `all` to one of them.")
    return faults


def _parse_fault(item: str) -> Fault:
    name, *words = (word.strip() for word in item.split(":"))
    _check_name(name)
    if not words:
        raise UsageError(f"The fault '{name}' does not say how often.", f"Write for example {name}:5% or {name}:all.")
    reach, amount = _parse_share(words[0], item)
    seconds, retry_after = _parse_options(name, words[1:], item)
    return Fault(name, reach, amount, seconds, retry_after)


def _check_name(name: str) -> None:
    if name in _NAMES or (re.fullmatch("[0-9]{3}", name) and int(name) in _STATUSES):
        return
    if not name:
        raise UsageError("A fault has no name.", "Write faults as NAME:SHARE, separated by single commas.")
    if re.fullmatch("[0-9]+", name):
        raise UsageError(f"'{name}' is no status that can be a fault.", "Use 400 to 599.")
    known = (*_NAMES, *map(str, _STATUSES))
    raise UsageError(f"There is no fault '{name}'.", _nearest(name, known, (*_NAMES, "400 to 599")))


def _parse_share(word: str, item: str) -> tuple[Reach, float]:
    if word == "all":
        return Reach.ALL, 0
    if counted := re.fullmatch("(first|after)=([0-9]{1,9})", word):
        return Reach(counted[1]), int(counted[2])
    if shared := re.fullmatch(r"([0-9]+|[0-9]*\.[0-9]+(?:e-[0-9]{1,3})?|[0-9]e-[0-9]{1,3})(%?)", word):
        share = float(shared[1]) / (100 if shared[2] else 1)
        if share <= 1:
            return Reach.SHARE, share
    raise UsageError(f"'{word}' in '{item}' is no share.", "Write 5%, 0.05, all, first=3 or after=50.")


def _parse_options(name: str, words: list[str], item: str) -> tuple[float, str]:
    """`seconds` of `slow`, `retry-after` of 429 and 503."""
    allowed = {"slow": "seconds", "429": "retry-after", "503": "retry-after"}.get(name)
    given: dict[str, str] = {}
    for word in words:
        key, _, value = (part.strip() for part in word.partition("="))
        if allowed is None:
            raise UsageError(f"'{word}' in '{item}': {name} has no options.", "Leave it out.")
        if key != allowed:
            raise UsageError(f"'{key}' in '{item}' is no option of {name}.", f"Did you mean {allowed}?")
        if key in given:
            raise UsageError(f"'{key}' stands twice in '{item}'.", "Leave one of them out.")
        if not re.fullmatch(r"[0-9]{1,5}|date" if key == "retry-after" else r"[0-9]{1,5}(\.[0-9]+)?", value):
            wanted = "seconds, or the word date" if key == "retry-after" else "seconds, such as 1.5"
            raise UsageError(f"'{value}' in '{item}' is no value for {key}.", f"Write {wanted}.")
        given[key] = value
    default = str(_SLOW_SECONDS) if name == "slow" else "0"
    return float(given.get("seconds", default)), given.get("retry-after", "")


def _nearest(word: str, known: tuple[str, ...], listed: tuple[str, ...]) -> str:
    near = get_close_matches(word, known, n=1)
    return f"Did you mean {near[0]}?" if near else f"Choose from: {', '.join(listed)}."
