"""Call reports in JSON files: the forms that they have, and how little of them is held."""

from __future__ import annotations

import json
import tracemalloc
from collections import deque
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.adapters.reports import read_json
from campaign.core.errors import ReportError

texts = st.text(st.characters(codec="utf-8"), max_size=20)
calls = st.dictionaries(texts, texts | st.integers() | st.lists(texts, max_size=2), max_size=4)
in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@in_one_folder
@given(st.lists(calls, min_size=2, max_size=6), st.sampled_from(["\n", "\r\n", "\n\n"]), st.booleans(), st.booleans())
def test_webhooks_are_read_line_by_line(
    tmp_path: Path, said: list[dict[str, Any]], end: str, bom: bool, plain: bool
) -> None:
    """Whatever signs stand in them: a line ends where the file says so, and nowhere inside a text."""
    path = tmp_path / "calls.jsonl"
    text = end.join(json.dumps(call, ensure_ascii=plain) for call in said) + end
    path.write_text(text, encoding="utf-8-sig" if bom else "utf-8", newline="")
    assert list(read_json(path)) == said


@pytest.mark.parametrize("indent", [None, 2])
def test_a_report_as_a_whole_may_be_of_any_lines(tmp_path: Path, indent: int | None) -> None:
    """On one line, or on many of which the first says nothing."""
    path = tmp_path / "report.json"
    path.write_text(json.dumps({"data": [{"call_id": "a"}, {"call_id": "b"}]}, indent=indent), encoding="utf-8")
    assert [call["call_id"] for call in read_json(path)] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "line"), [('{"a": 1}\n\n{"b": \n', 3), ('{"a": 1}\n[]\n', 2), ("rubbish\n", 1), ("{\n", 1)]
)
def test_a_line_that_is_no_call_is_named(tmp_path: Path, text: str, line: int) -> None:
    """A report that was cut while it was saved is refused, with the place."""
    path = tmp_path / "calls.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReportError, match=f"line {line}:"):
        list(read_json(path))


def test_any_number_of_webhooks_needs_no_more_memory(tmp_path: Path) -> None:
    """They are read as they are asked for."""

    def peak(count: int) -> int:
        path = tmp_path / f"{count}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps({"call_id": f"call-{n}", "said": "x" * 200}) + "\n" for n in range(count))
        tracemalloc.start()
        try:
            deque(read_json(path), maxlen=0)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(8_000) < peak(2_000) * 1.2
