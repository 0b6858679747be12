"""What a person watches while a campaign runs: a live view in a terminal, plain lines in a log."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from campaign.cli.progress.display import Display


@contextmanager
def watch(*, verbose: bool = False, log_file: Path | None = None) -> Iterator[Display]:
    """Progress for one run, in the form that stderr can show. `verbose` shows all that happens, `log_file` gets all of it as
    JSON lines.

    Raises `OutputError` if the log can't be opened.
    """
    with ExitStack() as stack:
        display = stack.enter_context(shown(err=True, verbose=verbose))
        if log_file is not None:
            from campaign.adapters.event_log import log_to

            stack.enter_context(log_to(log_file, display.note))
        yield display


@contextmanager
def shown(*, err: bool, verbose: bool = False, own: bool = True) -> Iterator[Display]:
    """The display for stderr (`err`) or stdout. `own`: what is shown is this command's own run, which Ctrl-C stops."""
    display = _display(err=err, verbose=verbose, own=own)
    try:
        yield display
    finally:
        display.close()


def _display(*, err: bool, verbose: bool, own: bool) -> Display:
    stream = sys.stderr if err else sys.stdout
    if stream.isatty() and os.environ.get("TERM", "").lower() not in ("dumb", "unknown"):
        from campaign.cli.progress.live import Live

        return Live(err=err, verbose=verbose, own=own)
    from campaign.cli.progress.lines import Lines

    return Lines(err=err, verbose=verbose)
