"""Where a result goes: checked before the campaign, whole or not at all after it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from result_samples import a_row, facts_of

from campaign.adapters.results import check_output, result_writer
from campaign.core.errors import OutputError
from campaign.core.result import ResultRow

ENDINGS = pytest.mark.parametrize("ending", [".xlsx", ".csv"])


@pytest.mark.parametrize("name", ["results", "results.xls", "results.json", ".xlsx"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    """The error names the endings that are written."""
    with pytest.raises(OutputError, match=r"\.xlsx or \.csv"):
        result_writer(tmp_path / name, force=False)


def test_the_ending_may_be_in_capitals(tmp_path: Path) -> None:
    """`RESULTS.CSV` is a CSV file."""
    result_writer(tmp_path / "RESULTS.CSV", force=False).write(facts_of([]), [])
    assert (tmp_path / "RESULTS.CSV").read_bytes().startswith(b"\xef\xbb\xbfName,Phone,")


@ENDINGS
def test_an_existing_file_needs_force(tmp_path: Path, ending: str) -> None:
    """Without --force the file stays; with it, it is replaced."""
    path = tmp_path / f"r{ending}"
    path.write_bytes(b"old")
    with pytest.raises(OutputError, match=r"already exists.*\n.*--force"):
        result_writer(path, force=False)
    assert path.read_bytes() == b"old"
    result_writer(path, force=True).write(facts_of([]), [])
    assert path.read_bytes() != b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_and_a_folder_are_refused(tmp_path: Path) -> None:
    """Both are found before anything is sent."""
    with pytest.raises(OutputError, match="no folder"):
        check_output(tmp_path / "absent" / "r.csv", force=False)
    (tmp_path / "r.csv").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        check_output(tmp_path / "r.csv", force=True)


def test_a_checked_place_is_left_as_it_was(tmp_path: Path) -> None:
    """Checking leaves nothing behind."""
    check_output(tmp_path / "r.csv", force=False)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions bind no administrator")
def test_a_closed_folder_is_refused(tmp_path: Path) -> None:
    """A folder in which nothing may be created is found before anything is sent."""
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="nothing can be written"):
            check_output(tmp_path / "r.csv", force=False)
    finally:
        tmp_path.chmod(0o700)


@ENDINGS
def test_a_file_that_came_up_meanwhile_is_kept(tmp_path: Path, ending: str) -> None:
    """A file that someone put there during the campaign is not overwritten; the cure is named."""
    path = tmp_path / f"r{ending}"
    writer = result_writer(path, force=False)
    path.write_bytes(b"someone's")
    with pytest.raises(OutputError, match=rf"already exists(.|\n)*campaign export spring-7f3a -o OTHER{ending}"):
        writer.write(facts_of([]), [])
    assert path.read_bytes() == b"someone's"
    assert list(tmp_path.iterdir()) == [path]


@ENDINGS
@pytest.mark.parametrize("good", [0, 500])
def test_a_broken_supply_of_rows_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, good: int
) -> None:
    """When the rows break off, the old file stays as it was and no temporary file is left anywhere."""

    def breaking() -> Iterator[ResultRow]:
        for number in range(good):
            yield a_row("Anna", "1", number=number)
        raise LookupError("the journal broke off")

    target, scratch = tmp_path / "out", tmp_path / "scratch"
    target.mkdir()
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    path = target / f"r{ending}"
    path.write_bytes(b"old")
    with pytest.raises(LookupError, match="broke off"):
        result_writer(path, force=True).write(facts_of([]), breaking())
    assert path.read_bytes() == b"old"
    assert list(target.iterdir()) == [path]
    assert not list(scratch.iterdir())


FULL_DISK = """
import resource, sys, tempfile
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from result_samples import a_row, facts_of
from campaign.adapters.results import result_writer
from campaign.core.errors import OutputError

path = Path(sys.argv[2])
tempfile.tempdir = sys.argv[3]
rows = [a_row(f"name {n}", f"{n * 7919:x}" * 9, number=n) for n in range(int(sys.argv[4]))]
writer = result_writer(path, force=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[5]), int(sys.argv[5])))
try:
    writer.write(facts_of(rows), iter(rows))
except OutputError as error:
    print(error)
else:
    sys.exit("it was written")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of file size to stand in for a full disk")
@pytest.mark.parametrize(
    ("ending", "rows", "limit"),
    [
        (".csv", 2000, 50_000),
        (".csv", 5, 100),
        (".xlsx", 2000, 50_000),
        (".xlsx", 5, 3_000),
        (".xlsx", 500, 20_000),
    ],
)
def test_a_full_disk_is_an_error_that_loses_nothing(tmp_path: Path, ending: str, rows: int, limit: int) -> None:
    """The system refuses to write on (a limit of file size stands in for a full disk), early or late: the old file
    stays, no temporary file is left, and the message says how to get the result."""
    target, scratch = tmp_path / "out", tmp_path / "scratch"
    target.mkdir()
    scratch.mkdir()
    path = target / f"r{ending}"
    path.write_bytes(b"old")
    arguments = [str(Path(__file__).parent), str(path), str(scratch), str(rows), str(limit)]
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, *arguments], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"campaign export spring-7f3a -o OTHER{ending}" in done.stdout
    assert "Nothing is lost" in done.stdout
    assert path.read_bytes() == b"old"
    assert list(target.iterdir()) == [path]
    assert not list(scratch.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such permission bits")
@ENDINGS
def test_permissions_are_those_of_other_files(tmp_path: Path, ending: str) -> None:
    """A new result is as readable as any new file; a replaced one keeps what its owner set."""
    path, other = tmp_path / f"r{ending}", tmp_path / "other"
    other.touch()
    result_writer(path, force=False).write(facts_of([]), [])
    assert path.stat().st_mode == other.stat().st_mode
    path.chmod(0o600)
    result_writer(path, force=True).write(facts_of([]), [])
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_link_goes_on_pointing(tmp_path: Path) -> None:
    """A result written to a link lands in the file it points to."""
    (tmp_path / "real.csv").write_bytes(b"old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    result_writer(tmp_path / "link.csv", force=True).write(facts_of([]), [])
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() != b"old"


def test_openpyxl_is_loaded_only_for_a_workbook(tmp_path: Path) -> None:
    """A command that writes no workbook does not wait for the library that writes them."""
    code = (
        "import sys; from pathlib import Path; from campaign.adapters.results import result_writer; "
        "result_writer(Path(sys.argv[1]), force=False); print('openpyxl' in sys.modules)"
    )
    loaded = [
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / name)], capture_output=True, text=True, check=True
        ).stdout.strip()
        for name in ("r.csv", "r.xlsx")
    ]
    assert loaded == ["False", "True"]
