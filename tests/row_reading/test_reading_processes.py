"""Rows read by several processes: what comes of them is what one process gives, whatever becomes of the others."""

from __future__ import annotations

import csv
import io
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from row_reading.failing_reader import FailingReader

from campaign.adapters.calling_hours import load_presets
from campaign.adapters.mapping_file import mapping_from_dict
from campaign.adapters.row_reading import ReadingProcesses, process, processes
from campaign.adapters.row_reading.frames import read_frame, write_frame
from campaign.adapters.row_reading.process import ReadingProcess
from campaign.adapters.row_reading.wire import readings_received, rows_sent
from campaign.adapters.row_reading.worker import READY, answer
from campaign.core.cells.cell import Cell, CellFault, Formatted
from campaign.core.errors import UsageError
from campaign.core.lead import SourceRow
from campaign.core.mapping.row_reader import RowReader
from campaign.core.policy.terms import CallingTerms
from campaign.core.policy.terms_reader import TermsReader
from campaign.core.policy.window import CallingWindow, parse_window
from campaign.core.reading import Reading, ReadsRows
from campaign.usecases.judging import read_here

HEADER = ("Phone", "Mobile", "Country", "Name", "Email")
MAPPING: dict[str, Any] = {
    "version": 1,
    "fields": {
        "lc_number": "Phone",
        "lc_number_2": {"column": "Mobile", "on_invalid": "drop"},
        "country": "Country",
        "lc_param_name": {"column": "Name", "max_length": 20},
        "lc_param_email": {"column": "Email", "type": "email", "on_invalid": "drop"},
    },
}
PHONES: tuple[Cell, ...] = (
    "+44 20 7946 0123",
    "(202) 555-0123",
    "020 7946 0124; 020 7946 0125 ext. 7",
    442079460126,
    2.5,
    None,
    "no phone",
    Formatted(2079460127, "00000000000"),
    CellFault("#REF!"),
    date(2026, 11, 25),
    "０２０ ７９４６ ０１２８",
)


def reader() -> RowReader:
    """The mapping, compiled."""
    return RowReader(mapping_from_dict(MAPPING, Path()), HEADER, "leads.csv")


def rows(count: int) -> Iterator[SourceRow]:
    """Good and bad rows of all kinds of cell, hidden and merged ones among them."""
    for n in range(count):
        phone, mobile = PHONES[n % len(PHONES)], PHONES[n // 3 % len(PHONES)]
        cells = (phone, mobile, ("GB", "US", "Nowhere")[n % 3], f"Ana \u200b{n}", ("a@example.com", "a@", None)[n % 3])
        yield SourceRow(n + 2, cells, n % 7 == 0, ((0, "A2:A3"),) if n % 5 == 0 else ())


def read(shared: ReadingProcesses, count: int, size: int = 20, by: ReadsRows | None = None) -> list[Reading]:
    """All readings, one after the other."""
    return [reading for batch in shared(by or reader(), rows(count), size) for reading in batch]


def expected(count: int) -> list[Reading]:
    """What this process makes of the rows."""
    return [reading for batch in read_here(reader(), rows(count), 20) for reading in batch]


class Started:
    """Starts processes, and waits until each is ready: every batch but the first goes to one of them."""

    def __init__(self, worker: str = process.WORKER) -> None:
        self.worker = worker
        self.all: list[ReadingProcess] = []

    def __call__(self, by: ReadsRows) -> ReadingProcess:
        other = ReadingProcess(by, self.worker)
        other.started.result(60)
        self.all.append(other)
        return other


@pytest.mark.parametrize("count", [0, 1, 20, 25, 500])
@pytest.mark.parametrize("size", [20, 7])
def test_the_same_in_the_same_order(count: int, size: int) -> None:
    """Batches go here and there, and come back in the order of the list, with the types of all cells."""
    started = Started()
    with ReadingProcesses(3, first_rows=size, start=started) as shared:
        assert read(shared, count, size) == expected(count)
        assert len(started.all) == (2 if count > size else 0)
        assert all(other.batches for other in started.all[: count // size - 1])


def test_terms_come_with_their_readings() -> None:
    """Whether each person may be called at the moment, and how often, as the other process found it."""
    window = CallingWindow(parse_window("auto"), load_presets())
    by = TermsReader(reader(), CallingTerms(window), datetime(2026, 7, 1, 2, 0, tzinfo=UTC))
    with ReadingProcesses(2, first_rows=20, start=Started()) as shared:
        found = read(shared, 200, by=by)
    assert found == by.read_all(rows(200))
    assert {reading.terms.opening.allowed for reading in found if reading.terms} == {False}


def test_a_short_list_and_one_process_start_nothing() -> None:
    """Who has few rows pays nothing."""
    for count, first_rows in ((2, 1_000), (1, 0)):
        started = Started()
        with ReadingProcesses(count, first_rows, start=started) as shared:
            assert read(shared, 200) == expected(200)
        assert started.all == []


@pytest.mark.parametrize("way", ["dies", "dies while it answers", "hangs"])
def test_nothing_is_lost_with_a_process(way: str) -> None:
    """One that is killed or hangs leaves its rows to this one."""
    first = SourceRow(2, (way, None, "GB", "Ana", None))
    told = [first, *(row._replace(cells=(way, *row.cells[1:])) for row in rows(400))]
    started = Started("row_reading.bad_worker")
    with ReadingProcesses(2, 20, 0.2 if way == "hangs" else 60, started) as shared:
        found = [reading for batch in shared(reader(), iter(told), 20) for reading in batch]
        assert found == [reader().read(row) for row in told]
    assert [other.batches > 0 for other in started.all] == [True]


def test_where_there_is_no_process_to_be_had() -> None:
    """A machine that refuses another process reads with the one that it has."""

    def refused(_by: ReadsRows) -> ReadingProcess:
        raise PermissionError("no more processes")

    with ReadingProcesses(3, first_rows=20, start=refused) as shared:
        assert read(shared, 200) == expected(200)


def test_an_error_is_the_one_of_this_process() -> None:
    """A row that can't be read fails as it would without processes, and what was read before it is there."""
    with ReadingProcesses(2, first_rows=4, start=Started()) as shared:
        batches = shared(FailingReader(), rows(100), 4)
        seen = [reading.row.number for _ in range(7) for reading in next(batches)]
        with pytest.raises(ZeroDivisionError, match="at row 30"):
            next(batches)
    assert seen == list(range(2, 30))


def test_no_process_is_left_behind() -> None:
    """Stopped in the middle of a list, by whatever: the other processes have ended, and threads take turns as before."""
    started = Started()

    def stopped() -> None:
        with ReadingProcesses(3, first_rows=20, start=started) as shared:
            batches = shared(reader(), rows(2_000), 20)
            for _ in range(10):
                next(batches)
            raise KeyboardInterrupt

    turn = sys.getswitchinterval()
    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert [other.ended for other in started.all] == [True, True]
    assert sys.getswitchinterval() == turn


def test_a_worker_ends_with_its_input() -> None:
    """As when the process that started it has died: without a word, after what it was asked."""
    asked, said = io.BytesIO(), io.BytesIO()
    batch = list(rows(30))
    for message in (pickle.dumps(reader()), rows_sent(batch)):
        write_frame(asked, message)
    asked.seek(0)
    answer(asked, said)
    said.seek(0)
    assert read_frame(said) == READY
    assert readings_received(batch, read_frame(said)) == expected(30)
    assert read_frame(said) == b""


@pytest.mark.parametrize("said", ["0", "two", "-1", "1.5"])
def test_a_wrong_number_of_processes_is_told(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the name of the variable."""
    monkeypatch.setenv("CAMPAIGN_PROCESSES", said)
    with pytest.raises(UsageError, match=f"CAMPAIGN_PROCESSES is '{said}'"):
        ReadingProcesses()


def test_scripts_without_a_guard_work(tmp_path: Path) -> None:
    """The Python API starts processes from `python -c`, and from a file that validates when it is imported, too."""
    with (tmp_path / "leads.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Phone"])
        writer.writerows([f"+1 202 555 01{n % 100:02}"] for n in range(processes.FIRST_ROWS + 2_500))
    script = (
        "import campaign\n"
        "mapping = {'version': 1, 'fields': {'lc_number': 'Phone'}}\n"
        "print(campaign.validate('leads.csv', mapping, home='home').total)\n"
    )
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    env = {**os.environ, "CAMPAIGN_PROCESSES": "2"}
    for command in (["-c", script], ["script.py"]):
        done = subprocess.run([sys.executable, *command], cwd=tmp_path, env=env, capture_output=True, timeout=120)
        assert (done.stdout.split(), done.stderr) == ([str(processes.FIRST_ROWS + 2_500).encode()], b"")
