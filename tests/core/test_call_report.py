"""The vendor's call reports, whose layout nobody has written down: calls are read by what their values are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.report import ANYWHERE, CallReader, ReportedCall, calls_in
from campaign.core.row_id import row_id, row_ids_in

CALL = {"call_id": "c-1", "called_lead_phone": "+442079460001"}
MOMENT = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def read_call(record: Mapping[str, Any]) -> ReportedCall:
    """A call, of a campaign that sends a date of its own."""
    return CallReader(["lc_number", "lc_param_renewal_date", "lc_param_name"], NOW).read(record)


@pytest.mark.parametrize(
    "answer",
    [
        [CALL],
        {"data": [CALL]},
        {"success": True, "data": {"calls": [CALL], "total": 1}},
        {"meta": {"columns": ["a", "b"]}, "payload_data_list": [CALL]},
        {"result": {"items": [CALL]}},
        {"data": {"c-1": CALL}},
        {"17": CALL},
    ],
)
def test_the_list_of_calls_is_found_wherever_it_stands(answer: object) -> None:
    """The layout is not documented."""
    assert calls_in(answer) == [CALL]


@pytest.mark.parametrize("answer", [None, 5, "calls", {"ok": True}, {"data": "none"}, ["a", "b"], {"data": {"n": 1}}])
def test_what_is_no_report_is_not_an_empty_one(answer: object) -> None:
    """An answer that is not understood must never prove that nobody was called."""
    assert calls_in(answer) is None


def test_an_empty_report_is_one() -> None:
    """No calls, but a list for them."""
    assert calls_in({"data": []}) == []


@pytest.mark.parametrize(
    "record",
    [
        {"lead": {"custom_params": {"lc_param_row_id": "20261120-k7qd-17"}}},
        {"lead": {"custom_params": {"row_id": "20261120-k7qd-17"}}},
        {"custom_params": '{"row_id": "20261120-k7qd-17", "name": "Zoë"}'},
        {"Custom parameters": "name: Zoë; row_id: 20261120-k7qd-17; source: expo"},
        {"params": [{"name": "row_id", "value": "20261120-k7qd-17"}]},
    ],
)
def test_the_row_id_is_found_wherever_it_stands(record: dict[str, Any]) -> None:
    """As an object, as JSON in a text, as words in a cell."""
    assert read_call(record).rows == {("20261120-k7qd", 17)}


@given(st.lists(st.integers(1, 10**6), max_size=5), st.sampled_from([" ", ";", ", ", '"', "\n", ": ", "|", "/"]))
def test_row_ids_are_read_whole_whatever_parts_them(numbers: list[int], between: str) -> None:
    """Row 1 is never taken for row 17."""
    text = between.join(row_id("20261120-k7qd", number) for number in numbers)
    assert row_ids_in(text) == [("20261120-k7qd", number) for number in numbers]


@pytest.mark.parametrize("text", ["120261120-k7qd-17", "20261120-k7qd-17a", "20261120-k7qd-17-1", "20261120-k7q-17"])
def test_what_only_holds_a_row_id_s_signs_is_none(text: str) -> None:
    """A longer name is another name."""
    assert row_ids_in(text) == []


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        ("+442079460001", "442079460001"),
        ("442079460001", "442079460001"),
        (442079460001, "442079460001"),
        ("+44 20 7946 0001", "442079460001"),
        ("0044 20 7946-0001", "442079460001"),
        ("020 7946 0001", "2079460001"),
        ("tel:+442079460001", "442079460001"),
        ("'+442079460001", "442079460001"),
        ("\u202a+442079460001\u202c", "442079460001"),
        (442079460001.0, "442079460001"),
    ],
)
def test_numbers_are_found_however_they_are_written(value: object, digits: str) -> None:
    """Digits alone are compared."""
    assert digits in read_call({"Lead phone": value}).numbers


def test_the_agent_s_phone_is_not_the_lead_s() -> None:
    """Else every call of an agent would be one to the lead who has the same number."""
    record = {"agent": {"phone": "+442079460999"}, "agent_phone": "+442079460998", "lead_phone": "+442079460001"}
    assert read_call(record).numbers == {"442079460001"}


@pytest.mark.parametrize(
    ("value", "zoned"),
    [
        ("2026-11-20T10:30:00Z", True),
        ("2026-11-20T12:30:00+02:00", True),
        ("2026-11-20 10:30:00", False),
        (datetime(2026, 11, 20, 10, 30), False),
        (int(MOMENT.timestamp()), True),
        (str(int(MOMENT.timestamp() * 1000)), True),
    ],
)
def test_times_are_read_with_what_is_not_known_of_them(value: object, zoned: bool) -> None:
    """A time without its zone may be anywhere in the world's."""
    call = read_call({"time_started_iso_string": value})
    around = timedelta(0) if zoned else ANYWHERE
    assert (call.first, call.last) == (MOMENT - around, MOMENT + around)


def test_the_earliest_and_the_latest_time_count() -> None:
    """Durations and zones are no times."""
    record = {
        "lead": {"time_created_iso_string": "2026-11-01T00:00:00Z"},
        "time_ended_iso_string": "2026-11-20T10:30:00Z",
        "time_agent_answered_iso_string": None,
        "talk_duration_sec": 1795000000,
        "timezone": "2026-11-25",
    }
    call = read_call(record)
    assert (call.first, call.last) == (datetime(2026, 11, 1, tzinfo=UTC), MOMENT)


def test_what_can_not_be_seen_or_written_is_left_out_of_a_status() -> None:
    """It is kept in the journal and shown: half a sign of UTF-16 would stop both."""
    call = read_call({"call_id": "a\x00b\u200b", "call_status": " no\n answer\ud83d\x1b[31m "})
    assert (call.call_id, call.status) == ("ab", "no answer[31m")


def test_the_call_s_id_and_status_are_kept() -> None:
    """The id of the call, not that of somebody in it, where both are there."""
    call = read_call({"agent": {"id": 7, "status": "online"}, "call": {"id": 9}, "call_status": "no_answer"})
    assert (call.call_id, call.status) == ("9", "no_answer")
    assert read_call({"widget": {"id": 7}, "call_id": "abc", "id": 9}).call_id == "abc"


@pytest.mark.parametrize(
    "record",
    [
        {"custom_params": {"signed_at": "2026-11-01"}},
        {"lc_param_renewal_date": "2026-11-01"},
        {"Renewal date": "2026-11-01"},
        {"birth_date": "1980-05-01"},
        {"candidate_id": 1795000000},
        {"started_at": "2027-01-01T00:00:00Z"},
        {"ended_at": "0001-01-01T00:00:00"},
        {"talk_time_seconds": 1795000000},
    ],
)
def test_what_is_no_time_of_the_call_is_none(record: dict[str, Any]) -> None:
    """A person's own dates, ids, durations, the future, and the year that stands for never."""
    assert read_call(record).last is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@given(anything)
def test_whatever_a_report_holds_it_is_read_or_refused(answer: object) -> None:
    """Never an error of our own."""
    for call in calls_in(answer) or []:
        read_call(call)
    read_call({"x": answer, "time": answer, "json": json.dumps(answer)})
