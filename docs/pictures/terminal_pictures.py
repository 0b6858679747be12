"""Pictures of a terminal: what stood on its screen, in its colours, drawn by rich as a window."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

from page_pictures import shoot
from pyte.screens import Char
from rich.color import parse_rgb_hex
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, TerminalTheme
from rich.text import Text
from screens import Screen


def _colours(row: str) -> list[tuple[int, int, int]]:
    return [parse_rgb_hex(colour) for colour in row.split()]


DARK = TerminalTheme(
    parse_rgb_hex("1e2127"),
    parse_rgb_hex("d6dae0"),
    _colours("3f4451 e06c75 7ebe64 e5c07b 61afef c678dd 56b6c2 d6dae0"),
    _colours("636a78 f0828a 98d37e f0d091 82c3fa d791eb 6ecdd7 ffffff"),
)
LIGHT = DEFAULT_TERMINAL_THEME
_NAMES = {"brown": "yellow", "brightbrown": "bright_yellow", "bfightmagenta": "bright_magenta"}  # as pyte names them
_BORDER = "rgba(128,128,128,0.6)"  # is seen on a dark page and on a light one
_LETTERS = "DejaVu Sans Mono, Menlo, Consolas, monospace"


def draw(seen: Screen, title: str, picture: Path, theme: TerminalTheme = DARK) -> None:
    """Draw a screen as a picture with the command as its title."""
    width = len(seen[0])
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True, legacy_windows=False)
    for line in seen:
        console.print(_text(line), no_wrap=True, overflow="crop", crop=False)
    console.print()  # room below the last line
    svg = console.export_svg(title=title, theme=theme, unique_id="picture")
    # Letters of this machine: a picture is made without a network.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", _LETTERS)
    svg = svg.replace('stroke="rgba(255,255,255,0.35)"', f'stroke="{_BORDER}"')
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert box is not None
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "screen.html"
        page.write_text(f'<meta charset="utf-8"><body style="margin:0">{svg}', encoding="utf-8")
        shoot(page, picture, round(float(box[1])), round(float(box[2])), clear=True)


def _text(line: list[Char]) -> Text:
    text = Text()
    for cell in line:
        text.append(
            cell.data,
            Style(
                color=_colour(cell.fg),
                bgcolor=_colour(cell.bg),
                bold=cell.bold,
                italic=cell.italics,
                underline=cell.underscore,
                reverse=cell.reverse,
            ),
        )
    return text


def _colour(name: str) -> str | None:
    """A colour of the emulator as rich names it."""
    if name == "default":
        return None
    if re.fullmatch(r"[0-9a-f]{6}", name):
        return f"#{name}"
    return _NAMES.get(name, name.replace("bright", "bright_"))
