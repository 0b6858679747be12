"""Alike findings are counted together: rows, not cells, and without the rows' own values."""

from __future__ import annotations

from campaign.core.finding import COLUMNS, Finding, Groups, findings
from campaign.core.lifecycle import State
from campaign.core.problem import Code, Note, Problem, without_numbers
from campaign.core.record import Judgement


def invalid(row: int, value: str, message: str = "letters among the digits", column: str = "Phone") -> list[Finding]:
    """The findings of a row with one wrong cell."""
    problem = Problem(Code.PHONE_LETTERS, "lc_number", column, value, message, f"If it is +44{value}00000, write it.")
    return findings(row, Judgement(State.INVALID, None, problem.sentence()), (problem,))


def test_alike_rows_are_one_group() -> None:
    """With the number of rows, the first of them, and no other row's number in its words."""
    groups = Groups()
    for row in range(2, 12):
        groups.add(row, invalid(row, f"2079{row:02d}"))
    [group] = groups.ranked()
    assert (group.rows, group.row, group.value) == (10, 2, "207902")
    assert group.alike.cure == "If it is …, write it."


def test_a_row_counts_once() -> None:
    """Two wrong parts of one cell are one wrong row."""
    groups = Groups()
    groups.add(2, [*invalid(2, "11111"), *invalid(2, "22222")])
    assert [group.rows for group in groups.ranked()] == [1]


def test_wrong_rows_come_first_then_rules_then_notes() -> None:
    """And the most frequent first among each."""
    groups = Groups()
    rule = Problem(Code.DUPLICATE, "lc_number", "", "+442079460001", "Row 2 has the same number", "Nothing.")
    held = Judgement(State.DUPLICATE, None, "Row 2 has the same number.", "The same number as another row.", rule=rule)
    noted = Judgement(State.PENDING, None, notes=(Note(Code.EXTENSION, "Extension 4 is not dialled", "not dialled"),))
    for row in range(2, 8):
        groups.add(row, findings(row, noted, ()))
        groups.add(row, findings(row, held, ()))
    groups.add(8, invalid(8, "33333", "one thing"))
    groups.add(9, invalid(9, "44444", "another"))
    groups.add(10, invalid(10, "55555", "another"))
    assert [(group.alike.kind, group.alike.message, group.rows) for group in groups.ranked()] == [
        ("invalid", "another", 2),
        ("invalid", "one thing", 1),
        ("duplicate", "The same number as another row", 6),
        ("note", "not dialled", 6),
    ]


def test_the_number_of_groups_is_bounded() -> None:
    """A million rows, each wrong in its own way, are not a million groups; no row is lost from the count."""
    groups = Groups()
    for row in range(2, 2 * Groups.MOST):
        groups.add(row, invalid(row, "x", f"wrong in way {row}"))
    ranked = groups.ranked()
    assert len(ranked) == Groups.MOST + 1
    assert sum(group.rows for group in ranked) == 2 * Groups.MOST - 2
    assert ranked[0].alike.message == "of further kinds"


def test_a_line_has_every_column() -> None:
    """Also where only a reason in words is known."""
    [finding] = findings(3, Judgement(State.SUPPRESSED, None, "Not called."), ())
    assert tuple(finding.line()) == COLUMNS
    assert finding.line()["message"] == "Not called."
    assert finding.line()["code"] is None


def test_a_rule_is_told_with_the_column_of_its_field() -> None:
    """A rule knows a number and not where it stood; a problem keeps the column that it names itself."""
    rule = Problem(Code.DUPLICATE, "lc_number", "", "+442079460001", "Row 2 has the same number", "Nothing.")
    left_out = Note(Code.SECOND_LEFT_OUT, "Second number left out", "left out", "lc_number_2")
    held = Judgement(State.DUPLICATE, None, "Row 2 has the same number.", "The same number.", (left_out,), rule=rule)
    columns = {"lc_number": "Phone"}
    assert [finding.column for finding in findings(3, held, (), columns)] == ["Phone", ""]
    wrong = rule._replace(column="Mobile")
    assert [finding.column for finding in findings(3, Judgement(State.INVALID, None), (wrong,), columns)] == ["Mobile"]


def test_short_numbers_stay_in_the_words() -> None:
    """They are counts and row numbers, not somebody's phone."""
    assert without_numbers("row 12 has +442079460001 and 2079460001") == "row 12 has … and …"
