"""What a person sees of a run in a terminal: as an emulator shows it, with real processes and Ctrl-C."""

from __future__ import annotations

import io
import re
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from command import MAPPING, leads, results
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from campaign.adapters.sandbox import Sandbox, SandboxSettings, parse_faults, run_in_thread
from campaign.cli.progress.display import Display
from campaign.cli.progress.lines import Lines
from campaign.cli.progress.live import Live
from campaign.cli.progress.view import View
from campaign.core.course import Arrival, Speed
from campaign.core.event import Halted
from campaign.core.lifecycle import State
from campaign.core.record import Trouble
from campaign.core.standing import Phase, Standing, Wait

if sys.platform != "win32":
    from terminal import terminal

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
RUN = ("run", "leads.csv", "-m", "mapping.yaml", "--yes", "-o", "out.xlsx")
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def paced(work: Path, rate: str, rows: int) -> None:
    """A list that takes a while."""
    (work / "mapping.yaml").write_text(MAPPING.replace("500/s", rate), encoding="utf-8")
    leads(work, rows)


@posix
@pytest.mark.parametrize("columns", [80, 60])
def test_the_view_shows_how_the_run_stands(work: Path, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Counts, rates, the end, the last problems and what Ctrl-C does, in the columns there are, without a key or a number."""
    paced(work, "20/s", 400)
    with run_in_thread(SandboxSettings(faults=parse_faults("refuse:20%"), seed=1)) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        with terminal(work, *RUN, columns=columns) as seen:
            shown = seen.wait_for(lambda text: " now, " in text and text.count("rejected") >= 6)
            colours = seen.colours()
            seen.press_ctrl_c()
            seen.wait_for(lambda text: "Go on with: campaign resume" in text)
            assert seen.ends() == 4
    assert "Calling  leads.csv" in shown
    assert re.search(r"[\d,]+ of 399 rows +\d+%", shown)
    assert re.search(r"\d accepted +\d+ pending +\d+ sending", shown)
    assert re.search(r"Rate +[\d.]+/s now, 20/s allowed", shown)
    assert re.search(r"Ends +done at about \d\d:\d\d, in \d+ s", shown)
    assert re.search(r"Problems row \d+ …\d{4} rejected Brightcall refused", shown)
    assert re.search(r"Ctrl-C +finishes the calls under way, writes the\s+result;\s+resume goes on", shown)
    assert re.search(r"Twice +leaves at once", shown)
    assert "+4420" not in shown[shown.index("Calling") :]
    assert len(results(work / "out.xlsx")) == 400
    # Of the colours of every terminal none that is lost on black or on white; grey is the bar's rest.
    assert colours <= {"default", "green", "red", "magenta", "blue", "cyan", "brightblack"}


@posix
def test_ctrl_c_is_answered_at_once(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first tells what is awaited and what a second one does; the second one does it."""
    (work / "mapping.yaml").write_text(MAPPING.replace("read: 2", "read: 600"), encoding="utf-8")
    leads(work, 30)
    with run_in_thread(SandboxSettings(faults=parse_faults("hang:first=5"))) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        with terminal(work, *RUN, "--concurrency", "5") as seen:
            seen.wait_for(lambda text: "5 sending" in text)
            seen.press_ctrl_c()
            shown = seen.wait_for(lambda text: "Stopping  leads.csv" in text)
            assert "leaves at once: the 5 calls under way would be unknown" in shown
            assert "Stopping: calls under way are finished" in shown
            seen.press_ctrl_c()
            seen.wait_for(lambda text: "Stopped as you asked" in text)
            assert seen.ends() == 4


@posix
@pytest.mark.parametrize("columns", [80, 109, 110])
def test_nothing_of_the_view_is_left_after_ctrl_c(work: Path, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """The terminal writes ^C where the view ends: that moves no line."""
    paced(work, "20/s", 400)
    with run_in_thread(SandboxSettings()) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        with terminal(work, *RUN, columns=columns) as seen:
            seen.wait_for(lambda text: "Twice" in text and " now, " in text)
            seen.press_ctrl_c()
            shown = seen.wait_for(lambda text: "Go on with: campaign resume" in text)
            assert seen.ends() == 4
    assert "Stopping: calls under way are finished" in shown
    assert "Calling  leads.csv" not in shown
    assert "Stopping  leads.csv" not in shown


@posix
def test_a_wait_says_until_when_and_why(work: Path, server: Sandbox) -> None:
    """Before `--start-at`; and `--stop-at` is known to what is foreseen."""
    paced(work, "1/min", 20)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT12:00")
    after = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT12:05")
    with terminal(work, *RUN, "--start-at", tomorrow, "--stop-at", after) as seen:
        shown = seen.wait_for(lambda text: "Waiting  leads.csv" in text and "Twice" in text)
        seen.press_ctrl_c()
        seen.wait_for(lambda text: "Go on with" in text)
        assert seen.ends() == 4
    assert re.search(
        r"Waits +until \w{3} \d\d \w{3} 12:00:00 \(about .* left\): nothing is sent before the start",
        " ".join(shown.split()),
    )
    assert re.search(r"Ends stops at \w{3} \d\d \w{3} 12:05, in .*, with about 1\d rows left", " ".join(shown.split()))
    assert server.ledger.arrivals == ()


@posix
def test_a_terminal_that_takes_nothing_holds_up_no_call(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After Ctrl-S, say: all rows go out, and the rest is shown when it is read again."""
    leads(work, 3000)
    (work / "mapping.yaml").write_text(MAPPING.replace("500/s", "2000/s, concurrency: 40"), encoding="utf-8")
    with run_in_thread(SandboxSettings()) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        with terminal(work, *RUN, "-v", paused=True) as seen:
            end = time.monotonic() + 120
            while server.ledger.totals()["calls"] < 2999:
                assert time.monotonic() < end, "the calls wait for the terminal"
                time.sleep(0.01)
            seen.read_on()
            seen.wait_for(lambda text: "Result: out.xlsx" in text)
            assert seen.ends() == 1
    assert len(results(work / "out.xlsx")) == 3000


class Stopped(io.StringIO):
    """A terminal that takes nothing until it goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.goes_on = threading.Event(), threading.Event()

    def write(self, text: str) -> int:
        """As a terminal after Ctrl-S does."""
        self.reached.set()
        self.goes_on.wait(60)
        return super().write(text)


@pytest.mark.parametrize("form", [partial(Live, own=True), Lines], ids=["view", "lines"])
def test_what_a_terminal_takes_too_late_is_not_shown_behind_the_result(
    form: Callable[..., Display], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end waits a while for it; what was not shown by then would push the result out of sight."""
    terminal = Stopped()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("campaign.cli.progress.display._PATIENCE", 0.0)
    display = form(err=True, verbose=True)
    display.sending(lambda: Standing("c1", "leads.csv", NOW, {}, 0, 1, Phase.SENDING, Speed(5.0, 5.0)))
    display.happened(Halted("The first."))
    assert terminal.reached.wait(60)
    display.happened(Halted("The second."))
    display.close()
    terminal.goes_on.set()
    for thread in threading.enumerate():
        if thread.name == "display":
            thread.join()
    assert "The first." in terminal.getvalue()
    assert "The second." not in terminal.getvalue()


@posix
def test_a_window_that_is_closed_ends_the_run_as_ctrl_c_does(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls under way are finished, nothing is in doubt, and the result is written."""
    paced(work, "50/s", 400)
    with run_in_thread(SandboxSettings(latency=0.1)) as server:
        monkeypatch.setenv("CAMPAIGN_ENDPOINT", server.url)
        with terminal(work, *RUN) as seen:
            seen.wait_for(lambda text: " now, " in text)
            seen.close_window()
            seen.ends()
    statuses = [row["call_status"] for row in results(work / "out.xlsx")]
    assert len(statuses) == 400
    assert set(statuses) == {"accepted", "pending", "invalid"}


@posix
def test_verbose_shows_each_attempt_above_the_view(work: Path, server: Sandbox) -> None:
    """As a line for people, with the time; the view stays at the bottom."""
    paced(work, "5/s", 100)
    with terminal(work, *RUN, "-v") as seen:
        shown = seen.wait_for(lambda text: text.count(": accepted (200, ") >= 5 and "Twice" in text)
        seen.press_ctrl_c()
        assert seen.ends() == 4
    first = re.search(r"^\d\d:\d\d:\d\d  Row 2, …0000: accepted \(200, ", shown, re.MULTILINE)
    assert first is not None
    assert first.start() < shown.index("Calling  leads.csv")


states = st.dictionaries(st.sampled_from(State), st.integers(0, 10**7))
texts = st.text(max_size=300)


@given(
    st.integers(60, 200),
    st.sampled_from(["utf-8", "cp437", "cp1252", "ascii"]),
    states,
    st.sampled_from(Phase),
    texts,
    st.lists(st.tuples(st.integers(1, 10**7), texts), max_size=5),
    st.booleans(),
)
def test_whatever_it_shows_no_line_is_too_long(
    columns: int,
    encoding: str,
    counts: dict[State, int],
    phase: Phase,
    name: str,
    troubles: list[tuple[int, str]],
    waits: bool,
) -> None:
    """In any width from 60 columns on and in any encoding, every line leaves the last column free, and nothing fails."""
    standing = Standing(
        "20261125-abcd",
        name,
        NOW,
        counts,
        done=sum(counts.values()) // 2,
        expected=sum(counts.values()),
        phase=phase,
        speed=Speed(5.0, 2.5, 2.4),
        arrival=Arrival(NOW + timedelta(hours=3), 12_345),
        wait=Wait(NOW + timedelta(minutes=5), name) if waits else None,
        troubles=tuple(Trouble(row, "…0123", State.REJECTED, reason) for row, reason in troubles),
        ended=name,
    )
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace", newline="")
    console = Console(file=file, width=columns, height=24, force_terminal=True, color_system=None, legacy_windows=False)
    console.print(View(standing))
    for line in console.render_lines(View(standing), pad=False):
        assert sum(segment.cell_length for segment in line) < columns
    file.flush()


@pytest.mark.parametrize(("encoding", "bar"), [("utf-8", "━━━━"), ("cp437", "----")])
def test_a_console_of_an_old_code_page_gets_its_own_signs(encoding: str, bar: str) -> None:
    """Windows consoles that can't do Unicode show no question marks."""
    trouble = Trouble(7, "…0123", State.UNKNOWN, "Sent to …, but no answer came in time.")
    standing = Standing(
        "c1", "leads.csv", NOW, {State.ACCEPTED: 5}, 5, 10, Phase.SENDING, Speed(5.0, 5.0), troubles=(trouble,)
    )
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace", newline="")
    Console(file=file, width=80, force_terminal=True, color_system=None, legacy_windows=False).print(View(standing))
    file.flush()
    said = file.buffer.getvalue().decode(encoding)
    assert bar in said
    assert "?" not in said
    assert "0123 unknown Sent to" in said
