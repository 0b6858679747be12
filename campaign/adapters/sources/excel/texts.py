"""Texts as a workbook holds them: those that many cells share, and those that stand within their cell."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element
from xml.sax.saxutils import unescape

from openpyxl.xml.constants import SHEET_MAIN_NS

SIGNS = r"[^<>\x00-\x08\x0b-\x1f\ufffe\uffff]"
"""A sign within a text that has no elements: what XML does not allow there is left out, a `>` and a CR, which a parser would
make something else of (XML 1.0, 2.2, 2.4 and 2.11)."""
OTHER_REFERENCE = re.compile("&(?!(?:amp|lt|gt|quot|apos);)")
"""A reference to something else than the five signs that XML has names for (4.6)."""
_REFERENCES = {"&quot;": '"', "&apos;": "'"}
_TEXT, _RUNS = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("t", "r"))
_RUN_TEXTS = f"{_RUNS}/{_TEXT}"
# How text holds what XML does not keep (ECMA-376 part 1, 22.9.2.19): a line end, a tab, the underscore of such a sign.
_ESCAPED = re.compile("_x(000[9AaDd]|005[Ff])_")


def item_text(item: Element) -> str:
    """The text of a plain or rich item, without the readings that East Asian texts carry beside it."""
    if len(item) == 1 and item[0].tag == _TEXT:
        return unescaped(item[0].text or "")
    return unescaped(item.findtext(_TEXT, "") + "".join(run.text or "" for run in item.iterfind(_RUN_TEXTS)))


def unescaped(text: str) -> str:
    """The text, with the signs in it that XML does not keep."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def resolved(text: str) -> str:
    """The text of XML without elements that refers to nothing but signs with names."""
    return unescape(text, _REFERENCES) if "&" in text else text
