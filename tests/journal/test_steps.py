"""What is asked of the journal for each row takes as long in a large campaign as in a small one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from people import NOW, entered, pending, request

from campaign.adapters.journal import Journal

Question = Callable[[Journal], object]

DIGITS = request(5).phone.digits
QUESTIONS: dict[str, Question] = {
    "row ids": lambda journal: journal.find_leads(["c1-5", "c1-6"]),
    "row id": lambda journal: journal.find_lead("c1-5"),
    "rows": lambda journal: journal.leads_at("c1", [5, 6]),
    "number": lambda journal: journal.leads_with_number("c1", DIGITS),
    "contacts": lambda journal: journal.contacts([DIGITS], NOW, "c2"),
    "calls": lambda journal: journal.calls([DIGITS], NOW),
    "due": lambda journal: journal.due("c1", 5, 2),
    "due by closing": lambda journal: journal.due_by_closing("c1", None, 2),
    "closed": lambda journal: journal.closed_by("c1", NOW, 2),
    "intent": lambda journal: journal.begin("c1", 5, NOW, NOW),
}


def steps(path: Path, rows: int, ask: Question) -> int:
    """How many steps SQLite takes for a question in a campaign of so many rows."""
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    with closing(Journal(path)) as journal:
        entered(journal, [pending(row) for row in range(2, rows + 2)])
        connection = journal._db.connection
        connection.set_progress_handler(step, 1)
        with journal.atomic():
            ask(journal)
        connection.set_progress_handler(None, 0)
    return taken


@pytest.mark.parametrize("asked", QUESTIONS)
def test_no_question_about_a_row_goes_through_all_rows(tmp_path: Path, asked: str) -> None:
    """Twenty times the rows are as many steps, but for those down a deeper index."""
    few, many = (steps(tmp_path / f"{rows}.db", rows, QUESTIONS[asked]) for rows in (40, 800))
    assert 0 < many < 2 * few
