"""The event table of the delivery design, as a pure function."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, Fault, SuccessRule, judge, said_by

RULE = SuccessRule()


def answer(status: int, body: object = None, *, complete: bool = True) -> Exchange:
    """An exchange in which that much was received."""
    return Exchange(
        connected=True, status=status, body=json.dumps(body).encode() if body is not None else b"", complete=complete
    )


@pytest.mark.parametrize(
    ("exchange", "state", "retry", "halts"),
    [
        (Exchange(False, fault=Fault.CONNECT), State.PENDING, True, False),
        (Exchange(False, fault=Fault.TIMEOUT), State.PENDING, True, False),
        (Exchange(False, fault=Fault.DROPPED), State.PENDING, True, False),
        (Exchange(False, fault=Fault.TLS), State.PENDING, False, True),
        (Exchange(False, fault=Fault.NO_TLS), State.PENDING, False, True),
        (Exchange(False, fault=Fault.URL), State.PENDING, False, True),
        (Exchange(True, fault=Fault.DROPPED), State.UNKNOWN, False, False),
        (Exchange(True, fault=Fault.TIMEOUT), State.UNKNOWN, False, False),
        (Exchange(True, fault=Fault.MALFORMED), State.UNKNOWN, False, False),
        (Exchange(True, fault=Fault.CANCELLED), State.UNKNOWN, False, False),
        (answer(200, {"success": True}), State.ACCEPTED, False, False),
        (answer(201, {"id": 1}), State.ACCEPTED, False, False),
        (answer(200, {"success": False}), State.REJECTED, False, False),
        (answer(200, {"success": "False"}), State.REJECTED, False, False),
        (answer(200, {"success": 0}), State.REJECTED, False, False),
        (answer(200, {"error": "no such widget"}), State.REJECTED, False, False),
        (answer(200, {"status": "failed"}), State.REJECTED, False, False),
        (answer(200, {"status": "error"}), State.REJECTED, False, False),
        (answer(200, {"success": True}, complete=False), State.UNKNOWN, False, False),
        (answer(200), State.UNKNOWN, False, False),
        (answer(200, ["ok"]), State.UNKNOWN, False, False),
        (answer(301), State.PENDING, False, True),
        (answer(302), State.UNKNOWN, False, True),
        (answer(303), State.UNKNOWN, False, True),
        (answer(307), State.PENDING, False, True),
        (answer(308), State.PENDING, False, True),
        (answer(400), State.REJECTED, False, False),
        (answer(413), State.REJECTED, False, False),
        (answer(415), State.REJECTED, False, False),
        (answer(422), State.REJECTED, False, False),
        (answer(401), State.PENDING, False, True),
        (answer(402), State.PENDING, False, True),
        (answer(403), State.PENDING, False, True),
        (answer(404), State.PENDING, False, True),
        (answer(405), State.PENDING, False, True),
        (answer(408), State.UNKNOWN, False, False),
        (answer(409), State.UNKNOWN, False, False),
        (answer(429), State.PENDING, True, False),
        (answer(500), State.UNKNOWN, False, False),
        (answer(502), State.UNKNOWN, False, False),
        (answer(503), State.UNKNOWN, False, False),
        (answer(504), State.UNKNOWN, False, False),
        (answer(599), State.UNKNOWN, False, False),
        (answer(418), State.UNKNOWN, False, False),
        (answer(304), State.UNKNOWN, False, False),
    ],
)
def test_the_event_table(exchange: Exchange, state: State, retry: bool, halts: bool) -> None:
    """Each event has the outcome that the design gives it."""
    verdict = judge(exchange, RULE)
    assert (verdict.state, verdict.retry, bool(verdict.halt)) == (state, retry, halts)


def test_503_is_retried_only_where_the_mapping_says_so() -> None:
    """Nobody but the endpoint's owner knows that its 503 starts no call."""
    assert judge(answer(503), RULE, retry_503=True).retry


def test_a_refusal_of_the_keys_names_the_mix_up() -> None:
    """The commonest mistake is the account's key in place of the widget's."""
    for status in (401, 403):
        assert "not the account's" in judge(answer(status), RULE).halt


def test_a_required_value_must_stand_in_the_answer() -> None:
    """A mapping may name what success looks like; anything else is not understood."""
    rule = SuccessRule({"status": ("queued",)})
    assert judge(answer(200, {"status": "queued"}), rule).state is State.ACCEPTED
    assert judge(answer(200, {"status": "parked"}), rule).state is State.UNKNOWN
    assert judge(answer(200, {"status": "failed"}), rule).state is State.REJECTED


def test_what_the_answer_says_is_told() -> None:
    """The vendor's own words reach the person, in one line."""
    assert said_by(b'{"success": false, "error": {"message": "number\\n is blocked."}}') == "number is blocked"
    assert said_by(b"<html>") == ""


exchanges = st.builds(
    Exchange,
    connected=st.booleans(),
    status=st.none() | st.integers(100, 599),
    body=st.binary(max_size=50)
    | st.sampled_from([b'{"success": true}', b'{"error": 1}', b"null", b"[]", b'"x"', b"{}"]),
    complete=st.booleans(),
    fault=st.none() | st.sampled_from(Fault),
)


@given(exchanges, st.booleans())
def test_no_exchange_is_sent_again_without_proof(exchange: Exchange, retry_503: bool) -> None:
    """A row goes back to pending only if no connection was in hand, or the answer itself proves that nothing began."""
    verdict = judge(exchange, RULE, retry_503=retry_503)
    if exchange.status is None and exchange.connected:
        assert verdict.state is State.UNKNOWN
    if exchange.status is None and not exchange.connected:
        assert verdict.state is State.PENDING
    if verdict.state is State.PENDING and exchange.status is not None:
        assert exchange.status in {301, 307, 308, 401, 402, 403, 404, 405, 429} | ({503} if retry_503 else set())
    if verdict.state is State.ACCEPTED:
        assert exchange.complete
        assert exchange.status is not None
        assert 200 <= exchange.status < 300
    assert verdict.state in {State.PENDING, State.ACCEPTED, State.REJECTED, State.UNKNOWN}
