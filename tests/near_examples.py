"""Digits that are a number of some country, or nearly one: where the rules of numbering plans end."""

from __future__ import annotations

import phonenumbers
from hypothesis import strategies as st

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


@st.composite
def near_examples(draw: st.DrawFn) -> tuple[str, str]:
    """A region, and digits that are one of its example numbers with some of its digits changed, added or lost."""
    region = draw(st.sampled_from(REGIONS))
    kind = draw(st.integers(0, 10))
    example = phonenumbers.example_number_for_type(region, kind) or phonenumbers.example_number(region)
    assert example is not None
    digits = list(phonenumbers.national_significant_number(example))
    for _ in range(draw(st.integers(0, 4))):
        digits[draw(st.integers(0, len(digits) - 1))] = draw(st.sampled_from("0123456789"))
    lost = draw(st.sampled_from([0, 0, 0, 1, 2]))
    return region, "".join(digits[lost:]) or "0"
