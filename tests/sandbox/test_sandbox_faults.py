"""The fault spec: what it means, what it refuses, which arrivals it hits."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.adapters.sandbox import Fault, parse_faults
from campaign.adapters.sandbox.faults import FaultPlan, Reach
from campaign.core.errors import UsageError
from campaign.core.lifecycle import State
from campaign.core.outcome import Exchange, SuccessRule, judge

PLAIN = ("drop-before", "drop-after", "hang", "malformed", "cut", "not-json", "refuse")
REDIRECTS = tuple(f"redirect-{status}" for status in (301, 302, 303, 307, 308))


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    """Any fault that a spec can say, shares of at most a tenth."""
    name = draw(st.sampled_from((*PLAIN, *REDIRECTS, "slow")) | st.integers(400, 599).map(str))
    reach = draw(st.sampled_from((Reach.SHARE, Reach.FIRST, Reach.AFTER)))
    amount = draw(st.floats(0, 0.1)) if reach is Reach.SHARE else draw(st.integers(0, 10**9 - 1))
    seconds = draw(st.integers(0, 8000)) / 8 if name == "slow" else 0
    takes_date = name in ("429", "503")
    retry_after = draw(st.sampled_from(("", "date")) | st.integers(0, 99999).map(str)) if takes_date else ""
    return Fault(name, reach, amount, seconds, retry_after)


@given(st.lists(faults(), max_size=10))
def test_spec_round_trip(given_faults: list[Fault]) -> None:
    """Every fault's text is the spec that makes it."""
    assert parse_faults(",".join(map(str, given_faults))) == tuple(given_faults)


def test_example_spec() -> None:
    """The documented example means what it says."""
    spec = (
        "500:5%,429:3%:retry-after=2, drop-before:2%,drop-after:0.02,hang:1%,slow:5%:seconds=1.5,malformed:1%,cut:1%,"
        "redirect-307:1%,REFUSE:first=3,403:after=50,not-json:all"
    )
    assert parse_faults(spec) == (
        Fault("500", Reach.SHARE, 0.05),
        Fault("429", Reach.SHARE, 0.03, retry_after="2"),
        Fault("drop-before", Reach.SHARE, 0.02),
        Fault("drop-after", Reach.SHARE, 0.02),
        Fault("hang", Reach.SHARE, 0.01),
        Fault("slow", Reach.SHARE, 0.05, seconds=1.5),
        Fault("malformed", Reach.SHARE, 0.01),
        Fault("cut", Reach.SHARE, 0.01),
        Fault("redirect-307", Reach.SHARE, 0.01),
        Fault("refuse", Reach.FIRST, 3),
        Fault("403", Reach.AFTER, 50),
        Fault("not-json", Reach.ALL),
    )


@pytest.mark.parametrize("spec", ["", "  ", "\t"])
def test_blank_spec(spec: str) -> None:
    """A blank spec has no faults."""
    assert parse_faults(spec) == ()


@given(st.text() | st.text(alphabet="abcdehlnoprstuw-:=,%.0123456789 ", max_size=40))
def test_any_text_is_read_or_refused(spec: str) -> None:
    """No text makes the parser stumble; what it reads, it can write."""
    try:
        parsed = parse_faults(spec)
    except UsageError:
        return
    assert parse_faults(",".join(map(str, parsed))) == parsed


@given(st.data())
def test_misspelt_name_gets_the_right_one(data: st.DataObject) -> None:
    """A name that lacks a character is named in the error, beside the name that was meant."""
    name = data.draw(st.sampled_from((*PLAIN, "slow")))
    gap = data.draw(st.integers(0, len(name) - 1))
    wrong = name[:gap] + name[gap + 1 :]
    with pytest.raises(UsageError) as caught:
        parse_faults(f"500:1%,{wrong}:5%")
    assert f"'{wrong}'" in caught.value.message
    assert caught.value.cure == f"Did you mean {name}?"


@pytest.mark.parametrize(
    ("spec", "message", "cure"),
    [
        ("explode:5%", "no fault 'explode'", "Choose from: drop-before"),
        ("redirect-304:5%", "no fault 'redirect-304'", "Did you mean redirect-30"),
        ("200:5%", "'200'", "400 to 599"),
        ("600:5%", "'600'", "400 to 599"),
        ("hang", "'hang' does not say how often", "hang:5%"),
        ("hang:5", "'5' in 'hang:5'", "5%"),
        ("hang:101%", "'101%'", "5%"),
        ("hang:-1%", "'-1%'", "5%"),
        ("hang:nan", "'nan'", "5%"),
        ("hang:first=x", "'first=x'", "first=3"),
        ("hang:5%:seconds=2", "hang has no options", "Leave it out"),
        ("slow:5%:second=2", "'second'", "Did you mean seconds?"),
        ("slow:5%:seconds=soon", "'soon'", "1.5"),
        ("slow:5%:seconds=1:seconds=2", "'seconds' stands twice", "Leave one"),
        ("429:5%:retry-after=tomorrow", "'tomorrow'", "the word date"),
        ("500:5%,,hang:1%", "no name", "NAME:SHARE"),
        ("500:60%,hang:50%", "add up to 110", "100%"),
        ("500:all,hang:all", "for all", "one of them"),
    ],
)
def test_wrong_word_is_named(spec: str, message: str, cure: str) -> None:
    """Each error names the wrong word and says what to write."""
    with pytest.raises(UsageError) as caught:
        parse_faults(spec)
    assert message in caught.value.message
    assert cure in caught.value.cure


@given(st.integers(), st.integers(1, 10**9))
def test_choice_depends_on_seed_and_number_alone(seed: int, number: int) -> None:
    """Two plans of the same seed agree, whatever they were asked before."""
    spec = parse_faults("500:30%,hang:30%,cut:30%")
    asked_before = FaultPlan(spec, seed)
    asked_before.fault_for(number + 1)
    assert asked_before.fault_for(number) == FaultPlan(spec, seed).fault_for(number)
    assert 0 <= asked_before.draw("jitter", number) < 1


def test_shares_are_kept() -> None:
    """Over many arrivals each fault gets its share, and no arrival gets two."""
    plan = FaultPlan(parse_faults("500:5%,hang:20%"), seed=7)
    hit = Counter(fault.name if fault else "" for fault in map(plan.fault_for, range(1, 20_001)))
    assert hit["500"] == pytest.approx(1000, abs=120)
    assert hit["hang"] == pytest.approx(4000, abs=220)


def test_other_seed_other_arrivals() -> None:
    """The seed moves the faults."""
    spec = parse_faults("500:50%")
    hit = [[FaultPlan(spec, seed).fault_for(number) is None for number in range(64)] for seed in (1, 2)]
    assert hit[0] != hit[1]


def test_precedence() -> None:
    """A count beats a share, and `all` takes what is left, in whatever order they stand."""
    plan = FaultPlan(parse_faults("slow:all,500:100%,403:after=3,429:first=1"), seed=0)
    names = [fault.name for fault in map(plan.fault_for, range(1, 6)) if fault]
    assert names == ["429", "500", "500", "403", "403"]
    rest = FaultPlan(parse_faults("slow:all,429:first=1"), seed=0)
    names = [fault.name for fault in map(rest.fault_for, range(1, 3)) if fault]
    assert names == ["429", "slow"]


@given(st.integers(400, 599).map(str) | st.sampled_from(REDIRECTS))
def test_what_we_send_again_was_not_started(name: str) -> None:
    """An answer after which `campaign` may send again is one after which the sandbox started nothing."""
    fault = Fault(name)
    verdict = judge(Exchange(connected=True, status=fault.status, complete=True), SuccessRule(), retry_503=True)
    may_be_sent_again = verdict.state in (State.PENDING, State.REJECTED, State.FAILED)
    assert not (may_be_sent_again and fault.starts_call)


@pytest.mark.parametrize("name", ["500", "502", "504", "599", "redirect-302", "redirect-303", "slow"])
def test_worst_case_is_assumed(name: str) -> None:
    """After an ambiguous answer the call is taken as started, so that a careless second one shows."""
    assert Fault(name).starts_call
