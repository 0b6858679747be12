"""The Python API, as an engineer uses it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import campaign
from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread

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
    with pytest.raises(campaign.UsageError, match="offset from UTC"):
        campaign.validate(frame, mapping, at=datetime(2026, 7, 3, 9), home=tmp_path)


def test_corrected_rows_are_rerun(server: Sandbox, tmp_path: Path) -> None:
    """By the frame of results, saved as a file; an accepted row is never sent again, and a campaign's name does for the rest."""
    first = campaign.run(FRAME, MAPPING, endpoint=server.url, home=tmp_path, limit=1)
    rows = campaign.results(first.campaign, home=tmp_path)
    rows.loc[3, "Phone"] = "+442079460002"
    rows.to_csv(tmp_path / "corrected.csv", index=False)
    second = campaign.rerun(tmp_path / "corrected.csv", home=tmp_path, rate="500/s", concurrency=2)
    assert second.campaign == first.campaign
    assert second.counts == {campaign.State.ACCEPTED: 3}
    third = campaign.rerun(first.campaign, home=tmp_path)
    assert third.counts == second.counts
    assert len(server.ledger.arrivals) == 3
    assert server.ledger.called_twice() == ()


def test_unknown_rows_are_rerun_only_if_that_is_said(tmp_path: Path, work: Path) -> None:
    """Who says so has been asked."""
    with run_in_thread(SandboxSettings(faults=parse_faults("drop-after:first=2"))) as server:
        doubtful = campaign.run(FRAME, MAPPING, endpoint=server.url, home=tmp_path)
        assert doubtful.counts[campaign.State.UNKNOWN] == 2
        assert campaign.rerun(doubtful.campaign, home=tmp_path).counts == doubtful.counts
        assert len(server.ledger.arrivals) == 2
        again = campaign.rerun(doubtful.campaign, include_unknown=True, home=tmp_path)
        assert again.counts == {campaign.State.INVALID: 1, campaign.State.ACCEPTED: 2}


def test_what_can_go_on_is_found_without_its_name(server: Sandbox, tmp_path: Path) -> None:
    """As after a crash, when nobody has the name any more."""
    assert campaign.campaigns(home=tmp_path) == []
    first = campaign.run(FRAME, MAPPING, endpoint=server.url, home=tmp_path, limit=1)
    second = campaign.run(FRAME.iloc[1:2], MAPPING, endpoint=server.url, home=tmp_path)  # nobody who can be called
    known = campaign.campaigns(home=tmp_path)
    assert [(one.id, one.can_go_on) for one in known] == [(second.campaign, False), (first.campaign, True)]
    assert known[1].counts == first.counts
    assert campaign.resume(home=tmp_path, rate="500/s").campaign == first.campaign


@pytest.mark.parametrize(
    "wrong",
    [{"limit": 0}, {"limit": -1}, {"concurrency": 0}, {"concurrency": 501}, {"rate": "fast"}, {"hidden_rows": "Skip"}],
    ids=str,
)
def test_what_the_command_line_refuses_is_refused(server: Sandbox, tmp_path: Path, wrong: dict[str, Any]) -> None:
    """With the name of the argument and a cure, and before anything is entered."""
    with pytest.raises(campaign.UsageError, match=next(iter(wrong))) as caught:
        campaign.run(FRAME, MAPPING, endpoint=server.url, home=tmp_path, **wrong)
    assert caught.value.cure
    assert campaign.campaigns(home=tmp_path) == []


@pytest.mark.parametrize("leads", [FRAME["Phone"], {"Phone": ["+442079460001"]}, [["+442079460001"]], None], ids=type)
def test_what_is_no_list_is_refused(tmp_path: Path, leads: Any) -> None:
    """With what would do."""
    with pytest.raises(campaign.SourceError, match="DataFrame"):
        campaign.validate(leads, MAPPING, home=tmp_path)


def test_numbers_are_suppressed_however_python_has_them(tmp_path: Path) -> None:
    """One alone, a column, whole numbers; a float, whose digits can't be trusted, and a missing one are refused."""
    suppress = partial(campaign.suppress_numbers, home=tmp_path, country="GB")
    assert suppress("+442079460001").new == 1
    assert suppress(pd.Series(["+442079460001", "020 7946 0002"])).new == 1
    assert suppress(pd.Series([442079460003])).new == 1
    for number in ("+442079460001", "+442079460002", "+442079460003"):
        assert campaign.suppressed(number, home=tmp_path).suppressions
    for column in ([442079460004.0], ["+442079460005", None], [float("nan")]):
        with pytest.raises(campaign.UsageError):
            suppress(pd.Series(column))
    assert not campaign.suppressed("+442079460005", home=tmp_path).suppressions
