"""Readers in a process of their own: however one fails, it is one clear error, and this process goes on."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from struct import pack

import pytest
from sources.made_workbooks import WORKBOOKS, record, xls_file, xlsb_cell, xlsb_file, xlsb_of, xlsb_row, xlsb_rows
from xlwt import Formula

from campaign.adapters.sources import open_source
from campaign.adapters.sources.binary_excel.calamine_sheet import CalamineSheet
from campaign.adapters.sources.binary_excel.contained import run_contained
from campaign.adapters.sources.table import Wishes
from campaign.core.cells.cell import Cell
from campaign.core.errors import SourceError
from campaign.core.limits import Limits

CHILD = "sources.bad_child"


@pytest.mark.parametrize(
    ("way", "limits", "said", "cure"),
    [
        pytest.param(
            "abort",
            Limits(),
            "more memory than there is",
            "source: {limits: {memory: 8GiB}}",
            marks=pytest.mark.skipif(os.name == "nt", reason="no signals there"),
        ),
        (
            "exit",
            Limits(),
            r"t\.xls is damaged: reading it made the reader break down \(exit status 0x3\)",
            "save it again",
        ),
        ("full", Limits(), "temporary file that it is read into can't be written", "Free some space"),
        ("hang", Limits(seconds=1), "no sign of life for 1 seconds; the bound `seconds` allows 1", "seconds: 2"),
        (
            "talk",
            Limits(unpacked=1 << 20),
            r"more than [\d,]+ bytes; the bound `unpacked` allows 1 MiB",
            "unpacked: 2MiB",
        ),
    ],
)
def test_however_it_fails_it_is_told(tmp_path: Path, way: str, limits: Limits, said: str, cure: str) -> None:
    """A crash, a hang and an endless answer are told by their kind, with the bound that was met."""
    with pytest.raises(SourceError, match=said) as caught:
        run_contained(CHILD, way, tmp_path / "out", limits, "t.xls")
    assert cure in caught.value.cure


def test_signs_of_life_are_seen(tmp_path: Path) -> None:
    """A reader that works for longer than the bound, and says so now and then, is left to work."""
    begin = time.monotonic()
    run_contained(CHILD, "slow", tmp_path / "out", Limits(seconds=3), "t.xls")
    assert time.monotonic() - begin > 3


def test_modules_are_never_looked_for_in_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beside the list that is called like a module of ours is not run."""
    (tmp_path / "campaign.py").write_text("raise SystemExit(9)", encoding="utf-8")
    (tmp_path / "python_calamine.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    run_contained(CHILD, "path", tmp_path / "out", Limits(), "t.xls")
    assert str(tmp_path) not in (tmp_path / "out").read_text().split(os.pathsep)
    assert open_source(xls_file(tmp_path / "t.xls", {"L": [["a", "b"]]})).header == ("a", "b")


def test_keys_do_not_reach_the_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that a hostile file may take over knows nothing worth having."""
    monkeypatch.setenv("BRIGHTCALL_API_KEY", "s3cret")
    run_contained(CHILD, "environment", tmp_path / "out", Limits(), "t.xls")
    names = (tmp_path / "out").read_text().splitlines()
    assert "PYTHONPATH" in names
    assert "BRIGHTCALL_API_KEY" not in names


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not bound a process's memory")
def test_memory_is_bounded_by_the_system(tmp_path: Path) -> None:
    """A reader that gets no memory is told as such, not as a damaged file."""
    leads: list[list[Cell]] = [["x" * 2000, n] for n in range(10_000)]
    path = xlsb_file(tmp_path / "t.xlsb", {"L": [["a", "b"], *leads]})
    with pytest.raises(SourceError, match="the bound `memory` allows 40 MiB"):
        open_source(path, limits=Limits(memory=40 << 20))


@pytest.mark.parametrize("ending", [".xls", ".xlsb"])
def test_a_cell_at_the_far_corner_is_refused_before_it_is_laid_out(tmp_path: Path, ending: str) -> None:
    """The error says how far the cells reach, and which bound they are beyond."""
    path = tmp_path / f"t{ending}"
    if ending == ".xls":
        limits, place = Limits(memory=256 << 20), "row 65,536 and column 256"
        xls_file(path, {"L": [["a", "b"], *[[]] * 65_534, [*[None] * 255, 7]]})
    else:
        limits, place = Limits(), "row 1,048,576 and column 16,384"
        head = xlsb_rows([["a", "b"]], {"General": 0})
        xlsb_of(path, {"L": head + xlsb_row(1_048_576) + xlsb_cell(16_383, 7)})
    with pytest.raises(SourceError, match=f"reach to {place}(.|\n)*the bound `memory`"):
        open_source(path, limits=limits)


def test_rows_are_read_once_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pass gives the same rows without a second process; what they were kept in goes with the source."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = xls_file(tmp_path / "t.xls", {"L": [["a", "b"], [1, 2]]})
    table = CalamineSheet(path, Wishes())
    [folder] = tmp_path.glob("campaign-*")
    path.unlink()
    assert list(table.records()) == list(table.records())
    if os.name != "nt":
        assert folder.stat().st_mode & 0o077 == 0
    del table
    assert not folder.exists()


def test_nothing_is_left_behind_when_reading_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The private folder goes with the error as well."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = xls_file(tmp_path / "t.xls", {"L": [["a", "b"], [1, 2]]})
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(SourceError, match="damaged"):
        open_source(path)
    assert not list(tmp_path.glob("campaign-*"))


@pytest.mark.parametrize("ending", [".xls", ".xlsb"])
def test_what_can_not_be_told_is_noted(tmp_path: Path, ending: str) -> None:
    """Where there are formulas, the person is told that one never calculated is not seen; else there is nothing to tell."""
    path = tmp_path / f"t{ending}"
    assert open_source(WORKBOOKS[ending](path, {"L": [["a", "b"]]})).notes == ()
    if ending == ".xls":
        xls_file(path, {"L": [["a", "b"], [1]]}, finish=lambda sheet: sheet.write(1, 1, Formula("1+1")))
    else:
        cell = record(0x09, pack("<IId", 1, 0, 2.0) + bytes(10))
        xlsb_of(path, {"L": xlsb_rows([["a", "b"], [1]], {"General": 0}) + cell})
    [note] = open_source(path).notes
    assert f"in {ending} files formulas that were never calculated can't be told from values" in note
