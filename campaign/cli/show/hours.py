"""What commands print of calling hours: the presets, and when deferred rows may be called."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from campaign.core.lifecycle import State

if TYPE_CHECKING:
    from campaign.core.policy.presets import Preset
    from campaign.usecases.validate import Validation

_FIRST = 10


def presets_table(found: Sequence[Preset]) -> None:
    """Calling-hour presets, with their sources."""
    for preset in found:
        own = click.style(f"  (your own, in {preset.origin})", fg="cyan") if preset.origin else ""
        click.echo(f"{click.style(preset.name, bold=True)}  {preset.code}{own}")
        click.echo(f"  {preset.hours_in_words()}")
        for line in (*(cap.words() for cap in preset.caps), preset.note, f"{preset.source}, checked {preset.checked}"):
            if line:
                click.echo(textwrap.fill(line, 100, initial_indent="  ", subsequent_indent="  "))


def preset_json(preset: Preset) -> dict[str, Any]:
    """A preset for programs."""
    days = {name: [list(span) for span in spans] for name, spans in preset.week.by_day()}
    return {
        "name": preset.name,
        "regions": list(preset.regions),
        "state": preset.state or None,
        "hours": preset.hours_in_words(),
        "days": days,
        "holidays": preset.holidays,
        "caps": [
            {
                "calls": cap.calls,
                "within_seconds": int(cap.within.total_seconds()),
                "of": cap.counted.value,
                "after": "refusal" if cap.after_refusal else None,
            }
            for cap in preset.caps
        ],
        "note": preset.note or None,
        "source": preset.source,
        "checked": preset.checked,
        "own": preset.origin or None,
    }


def deferred(seen: Validation) -> None:
    """When the first of the rows may be called whose calling window is closed."""
    if seen.deferred:
        click.echo(f"\nClosed at {seen.at:%Y-%m-%d %H:%M} UTC; these rows may be called (call_next_allowed):")
    for row, opens in seen.deferred[:_FIRST]:
        when = f"from {opens:%Y-%m-%d %H:%M} UTC" if opens is not None else "never: see the reason"
        click.echo(f"  row {row}: {when}")
    if (more := seen.counts[State.DEFERRED] - _FIRST) > 0:
        click.echo(f"  and {more:,} more; --report FILE lists every row")
