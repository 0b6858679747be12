"""report: a page about a campaign, whatever became of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command import Campaign, leads

import campaign as python_api
from campaign.adapters.journal import Journal
from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread
from campaign.adapters.workspace import Workspace


def ran(campaign: Campaign, work: Path, rows: int = 20) -> str:
    """A campaign that was sent."""
    leads(work, rows)
    return str(campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json").json["campaign"])


def text(page: Path) -> str:
    """What a page says, without its tags, styles and charts."""
    html = page.read_text(encoding="utf-8")
    return " ".join(re.sub(r"<style>.*?</style>|<svg.*?</svg>|<[^>]*>", " ", html, flags=re.DOTALL).split())


def test_a_campaign_becomes_a_page(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """With its numbers and charts, and JSON for those who asked for it."""
    name = ran(campaign, work)
    done = campaign("report", name, "-o", "report.html", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json == {
        "campaign": name,
        "counts": {"invalid": 1, "accepted": 19},
        "total": 20,
        "output": "report.html",
    }
    page = (work / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<svg") == 8  # four charts, each for a screen and for a phone
    assert "Accepted 19 100% of those sent" in text(work / "report.html")
    assert "United Kingdom 19 100% Besides, 1 row has no number to call." in text(work / "report.html")
    assert "3 invalid Phone: there is no phone number in the cell." in text(work / "report.html")


def test_the_page_needs_nothing_and_tells_nobody(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """No script, no address to load from, no key, no whole number, no name of a lead."""
    with run_in_thread(SandboxSettings(faults=parse_faults("422:20%,drop-after:20%"), seed=5)) as erring:
        leads(work, 60)
        run = ["run", "leads.csv", "-m", "mapping.yaml", "--yes", "--endpoint", erring.url, "--json"]
        name = campaign(*run).json["campaign"]
        called = [arrival.person for arrival in erring.ledger.arrivals]
    assert campaign("report", name, "-o", "report.html").code == 0
    page = (work / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    addresses = re.findall(r"(?:src|href|url)\s*[=(]\s*\"?([^\"\s)]+)", page)
    assert {address for address in addresses if not address.startswith("#")} == {"data:,"}  # its icon: none
    assert not [word for word in ("sandbox-widget", "sandbox-api", "Person ") if word in page]
    assert not [number for number in called if number in page]
    assert [number for number in called if f"…{number[-4:]}" in page]  # those to act on


def test_a_name_that_is_taken_or_wrong(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Nothing is overwritten unasked, and nothing but a page is called one."""
    name = ran(campaign, work, 3)
    (work / "report.html").write_text("mine", encoding="utf-8")
    for out, said in (
        ("report.html", "already exists"),
        ("report.pdf", "does not end in .html"),
        ("no/r.html", "no folder"),
    ):
        done = campaign("report", name, "-o", out)
        assert (done.code, done.out) == (2, "")
        assert said in done.err
    assert (work / "report.html").read_text(encoding="utf-8") == "mine"
    assert campaign("report", name, "-o", "report.html", "--force").code == 0
    unknown = campaign("report", f"{name}x", "-o", "other.html")
    assert unknown.code == 2
    assert f"Did you mean {name}?" in unknown.err
    assert campaign("report", name, "-o", "other.html", "--home", work / "elsewhere").code == 2
    assert not (work / "other.html").exists()


def test_whatever_became_of_the_campaign(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Halted, forgotten, cancelled before anything was sent, or with no row to send: the page says so."""
    with run_in_thread(SandboxSettings(faults=parse_faults("401:all"))) as refusing:
        leads(work, 3)
        halted = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--endpoint", refusing.url, "--json").json
    assert said(campaign, work, halted["campaign"]).count("Halted: The endpoint refused the keys (401)") == 1
    campaign("cancel", halted["campaign"], "--yes")
    assert "2 cancelled" in said(campaign, work, halted["campaign"])
    leads(work, 30, start=100)
    name = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "5", "--json").json["campaign"]
    assert f"24 rows wait to be sent. Go on with campaign resume {name}" in said(campaign, work, name)
    campaign("cancel", name, "--yes")
    assert campaign("forget", name, "--yes").code == 0
    forgotten = said(campaign, work, name)
    assert "The personal data of this campaign was erased" in forgotten
    assert "Rows to act on" not in forgotten
    assert "To act on – its rows are erased" in forgotten
    (work / "leads.csv").write_text("Name,Phone\nAna,1\n", encoding="utf-8")
    nothing = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json").json["campaign"]
    assert "Nothing was sent" in said(campaign, work, nothing)


def said(campaign: Campaign, work: Path, name: str) -> str:
    """What the page of a campaign says."""
    done = campaign("report", name, "-o", "report.html", "--force")
    assert done.code == 0, done.err
    return text(work / "report.html")


def test_a_run_that_goes_on_is_told_of(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The page can be made while another process has the workspace and the journal."""
    leads(work, 9)
    name = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--limit", "5", "--json").json["campaign"]
    workspace = Workspace(work.parent / "home")
    with workspace.sole_use():
        journal = Journal(workspace.journal_path)
        with journal.atomic():
            assert "A run is going on (process" in said(campaign, work, name)
        journal.close()


def test_python_can_write_it_too(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """The same for programs; errors are of the one family."""
    name = ran(campaign, work, 3)
    assert python_api.report(name, work / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(python_api.OutputError, match="already exists"):
        python_api.report(name, work / "page.html")
