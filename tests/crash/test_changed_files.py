"""The list or the mapping is saved anew between run and resume: the campaign goes on with what was read."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import MAPPING, Campaign, leads, results

import campaign as api
from campaign.adapters.sandbox import Sandbox


@pytest.fixture
def begun(campaign: Campaign, server: Sandbox, work: Path) -> str:
    """A campaign of which 5 rows are sent and 14 are pending."""
    leads(work)
    answer = campaign(
        "run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "5", "--json", "-o", "out.xlsx"
    ).json
    return str(answer["campaign"])


def test_unchanged_files_are_no_news(campaign: Campaign, begun: str) -> None:
    """Nothing is said of them."""
    done = campaign("resume", "--yes")
    assert "changed" not in done.err
    assert done.code == 1


def test_a_changed_list_is_told_and_not_taken(campaign: Campaign, begun: str, server: Sandbox, work: Path) -> None:
    """Other people in the same rows: those of the list that was read are called, and the person learns what to do."""
    leads(work, start=500)
    done = campaign("resume", "--yes", "-o", "again.xlsx")
    assert "leads.csv has changed" in done.err
    assert f"campaign cancel {begun}" in done.err
    assert [row["Name"] for row in results(work / "again.xlsx")] == [f"Person {n}" for n in range(20)]
    assert set(server.ledger.calls_per_person()) == {f"+44207946{n:04d}" for n in range(20) if n != 1}
    assert server.ledger.called_twice() == ()


def test_a_changed_mapping_is_told_and_not_taken(campaign: Campaign, begun: str, server: Sandbox, work: Path) -> None:
    """The payloads are those of the preview that the person has agreed to."""
    (work / "mapping.yaml").write_text(MAPPING.replace("lc_param_name", "lc_param_other"), encoding="utf-8")
    done = campaign("resume", "--yes")
    assert "mapping.yaml has changed" in done.err
    assert {"lc_param_other" in arrival.payload for arrival in server.ledger.arrivals} == {False}
    (work / "leads.csv").write_text("Name,Phone\n", encoding="utf-8")
    assert "leads.csv and mapping.yaml have changed" in campaign("rerun", begun, "--yes").err
    assert "leads.csv and mapping.yaml have changed" in campaign("rerun", "out.xlsx", "--yes").err


def test_files_that_are_gone_are_no_problem(campaign: Campaign, begun: str, server: Sandbox, work: Path) -> None:
    """The journal has all that is needed."""
    (work / "leads.csv").unlink()
    (work / "mapping.yaml").unlink()
    done = campaign("resume", "--yes", "--json")
    assert done.json["counts"] == {"invalid": 1, "accepted": 19}
    assert "changed" not in done.err


def test_files_that_can_no_longer_be_read_as_what_they_were_have_changed(
    campaign: Campaign, begun: str, work: Path
) -> None:
    """Rubbish in their places, or a folder, is no reason to stop."""
    (work / "mapping.yaml").write_bytes(b"\xff\xfe\x00rubbish")
    (work / "leads.csv").unlink()
    (work / "leads.csv").mkdir()
    done = campaign("resume", "--yes", "--json")
    assert done.json["counts"] == {"invalid": 1, "accepted": 19}
    assert "mapping.yaml has changed" in done.err


def test_the_python_api_prints_nothing(
    campaign: Campaign, begun: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program that resumes has no terminal to be told on."""
    leads(work, start=500)
    capsys.readouterr()
    assert api.resume(begun).counts == {api.State.INVALID: 1, api.State.ACCEPTED: 19}
    assert tuple(capsys.readouterr()) == ("", "")
