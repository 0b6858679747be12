"""The Python API, as an engineer uses it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import campaign
from campaign.adapters.sandbox import Sandbox

MAPPING: dict[str, Any] = {
    "version": 1,
    "fields": {"lc_number": "Phone", "lc_param_name": "Name"},
    "policy": {"calling_window": "off"},
    "delivery": {"rate": "500/s"},
}
FRAME = pd.DataFrame(
    {"Name": ["Ana", "Bo", "Cy"], "Phone": ["+442079460001", None, "+442079460003"], "Score": [1.5, 2.0, None]}
)


def test_a_frame_in_and_a_frame_back(server: Sandbox, tmp_path: Path) -> None:
    """No file is needed; columns, types and order are the frame's own, then ours."""
    mapping = campaign.load_mapping(MAPPING)
    report = campaign.validate(FRAME, mapping, home=tmp_path)
    assert (report.total, report.sendable) == (3, 2)
    outcome = campaign.run(FRAME, mapping, endpoint=server.url, home=tmp_path)
    assert outcome.counts == {campaign.State.INVALID: 1, campaign.State.ACCEPTED: 2}
    assert outcome.output is None
    rows = campaign.results(outcome.campaign, home=tmp_path)
    assert list(rows["Name"]) == ["Ana", "Bo", "Cy"]
    assert list(rows["call_status"]) == ["accepted", "invalid", "accepted"]
    assert list(rows.index) == [2, 3, 4]
    assert rows.loc[2, "Score"] == 1.5
    assert set(server.ledger.calls_per_person()) == {"+442079460001", "+442079460003"}


def test_the_same_frame_twice_calls_nobody_twice(server: Sandbox, tmp_path: Path) -> None:
    """The guard is the workspace's, not the command line's."""
    campaign.run(FRAME, MAPPING, endpoint=server.url, home=tmp_path)
    again = campaign.run(FRAME, MAPPING, endpoint=server.url, home=tmp_path)
    assert again.counts[campaign.State.DUPLICATE] == 2
    assert server.ledger.called_twice() == ()


async def test_it_runs_inside_a_running_loop(server: Sandbox, tmp_path: Path) -> None:
    """As in a notebook."""
    outcome = campaign.run(FRAME, MAPPING, endpoint=server.url, home=tmp_path)
    assert outcome.counts[campaign.State.ACCEPTED] == 2
    assert asyncio.get_running_loop().is_running()


def test_keys_can_be_given(server: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And are shown by nothing."""
    monkeypatch.delenv("BRIGHTCALL_API_KEY")
    with pytest.raises(campaign.KeysError):
        campaign.run(FRAME, MAPPING, endpoint=server.url, home=tmp_path)
    keys = campaign.Keys("sandbox-widget", "sandbox-api")
    assert "sandbox" not in repr(keys)
    limited = campaign.run(FRAME, MAPPING, endpoint=server.url, home=tmp_path, keys=keys, limit=1)
    assert limited.unfinished
    assert campaign.resume(limited.campaign, home=tmp_path, keys=keys).counts[campaign.State.ACCEPTED] == 2
    assert server.ledger.called_twice() == ()


def test_errors_are_one_family(tmp_path: Path) -> None:
    """Whoever catches `CampaignError` catches them all, with the cure in hand."""
    with pytest.raises(campaign.CampaignError) as caught:
        campaign.validate(tmp_path / "none.csv", MAPPING)
    assert isinstance(caught.value, campaign.SourceError)
    assert caught.value.cure
    with pytest.raises(campaign.UsageError):
        campaign.results("nobody", home=tmp_path)


def test_every_public_name_is_there() -> None:
    """`__all__` is the promise; nothing else is public."""
    for name in campaign.__all__:
        assert getattr(campaign, name) is not None
    with pytest.raises(AttributeError):
        _ = campaign.nothing_of_the_kind


def test_a_dry_run_can_be_asked_for_any_moment(tmp_path: Path) -> None:
    """Who would be held back then, by the row's own time zone, and until when."""
    frame = pd.DataFrame({"Phone": ["+442079460123", "+442079460124"], "TZ": ["", "America/New_York"]})
    mapping = {"version": 1, "fields": {"lc_number": "Phone"}, "policy": {"place": {"time_zone": "TZ"}}}
    seen = campaign.validate(frame, mapping, at=datetime(2026, 7, 3, 9, tzinfo=UTC), home=tmp_path)
    assert seen.counts == {campaign.State.PENDING: 1, campaign.State.DEFERRED: 1}
    [(_, opens)] = seen.deferred
    assert opens == datetime(2026, 7, 3, 12, tzinfo=UTC)
    with pytest.raises(ValueError, match="offset from UTC"):
        campaign.validate(frame, mapping, at=datetime(2026, 7, 3, 9), home=tmp_path)
