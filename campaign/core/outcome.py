"""What a network event means for the row: the table of DELIVERY.md, as a pure function.

`retry` = proven that nothing was started. `unknown` = ambiguous. `halt` = every further row would fare the same.
The function sees what was observed (`Exchange`), never an exception class: aiohttp reports a malformed answer as status
400, so only what was really received may count.
"""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from campaign.core.endpoint import without_query
from campaign.core.lifecycle import State


class Fault(StrEnum):
    """What went wrong on the way. Which of them prove that nothing was started is decided in `judge`."""

    CONNECT = "connect"  # refused, DNS, unreachable, connect timeout, proxy refused
    TLS = "tls"  # the certificate or the handshake failed
    NO_TLS = "no tls"  # the other side speaks no TLS at all
    URL = "url"  # the endpoint can't be used at all
    DROPPED = "dropped"  # disconnected, reset, cut short
    TIMEOUT = "timeout"  # no answer in time
    MALFORMED = "malformed"  # the answer is no HTTP
    CANCELLED = "cancelled"  # we gave up waiting
    INTERNAL = "internal"  # an error of our own, before or after the request was on its way


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was observed of one request.

    `connected`: a connection was created or reused for it, so bytes may have left. `status`: the status that was really
    received, None without one. `body`: what was received of the answer's body; `complete` whether all of it was.
    """

    connected: bool
    status: int | None = None
    headers: MappingOf[str, str] = field(default_factory=dict)
    body: bytes = b""
    complete: bool = False
    fault: Fault | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SuccessRule:
    """What counts as success in a 2xx JSON object (the vendor documents none, so it is a named, configurable rule).

    An object is a failure if a key of `failure` has one of the values given there; `require`, if not empty, must hold
    for success as well.
    """

    require: MappingOf[str, tuple[Any, ...]] = field(default_factory=dict)

    def judge(self, answer: MappingOf[str, Any]) -> Literal["accepted", "rejected", "unknown"]:
        """`rejected` if the answer says failure, `accepted` if nothing in it says so and all required holds."""
        if _says_failure(answer):
            return "rejected"
        if not all(answer.get(key) in values for key, values in self.require.items()):
            return "unknown"
        return "accepted"


def _says_failure(answer: MappingOf[str, Any]) -> bool:
    success = answer.get("success")
    if (success.casefold() if isinstance(success, str) else success) in (False, "false", "0"):
        return True
    if answer.get("error") or answer.get("errors"):
        return True
    status = answer.get("status")
    return isinstance(status, str) and (status.casefold().startswith(("fail", "error")))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows for the row and for the campaign.

    `cause` is the reason without the row's own values, which an answer may repeat; "" if it has none. `state` is where the
    row goes; PENDING means "proven not started": retried if `retry`, else left for `resume`.
    `halt` is the reason and cure for which the whole campaign stops. `throttled` asks the whole campaign to wait at
    least as long as the answer's Retry-After.
    """

    state: State
    reason: str
    retry: bool = False
    halt: str = ""
    throttled: bool = False
    cause: str = ""


_KEYS_CURE = (
    "Check BRIGHTCALL_WIDGET_KEY (dashboard, widget, tab Main) and BRIGHTCALL_API_KEY: it must be the widget's own API key "
    "(widget, tab Integrations), not the account's - mixing these two up is the commonest mistake - then: campaign resume."
)
_HALTS = {
    401: f"The endpoint refused the keys (401). {_KEYS_CURE}",
    402: "The endpoint asks for payment (402). Check the account's balance, then: campaign resume.",
    403: f"The endpoint refused the keys (403). {_KEYS_CURE}",
    404: "The endpoint's address is wrong (404). Check --endpoint or CAMPAIGN_ENDPOINT, then: campaign resume.",
    405: "The endpoint does not take this method (405). Check delivery.method in the mapping, then: campaign resume.",
}
_MOVED = (
    "The endpoint has moved ({status} to {location}). Redirects are never followed, because that could call people twice. "
    "Check --endpoint, then: campaign resume."
)
_NOT_SENT = {
    Fault.CONNECT: "no connection could be made",
    Fault.DROPPED: "the connection broke before anything was sent",
    Fault.TIMEOUT: "no connection could be made in time",
    Fault.CANCELLED: "stopped before anything was sent",
    Fault.INTERNAL: "an error before anything was sent",
    Fault.MALFORMED: "the connection could not be used",
}
_MAYBE_SENT = {
    Fault.CONNECT: "the connection broke",
    Fault.DROPPED: "the connection broke",
    Fault.TIMEOUT: "no answer came in time",
    Fault.CANCELLED: "the run was stopped while the answer was awaited",
    Fault.INTERNAL: "an error interrupted the request",
    Fault.MALFORMED: "the answer could not be understood",
    Fault.TLS: "the encrypted connection broke",
    Fault.NO_TLS: "the encrypted connection broke",
    Fault.URL: "the endpoint's address could not be used",
}
MAYBE_CALLED = "The person may have been called: check in Brightcall before sending again"


def judge(exchange: Exchange, rule: SuccessRule, *, retry_503: bool = False) -> Verdict:
    """The verdict on one exchange. Pure; every row of DELIVERY.md's table is a case here."""
    if exchange.status is None:
        return _judge_fault(exchange)
    status = exchange.status
    if 200 <= status < 300:
        return _judge_success(exchange, rule)
    if status in (301, 307, 308):
        location = exchange.headers.get("Location", "an unnamed place")
        return Verdict(State.PENDING, "not sent", halt=_MOVED.format(status=status, location=_place(location)))
    if status in (302, 303):
        return Verdict(
            State.UNKNOWN,
            f"The endpoint answered with a redirect ({status}). {MAYBE_CALLED}.",
            halt=_MOVED.format(status=status, location=_place(exchange.headers.get("Location", ""))),
        )
    if status in (400, 413, 415, 422):
        said = said_by(exchange.body)
        return Verdict(
            State.REJECTED,
            f"Brightcall refused this lead ({status}){f': {said}' if said else ''}. Correct the row and rerun.",
        )
    if status in _HALTS:
        return Verdict(State.PENDING, "not sent", halt=_HALTS[status])
    if status == 429:
        return Verdict(State.PENDING, "Brightcall asked to slow down (429)", retry=True, throttled=True)
    if status == 503 and retry_503:
        return Verdict(State.PENDING, "Brightcall was not available (503)", retry=True)
    return Verdict(State.UNKNOWN, f"Brightcall answered {status}. {MAYBE_CALLED}.")


def _judge_fault(exchange: Exchange) -> Verdict:
    fault = exchange.fault or Fault.INTERNAL
    detail = f" ({exchange.detail})" if exchange.detail else ""
    if exchange.connected:
        return Verdict(State.UNKNOWN, f"Sent, but {_MAYBE_SENT[fault]}{detail}. {MAYBE_CALLED}.")
    if fault is Fault.TLS:
        return Verdict(
            State.PENDING,
            "not sent",
            halt=f"The endpoint can't be trusted: its certificate or its encryption failed{detail}. Check --endpoint and "
            "this machine's clock and certificates, then: campaign resume.",
        )
    if fault is Fault.NO_TLS:
        return Verdict(
            State.PENDING,
            "not sent",
            halt="The endpoint does not speak TLS (https) at that address and port. Check --endpoint or CAMPAIGN_ENDPOINT, "
            "then: campaign resume.",
        )
    if fault is Fault.URL:
        return Verdict(
            State.PENDING,
            "not sent",
            halt=f"The endpoint's or the proxy's address can't be used{detail}. Check --endpoint or CAMPAIGN_ENDPOINT, and "
            "HTTPS_PROXY if that is set, then: campaign resume.",
        )
    return Verdict(State.PENDING, f"Not sent: {_NOT_SENT[fault]}{detail}", retry=True)


def _judge_success(exchange: Exchange, rule: SuccessRule) -> Verdict:
    if not exchange.complete:
        return Verdict(State.UNKNOWN, f"Brightcall's answer was cut short. {MAYBE_CALLED}.")
    try:
        answer = json.loads(exchange.body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        return Verdict(State.UNKNOWN, f"Brightcall's answer was not understood. {MAYBE_CALLED}.")
    match rule.judge(answer):
        case "accepted":
            return Verdict(State.ACCEPTED, "")
        case "rejected":
            said = said_by(exchange.body)
            return Verdict(
                State.REJECTED, f"Brightcall refused this lead{f': {said}' if said else ''}. Correct the row and rerun."
            )
        case _:
            return Verdict(State.UNKNOWN, f"Brightcall's answer does not say that it took the call. {MAYBE_CALLED}.")


def said_by(body: bytes) -> str:
    """What an error answer says in words, cut to a line; "" where it says nothing that a person could read."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(answer, dict):
        return ""
    for key in ("message", "error", "errors", "error_message", "detail", "reason"):
        value = answer.get(key)
        if isinstance(value, dict):
            value = value.get("message")
        if isinstance(value, list):
            value = "; ".join(str(item) for item in value)
        if isinstance(value, str) and value:
            return " ".join(value.split())[:200].rstrip(".")
    return ""


def _place(location: str) -> str:
    # A Location may repeat a query string, and with GET that holds the keys.
    return without_query(location)[:200] or "an unnamed place"
