"""What became of the rows of a corrected file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from campaign.cli.show.words import which

if TYPE_CHECKING:
    from campaign.core.record import Corrections


def corrections(taken: Corrections) -> None:
    """What became of the rows of a corrected file. On stderr: it comes before the result."""
    told: list[tuple[str, int, Sequence[int]]] = [
        ("ready to be sent", len(taken.ready), ()),
        ("waiting for calling hours or a free cap", len(taken.deferred), ()),
        ("still wrong", len(taken.still_wrong), taken.still_wrong),
        ("refused before and unchanged (--include-rejected sends them)", len(taken.refused), ()),
        ("maybe called already (--include-unknown sends them)", len(taken.unknown), ()),
        ("may have been called, and object now: not called again", len(taken.objecting), tuple(taken.objecting)),
        ("changed in vain: called already, or not to be called", len(taken.changed_in_vain), taken.changed_in_vain),
        ("left alone: called already, or not to be called", taken.left_alone, ()),
        ("new", taken.added, ()),
        ("hidden or filtered out in the file, so not sent (show them and rerun)", len(taken.hidden), ()),
    ]
    for words, count, rows in told:
        if count:
            click.echo(f"  {count:>7,}  {words}{f': {which(rows)}' if rows else ''}", err=True)
    if taken.alone:
        where = ", ".join(map(str, taken.alone[:10]))
        words = "on the sheet To correct but not on Results, so not sent (add them there): rows of To correct"
        click.echo(f"  {len(taken.alone):>7,}  {words} {where}", err=True)
    if taken.unmatched:
        where = ", ".join(map(str, taken.unmatched[:10]))
        words = "can't be tied to a row of the campaign and can't be sent: rows of the file"
        click.echo(f"  {len(taken.unmatched):>7,}  {words} {where}", err=True)
