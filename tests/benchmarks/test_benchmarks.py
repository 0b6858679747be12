"""The benchmarks' own arithmetic, and that each of them can be run. Nothing is timed here."""

from __future__ import annotations

from itertools import count

import pytest
import show
from hypothesis import given
from hypothesis import strategies as st
from kept_rate import achieved, fullest_second
from measure import Measured, in_turns, ratios_of
from rig.loopback import loopback

SECONDS = st.floats(0.001, 1e6)


@pytest.mark.parametrize("name", show.names())
def test_every_file_is_a_benchmark(name: str) -> None:
    """It can be imported, and has lines to measure."""
    assert callable(show.load(name).lines)


def test_none_is_left_out() -> None:
    """Files are found by themselves, and what only helps is none of them."""
    assert {"submit", "kept_rate", "rivals", "whole_run"} <= set(show.names())
    assert not {"measure", "show", "test_benchmarks", "rig"} & set(show.names())


def test_ours_and_the_bare_work_take_turns() -> None:
    """Ours first, then the other, five times; a ratio belongs to one pair."""
    turn = count(1)
    ratios, note = in_turns(lambda: float(next(turn)), lambda: float(next(turn)))
    assert ratios == [1 / 2, 3 / 4, 5 / 6, 7 / 8, 9 / 10]
    assert note == "5.00 s against 6.00 s"


@given(st.lists(st.tuples(SECONDS, SECONDS), min_size=1))
def test_twice_as_fast_is_half_as_long(pairs: list[tuple[float, float]]) -> None:
    """The two ways to put a ratio say the same."""
    ours, bare = zip(*pairs, strict=True)
    longer, _ = ratios_of(ours, bare)
    faster, _ = ratios_of(ours, bare, speed=True)
    assert [1 / ratio for ratio in longer] == pytest.approx(faster)


@given(st.lists(SECONDS, min_size=1), SECONDS)
def test_the_median_is_judged(ratios: list[float], target: float) -> None:
    """Half of the runs may be worse, not more; what meets the target exactly has reached it."""
    for at_least in (False, True):
        measured = Measured("ours", "bare", target, ratios, at_least)
        good = sum(ratio >= target if at_least else ratio <= target for ratio in ratios)
        if good > len(ratios) / 2:
            assert measured.verdict == "pass"
        elif good < len(ratios) / 2:
            assert measured.verdict == "short"
    assert Measured("ours", "bare", ratios[0], ratios[:1]).reached


def test_what_could_not_be_measured_is_neither_pass_nor_short() -> None:
    """It says why, and the table goes on."""
    line = show.row(Measured("ours", "newman", 30, (), at_least=True, note="newman could not be installed here"))
    assert "not measured" in line
    assert line.endswith("newman could not be installed here")


def test_a_line_tells_target_median_and_spread() -> None:
    """And on which side of the target it must lie."""
    line = " ".join(show.row(Measured("ours", "bare", 1.25, [1.5, 1.0, 1.2])).split())
    assert line == "ours bare ≤ 1.25 1.20 (1.00 to 1.50) pass"


@given(st.integers(1, 400), st.integers(2, 50))
def test_an_even_rate_is_measured_as_it_is(rate: int, seconds: int) -> None:
    """Calls that arrive evenly: no second has more than the rate, give or take the rounding at its end."""
    arrivals = [n / rate for n in range(rate * seconds)]
    assert achieved(arrivals) == pytest.approx(rate)
    assert rate <= fullest_second(arrivals) <= rate + 1


@given(st.lists(st.floats(0, 10), min_size=1, max_size=60))
def test_the_fullest_second_is_found_wherever_it_lies(arrivals: list[float]) -> None:
    """As by counting from every arrival on."""
    arrivals.sort()
    assert fullest_second(arrivals) == max(sum(at <= other < at + 1.0 for other in arrivals) for at in arrivals)


def test_the_endpoint_of_the_benchmarks_counts_each_call() -> None:
    """In the order of their arrival, on the clock of this machine; once asked, it begins anew."""
    from urllib.request import Request, urlopen

    with loopback() as endpoint:
        for _ in range(3):
            with urlopen(Request(endpoint.url, data=b"{}", headers={"Content-Type": "application/json"})) as answer:
                assert answer.status == 200
        first = endpoint.arrivals()
        assert len(first) == 3
        assert first == sorted(first)
        assert endpoint.arrivals() == []
