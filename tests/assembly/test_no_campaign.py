"""A campaign's name that was half remembered or mistyped: which ones are suggested."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from campaign.assembly.no_campaign import no_such_campaign

NAMES = ("20261126-3cya", "20261126-egh8", "20261125-77yh", "20261124-w4kz", "20261124-p2mn")
"""Campaigns of a workspace, the newest first; no two have many signs in common."""

signs = st.sampled_from(string.ascii_lowercase + string.digits)


@given(st.sampled_from(NAMES), st.integers(9, 10), st.integers(12, 13), st.booleans())
def test_a_part_brings_its_name(name: str, begin: int, end: int, capitals: bool) -> None:
    """Of its last signs, in small letters or capitals."""
    part = name[begin:end]
    cure = no_such_campaign(part.upper() if capitals else part, NAMES).cure
    assert cure.startswith(f"Did you mean {name}? ")


@given(st.sampled_from(NAMES), st.integers(0, 12), signs, st.sampled_from(["wrong", "missing", "too many"]))
def test_a_mistyped_name_brings_the_right_one_alone(name: str, place: int, sign: str, slip: str) -> None:
    """One sign is wrong, missing or too many, in the whole name or in its last four signs."""
    rest = {"wrong": sign + name[place + 1 :], "missing": name[place + 1 :], "too many": sign + name[place:]}[slip]
    typed = name[:place] + rest
    for mistyped in (typed, *((typed[9:],) if place >= 9 else ())):
        assert no_such_campaign(mistyped, NAMES).cure.startswith(f"Did you mean {name}? ")


def test_more_than_three_are_no_help() -> None:
    """The newest come first."""
    cure = no_such_campaign("2026", NAMES).cure
    assert cure.startswith("Did you mean 20261126-3cya or 20261126-egh8 or 20261125-77yh? ")


def test_a_name_like_none_brings_none() -> None:
    """Nor does one where there is no campaign at all."""
    assert "Did you mean" not in no_such_campaign("nobody", NAMES).cure
    assert "Did you mean" not in no_such_campaign("20261126-3cya", ()).cure
