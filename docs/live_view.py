"""Draws the live view of a run, as a terminal of 80 columns shows it: called by make_pictures.py, or alone.

.venv/bin/python docs/live_view.py live-view.svg
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, DIMMED_MONOKAI, TerminalTheme

from campaign.cli.progress.view import View
from campaign.core.course import Arrival, Speed
from campaign.core.lifecycle import State
from campaign.core.record import Trouble
from campaign.core.standing import Phase, Standing

DARK, LIGHT = DIMMED_MONOKAI, DEFAULT_TERMINAL_THEME


def example(now: datetime) -> Standing:
    """A run in the middle, after the endpoint has asked to slow down."""
    return Standing(
        campaign="20261125-k7mq",
        list_name="spring-expo.xlsx",
        at=now,
        counts={
            State.ACCEPTED: 5_912,
            State.PENDING: 3_704,
            State.SENDING: 8,
            State.REJECTED: 12,
            State.FAILED: 3,
            State.UNKNOWN: 5,
            State.DEFERRED: 204,
            State.INVALID: 31,
            State.SUPPRESSED: 46,
        },
        done=5_932,
        expected=9_644,
        phase=Phase.SENDING,
        speed=Speed(asked=5.0, allowed=3.75, current=3.71),
        arrival=Arrival(now + timedelta(minutes=13)),
        troubles=(
            Trouble(6_118, "…0123", State.REJECTED, "Brightcall refused this lead (422): lc_number is not reachable."),
            Trouble(
                6_094, "…0171", State.UNKNOWN, "Sent, but no answer came in time. The person may have been called."
            ),
            Trouble(5_861, "…0104", State.FAILED, "Not sent: no connection could be made, after 4 attempts."),
        ),
    )


def draw(path: Path, standing: Standing, *, columns: int = 80, theme: TerminalTheme = DARK) -> None:
    """Write the view as SVG, in the colours of a dark or a light terminal."""
    console = Console(
        record=True, width=columns, height=24, file=io.StringIO(), force_terminal=True, legacy_windows=False
    )
    console.print(View(standing), end="")
    console.save_svg(str(path), title="campaign run", theme=theme)


if __name__ == "__main__":
    draw(Path(sys.argv[1]), example(datetime.now(UTC)))
