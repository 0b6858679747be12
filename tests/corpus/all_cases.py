"""Lead lists as people really have them: every format, every trap, every known export, and what must come of each."""

from __future__ import annotations

from pathlib import Path

from corpus.book_cases import BOOK_CASES
from corpus.case import Case
from corpus.export_cases import EXPORT_CASES
from corpus.phone_cases import PHONE_CASES
from corpus.text_cases import TEXT_CASES

CORPUS: dict[str, Case] = {case.name: case for case in (*TEXT_CASES, *PHONE_CASES, *BOOK_CASES, *EXPORT_CASES)}


def make_corpus(folder: Path) -> list[Path]:
    """Write all of its files."""
    for case in CORPUS.values():
        case.make(folder / case.name)
    return [folder / name for name in CORPUS]
