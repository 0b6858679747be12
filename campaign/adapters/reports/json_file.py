"""Call reports in a JSON file: a report as the vendor gives it, or webhooks that were kept, one on each line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from io import StringIO
from pathlib import Path
from typing import Any

from campaign.core.errors import ReportError
from campaign.core.report import calls_in

_MOST_BYTES = 512 << 20
_LONGEST_LINE = 1 << 20  # characters of a webhook
_CURE = "Save the report again, as JSON or CSV."


def read_json(path: Path) -> Iterator[MappingOf[str, Any]]:
    """Every call of the file: line by line if each is one, else all at once. Raises `ReportError` if it can't be read or
    holds no list of calls."""
    try:
        if _is_of_lines(path):
            with path.open(encoding="utf-8-sig") as lines:
                yield from _lines(path, lines)
        else:
            yield from _whole(path)
    except OSError as error:
        raise ReportError(f"{path} can't be read: {error.strerror}.", "Check the name and your rights to it.") from None
    except UnicodeDecodeError:
        raise ReportError(f"{path.name} is no UTF-8 text.", _CURE) from None


def _is_of_lines(path: Path) -> bool:
    """Whether the first line is a JSON object and something follows: a report as a whole is one value."""
    with path.open(encoding="utf-8-sig") as file:
        first = next((line for line in iter(lambda: file.readline(_LONGEST_LINE), "") if line.strip()), "")
        return isinstance(_parsed(first), dict) and any(line.strip() for line in file)


def _whole(path: Path) -> list[MappingOf[str, Any]]:
    size = path.stat().st_size
    if size > _MOST_BYTES:
        raise ReportError(f"{path.name} is too large to be read ({size:,} bytes).", "Save it in parts, or as CSV.")
    text = path.read_text(encoding="utf-8-sig")
    answer = _parsed(text)
    if answer is None:
        return list(_lines(path, StringIO(text)))
    calls = calls_in(answer)
    if calls is None and isinstance(answer, dict):
        calls = [answer]  # a single webhook
    if calls is None:
        raise ReportError(f"{path.name} holds no list of calls.", _CURE)
    return calls


def _lines(path: Path, lines: Iterable[str]) -> Iterator[MappingOf[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        call = _parsed(line)
        if not isinstance(call, dict):
            raise ReportError(f"{path.name}, line {number}: this is no JSON object with a call.", _CURE)
        yield call


def _parsed(text: str) -> object:
    """What the text holds; None if it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
