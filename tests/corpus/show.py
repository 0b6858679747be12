"""What the product makes of lead lists, a line a file: `.venv/bin/python tests/corpus/show.py [FOLDER]`.

Each list is mapped by what `map` proposes and judged by `validate`; nothing is sent. Without FOLDER a corpus of every
format, trap and known export is made in a temporary folder, and each file is held against what must come of it. The exit
status is 1 if one differs, or if reading one breaks down.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "proposal")]

from corpus.all_cases import CORPUS, make_corpus  # noqa: E402
from corpus.case import Case  # noqa: E402 - the folders of the tests have to be known first
from corpus.seen import Seen, look  # noqa: E402

from campaign.adapters.sources import ENDINGS  # noqa: E402

WIDTH = 120
_NAME, _FORM, _EXPORT = 30, 20, 11
_COUNTS = {
    "header": "row",
    "send": "send",
    "invalid": "bad",
    "suppressed": "held",
    "duplicate": "twice",
    "hidden": "hidden",
}
_LEGEND = (
    "row: where the header is.  send: rows that can be sent.  bad: invalid.  held: suppressed.  twice: duplicates.\n"
    "hidden: rows that the file does not show, among the others.  map: how sure the proposed mapping is."
)


def heading() -> str:
    """What the columns are."""
    counts = " ".join(f"{head:>6}" for head in _COUNTS.values())
    return f"{'':5} {'list':{_NAME}} {'read as':{_FORM}} {counts} {'export':{_EXPORT}} map"


def lines(name: str, seen: Seen, mark: str = "") -> list[str]:
    """A list in one line, or the error that it costs; what is left out of it stands below."""
    start = f"{mark:5} {_cut(name, _NAME):{_NAME}} "
    if seen.error:
        # The file is named already.
        said = " ".join(seen.error.split()).removeprefix(name).lstrip(" :,")
        return [start + _cut(said, WIDTH - len(start))]
    counts = " ".join(f"{getattr(seen, count) or '-':>6}" for count in _COUNTS)
    told = f"{_cut(seen.form or '', _FORM):{_FORM}} {counts} {seen.export or '-':{_EXPORT}} {seen.sure or ''}"
    left_out = ", ".join(f"{count:,} {why}" for why, count in seen.left_out.items())
    return [start + told, *([f"{'':36} left out: {left_out}"] if left_out else [])]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def show(paths: list[Path], cases: Mapping[str, Case], home: Path, say: Callable[[str], None]) -> int:
    """Say what is made of each list, and count those that differ from what was expected, or break down."""
    say(heading())
    wrong = 0
    began = time.monotonic()
    for path in paths:
        expected = cases.get(path.name)
        try:
            seen = look(path, home)
            differences = seen.differences(expected.expected) if expected else []
        except Exception as error:
            seen, differences = Seen(error=f"{type(error).__name__}: {error}"), ["reading it broke down"]
        wrong += bool(differences)
        for line in lines(path.name, seen, "WRONG" if differences else "ok" if expected else ""):
            say(line)
        for difference in differences:
            say(f"{'':6}{_cut(difference, WIDTH - 6)}")
    say(_LEGEND)
    held = (
        f"{len(paths) - wrong} as expected, {wrong} wrong" if cases else f"{wrong} broke down" if wrong else "all read"
    )
    say(f"{len(paths)} lists: {held} ({time.monotonic() - began:.0f} seconds)")
    return wrong


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description="Show what is made of lead lists. Nothing is sent.")
    parser.add_argument(
        "folder", type=Path, nargs="?", help="a folder of lists  [default: a corpus that is made on the spot]"
    )
    folder: Path | None = parser.parse_args(arguments).folder
    with tempfile.TemporaryDirectory() as made:
        home = Path(made) / "home"
        if folder is None:
            lists = Path(made) / "lists"
            lists.mkdir()
            return 1 if show(make_corpus(lists), CORPUS, home, print) else 0
        paths = sorted(path for path in folder.iterdir() if path.name.lower().removesuffix(".gz").endswith(ENDINGS))
        if not paths:
            parser.error(
                f"{folder} holds no lists: none of its files ends in {', '.join(ENDINGS)}, or one of these and .gz"
            )
        return 1 if show(paths, {}, home, print) else 0


if __name__ == "__main__":
    sys.exit(main())
