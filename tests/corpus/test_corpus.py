"""The corpus of lead lists: what `tests/corpus/show.py` shows is what must come of each file."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from corpus.all_cases import CORPUS
from corpus.seen import Seen, look
from corpus.show import WIDTH, heading, lines, show

from campaign.adapters.sources import ENDINGS


@pytest.mark.parametrize("name", CORPUS)
def test_every_list_is_read_as_expected(tmp_path: Path, name: str) -> None:
    """Every format, trap and export: who is called, who is not and why, what is left out, and the error if it is none."""
    CORPUS[name].make(tmp_path / name)
    seen = look(tmp_path / name, tmp_path / "home")
    assert seen.differences(CORPUS[name].expected) == []
    shown = lines(name, seen, "ok")
    assert all(len(line) <= WIDTH for line in shown)
    assert len(shown) == 1 + bool(seen.left_out)


def test_no_format_is_missing() -> None:
    """A format that is added needs its lists."""
    assert {ending for ending in ENDINGS if not any(name.endswith(ending) for name in CORPUS)} == set()
    assert len(heading()) <= WIDTH


def test_the_command_shows_a_folder(tmp_path: Path) -> None:
    """Started as a person starts it, from anywhere: the lists of a folder, errors among them, and nothing else in it."""
    for name in ("footers.csv", "password.xls", "hidden-rows.ods"):
        CORPUS[name].make(tmp_path / name)
    (tmp_path / "mapping.yaml").write_text("version: 1\n", encoding="utf-8")
    command = [sys.executable, str(Path(__file__).with_name("show.py")), str(tmp_path)]
    env = {**os.environ, "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert rows[1] == ["footers.csv", "UTF-8,", "commas", "1", "3", "-", "-", "-", "-", "-", "sure"]
    assert rows[2] == ["left", "out:", "1", "blank,", "3", "footer"]
    assert rows[3] == ["hidden-rows.ods", "OpenDocument", "1", "6", "-", "-", "-", "2", "-", "sure"]
    assert rows[4][:6] == ["password.xls", "is", "protected", "with", "a", "password."]
    assert done.stdout.splitlines()[-1].startswith("3 lists: all read")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "footers.csv", "hidden-rows.ods", "mapping.yaml", "password.xls"
    ]  # fmt: skip


def test_what_differs_is_shown_as_wrong(tmp_path: Path) -> None:
    """Each point in which a list is not what was expected, what was expected and what was seen."""
    case = CORPUS["plain.xlsx"]
    wanted = replace(case, expected=replace(case.expected, send=4, left_out={"footer": 1}))
    path = tmp_path / case.name
    case.make(path)
    said: list[str] = []
    assert show([path], {case.name: wanted}, tmp_path / "home", said.append) == 1
    assert said[1].startswith("WRONG plain.xlsx")
    assert [line.strip() for line in said[2:4]] == ["send: 3; expected: 4", "left_out: {}; expected: {'footer': 1}"]
    assert said[-1].startswith("1 lists: 0 as expected, 1 wrong")


def test_an_error_is_compared_as_well() -> None:
    """One that was not expected, another one than expected, and none where one was."""
    error = Seen(error="t.xls is damaged. Open it in Excel.", form="")
    assert error.differences(Seen(error="damaged")) == []
    assert error.differences(Seen(error="password")) != []
    assert error.differences(Seen()) != []
    assert Seen().differences(Seen(error="damaged")) != []
