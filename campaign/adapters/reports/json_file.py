"""Call reports in a JSON file: a report as the vendor gives it, or webhooks that were kept, one on each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from pathlib import Path
from typing import Any

from campaign.core.errors import ReportError
from campaign.core.report import calls_in

_MOST_BYTES = 512 << 20
_CURE = "Save the report again, as JSON or CSV."


def read_json(path: Path) -> Iterator[MappingOf[str, Any]]:
    """Every call of the file. Raises `ReportError` if it can't be read or holds no list of calls."""
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise ReportError(f"{path.name} is too large to be read ({size:,} bytes).", "Save it in parts, or as CSV.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ReportError(f"{path} can't be read: {error.strerror}.", "Check the name and your rights to it.") from None
    except UnicodeDecodeError:
        raise ReportError(f"{path.name} is no UTF-8 text.", _CURE) from None
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        yield from _lines(path, text)
        return
    calls = calls_in(answer)
    if calls is None and isinstance(answer, dict):
        calls = [answer]  # a single webhook
    if calls is None:
        raise ReportError(f"{path.name} holds no list of calls.", _CURE)
    yield from calls


def _lines(path: Path, text: str) -> Iterator[MappingOf[str, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            call = json.loads(line)
        except (ValueError, RecursionError):
            call = None
        if not isinstance(call, dict):
            raise ReportError(f"{path.name}, line {number}: this is no JSON object with a call.", _CURE)
        yield call
