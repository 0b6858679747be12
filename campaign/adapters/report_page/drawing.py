"""A chart as SVG that stands in a page: its colours follow the page's theme, its text the page's font, and it says what it
shows to those who can't see it."""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import matplotlib
from markupsafe import Markup
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, MUTED, LINE, TRACK, ACCENT = "#1f2933", "#5f6b7a", "#dde2e8", "#edf0f3", "#3f6e9e"
"""Text, lesser text, thin lines, what is behind a bar, a bar of no state."""
_THEME = {INK: "ink", MUTED: "muted", LINE: "line", TRACK: "track", ACCENT: "accent"}
_COLOUR = re.compile("|".join(_THEME))
_FONT_FAMILY = re.compile(r"font-family: [^;\"]*;? ?")
_NAMESPACES = {"": "http://www.w3.org/2000/svg", "xlink": "http://www.w3.org/1999/xlink"}
_SVG, _LINK = (f"{{{_NAMESPACES[prefix]}}}" for prefix in ("", "xlink"))
_STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": LINE,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.labelcolor": MUTED,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.dpi": 72,  # a point is a pixel of the page
    "font.size": 12,
    "grid.color": LINE,
    "svg.fonttype": "none",
    "text.color": INK,
    "text.parse_math": False,  # what the vendor says may hold a $
    "xtick.color": MUTED,
    "xtick.major.pad": 6,
    "xtick.major.size": 0,
    "ytick.color": MUTED,
    "ytick.major.size": 0,
}

# Of fonts and of its cache, which say nothing to a person who wants a report.
if not (_log := logging.getLogger("matplotlib")).level:
    _log.setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Size:
    """The room that a chart has: pixels, and whether it is that of a phone."""

    width: int
    height: int
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as it is shown on a screen or on paper, and on a phone. `words` say what there is to see."""

    wide: Markup
    narrow: Markup
    words: str


def chart(name: str, title: str, words: str, sizes: tuple[Size, Size], draw: Callable[[Axes, Size], None]) -> Chart:
    """The chart that `draw` draws on axes of a size; `name` is its own among those of the page."""
    wide, narrow = (_drawn(f"{name}-{n}", title, words, size, draw) for n, size in enumerate(sizes))
    return Chart(wide, narrow, words)


def _drawn(name: str, title: str, words: str, size: Size, draw: Callable[[Axes, Size], None]) -> Markup:
    with _style(name):
        figure = Figure(figsize=(size.width / 72, size.height / 72), layout="constrained")
        draw(figure.add_subplot(), size)
        file = io.StringIO()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(file, format="svg", transparent=True, metadata=nothing)
    return _for_page(file.getvalue(), name, title, words)


@contextmanager
def _style(name: str) -> Iterator[None]:
    """Our own look, whatever the person has set up for their own charts."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        # The page's font has the sign, even where the one that measures it has not.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**_STYLE, "svg.hashsalt": name})
        yield


def _for_page(drawn: str, name: str, title: str, words: str) -> Markup:
    for prefix, address in _NAMESPACES.items():
        ElementTree.register_namespace(prefix, address)
    svg = ElementTree.fromstring(drawn)  # noqa: S314 - made by matplotlib a moment ago
    for unwanted in ("metadata", "defs"):
        for element in svg.findall(f"{_SVG}{unwanted}"):
            if unwanted == "metadata" or element.find(f"{_SVG}style") is not None:
                svg.remove(element)
    meant = {link[1:] for element in svg.iter() if (link := element.get(f"{_LINK}href"))}
    for element in svg.iter():
        # Ids are the page's, and matplotlib gives the same ones to every figure.
        if (own := element.get("id")) and element.tag == f"{_SVG}g" and own not in meant:
            del element.attrib["id"]
        if style := element.get("style"):
            element.set("style", _COLOUR.sub(_themed, _FONT_FAMILY.sub("", style)))
    for attribute in ("width", "height", "version"):
        svg.attrib.pop(attribute, None)
    svg.set("role", "img")
    svg.set("aria-labelledby", f"{name}-title {name}-words")
    for place, (tag, text) in enumerate((("title", title), ("desc", words))):
        element = ElementTree.Element(f"{_SVG}{tag}", {"id": f"{name}-{'title' if tag == 'title' else 'words'}"})
        element.text = text
        svg.insert(place, element)
    return Markup(ElementTree.tostring(svg, encoding="unicode"))  # noqa: S704 - a tree of elements, escaped in writing


def _themed(match: re.Match[str]) -> str:
    return f"var(--{_THEME[match[0]]}, {match[0]})"
