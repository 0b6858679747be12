"""forget: the personal data of a campaign goes, the guard stays."""

from __future__ import annotations

from pathlib import Path

from command import Campaign, leads

import campaign as python_api
from campaign.adapters.sandbox import Sandbox


def test_a_forgotten_campaign_is_erased_and_its_people_are_still_guarded(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path
) -> None:
    """No file of the workspace holds a number, a name or the mapping; the same list again calls nobody."""
    leads(work)
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "-o", "out.xlsx", "--yes", "--json").json
    secrets = (b"+442079460005", b"442079460005", b"Person 5", b"lc_param_name")

    def found() -> list[bytes]:
        data = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
        return [secret for secret in secrets if secret in data]

    assert found() == list(secrets)
    forgotten = campaign("forget", done["campaign"], "--yes", "--json").json
    assert forgotten == {"campaign": done["campaign"], "forgotten": 20, "guarded": 19}
    assert found() == []
    again = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json").json
    assert again["counts"] == {"invalid": 1, "duplicate": 19}
    assert server.ledger.called_twice() == ()


def test_nothing_of_a_forgotten_campaign_can_be_sent_or_written(
    campaign: Campaign, server: Sandbox, work: Path
) -> None:
    """Each command says when it was forgotten; status still has the counts."""
    leads(work)
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "-o", "out.xlsx", "--yes", "--json").json
    name = done["campaign"]
    assert "kept from a second call" in campaign("forget", name, "--yes").out
    for command in (
        ["resume", name, "--yes"],
        ["rerun", name, "--yes", "--include-unknown"],
        ["rerun", "out.xlsx", "--yes"],
        ["export", name, "-o", "again.xlsx"],
    ):
        refused = campaign(*command)
        assert refused.code == 2, command
        assert "was forgotten on" in refused.err
    status = campaign("status", name, "--json").json
    assert status["counts"] == done["counts"]
    assert status["forgotten_at"]
    assert "erased" in campaign("status", name).out
    assert "FORGOTTEN" in campaign("status").out
    assert campaign("forget", name, "--yes").code == 0


def test_an_unfinished_campaign_is_not_forgotten(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Rows that are still to be sent would be lost: the person sends them or takes them out first."""
    leads(work)
    name = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "5", "--json").json["campaign"]
    refused = campaign("forget", name, "--yes")
    assert refused.code == 2
    assert "14 rows are still to be sent" in refused.err
    assert f"campaign cancel {name}" in refused.err
    campaign("cancel", name, "--yes")
    assert campaign("forget", name, "--yes", "--json").json["guarded"] == 5


def test_forgetting_asks_and_needs_a_campaign(campaign: Campaign, work: Path) -> None:
    """Without a terminal nothing is erased; a name that nobody knows is told."""
    assert "--yes" in campaign("forget", "20260101-aaaa").err
    assert "no campaign" in campaign("forget", "20260101-aaaa", "--yes").err


def test_python_can_forget_too(server: Sandbox, work: Path) -> None:
    """The same for programs that keep house by themselves."""
    leads(work)
    outcome = python_api.run("leads.csv", "mapping.yaml")
    assert python_api.forget(outcome.campaign).guarded == 19
