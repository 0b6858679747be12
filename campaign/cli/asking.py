"""The questions before anything is sent, and what is told around them. On stderr: stdout is for the result."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from campaign.adapters.signals import heed_a_stop
from campaign.cli import show
from campaign.cli.show.outlook import outlook as show_outlook
from campaign.core.errors import UsageError

if TYPE_CHECKING:
    from campaign.core.outlook import Outlook
    from campaign.core.record import Corrections
    from campaign.core.run import Preview
    from campaign.ports import HiddenChoice, LeadSource, Progress


class Terminal:
    """Tells and asks a person; with `yes` every question is answered already."""

    def __init__(self, yes: bool, progress: Progress, *, wait: bool = False) -> None:
        """`wait`: the run stays until calling hours open. `outlook` is the last one that was shown."""
        self._yes = yes
        self._wait = wait
        self.outlook: Outlook | None = None
        self._progress = progress

    def tell(self, text: str) -> None:
        """A sentence."""
        self._progress.note(text)

    def corrections(self, taken: Corrections) -> None:
        """What became of the rows of a corrected file."""
        self._progress.rest()
        show.corrections(taken)

    def ahead(self, outlook: Outlook) -> None:
        """What will go when, where that is not all now."""
        self._progress.rest()
        self.outlook = outlook
        if outlook.later or outlook.cost is not None:
            show_outlook(outlook, wait=self._wait)

    def agree(self, question: str) -> bool:
        """Show the question, and ask it unless it is answered."""
        heed_a_stop()
        self._progress.rest()
        if self._yes:
            click.echo(question, err=True)
            return True
        return click.confirm(question, default=False, err=True)

    def agree_to(self, preview: Preview) -> bool:
        """Show what will happen and ask. A list with nothing to send needs no answer: its result is written all the same."""
        heed_a_stop()
        self._progress.rest()
        show.preview(preview)
        self.outlook = preview.outlook
        if not preview.may_send:
            self.tell("No row can be sent now; the result says why.")
            return True
        later = f" ({preview.outlook.later:,} of them later)" if self._wait and preview.outlook.later else ""
        calls = f"{preview.to_send:,} calls" if preview.to_send else "what can go (no row can by now)"
        return self._yes or self.agree(f"\nSend {calls}{later}?")


def about_hidden(source: LeadSource) -> HiddenChoice | None:
    """Ask what to do with the rows that the list hides; None is: stop."""
    click.echo(f"{source.name}: {source.hidden.sentence()}.", err=True)
    click.echo("  call   call them like the others\n  skip   leave them out\n  stop   send nothing", err=True)
    answers: dict[str, HiddenChoice | None] = {"call": "call", "skip": "skip", "stop": None}
    return answers[click.prompt("Hidden rows", type=click.Choice(tuple(answers)), default="stop", err=True)]


def may_ask(yes: bool, done: str = "sent", do: str = "send") -> None:
    """Raise `UsageError` where nobody can be asked and nobody said --yes. `done` and `do` are what is asked about."""
    if not yes and not sys.stdin.isatty():
        raise UsageError(
            f"Nobody can be asked here (no terminal), so nothing was {done}.", f"Add --yes to {do} without asking."
        )


def confirmed(question: str, yes: bool) -> bool:
    """A question outside of a run, of which `may_ask` has said that it can be asked. Raises `KeyboardInterrupt` that says what
    did not happen if there is no answer."""
    try:
        return yes or click.confirm(question, default=False, err=True)
    except click.Abort:
        raise KeyboardInterrupt("Stopped. Nothing was changed.") from None
