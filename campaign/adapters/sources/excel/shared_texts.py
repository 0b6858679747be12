"""The texts that the cells of a workbook refer to by number (ECMA-376 part 1, 18.4.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import IO
from xml.etree.ElementTree import Element, iterparse

from openpyxl.xml.constants import SHEET_MAIN_NS

from campaign.adapters.sources.excel.blocks import Blocks, Frame
from campaign.adapters.sources.excel.texts import OTHER_REFERENCE, SIGNS, item_text, resolved, unescaped
from campaign.adapters.sources.sheets.metered import Metered
from campaign.core.limits import Limits

_POINTER = 8
FRAME = Frame("sst", "", "si")
_ITEM = f"{{{SHEET_MAIN_NS}}}si"
_PLAIN = re.compile(rf"(?:<si><t>{SIGNS}*+</t></si>)++")


class SharedTexts:
    """The texts by their number, a blank one as None. They are read as far as a cell asks for them: a list has the texts of
    its first rows mostly at the beginning, and the first rows are read more often than the others."""

    def __init__(self, part: IO[bytes] | None, limits: Limits, name: str) -> None:
        """`part` is None in a workbook that has none."""
        self._limits = limits
        self._name = name
        self._read: list[str | None] = []
        self._taken = 0
        self._coming = Blocks(part, limits, name, FRAME, TextReading()).items() if part is not None else iter(())

    def __getitem__(self, number: int) -> str | None:
        """Raises `IndexError` if there is no such text, `SourceError` if they fill the memory."""
        return self.column([number])[0]

    def column(self, numbers: Sequence[int]) -> list[str | None]:
        """The texts of several cells. Raises as for one."""
        if (lowest := min(numbers)) < 0:
            raise IndexError(f"there is no text {lowest}")  # Python would count from the end
        try:
            return list(map(self._read.__getitem__, numbers))
        except IndexError:
            self._read_to(max(numbers))
            return list(map(self._read.__getitem__, numbers))

    def read_on(self) -> None:
        """Read all that no cell has asked for, so that it is checked as well. Raises `SourceError`."""
        self._read_to(None)

    def _read_to(self, number: int | None) -> None:
        while number is None or number >= len(self._read):
            texts = next(self._coming, None)
            if texts is None:
                return
            self._read += texts if all(texts) else [text or None for text in texts]
            self._taken += sum(map(str.__sizeof__, texts)) + len(texts) * _POINTER
            if self._taken > self._limits.memory:
                met = f"{self._name}: its first {len(self._read):,} texts take {self._taken:,} bytes"
                raise self._limits.exceeded("memory", met)


class TextReading:
    """How the texts are read."""

    def regular(self, block: str, root: str) -> list[str] | None:
        """The texts of a block of plain ones."""
        block = block.replace('<t xml:space="preserve">', "<t>")
        if not _PLAIN.fullmatch(block) or OTHER_REFERENCE.search(block):
            return None
        texts = block.removeprefix("<si><t>").removesuffix("</t></si>").split("</t></si><si><t>")
        if "&" in block or "_x" in block:
            return [unescaped(resolved(text)) for text in texts]
        return texts

    def parsed(self, part: Metered) -> Iterator[str]:
        """The texts of any."""
        root: Element | None = None
        for event, element in iterparse(part, ("start", "end")):  # noqa: S314 - expat itself bounds the growth of entities
            if event == "start":
                part.enter()
                root = element if root is None else root
                continue
            part.leave()
            if element.tag == _ITEM:
                yield item_text(element)
                assert root is not None
                root.clear()
                part.whole()
