"""Workbooks as people have them: sheets, what is hidden, cells of all kinds, and files that are damaged, renamed or hostile."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from corpus.case import Case, people
from corpus.seen import Seen
from openpyxl import load_workbook
from sources import made_workbooks as made
from sources.made_files import book_file, raw_book
from sources.made_unseen import Unseen, unseen_file

from campaign.core.cells.cell import Cell

FORMS = {".xlsx": "Excel workbook", ".xls": "Excel 97-2003", ".xlsb": "binary Excel", ".ods": "OpenDocument"}


def sheets(*, hidden: tuple[str, ...] = (), **of: list[list[Cell]]) -> Callable[[Path], object]:
    """Writes a workbook of the kind that its ending says."""
    return lambda path: made.WORKBOOKS[path.suffix](path, of, hidden)


def unseen(rows: list[list[Cell]], what: Unseen) -> Callable[[Path], object]:
    """Writes a workbook with something that a person does not see."""
    return lambda path: unseen_file(path, rows, what)


def _formats() -> list[Case]:
    plain = [*(f"plain{ending}" for ending in FORMS), "plain.xlsm"]
    packed = ["packed.csv.gz", "packed.tsv.gz", *(f"packed{ending}.gz" for ending in FORMS)]
    return [Case(name, lambda path: made.list_file(path, people()), Seen(send=3)) for name in (*plain, *packed)]


def _kinds() -> list[Case]:
    cases: list[Case] = []
    blank: list[Cell] = []
    apart = [blank, blank, *([None, None, *row] for row in people())]
    covered = people()
    covered[2][1] = None
    for ending, form in FORMS.items():
        cases += [
            Case(f"hidden-rows{ending}", unseen(people(6), Unseen(rows=(3, 5))), Seen(send=6, hidden=2, form=form)),
            Case(f"filtered{ending}", unseen(people(6), Unseen(rows=(4, 6, 7), filtered=True)), Seen(send=6, hidden=3)),
            Case(f"hidden-column{ending}", unseen(people(), Unseen(columns=(2,))), Seen(send=3)),
            Case(
                f"merged{ending}",
                unseen(covered, Unseen(merged=[(2, 3, 2, 2)])),
                Seen(send=2, invalid=1, problems={3: "cell.merged"}),
            ),
            Case(
                f"sheets{ending}",
                sheets(Front=[], Old=people(9), Leads=people(), More=people(5), hidden=("Old",)),
                Seen(send=3, sheet="Leads"),
            ),
            Case(f"empty-area{ending}", sheets(Leads=apart), Seen(send=3, header=3, left_out={"blank": 2})),
            Case(
                f"titles{ending}",
                sheets(Leads=[["Leads of May"], blank, *people(), blank, ["Grand Totals (3 records)"]]),
                Seen(send=3, header=3, left_out={"title line above the header": 1, "blank": 2, "footer": 1}),
            ),
            Case(f"1904{ending}", _since_1904, Seen(send=3)),
        ]
    return cases


def _since_1904(path: Path) -> None:
    rows = [[*row, "Met on" if n == 0 else dt.date(2026, 1, n)] for n, row in enumerate(people())]
    made.WORKBOOKS[path.suffix](path, {"Leads": rows}, since_1904=True)


def _never_calculated(path: Path) -> None:
    book_file(path, Leads=people())
    book = load_workbook(path)
    book["Leads"]["B3"] = '="+4420794"&"60002"'
    book.save(path)
    book.close()


def _far_cell(path: Path) -> None:
    cell = '<c r="{}" t="str"><v>{}</v></c>'.format
    rows = (
        f'<row r="{r}">{"".join(cell(f"{letter}{r}", value) for letter, value in zip("ABC", row, strict=True))}</row>'
        for r, row in enumerate(people(), 1)
    )
    raw_book(path, "".join(rows) + '<row r="1048576"><c r="XFD1048576" s="0"/></row>', before='<dimension ref="A1"/>')


def _very_hidden(path: Path) -> None:
    book_file(path, Old=people(9), Leads=people())
    book = load_workbook(path)
    book["Old"].sheet_state = "veryHidden"
    book.save(path)
    book.close()


def _result(path: Path) -> None:
    rows = [[*row, "call_status" if n == 0 else "failed"] for n, row in enumerate(people())]
    book_file(path, Summary=[["x", "y"]], Mapping=[["z"]], Results=rows)


def _password(path: Path) -> None:
    made.xls_file(path, {"Leads": people()})
    content = path.read_bytes()
    begin = content.index(b"\x09\x08\x10\x00") + 20  # the record behind the first one becomes FILEPASS
    path.write_bytes(content[:begin] + b"\x2f\x00" + content[begin + 2 :])


def _locked(path: Path) -> None:
    _password(path)
    path.write_bytes(path.read_bytes() + "EncryptedPackage".encode("utf-16-le"))


def _truncated(path: Path) -> None:
    made.WORKBOOKS[path.suffix](path, {"Leads": people(300)})
    path.write_bytes(path.read_bytes()[:-400])


def _renamed(path: Path) -> None:
    made.xlsx_file(path.with_suffix(".xlsx"), {"Leads": people()}).rename(path)


def _zip_bomb(path: Path) -> None:
    book_file(path, Leads=people())
    with ZipFile(path, "a", ZIP_DEFLATED) as book, book.open("xl/bomb.xml", "w") as part:
        for _ in range(60):
            part.write(bytes(1 << 20))


def _xml_bomb(path: Path) -> None:
    grows = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    prolog = f'<!DOCTYPE x [<!ENTITY e0 "xxxxxxxxxx">{grows}]>'
    cell = '<table:table-cell office:value-type="string"><text:p>&e9;</text:p></table:table-cell>'
    made.ods_of(path, {"Leads": made.ods_rows(people()) + f"<table:table-row>{cell}</table:table-row>"}, prolog=prolog)


def _far_corner(path: Path) -> None:
    head = made.xlsb_rows(people(), {"General": 0})
    made.xlsb_of(path, {"Leads": head + made.xlsb_row(1_048_576) + made.xlsb_cell(16_383, 7)})


def _written(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


BOOK_CASES = [
    *_formats(),
    *_kinds(),
    Case("very-hidden-sheet.xlsx", _very_hidden, Seen(send=3, sheet="Leads")),
    Case("never-calculated.xlsx", _never_calculated, Seen(send=2, invalid=1, problems={3: "cell.error"})),
    Case("wrong-dimension-far-cell.xlsx", _far_cell, Seen(send=3, left_out={"blank": 1_048_572})),
    Case("our-result.xlsx", _result, Seen(send=3, sheet="Results")),
    Case("only-hidden-sheets.ods", sheets(A=[], B=people(), hidden=("B",)), Seen(error="hidden sheet 'B'")),
    Case("password.xls", _password, Seen(error="protected with a password")),
    Case("password.xlsx", _locked, Seen(error="protected with a password")),
    *(Case(f"truncated{ending}", _truncated, Seen(error="damaged")) for ending in FORMS),
    Case(
        "page-of-the-web.xlsx", _written(b"<html><body>Sign in</body></html>"), Seen(error="not what its ending says")
    ),
    Case("text-renamed.xlsx", _written(b"Name,Phone\nAnn,+442079460001\n"), Seen(error="not what its ending says")),
    Case("book-renamed.csv", _renamed, Seen(error="not what its ending")),
    Case("zip-bomb.xlsx", _zip_bomb, Seen(error="absurd size")),
    Case("xml-bomb.ods", _xml_bomb, Seen(error="damaged")),
    Case("gzip-bomb.csv.gz", _written(gzip.compress(b"a,b\n" + bytes(200 << 20), 9)), Seen(error="absurd size")),
    Case("far-corner.xlsb", _far_corner, Seen(error="17,179,869,184 places")),
]
