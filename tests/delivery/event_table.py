"""What every event means: the table of docs/delivery.md as data, and the events that prove each of its rows.

    .venv/bin/python tests/delivery/event_table.py [--method GET|POST]

runs them all and prints what was seen. `event_run` is how one is proven, `event_servers` what provokes it.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

if __name__ == "__main__":  # as pyproject.toml does for pytest
    sys.path[:0] = [str(Path(__file__).parents[1])]

from event_servers import (
    SUCCESS,
    Server,
    asking_for_a_pause_until,
    at,
    begins_a_handshake_and_leaves,
    behind_a_missing_proxy,
    behind_a_proxy,
    encrypted,
    plain,
    refusing,
    serving,
    then_reset,
    then_silent,
    trickling,
    tunnelling,
    unasked,
    with_a_full_backlog,
)
from wire import PATH, closes, http, resets, says, stays_silent


class Outcome(StrEnum):
    """What follows for the row and the campaign, in the table's words."""

    RETRY = "retry"
    UNKNOWN = "unknown"
    HALT = "halt, row back to pending"
    UNKNOWN_HALT = "unknown, halt"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Row:
    """A row of the table: the event, what follows, and what the person is told, word for word where it is quoted."""

    event: str
    outcome: Outcome
    sees: str

    @property
    def told(self) -> list[str]:
        """The words that the person reads."""
        return re.findall('"([^"]+)"', self.sees)


NO_CONNECTION = Row(
    "No connection was made: refused, name not found, no connection in time, proxy refused or not there",
    Outcome.RETRY,
    '`failed` once `retry.attempts` are used up: "Not sent: no connection could be made", "No call was started: rerun it"',
)
NOT_TRUSTED = Row(
    "The certificate is not to be trusted, or the handshake fails for good",
    Outcome.HALT,
    '"The endpoint can\'t be trusted: its certificate or its encryption failed", with what to check',
)
NO_TLS = Row(
    "The server speaks no TLS",
    Outcome.HALT,
    '"The endpoint does not speak TLS (https) at that address and port", with what to check',
)
UNUSABLE = Row(
    "The endpoint's address can't be used",
    Outcome.HALT,
    "\"The endpoint's or the proxy's address can't be used\", with what to check",
)
BEFORE = Row(
    "Anything else that goes wrong before a connection was in hand, such as a handshake or a proxy that breaks off",
    Outcome.RETRY,
    '"Not sent", and what happened; `failed` once `retry.attempts` are used up',
)
AFTER = Row(
    "Disconnected, reset, no answer in time, stopped, or no HTTP, once a connection was in hand",
    Outcome.UNKNOWN,
    '"Sent, but", what happened, and "The person may have been called: check in Brightcall before sending again"',
)
KILLED = Row(
    "Killed, or the machine went down, while the call was on its way",
    Outcome.UNKNOWN,
    '"The run was cut off while this call was on its way", from the next command on',
)
TAKEN = Row("2xx whose JSON satisfies the success rule", Outcome.ACCEPTED, "`accepted`, and the answer")
SAYS_NO = Row("2xx whose JSON says failure", Outcome.REJECTED, '"Brightcall refused this lead", and its own words')
NOT_UNDERSTOOD = Row(
    "2xx that is cut short, too long, no JSON object, or not understood",
    Outcome.UNKNOWN,
    '"Brightcall\'s answer", what is wrong with it, and "The person may have been called"',
)
MOVED = Row("301, 307, 308 (never followed)", Outcome.HALT, '"The endpoint has moved", and where to')
MOVED_AFTER = Row(
    "302, 303 (never followed)",
    Outcome.UNKNOWN_HALT,
    '"The endpoint answered with a redirect", "The person may have been called", and why the campaign stopped',
)
REFUSED = Row("400, 413, 415, 422", Outcome.REJECTED, '"Brightcall refused this lead", and its own words')
ALL_REFUSED = Row(
    "401, 402, 403, 404, 405",
    Outcome.HALT,
    '"The endpoint", what it refuses (the keys, the balance, its address, the method), the cure, and "campaign resume"',
)
UNCLEAR = Row("408, 409", Outcome.UNKNOWN, '"Brightcall answered", the status, "The person may have been called"')
SLOWER = Row(
    "429",
    Outcome.RETRY,
    '"Brightcall asked to slow down": the whole campaign waits for Retry-After (5 s without one), then goes on at half '
    "the rate, which comes back by and by; it costs the row no attempt",
)
VOUCHED = Row(
    "503, where the mapping says `retry: {on_503: true}`",
    Outcome.RETRY,
    '`failed` once `retry.attempts` are used up: "Brightcall was not available (503)"',
)
OTHER = Row(
    "500, 502, 503, 504 and every other status",
    Outcome.UNKNOWN,
    '"Brightcall answered", the status, "The person may have been called"'
)  # fmt: skip

ROWS = (
    NO_CONNECTION, NOT_TRUSTED, NO_TLS, UNUSABLE, BEFORE, AFTER, KILLED, TAKEN, SAYS_NO, NOT_UNDERSTOOD, MOVED, MOVED_AFTER,
    REFUSED, ALL_REFUSED, UNCLEAR, SLOWER, VOUCHED, OTHER,
)  # fmt: skip
PROVEN_ELSEWHERE = {KILLED: "by killing the process, which the tests of crashes do"}


@dataclass(frozen=True)
class Event:
    """One event: `what` happens, how a `server` provokes it, and what must follow. Two rows meet it, one after the other.

    `proves` is whether the event proves that nothing was started. `first` is to how many requests it happens (0: to all),
    the rest is accepted. `wait` is how long nothing may arrive after the first, in seconds. `hurry` is how many times
    faster than the machine's the campaign's clock goes. `before` is how many calls are accepted before it happens.
    `only_on` is the one system on which it can be provoked.
    """

    row: Row
    what: str
    server: Server
    outcome: Outcome
    proves: bool
    first: int = 0
    before: int = 0
    wait: float = 0.0
    hurry: int = 1
    connect_timeout: float = 5.0
    read_timeout: float = 5.0
    large: bool = False
    stopped: bool = False
    retry_503: bool = False
    only_on: str = ""

    @property
    def possible(self) -> bool:
        """Whether this system lets it be provoked."""
        return self.only_on in ("", sys.platform)


_SHORT = 0.15
_MEGABYTE = "x" * 1_000_000
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_BODY = b'{"success": true}'
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_HOME = f"Location: {PATH}\r\n"  # back at the endpoint: a client that follows is seen to call twice
_LATE = b"HTTP/1.1 429 Slow\r\nContent-Length: 2\r\n\r\n{}"


def _retry(row: Row, what: str, server: Server, **more: object) -> Event:
    return Event(row, what, server, Outcome.RETRY, proves=True, **more)  # type: ignore[arg-type] # by field name


def _unknown(row: Row, what: str, server: Server, **more: object) -> Event:
    return Event(row, what, server, Outcome.UNKNOWN, proves=False, **more)  # type: ignore[arg-type] # by field name


def _halt(row: Row, what: str, server: Server) -> Event:
    return Event(row, what, server, Outcome.HALT, proves=True)


def _accepted(what: str, server: Server) -> Event:
    return Event(TAKEN, what, server, Outcome.ACCEPTED, proves=False)


def _rejected(row: Row, what: str, server: Server) -> Event:
    return Event(row, what, server, Outcome.REJECTED, proves=True)


def _slower(what: str, header: str, wait: float, hurry: int) -> Event:
    return _retry(SLOWER, what, serving(http(429, headers=header), SUCCESS), first=1, wait=wait, hurry=hurry)


EVENTS = (
    _retry(NO_CONNECTION, "refused", refusing),
    _retry(NO_CONNECTION, "name not found", at(f"https://nobody.invalid{PATH}")),
    _retry(NO_CONNECTION, "no connection in time", with_a_full_backlog, connect_timeout=_SHORT, only_on="linux"),
    _retry(NO_CONNECTION, "proxy refuses, 407", behind_a_proxy(http(407))),
    _retry(NO_CONNECTION, "proxy refuses, 403", behind_a_proxy(http(403))),
    _retry(NO_CONNECTION, "proxy refuses, 502", behind_a_proxy(http(502))),
    _retry(NO_CONNECTION, "proxy not there", behind_a_missing_proxy()),
    _retry(NO_CONNECTION, "proxy's name not found", behind_a_missing_proxy("http://proxy.invalid:3128")),
    _halt(NOT_TRUSTED, "certificate of an unknown authority", encrypted(SUCCESS, trusted=False)),
    _halt(NOT_TRUSTED, "certificate for another name", encrypted(SUCCESS, "other.example")),
    _halt(NOT_TRUSTED, "through a proxy: another name", behind_a_proxy(tunnelling("other.example", SUCCESS))),
    _halt(NO_TLS, "a greeting", plain(says(b"220 this is no TLS\r\n"))),
    _halt(NO_TLS, "plain HTTP", plain(http(400))),
    _halt(UNUSABLE, "no http(s) address", at("ftp://127.0.0.1/")),
    _halt(UNUSABLE, "no host name", at("https:///add_call_api/")),
    _halt(UNUSABLE, "a host name that is none", at("https://brightcall..invalid/")),
    _halt(UNUSABLE, "a port that is none", at("http://127.0.0.1:99999/")),
    _halt(UNUSABLE, "a proxy's address that is none", behind_a_missing_proxy("::nonsense::")),
    _halt(UNUSABLE, "a proxy's port that is none", behind_a_missing_proxy("http://127.0.0.1:99999")),
    _retry(BEFORE, "closed in the handshake", plain(says(b""))),
    _retry(BEFORE, "closed within the handshake", plain(begins_a_handshake_and_leaves)),
    _retry(BEFORE, "reset in the handshake", plain(resets)),
    _retry(BEFORE, "no answer to the handshake", plain(stays_silent), connect_timeout=_SHORT),
    _retry(BEFORE, "proxy closes without an answer", behind_a_proxy(closes)),
    _retry(BEFORE, "proxy resets", behind_a_proxy(resets)),
    _retry(BEFORE, "proxy stays silent", behind_a_proxy(stays_silent), connect_timeout=_SHORT),
    _retry(BEFORE, "proxy's answer is no HTTP", behind_a_proxy(says(b"NOT HTTP AT ALL\r\n\r\n"))),
    _retry(BEFORE, "stopped while it connects (second Ctrl-C)", plain(stays_silent), stopped=True),
    _unknown(AFTER, "reset before anything is read", serving(resets, reads="nothing")),
    _unknown(AFTER, "closed before anything is read", serving(says(b""), reads="nothing")),
    _unknown(AFTER, "reset before the body is read", serving(resets, reads="head")),
    _unknown(AFTER, "reset within a large request", serving(resets, reads="some"), large=True),
    _unknown(AFTER, "reset after the request", serving(resets)),
    _unknown(AFTER, "TLS: reset after the request", encrypted(resets)),
    _unknown(AFTER, "TLS: closed without an answer", encrypted(says(b""))),
    _unknown(AFTER, "through a proxy: reset after it", behind_a_proxy(tunnelling("brightcall.invalid", resets))),
    _unknown(AFTER, "closed without an answer", serving(says(b""))),
    _unknown(AFTER, "reset after a call that was kept open", serving(SUCCESS, resets, keep_open=True), before=1),
    _unknown(AFTER, "closed after a call that was kept open", serving(SUCCESS, closes, keep_open=True), before=1),
    _unknown(AFTER, "no answer", serving(stays_silent), read_timeout=_SHORT),
    _unknown(AFTER, "100, then no answer", serving(then_silent(_CONTINUE)), connect_timeout=_SHORT, read_timeout=_SHORT),
    _unknown(AFTER, "trickles slower than the read timeout", serving(trickling(_OK[:9], _OK[9:], 2 * _SHORT)), read_timeout=_SHORT),
    _unknown(AFTER, "half a status line", serving(says(b"HTTP/1.1 20"))),
    _unknown(AFTER, "half a header", serving(says(b"HTTP/1.1 200 OK\r\nContent-Le"))),
    _unknown(AFTER, "half a header, then reset", serving(then_reset(b"HTTP/1.1 200 OK\r\nContent-Le"))),
    _unknown(AFTER, "malformed status line", serving(says(b"NOT HTTP AT ALL\r\n\r\n"))),
    _unknown(AFTER, "malformed header", serving(says(b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n{}"))),
    _unknown(AFTER, "malformed Content-Length", serving(says(_OK + b"Content-Length: some\r\n\r\n" + _BODY))),
    _unknown(AFTER, "stopped while it waits (second Ctrl-C)", serving(stays_silent), stopped=True),
    _accepted("success", serving(SUCCESS)),
    _accepted("success over TLS", encrypted(SUCCESS)),
    _accepted("through a proxy", behind_a_proxy(tunnelling("brightcall.invalid", SUCCESS))),
    _accepted("100 and 103 before it", serving(says(_CONTINUE + b"HTTP/1.1 103 Hints\r\n\r\n" + _OK
                                                   + b"Content-Length: 17\r\n\r\n" + _BODY))),
    _accepted("body that ends with the connection", serving(says(_OK + b"\r\n" + _BODY))),
    _accepted("reset after a whole body without length", serving(then_reset(_OK + b"\r\n" + _BODY))),
    _accepted("chunked", serving(says(_OK + b"Transfer-Encoding: chunked\r\n\r\n11\r\n" + _BODY + b"\r\n0\r\n\r\n"))),
    _accepted("201", serving(http(201, '{"call_id": 1}'))),
    _accepted("a 429 that nobody asked for after it", serving(unasked(_LATE), keep_open=True)),
    _rejected(SAYS_NO, "success: false", serving(http(200, '{"success": false}'))),
    _rejected(SAYS_NO, "error", serving(http(200, '{"error": "blocked"}'))),
    _rejected(SAYS_NO, "status: fail", serving(http(200, '{"status": "fail"}'))),
    _unknown(NOT_UNDERSTOOD, "Content-Length too long", serving(says(_OK + b"Content-Length: 99\r\n\r\n" + _BODY))),
    # The rest comes later: in one piece with the answer, aiohttp's two parsers, in C and in Python, read it differently.
    _unknown(
        NOT_UNDERSTOOD,
        "Content-Length too short",
        serving(trickling(_OK + b"Content-Length: 5\r\n\r\n" + _BODY[:5], _BODY[5:], 0.01)),
    ),
    _unknown(NOT_UNDERSTOOD, "reset within the body", serving(then_reset(_OK + b"Content-Length: 99\r\n\r\n" + _BODY))),
    _unknown(NOT_UNDERSTOOD, "reset within a body without length", serving(then_reset(_OK + b"\r\n" + _BODY[:-1]))),
    _unknown(
        NOT_UNDERSTOOD, "chunks broken off", serving(says(_OK + b"Transfer-Encoding: chunked\r\n\r\n11\r\n" + _BODY))
    ),
    _unknown(
        NOT_UNDERSTOOD, "gzip that is none", serving(says(_OK + b"Content-Encoding: gzip\r\nContent-Length: 17\r\n\r\n" + _BODY))
    ),
    _unknown(NOT_UNDERSTOOD, "not JSON", serving(http(200, "<html>"))),
    _unknown(NOT_UNDERSTOOD, "JSON that is no object", serving(http(200, '["ok"]'))),
    _unknown(NOT_UNDERSTOOD, "empty body", serving(http(200))),
    _unknown(NOT_UNDERSTOOD, "204", serving(says(b"HTTP/1.1 204 No Content\r\n\r\n"))),
    _unknown(NOT_UNDERSTOOD, "larger than is read", serving(http(200, '{"success": true, "x": "' + _MEGABYTE + '"}'))),
    _unknown(
        NOT_UNDERSTOOD,
        "no end in time",
        serving(trickling(_OK + b"Content-Length: 99\r\n\r\n", _BODY + b" " * 82, 0.01)),
        connect_timeout=0.3,
        read_timeout=0.3,
    ),
    *(_halt(MOVED, str(status), serving(http(status, headers=_HOME))) for status in (301, 307, 308)),
    *(
        Event(MOVED_AFTER, str(status), serving(http(status, headers=_HOME)), Outcome.UNKNOWN_HALT, proves=False)
        for status in (302, 303)
    ),
    *(_rejected(REFUSED, str(status), serving(http(status, '{"message": "bad"}'))) for status in (400, 413, 415, 422)),
    *(_halt(ALL_REFUSED, str(status), serving(http(status))) for status in (401, 402, 403, 404, 405)),
    *(_unknown(UNCLEAR, str(status), serving(http(status))) for status in (408, 409)),
    _slower("Retry-After in seconds", "Retry-After: 1\r\n", 1.0, 1),
    _slower("retry-after in small letters", "retry-after: 1\r\n", 1.0, 1),
    _retry(
        SLOWER, "Retry-After with a date", serving(asking_for_a_pause_until(timedelta(seconds=2)), SUCCESS), first=1, wait=1.0
    ),
    _slower("without Retry-After", "", 5.0, 20),
    _slower("Retry-After that makes no sense", "Retry-After: soon\r\n", 5.0, 20),
    _retry(VOUCHED, "503 that the mapping vouches for", serving(http(503)), retry_503=True),
    *(_unknown(OTHER, str(status), serving(http(status))) for status in (500, 502, 503, 504, 599, 999)),
    *(_unknown(OTHER, str(status), serving(http(status))) for status in (300, 410, 418, 451)),
    _unknown(OTHER, "304", serving(says(b"HTTP/1.1 304 Not Modified\r\n\r\n"))),
    _unknown(OTHER, "101", serving(says(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"))),
)  # fmt: skip


if __name__ == "__main__":
    from event_run import main

    sys.exit(main())
