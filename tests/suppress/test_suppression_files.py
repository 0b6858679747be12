"""Do-not-call lists in files: whatever form they have, who stands in them is not called."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import number, request

from campaign.adapters.mapping_file import parse_mapping
from campaign.assembly.suppression_files import SuppressionFiles
from campaign.core.cells.cell import Cell, Formatted
from campaign.core.cells.phone import PhoneReader
from campaign.core.cells.phone_begins import prefixes_of
from campaign.core.errors import SourceError
from campaign.core.lead import Phone
from campaign.core.policy.suppression import SuppressionList
from campaign.usecases.suppress import ListReader

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def files(folder: Path, suppress: str = "[dnc.csv]") -> SuppressionFiles:
    """The lists of a mapping in the folder."""
    text = f"version: 1\nfields: {{lc_number: Phone}}\npolicy:\n  suppress: {suppress}\n"
    return SuppressionFiles(parse_mapping(text, "m.yaml", folder))


def listed(folder: Path, content: str, suppress: str = "[dnc.csv]") -> SuppressionList:
    """The list of that content."""
    (folder / "dnc.csv").write_text(content, encoding="utf-8")
    return files(folder, suppress).lists


def said(lists: SuppressionList, e164: str) -> str:
    """What the lists say of a number; "" if nothing."""
    found = lists.find(Phone(e164, ""), NOW)
    return found.said if found else ""


spellings = st.sampled_from(
    [
        ("GB", "+44 20 7946 {0:04d}"),
        ("GB", "020 7946 {0:04d}"),
        ("GB", "(020) 7946-{0:04d}"),
        ("GB", "+44 (0)20 7946 {0:04d}"),
        ("GB", "0044207946{0:04d}"),
        ("GB", "44207946{0:04d}"),
        ("GB", "tel: +44.20.7946.{0:04d}"),
        ("GB", "+44207946{0:04d} ext. 12"),
        ("", "Ana Example +44 20 7946 {0:04d} (rang twice)"),
        ("", "+44207946{0:04d}"),
        ("", "44207946{0:04d}"),
        ("US", "+44207946{0:04d}"),
    ]
)


@given(spellings, st.integers(0, 999))
def test_whatever_its_spelling_a_number_of_a_list_is_suppressed(spelling: tuple[str, str], n: int) -> None:
    """National or international, with or without +, brackets, words and spaces."""
    country, form = spelling
    assert request(n).phone.digits in ListReader(country).numbers(form.format(n))


@pytest.mark.parametrize(
    "cell",
    [
        2079460001,
        442079460001,
        442079460001.0,
        Formatted(2079460001, "00000000000"),
        Formatted(442079460001, '"+"0'),
        '="+442079460001"',
        "'+442079460001",
    ],
)
def test_what_a_spreadsheet_makes_of_a_number_is_read(cell: Cell) -> None:
    """Numbers without their zero or +, with a format that shows them, and texts that were kept from being numbers."""
    assert ListReader("GB").numbers(cell) == {442079460001}


plans = st.sampled_from(["US", "GB", "DE", "FR", "IT", "RU", "BR", "IN", "MX", "AR", "HU", "SG", ""])


@given(plans, st.booleans(), st.text("0123456789", min_size=5, max_size=14), st.sampled_from(["", " ", "-"]))
@settings(max_examples=400, deadline=None)
def test_the_quick_way_finds_all_that_the_careful_one_finds(country: str, plus: bool, digits: str, sign: str) -> None:
    """Long lists are read without asking libphonenumber about each number: nothing is lost by that."""
    cell = ("+" if plus else "") + digits[:3] + sign + digits[3:]
    careful = {phone.digits for phone in PhoneReader("x", "y", country).read(cell).phones}
    assert careful <= ListReader(country).numbers(cell)


def test_a_reason_names_the_list_the_row_and_what_stands_there(tmp_path: Path) -> None:
    """So that a person can look it up."""
    lists = listed(tmp_path, f"Phone,Reason,Date added\n{number(1)},asked by phone,2026-03-01\n+974*,all of it,\n")
    assert said(lists, number(1)) == "on the do-not-call list dnc.csv (row 2: asked by phone, 2026-03-01)"
    assert said(lists, "+97455123456") == "on the do-not-call list dnc.csv (row 3: +974*, all of it)"
    assert not said(lists, number(2))


@pytest.mark.parametrize(
    "content",
    [
        f"{number(1)}\n{number(2)}\n{number(3)}\n",
        f"{number(1)}\n{number(2)},asked by mail\n{number(3)},asked\n",
        f"Do not call\n\n{number(1)}\n{number(2)}\n{number(3)}\n",
        f"Our list;;\nName;Phone;Mobile\nAna;{number(1)};{number(2)}\nBo;{number(3)};\n",
        f"Phone\n{number(1)};x,{number(2)}\n{number(3)}\n",
    ],
)
def test_every_line_counts(tmp_path: Path, content: str) -> None:
    """The first line of a list without a header, lines that look like titles, lines that are longer than the others."""
    lists = listed(tmp_path, content)
    for n in (1, 3):
        assert said(lists, number(n)), n


@pytest.mark.parametrize("said", ["+4420794600*", "'+4420794600*", "4420794600*", " +4420794600* "])
def test_a_prefix_is_a_prefix_however_long(tmp_path: Path, said: str) -> None:
    """All numbers that begin so, and not just the digits that stand there."""
    (tmp_path / "dnc.csv").write_text(f"Phone\n{said}\n", encoding="utf-8")
    lists = files(tmp_path).lists
    assert lists.find(Phone(number(42), ""), NOW) is not None
    assert lists.find(Phone(number(142), ""), NOW) is None


@pytest.mark.parametrize(
    ("country", "entry", "suppressed"),
    [
        ("GB", "0044207946*", number(1)),
        ("", "0044207946*", number(1)),
        ("", "+0044207946*", number(1)),
        ("GB", "0207946*", number(1)),
        ("GB", "207946*", number(1)),
        ("GB", "44207946*", number(1)),
        ("US", "202555*", "+12025550123"),
        ("US", "1202555*", "+12025550123"),
        ("IT", "06*", "+390612345678"),
        ("GB", "974*", "+97455123456"),
        ("GB", "\uff10\uff12\uff10\uff17\uff19\uff14\uff16\uff0a", number(1)),
    ],
)
def test_a_prefix_is_read_as_numbers_are(tmp_path: Path, country: str, entry: str, suppressed: str) -> None:
    """With 00 for +, with the trunk zero of its country or without, and digits that lack a + both ways."""
    lists = listed(
        tmp_path, f"Phone\n{entry}\n", f"[{{file: dnc.csv, country: '{country}'}}]" if country else "[dnc.csv]"
    )
    assert said(lists, suppressed)


@given(
    st.sampled_from(["GB", "DE", "US", "IT", "HU", "RU", ""]),
    st.text("0123456789", min_size=1, max_size=9),
    st.sampled_from(["", "+", "00", "+00"]),
    st.booleans(),
)
def test_no_prefix_is_one_that_nothing_can_begin_with(country: str, digits: str, sign: str, alone: bool) -> None:
    """No country code begins with 0: such an entry is unread, and is told."""
    for prefix in prefixes_of(f"{sign}{digits}*", country, alone=alone):
        assert re.fullmatch(r"\+[1-9][0-9]*", prefix)


@pytest.mark.parametrize("content", ["Phone\n0207946*\n+0207946*\n", "0207946*\n+974*\n"])
def test_a_prefix_that_can_not_be_read_stops_the_run(tmp_path: Path, content: str) -> None:
    """Also in the first line of a list without a header: those whom it means would be called."""
    with pytest.raises(SourceError, match=r"can't be read|no number"):
        listed(tmp_path, content)


@pytest.mark.parametrize(
    ("country", "cell", "numbers"),
    [
        ("US", "202 555 0123 Bob", {12025550123}),
        ("US", "Bob (202) 555-0123, asked 2026-03-01 10:30", {12025550123}),
        ("GB", "John 0207 946 0123", {442079460123}),
        ("GB", "020 7946 0002 (work)", {442079460002}),
        ("GB", "44 20 7946 0123 John", {442079460123}),
        ("GB", "020 7946 0003/0004", {442079460003, 442079460004}),
        ("GB", "020 7946 0003/4/5 (office)", {442079460003, 442079460004, 442079460005}),
        ("US", "asked 2026-03-01 10:30", set()),
    ],
)
def test_a_national_number_among_other_words_is_found(country: str, cell: str, numbers: set[int]) -> None:
    """And one that is written as the end of the one before it. A date is none."""
    found = ListReader(country).numbers(cell)
    assert numbers <= found
    assert bool(found) == bool(numbers)


def test_each_phone_cell_of_a_line_must_be_read(tmp_path: Path) -> None:
    """A second number is not lost because the first was read; a word or a date beside it is no number."""
    rows = [f"{number(n)},n/a,2026-03-01" for n in range(100)]
    header = "Phone,Mobile,Phone added on"
    (tmp_path / "dnc.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    assert not files(tmp_path).warnings
    (tmp_path / "dnc.csv").write_text("\n".join([header, *rows, f"{number(100)},020 7946 0101,"]), encoding="utf-8")
    [warning] = files(tmp_path).warnings
    assert "row 102: 020 7946 0101" in warning
    more = [f"{number(n)},020 7946 0{n},2026-03-01" for n in range(100, 110)]
    (tmp_path / "dnc.csv").write_text("\n".join([header, *rows, *more]), encoding="utf-8")
    with pytest.raises(SourceError, match="10 of 120 entries"):
        files(tmp_path)


def test_national_numbers_have_the_country_that_the_mapping_gives(tmp_path: Path) -> None:
    """Without one they can't be read, which stops the run."""
    content = "Phone\n020 7946 0001\n(020) 79460002\n"
    assert said(listed(tmp_path, content, "[{file: dnc.csv, country: GB}]"), number(2))
    with pytest.raises(SourceError, match=r"can't be read|no number") as refused:
        listed(tmp_path, content)
    assert "m.yaml, line 4" in str(refused.value)
    assert "Nothing was sent" in refused.value.message


def test_a_number_of_a_kind_that_is_seldom_called_is_read(tmp_path: Path) -> None:
    """A mapping may allow such kinds."""
    assert said(listed(tmp_path, "Phone\n+448456012345\n"), "+448456012345")


def test_an_id_beside_it_does_not_make_an_unreadable_number_read(tmp_path: Path) -> None:
    """Whoever stands there would be called."""
    rows = "\n".join(f"12025550{n:03d},020 7946 0{n:03d}" for n in range(100, 110))
    with pytest.raises(SourceError, match="10 of 10 entries"):
        listed(tmp_path, f"Customer,Phone\n{rows}\n")


def test_a_few_unreadable_entries_are_told(tmp_path: Path) -> None:
    """More than two in a hundred stop the run."""
    rows = [f"{number(n)}" for n in range(100)]
    (tmp_path / "dnc.csv").write_text("\n".join(["Phone", *rows, "unknown"]), encoding="utf-8")
    assert "1 entry of dnc.csv" in files(tmp_path).warnings[0]
    (tmp_path / "dnc.csv").write_text("\n".join(["Phone", *rows, *["unknown"] * 3]), encoding="utf-8")
    with pytest.raises(SourceError, match="3 of 103") as refused:
        files(tmp_path)
    assert "need their country" in refused.value.cure
    with pytest.raises(SourceError, match="3 of 103") as refused:
        files(tmp_path, "[{file: dnc.csv, country: GB}]")
    assert "country" not in refused.value.cure  # it is named already


def workbook(path: Path, **sheets: list[list[str]]) -> openpyxl.Workbook:
    """A workbook with these sheets; a name that begins with `hidden` is hidden."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type] # a new workbook has one
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name.startswith("hidden") else "visible"
        for row in rows:
            sheet.append(row)
    book.save(path)
    return book


def test_every_sheet_counts_hidden_ones_too(tmp_path: Path) -> None:
    """A list is often a sheet for each year; a sheet without numbers is no list."""
    workbook(
        tmp_path / "dnc.xlsx",
        y2025=[["Phone"], [number(1)]],
        y2026=[["Phone"], [number(2)]],
        hidden=[["Phone"], [number(3)]],
        About=[["Made by the legal department"]],
    )
    lists = files(tmp_path, "[dnc.xlsx]").lists
    assert "sheet y2026 (row 2)" in said(lists, number(2))
    assert said(lists, number(1))
    assert said(lists, number(3))
    one = files(tmp_path, "[{file: dnc.xlsx, sheet: y2026}]").lists
    assert not said(one, number(1))


def test_a_second_sheet_that_is_spoilt_stops_the_run(tmp_path: Path) -> None:
    """It is a list, for it has numbers."""
    spoilt = [["Phone"], [number(2)], *[["gone"]] * 9]
    workbook(tmp_path / "dnc.xlsx", y2025=[["Phone"], [number(1)]], y2026=spoilt)
    with pytest.raises(SourceError, match="9 of 10 entries"):
        files(tmp_path, "[dnc.xlsx]")


def spoil_missing(folder: Path) -> None:
    """There is no such file."""


def spoil_empty(folder: Path) -> None:
    """A file of no bytes."""
    (folder / "dnc.csv").write_bytes(b"")


def spoil_header(folder: Path) -> None:
    """Only a header."""
    (folder / "dnc.csv").write_text("Phone,Reason\n", encoding="utf-8")


def spoil_folder(folder: Path) -> None:
    """A folder of that name."""
    (folder / "dnc.csv").mkdir()


def spoil_kind(folder: Path) -> None:
    """A picture, a document, another kind of file under the name."""
    (folder / "dnc.csv").write_bytes(b"%PDF-1.7\n1 0 obj\n")


def spoil_binary(folder: Path) -> None:
    """Bytes that are no text."""
    (folder / "dnc.csv").write_bytes(bytes(range(256)) * 40)


@pytest.mark.parametrize(
    "spoil",
    [spoil_missing, spoil_empty, spoil_header, spoil_folder, spoil_kind, spoil_binary],
    ids=lambda f: f.__name__[6:],
)
def test_a_list_that_can_not_be_read_is_never_an_empty_one(tmp_path: Path, spoil: object) -> None:
    """Whatever is wrong with the file: the mapping's line is named, and nothing is sent."""
    assert callable(spoil)
    spoil(tmp_path)
    with pytest.raises(SourceError) as refused:
        files(tmp_path)
    assert "m.yaml, line 4" in refused.value.message
    assert "Nothing was sent" in refused.value.message
    assert refused.value.cure


def test_a_workbook_whose_only_list_is_hidden_is_refused(tmp_path: Path) -> None:
    """Nobody sees what it suppresses; named, it is read."""
    workbook(tmp_path / "dnc.xlsx", Notes=[], hidden=[["Phone"], [number(1)]])
    with pytest.raises(SourceError, match=r"no visible sheet"):
        files(tmp_path, "[dnc.xlsx]")
    assert said(files(tmp_path, "[{file: dnc.xlsx, sheet: hidden}]").lists, number(1))


def test_a_list_that_is_saved_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of one version and half of another are no list."""
    path = tmp_path / "dnc.csv"
    path.write_text(f"Phone\n{number(1)}\n", encoding="utf-8")
    numbers = ListReader.numbers

    def saved_meanwhile(reader: ListReader, cell: str) -> set[int]:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{number(2)}\n")
        return numbers(reader, cell)

    monkeypatch.setattr(ListReader, "numbers", saved_meanwhile)
    with pytest.raises(SourceError, match="changed by another program"):
        files(tmp_path)


@given(st.lists(st.sampled_from([number(1), "020 7946 0002", "rubbish", "", "+974*", "a,b"]), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_any_content_is_a_list_or_an_error(tmp_path: Path, lines: list[str]) -> None:
    """And as a list it has every number that stands in it."""
    try:
        lists = listed(tmp_path, "\n".join(lines))
    except SourceError:
        return
    for line, e164 in ((number(1), number(1)), ("+974*", "+97455123456")):
        assert bool(said(lists, e164)) == (line in lines)
