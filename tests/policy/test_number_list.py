"""Long do-not-call lists in little memory: the same answers as the obvious set."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from campaign.core.lead import Phone
from campaign.core.policy.number_list import Listed, NumberListMaker

digits = st.integers(1_000_000, 1_000_060) | st.integers(10**6, 10**15 - 1)
remark = st.sampled_from(["", "asked by phone", "2026-03-01"])


@given(
    st.lists(st.tuples(digits, st.integers(1, 4_000_000), remark, remark), max_size=40), st.lists(digits, max_size=20)
)
def test_it_answers_as_a_dictionary_does(entries: list[tuple[int, int, str, str]], others: list[int]) -> None:
    """Of a number that stands there twice the first row is named; what is not there is not found."""
    maker, obvious = NumberListMaker(), dict[int, Listed]()
    for number, row, reason, date in entries:
        maker.add(number, row, reason, date)
        obvious.setdefault(number, Listed(f"+{number}", row, reason, date))
    made = maker.made()
    assert len(made) == len(obvious)
    assert sorted(made, key=lambda listed: listed.number) == sorted(obvious.values(), key=lambda listed: listed.number)
    for number in (*others, *obvious):
        assert made.find(Phone(f"+{number}", "")) == obvious.get(number)


@given(st.text("0123456789", min_size=1, max_size=9), st.integers(10**6, 10**12))
def test_a_prefix_names_every_number_that_begins_so(prefix: str, number: int) -> None:
    """And no other."""
    maker = NumberListMaker()
    maker.add_prefix(f"+{prefix}", 4, "a whole country")
    found = maker.made().find(Phone(f"+{number}", ""))
    assert (found is not None) == str(number).startswith(prefix)
    assert found is None or found == Listed(f"+{prefix}*", 4, "a whole country")


def test_the_longest_prefix_speaks_and_the_number_itself_before_it() -> None:
    """The reason that a person reads is the nearest one."""
    maker = NumberListMaker()
    maker.add_prefix("+44", reason="country")
    maker.add_prefix("+4420", reason="city")
    maker.add(442079460001, reason="person")
    made = maker.made()
    said = [made.find(Phone(number, "")) for number in ("+442079460001", "+442079460002", "+441632960001")]
    assert [found and found.reason for found in said] == ["person", "city", "country"]


def test_phones_of_two_numbers_are_found_by_either() -> None:
    """Argentina's and Mexico's mobile phones are written with and without a digit after the country code."""
    for listed, called in [
        ("5491123456789", "541123456789"),
        ("541123456789", "5491123456789"),
        ("5215512345678", "525512345678"),
    ]:
        maker = NumberListMaker()
        maker.add(int(listed))
        assert maker.made().find(Phone(f"+{called}", "")) is not None


def test_more_different_remarks_than_are_kept_cost_only_the_remark() -> None:
    """The number is found all the same, with its row."""
    maker = NumberListMaker()
    for place in range(70_000):
        maker.add(10**9 + place, place + 2, f"reason {place}")
    made = maker.made()
    first, last = (made.find(Phone(f"+{10**9 + place}", "")) for place in (0, 69_999))
    assert first == Listed("+1000000000", 2, "reason 0")
    assert last == Listed("+1000069999", 70_001, "")
