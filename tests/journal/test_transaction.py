"""An interrupt may fall between any two steps of the program: the journal is whole, and can be used on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

from people import entered, pending, record

from campaign.adapters.journal import Journal
from campaign.core.errors import WorkspaceError


def interrupted(work: Callable[[], object], at: int) -> bool:
    """Do `work` and interrupt it before its `at`-th line, of whatever module. Returns whether it has that many."""
    lines = count()

    def trace(_frame: FrameType, event: str, _more: Any) -> Any:
        if event == "line" and next(lines) == at:
            raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    except (KeyboardInterrupt, WorkspaceError):  # SQLite makes an error of what is raised in a function that it calls
        return True
    finally:
        sys.settrace(before)
    return False


def test_a_draft_can_be_dropped_wherever_it_was_broken_off(tmp_path: Path) -> None:
    """Nothing of it is left, nothing hinders the next one, and no more is there than was committed before."""
    journal = Journal(tmp_path / "journal.db")
    entered(journal, [pending(2)], campaign="kept")

    def enter_a_draft() -> None:
        journal.add_campaign(record("draft"))
        with journal.atomic():
            journal.add_leads("draft", [pending(2), pending(3)])

    at = 0
    while interrupted(enter_a_draft, at):
        journal.drop_draft("draft")
        assert [campaign.id for campaign in journal.campaigns()] == ["kept"]
        at += 1
    assert at > 50, "it was hardly interrupted anywhere"
    assert sum(journal.counts("draft").values()) == 2
    journal.close()
