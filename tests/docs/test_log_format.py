"""What the page for engineers says of the log is what is written there."""

from __future__ import annotations

import re
from typing import get_args

from pages import DOCS, Page, table

from campaign.core.event import Event


def test_every_event_is_told_with_its_fields() -> None:
    """In the order of the code, field by field."""
    page = Page(DOCS / "engineers.md").text
    told = {row[0].strip("` "): re.findall(r"`([^`]+)`", row[1]) for row in table(page[page.index("### The log") :])}
    assert told == {kind.kind: list(kind.__slots__) for kind in get_args(Event)}
