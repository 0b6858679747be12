"""Text files as people have them: encodings, separators, quotes, titles and footers, and files that are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.case import Case, people
from corpus.seen import Seen
from sources.made_files import csv_file, csv_text

from campaign.core.cells.cell import shown

PLAIN = csv_text([[shown(cell) for cell in row] for row in people()])


def text(content: str = PLAIN, encoding: str = "utf-8", separator: str = ",") -> Callable[[Path], object]:
    """Writes a text file of these characters, its commas replaced by the separator."""
    return lambda path: csv_file(path, content.replace(",", separator), encoding)


def lines(*rows: str) -> Callable[[Path], object]:
    """Writes a text file of these lines."""
    return text("\n".join(rows) + "\n")


def _read(form: str, **others: object) -> Seen:
    return Seen(**{"send": 3, "form": form, **others})  # type: ignore[arg-type]  # the names are those of the fields


ANN, BOB, CYD = "Ann Lee,+442079460001,Oslo", "Bob Ray,+442079460002,Rome", "Cyd Fox,+442079460003,Bonn"
HEADER = "Name,Phone,City"
THREE = (HEADER, ANN, BOB, CYD)

TEXT_CASES = [
    Case("utf-8.csv", text(), _read("UTF-8, commas")),
    Case("byte-order-mark.csv", text(encoding="utf-8-sig"), _read("UTF-8, commas")),
    Case("unicode-text.txt", text(encoding="utf-16", separator="\t"), _read("UTF-16, tabs")),
    Case("windows-1252.csv", text(PLAIN.replace("Berg", "Bérg"), "cp1252"), _read("Windows-1252, commas")),
    Case("semicolons.csv", text(separator=";"), _read("UTF-8, semicolons")),
    Case("tabs.tsv", text(separator="\t"), _read("UTF-8, tabs")),
    Case("bars.txt", text(separator="|"), _read("UTF-8, bars")),
    Case("sep-line.csv", text("sep=;\r\n" + PLAIN.replace(",", ";")), _read("UTF-8, semicolons")),
    Case("one-column.csv", lines("Phone", "+442079460001", "+442079460002"), Seen(send=2, form="UTF-8, one column")),
    Case(
        "quotes-and-line-breaks.csv",
        lines(HEADER, '"Lee, Ann ""A""",+442079460001,"Oslo\nNorway"', BOB, CYD),
        _read("UTF-8, commas"),
    ),
    Case(
        "unclosed-quote.csv", lines(HEADER, ANN, 'Bob "B,+442079460002,"Rome', CYD), Seen(error="line 3 opens a quote")
    ),
    Case(
        "ragged-rows.csv",
        lines(HEADER, "Ann,Lee,+442079460001,Oslo", "Bob,+442079460002", CYD),
        Seen(send=2, invalid=1, problems={2: "row.ragged"}),
    ),
    Case("blank-rows.csv", lines(HEADER, "", ANN, ",,", BOB, "", "", CYD), Seen(send=3, left_out={"blank": 4})),
    Case("header-twice-and-blank.csv", lines("Name,Phone,Phone,", *(f"{row},x" for row in THREE[1:])), Seen(send=3)),
    Case(
        "title-lines.csv",
        lines("Leads of May", "", *THREE),
        Seen(send=3, header=3, left_out={"title line above the header": 1, "blank": 1}),
    ),
    Case("header-repeated.csv", lines(*THREE[:3], HEADER, CYD), Seen(send=3, left_out={"header repeated": 1})),
    Case(
        "footers.csv",
        lines(
            *THREE, "", "Grand Totals (3 records)", "Confidential Information - Do Not Distribute", "Copyright © 2026"
        ),
        Seen(send=3, left_out={"blank": 1, "footer": 3}),
    ),
    Case(
        "words-for-nothing.csv",
        lines(HEADER, "NA,+442079460001,NULL", "None,+442079460002,nan", "Null,+442079460003,NA"),
        Seen(send=3),
    ),
    Case("nul-byte.csv", text(PLAIN.replace("Oslo", "Os\0lo", 1)), Seen(error="line 2 holds a NUL byte")),
    Case("empty.csv", lambda path: path.write_bytes(b""), Seen(error="is empty")),
    Case("header-alone.csv", lines(HEADER), Seen()),
    Case("no-header.csv", lines(ANN, BOB, CYD), Seen(error="no header")),
    Case("no-phone.csv", lines("Name,City", "Ann,Oslo", "Bob,Rome"), Seen(error="phone")),
    Case("letter.pages", lines("Dear Ann"), Seen(error="'.pages' is not the ending of a list")),
]
