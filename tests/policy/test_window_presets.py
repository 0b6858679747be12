"""The preset file: the shipped rows as checked, and rows of one's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from campaign.adapters.calling_hours import load_presets, shipped_text
from campaign.core.errors import UsageError
from campaign.core.policy.opening_times import holidays_known

CHECKED = {
    "US": "8:00-21:00 every day",
    "US FL": "8:00-20:00 every day",
    "US OK": "8:00-20:00 every day",
    "US AL": "Mon-Sat 8:00-20:00, not on public holidays",
    "US LA": "Mon-Sat 8:00-20:00, not on public holidays",
    "US MS": "Mon-Sat 8:00-20:00",
    "US MD": "8:00-20:00 every day",
    "US MA": "8:00-20:00 every day",
    "US CT": "9:00-20:00 every day",
    "US NV": "9:00-20:00 every day",
    "US KY": "10:00-21:00 every day",
    "US MI": "9:00-21:00 every day",
    "US MN": "9:00-21:00 every day",
    "US NM": "9:00-21:00 every day",
    "US RI": "Mon-Fri 9:00-18:00",
    "AE": "9:00-18:00 every day",
    "IN": "10:00-21:00 every day",
    "FR": "Mon-Fri 10:00-13:00 and 14:00-20:00, not on public holidays",
    "ES": "Mon-Fri 9:00-21:00, not on public holidays",
    "CA": "Mon-Fri 9:00-21:30, Sat-Sun 10:00-18:00",
    "AU": "Mon-Fri 9:00-20:00, Sat 9:00-17:00, not on public holidays",
    "GB": "Mon-Sat 8:00-21:00",
}
"""What was found in November 2026, by code."""

CAPS = {
    "US FL": ("at most 3 calls in 1 day on one subject",),
    "US OK": ("at most 3 calls in 1 day",),
    "AE": ("at most 1 unanswered call in 1 day", "at most 2 unanswered calls in 7 days"),
    "FR": ("at most 4 calls in 30 days", "no call in 60 days after a refusal"),
}
"""How often a person may be called, as found in November 2026."""

OWN = """
- name: France
  regions: [FR]
  hours: {mon-fri: 11-12}
  source: our own rule
  checked: 2027-01
- name: Qatar
  regions: [QA]
  hours: {sun-thu: 9-17}
  holidays: true
  source: our lawyer
  checked: 2027-01
"""


def test_the_shipped_rows_are_those_that_were_checked() -> None:
    """No row more, none less, each with hours, source and month."""
    presets = load_presets()
    assert {preset.code for preset in presets.rows} == set(CHECKED)
    for preset in presets.rows:
        assert f" hours are {CHECKED[preset.code]}, local time" in preset.words()
        assert preset.source in preset.words()
        assert preset.checked == "2026-11"
        assert tuple(cap.words() for cap in preset.caps) == CAPS.get(preset.code, ())
        assert preset.origin == ""
        assert not preset.holidays or holidays_known(preset.regions[0], preset.state)
        assert presets.find(preset.name.upper()) is presets.find(preset.code.lower()) is preset


def test_a_state_s_preset_is_never_that_of_the_country() -> None:
    """A state's rules come beside the federal ones, which hold in the territories too."""
    presets = load_presets()
    for region in ("US", "PR", "GU"):
        preset = presets.of_country(region)
        assert preset is not None
        assert preset.name == "US federal"
    assert presets.of_country("DE") is None
    assert presets.of_country("") is None
    florida = presets.of_state("US-FL")
    assert florida is presets.find("US Florida")
    assert presets.of_state("US-TX") is presets.of_state("") is None


def test_own_rows_replace_and_add(tmp_path: Path) -> None:
    """A row of the same name or country wins, a new country is known from then on."""
    own = tmp_path / "calling_hours.yaml"
    own.write_text(OWN, encoding="utf-8")
    presets = load_presets(own)
    assert presets.find("France").source == "our own rule"
    for region, source in (("FR", "our own rule"), ("QA", "our lawyer"), ("GB", "convention, no hours in law; PECR")):
        preset = presets.of_country(region)
        assert preset is not None
        assert preset.source == source


def test_the_shipped_file_is_a_valid_file_of_ones_own(tmp_path: Path) -> None:
    """Who starts from the shipped text, or leaves the file empty or out, gets the shipped rows."""
    own = tmp_path / "own.yaml"
    shipped = load_presets()
    assert load_presets(own) == shipped
    own.write_text("", encoding="utf-8")
    assert load_presets(own) == shipped
    own.write_text(shipped_text(), encoding="utf-8-sig")
    mine = tuple(replace(row, origin="own.yaml") for row in shipped.rows)
    assert load_presets(own).rows == (*shipped.rows, *mine)
    assert load_presets(own, shipped=False).rows == mine


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- name: [", "own.yaml, line 1 is not YAML"),
        ("name: Qatar", "own.yaml, line 1: Input should be a valid list"),
        (
            OWN.replace("regions: [QA]", "regions: [Qatar]"),
            r"line 8, row 2 \('Qatar'\), regions.0: 'Qatar' is no country code",
        ),
        (OWN.replace("source: our lawyer", "sauce: our lawyer"), r"row 2 \('Qatar'\), source: Field required"),
        (OWN.replace("sun-thu: 9-17", "sun-thu: 9-27"), r"line 9, row 2 \('Qatar'\), hours: '9-27' is no time of day"),
        (
            OWN.replace("regions: [QA]", "regions: [QA]\n  state: XX"),
            r"line 9, row 2 \('Qatar'\), state: 'XX' is no state of QA",
        ),
        (
            OWN.replace("regions: [FR]", "regions: [US]\n  state: Florida"),
            "'Florida' is no state of US .* did you mean FL",
        ),
        (
            OWN.replace("regions: [QA]", "regions: [QA]\n  state: DA"),
            "line 11, .* the public holidays of QA DA are not known",
        ),
        (
            OWN.replace("  source: our lawyer", "  sorce: our lawyer"),
            "line 11, .* sorce: unknown key: did you mean 'source'",
        ),
        (OWN.replace("2027-01\n- name: Q", "2027-13\n- name: Q"), "line 6, .* checked: '2027-13' is no month or day"),
        (OWN.replace("name: Qatar", "name: france"), "line 7, .* there is a row of this name already"),
        (OWN + "  caps: [{calls: 3, within: soon}]", "line 13, .* caps.0.within: 'soon' is no length of time"),
        (OWN + "  caps: [{calls: 3, wihtin: 1d}]", "wihtin: unknown key: did you mean 'within'"),
        (OWN.replace("{sun-thu: 9-17}", "9-17"), "line 9, .* hours: '9-17' is no hours: write their days, too"),
        (OWN.replace("{sun-thu: 9-17}", "{sun-thrsday: 9-17}"), "line 9, .* hours: .* did you mean thursday"),
        (OWN + "  name: Qatar", "line 13 has the key 'name' for the second time"),
        ("- 5", "row 1: Input should be"),
    ],
)
def test_a_faulty_file_is_refused_with_row_and_key(tmp_path: Path, text: str, complaint: str) -> None:
    """Hours that are half understood would be worse than none."""
    own = tmp_path / "own.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=complaint) as raised:
        load_presets(own)
    assert "each with name, regions, hours, source and checked" in raised.value.cure


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """UTF-8 or a clear word."""
    own = tmp_path / "own.yaml"
    own.write_bytes(b"\xff\xfe- name")
    with pytest.raises(UsageError, match="is not UTF-8 text"):
        load_presets(own)
    with pytest.raises(UsageError, match="can't be read"):
        load_presets(tmp_path)
