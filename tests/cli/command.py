"""What the command-line tests share: how a command ends, a mapping, lists, and reading results back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

MAPPING = """\
version: 1
fields:
  lc_number: Phone
  lc_param_name: {column: Name}
policy: {calling_window: off}
delivery: {rate: 500/s, timeout: {read: 2}, retry: {base: 0.01, cap: 0.05}}
"""


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Stdout, which must be one JSON object and nothing else."""
        answer: dict[str, Any] = json.loads(self.out)
        return answer


Campaign = Callable[..., Done]


def leads(folder: Path, rows: int = 20, name: str = "leads.csv", start: int = 0) -> Path:
    """A list of so many people, one of whom, in row 3, has no number."""
    lines = ["Name,Phone"]
    lines += [f"Person {n},{'n/a' if n == start + 1 else f'+44207946{n:04d}'}" for n in range(start, start + rows)]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def results(path: Path) -> list[dict[str, Any]]:
    """The rows of a result workbook, by column."""
    book = openpyxl.load_workbook(path)
    header, *rows = book["Results"].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]
