"""Who asks not to be called is called by no row, however the objection stands in the list."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import MAPPING, Campaign, results

from campaign.adapters.sandbox import Sandbox

RULES = """skip_when:
    - {column: Owner, blank: true}
    - {column: DNC, equals: ["yes"]}
"""


@pytest.mark.parametrize(
    ("objecting", "other"),
    [
        ("+442079460001,,,,yes,", "+442079460001,,Ann,,,"),
        ("+442079460001,,Ann,not-an-email,yes,", "+442079460001,,Ann,a@example.com,,"),
        ("+442079460001,+442079460002,Ann,,yes,", "+442079460002,,Ann,,,"),
        ("+442079460002,+442079460001,Ann,not-an-email,yes,", "+442079460001,,Ann,,,"),
        ("+5491123456789,,Ann,,yes,", "+541123456789,,Ann,,,"),
    ],
    ids=["behind another rule", "beside a wrong cell", "in a further column", "both", "in the number's other form"],
)
@pytest.mark.parametrize("first", [True, False])
def test_an_objection_holds_for_every_row_of_the_person(
    campaign: Campaign, server: Sandbox, work: Path, objecting: str, other: str, first: bool
) -> None:
    """In whatever order the rows stand."""
    mapping = MAPPING.replace("lc_number: Phone", "lc_number: {column: [Phone, Home]}").replace(
        "lc_param_name: {column: Name}", "lc_param_email: {column: Email, type: email}"
    )
    policy = "policy:\n  calling_window: off\n  " + RULES
    (work / "mapping.yaml").write_text(mapping.replace("policy: {calling_window: off}\n", policy), encoding="utf-8")
    rows = [objecting, other] if first else [other, objecting]
    (work / "leads.csv").write_text("\n".join(["Phone,Home,Owner,Email,DNC,Note", *rows]), encoding="utf-8")
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json", "-o", "out.xlsx")
    assert done.json["counts"] == {"suppressed": 2}
    assert server.ledger.arrivals == ()
    corrected = [row["call_status"] for row in results(work / "out.xlsx")]
    assert corrected == ["suppressed"] * 2


def test_both_forms_of_a_mobile_number_are_one_person(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Within a list and across campaigns: the country has had a digit more."""
    (work / "leads.csv").write_text("Name,Phone\nA,+54 9 11 2345 6789\nB,+54 11 2345 6789\n", encoding="utf-8")
    done = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json").json
    assert done["counts"] == {"duplicate": 1, "accepted": 1}
    (work / "more.csv").write_text("Name,Phone\nB,+54 11 2345 6789\n", encoding="utf-8")
    assert campaign("run", "more.csv", "-m", "mapping.yaml", "--yes", "--json").json["counts"] == {"duplicate": 1}


def test_a_do_not_call_list_that_is_gone_is_never_an_empty_one(
    campaign: Campaign, server: Sandbox, work: Path, tmp_path: Path
) -> None:
    """Also for the next command, which has not seen it: nothing is sent until it is back, or begun anew on purpose."""
    campaign("suppress", "add", "+442079460001")
    (work / "leads.csv").write_text("Name,Phone\nA,+442079460001\nB,+442079460002\n", encoding="utf-8")
    for path in (tmp_path / "home").glob("suppressions.db*"):
        path.unlink()
    refused = campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes")
    assert refused.code == 2
    assert "is gone" in refused.err
    assert server.ledger.arrivals == ()
    (tmp_path / "home" / "suppressions.begun").unlink()
    assert campaign("run", "leads.csv", "-m", "mapping.yaml", "--yes", "--json").json["counts"] == {"accepted": 2}


def test_a_column_of_objections_that_no_rule_reads_is_told(campaign: Campaign, server: Sandbox, work: Path) -> None:
    """Before anything is sent, for the person may have forgotten it. One about mail, or one that a rule reads, is not."""
    (work / "leads.csv").write_text("Name,Phone,DNC,Email opt out\nA,+442079460001,yes,yes\n", encoding="utf-8")
    told = "'DNC', which no rule of the mapping reads"
    checked = campaign("validate", "leads.csv", "-m", "mapping.yaml")
    assert told in checked.out + checked.err
    assert "Email opt out" not in checked.out + checked.err
    ran = campaign("run", "leads.csv", "-m", "mapping.yaml", "--limit", "1", "--yes")
    assert told in ran.out + ran.err
    rule = "policy: {calling_window: off, skip_when: [{column: dnc, equals: 'yes'}]}"
    (work / "mapping.yaml").write_text(MAPPING.replace("policy: {calling_window: off}", rule), encoding="utf-8")
    checked = campaign("validate", "leads.csv", "-m", "mapping.yaml")
    assert "no rule of the mapping" not in checked.out + checked.err
