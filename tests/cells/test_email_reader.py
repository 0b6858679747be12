"""E-mail addresses: what is read, and that the short way judges as email-validator does."""

from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.core.cells.cell import Cell, CellFault, shown
from campaign.core.cells.email import EmailReader
from campaign.core.problem import Code

READER = EmailReader("lc_param_email", "Email")


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("ann@example.com", "ann@example.com"),
        ("Ann.Lee+x@Mail.Example.COM", "Ann.Lee+x@mail.example.com"),
        ("INFO@Example.org", "INFO@example.org"),
        ("O'Neil@Example.org", "O'Neil@example.org"),
        (" ann@example.com\u200b", "ann@example.com"),
        ("mailto:ann@example.com", "ann@example.com"),
        ("MAILTO: ann@example.com", "ann@example.com"),
        ("<ann@example.com>", "ann@example.com"),
        ("<mailto:ann@example.com>", "ann@example.com"),
        ("jörg@exämple.com", "jörg@exämple.com"),
        ("ann@mail.test", "ann@mail.test"),
    ],
)
def test_reads_an_address(cell: str, address: str) -> None:
    """Only the domain loses its capitals: what stands before the @ is the mail server's own affair."""
    assert READER.read(cell) == (address, None)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("ann", "must have an @-sign"),
        ("ann@example", "should have a period"),
        ("ann@example..com", "two periods"),
        ("ann@@example.com", "invalid characters"),
        ("ann lee@example.com", "SPACE"),
        ("ann@example.invalid", "special-use"),
        ("Ann <ann@example.com>", "display name"),
        ("ann@example.com; bob@example.com", "more than one"),
        ("ann@example.com, bob@example.com", "more than one"),
        (123, "must have an @-sign"),
        (True, "must have an @-sign"),
        ("a" * 250 + "@example.com", "too long"),
    ],
)
def test_names_what_is_wrong(cell: Cell, words: str) -> None:
    """The reason is that of email-validator, with the cell and a cure."""
    value, problem = READER.read(cell)
    assert value == ""
    assert problem is not None
    assert (problem.code, problem.field, problem.column) == (Code.EMAIL_INVALID, "lc_param_email", "Email")
    assert problem.value == shown(cell)
    assert words in problem.message


def test_blank_cells_and_faults() -> None:
    """A blank cell is nothing; a spreadsheet's error is named as one."""
    for cell in (None, "", " \u00a0", "\u200b"):
        assert READER.read(cell) == ("", None)
    _, problem = READER.read(CellFault("#REF!"))
    assert problem is not None
    assert problem.code is Code.CELL_ERROR


ORDINARY = st.text("abAB01-_+.", min_size=1, max_size=8)
HOSTS = st.text("abA01-.xn", min_size=1, max_size=12)
ENDINGS = st.sampled_from(
    [".com", ".c", ".test", ".local", "", ".1a", ".co.uk", ".INVALID", ".xn--p1ai", ".onion", ".arpa"]
)


@given(st.one_of(st.builds("{}@{}{}".format, ORDINARY, HOSTS, ENDINGS), st.emails(), st.text(max_size=20)))
@example("a@" + "b" * 63 + ".com")
@example("a@" + "b" * 64 + ".com")
@example("a@ab--cd.com")
@example("\ud800@example.com")
def test_the_verdict_is_that_of_the_library(written: str) -> None:
    """An address passes if and only if email-validator passes it, and comes out with the domain that it gives."""
    value, problem = READER.read(written)
    if written.strip(" \t\r\n\v\f<>") != written or written.lower().startswith("mailto:") or not written.isascii():
        assert bool(value) + (problem is not None) <= 1
        return
    try:
        found = validate_email(written, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        assert value == ""
    else:
        assert value == f"{written.rpartition('@')[0]}@{found.domain}"
