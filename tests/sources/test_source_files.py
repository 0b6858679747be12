"""Files that are not what they should be: each refused with what it is and what to do."""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

import pytest
from sources.made_files import book_file, csv_file
from sources.made_workbooks import list_file

from campaign.adapters.sources import ENDINGS, open_source
from campaign.core.errors import SourceError
from campaign.ports import LeadSource

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
LOCKED = OLE2 + bytes(1 << 20)[:-1103] + "EncryptedPackage".encode("utf-16-le") + bytes(100)


def packed(content: bytes) -> bytes:
    """The content compressed, without the time: the names of the tests are made of it."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("name", "content", "message", "cure"),
    [
        ("t.xlsx", b"Name,Phone\n1,2\n", "it is a text file", "ending .csv"),
        ("t.xlsx", b"\n <!DOCTYPE HTML><table></table>", "a web page", "save it as Excel Workbook"),
        ("t.csv", b"<html><table></table></html>", "a web page", "save it as Excel Workbook"),
        ("t.xlsx", LOCKED, "protected with a password", "remove the password"),
        ("t.xlsb", LOCKED, "protected with a password", "remove the password"),
        ("t.xls", LOCKED, "protected with a password", "remove the password"),
        ("t.xls", b"Name\tPhone\n1\t2\n", "it is a text file", "ending .csv"),
        ("t.xls", b"<html><table></table></html>", "a web page", "save it as Excel Workbook"),
        ("t.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "or XML file", "save it as Excel"),
        ("t.xls", "Name\tPhone\n".encode("utf-16"), "it is a text file", "ending .csv"),
        ("t.xlsx", OLE2, "old Office format", "save it as Excel Workbook"),
        ("t.csv", OLE2, "old Office format", "save it as Excel Workbook"),
        ("t.csv", packed(b"a,b\n"), "compressed", "such as .csv.gz"),
        ("t.csv.gz", b"a,b\n", "it is a text file", "ending .csv"),
        ("t.csv.gz", packed(packed(b"a,b\n")), "compressed", "Unpack"),
        ("t.csv.gz", packed(b""), "t.csv is empty", "save the list again"),
        ("t.csv.gz", packed(b"%PDF-1.7"), "a PDF", "Export"),
        ("t.doc.gz", packed(b"x"), "'.doc' is not the ending of a list", ".csv.gz"),
        ("t.gz", packed(b"x"), "no ending", ".csv.gz"),
        ("t.csv", b"%PDF-1.7\n", "a PDF", "Export"),
        ("t.csv", b"", "is empty", "save the list again"),
        ("t.xlsx", b"", "is empty", "save the list again"),
        ("t.doc", b"x", "'.doc' is not the ending of a list", ".csv, .tsv, .txt, .xlsx, .xlsm, .xls, .xlsb, .ods"),
        ("t", b"x", "no ending", ".csv, .tsv, .txt, .xlsx, .xlsm, .xls, .xlsb, .ods"),
    ],
)
def test_wrong_files_are_called_by_their_name(
    tmp_path: Path, name: str, content: bytes, message: str, cure: str
) -> None:
    """The content decides when the ending disagrees, and the cure fits the content."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        open_source(path)
    assert message in caught.value.message
    assert name.removesuffix(".gz") in caught.value.message
    assert cure in caught.value.cure


def test_workbook_named_csv(tmp_path: Path) -> None:
    """A renamed workbook is told from text by its content."""
    path = book_file(tmp_path / "t.xlsx", Leads=[["a", "b"]]).rename(tmp_path / "t.csv")
    with pytest.raises(SourceError, match=r"ZIP archive(.|\n)*ending \.xlsx"):
        open_source(path)


def test_no_file_and_no_right_to_it(tmp_path: Path) -> None:
    """A missing file, a folder, an impossible name: an error each."""
    with pytest.raises(SourceError, match="There is no file"):
        open_source(tmp_path / "missing.csv")
    with pytest.raises(SourceError, match="is a folder"):
        open_source(tmp_path)
    with pytest.raises(SourceError, match="Check the name"):
        open_source(tmp_path / "a\0b.csv")


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="rights bind no one here"
)
def test_unreadable_file(tmp_path: Path) -> None:
    """A file without the right to read it is told as that."""
    path = csv_file(tmp_path / "t.csv", "a,b\n")
    path.chmod(0)
    with pytest.raises(SourceError, match="may not be read"):
        open_source(path)


def test_a_lock_by_another_program_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Windows says of a file that Excel holds becomes the advice to close it there."""
    path = csv_file(tmp_path / "t.csv", "a,b\n")

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError, match="close it there"):
        open_source(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused(tmp_path: Path) -> None:
    """What can't be read twice is no list; opening it would wait for ever."""
    os.mkfifo(tmp_path / "t.csv")
    with pytest.raises(SourceError, match="not a file"):
        open_source(tmp_path / "t.csv")


def test_fingerprint_is_of_the_bytes(tmp_path: Path) -> None:
    """The same content under another name has the same SHA-256."""
    content = b"a,b\n" + b"1,2\n" * 600_000
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_bytes(content)
        assert open_source(tmp_path / name).fingerprint() == hashlib.sha256(content).hexdigest()


def test_a_list_that_is_saved_meanwhile_is_refused(tmp_path: Path) -> None:
    """Rows of a newer version are never read under the header of the older one."""
    path = csv_file(tmp_path / "t.csv", "Name,Phone\nAnn,1\n")
    source = open_source(path)
    assert len(list(source.rows())) == 1
    csv_file(path, "Phone,Name\n1,Ann\n2,Bob\n")
    with pytest.raises(SourceError, match="changed by another program"):
        list(source.rows())
    with pytest.raises(SourceError, match="changed by another program"):
        source.fingerprint()


def test_a_list_that_is_saved_during_a_pass_is_refused(tmp_path: Path) -> None:
    """A change is noticed at the end of the pass as well."""
    path = csv_file(tmp_path / "t.csv", "Name,Phone\nAnn,1\nBob,2\n")
    rows = open_source(path).rows()
    next(rows)
    with path.open("ab") as file:
        file.write(b"Cy,3\n")
    with pytest.raises(SourceError, match="changed by another program"):
        list(rows)


@pytest.mark.parametrize("ending", [*ENDINGS, *(f"{ending}.gz" for ending in ENDINGS)])
def test_endings_in_capitals_and_names_of_people(tmp_path: Path, ending: str) -> None:
    """Every known ending is read, in capitals too; the source is called by the file's name and satisfies the port."""
    path = tmp_path / f"Ligne d'été{ending.upper()}"
    list_file(tmp_path / f"made{ending}", [["a", "b"], ["1", "2"]]).rename(path)
    source: LeadSource = open_source(path)
    assert source.name == path.name
    assert source.fingerprint() == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [row.cells for row in source.rows()] == [("1", "2")]


def test_an_abandoned_pass_leaves_no_file_open(tmp_path: Path) -> None:
    """After a pass that nobody finished the file can be removed, on Windows as well, and the next pass is whole."""
    rows = [["a", "b"], ["1", "2"], ["3", "4"]]
    for path in (
        csv_file(tmp_path / "t.csv", "a,b\n1,2\n3,4\n"),
        *(list_file(tmp_path / f"t{ending}", rows) for ending in (".xlsx", ".xls", ".ods", ".csv.gz")),
    ):
        source = open_source(path)
        one_pass = source.rows()
        assert next(one_pass).number == 2
        del one_pass
        assert len(list(source.rows())) == 2
        path.unlink()
