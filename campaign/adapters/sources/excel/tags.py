"""The tags of rows and cells, as an XML parser reads them (ECMA-376 part 1, 18.3.1.73 and 18.3.1.4)."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

from openpyxl.xml.constants import SHEET_MAIN_NS

ROW, CELL = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("row", "c"))
_TRUE = ("1", "true", "on")


def read_tag(root: str, name: str, place: str, rest: str) -> Element:
    """The element `name` with an attribute `r`, its `place`, whose start tag goes on with `rest`; `root` is the start tag of
    the sheet. Raises `ParseError`."""
    end = "" if rest.endswith("/>") else f"</{name}>"
    return fromstring(f'{root}<{name} r="{place}"{rest}{end}</worksheet>')[0]  # noqa: S314 - one tag


def is_hidden(row: Element) -> bool:
    """Whether the row is hidden, by a person, a filter or a folded group: Excel marks each such row, others may flatten it."""
    if row.get("hidden") in _TRUE:
        return True
    height = row.get("ht")
    return height is not None and not height.strip("0.")
