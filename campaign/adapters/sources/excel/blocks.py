"""A large part of a workbook as its items (rows, shared texts), read in blocks of whole ones.

Excel, LibreOffice, Google and the libraries write their items in a few forms that regular expressions read several times
faster than an XML parser: a block that has nothing but those is read so. Everything else goes through the parser. That both
give the same is so by construction:

* Blocks are cut behind an end tag. A block that was read by an expression is a sequence of whole elements, and one that is
  well-formed between the start tags above it and their end tags is content by itself (XML 1.0, production 43); so a parser
  that had read it would stand where it stood before, and the next block means what it means without it.
* Nothing before a block changes how it is read: without a document type there are no entities, and names and encoding
  depend on nothing but the start tags.
* Where a block is not whole by itself (an end tag within a comment, damage), the parser gets it and all that follows.
* An expression that is not sure gives nothing, and never an error: the parser reads the block then, and says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import IO, Generic, NamedTuple, Protocol, TypeVar
from xml.etree.ElementTree import ParseError, fromstring
from xml.parsers.expat import ExpatError, ParserCreate

from openpyxl.xml.constants import SHEET_MAIN_NS

from campaign.adapters.sources.sheets.metered import Metered, Readable
from campaign.core.limits import Limits

_CHUNK = 1 << 16
_LONGEST = 1 << 20  # bytes that are held while the end of an item is looked for
_DECLARATION = (
    r"""(?:\xef\xbb\xbf)?(?:<\?xml version=["']1\.0["'](?:\s+encoding=["'](?i:utf-8)["'])?"""
    r"""(?:\s+standalone=["'](?:yes|no)["'])?\s*\?>\s*)?"""
)
_Item = TypeVar("_Item", covariant=True)


class Frame(NamedTuple):
    """What stands around the items of a part: the element that holds all, the one in it that holds the items ("" if it does
    so itself), and the item's own name."""

    root: str
    holder: str
    item: str

    @property
    def head(self) -> re.Pattern[bytes]:
        """All before the first item, `root` being the start tag of the whole, without comments and a document type."""
        before = rf"(?:[^<]|<(?![!?]))*?<{self.holder}>" if self.holder else ""
        # A tag with > in a value is left to the parser: it ends elsewhere than it seems to.
        attributes = r"""(?:[^<>"']|"[^<>"]*"|'[^<>']*')*"""
        return re.compile(rf"{_DECLARATION}(?P<root><{self.root}(?=[\s>]){attributes}(?<!/)>){before}".encode())

    @property
    def tail(self) -> bytes:
        """The end tags of what stands around the items."""
        return "".join(f"</{name}>" for name in (self.holder, self.root) if name).encode()


class Reading(Protocol[_Item]):
    """How the items of a part are read, in the order of the part."""

    def regular(self, block: str, root: str) -> Sequence[_Item] | None:
        """The items of a block; None if not all of it is of a known form. `root` is the start tag of the part."""

    def parsed(self, part: Metered) -> Iterator[_Item]:
        """The items of a part, or of a block within its frame, as a parser reads them."""


class Blocks(Generic[_Item]):
    """The items of one part."""

    def __init__(self, part: IO[bytes], limits: Limits, name: str, frame: Frame, reading: Reading[_Item]) -> None:
        self._part = part
        self._limits = limits
        self._name = name
        self._frame = frame
        self._end = f"</{frame.item}>".encode()
        self._reading = reading
        self._count = 0

    def items(self) -> Iterator[Sequence[_Item]]:
        """All items, some at a time. Raises `SourceError`, and what the parser and the cells raise for damage."""
        content = self._part.read(_CHUNK)
        opening = self._opening(head := self._frame.head.match(content))
        if head is not None and opening:
            content = content[head.end() :]
            root = head["root"].decode()
            while cut := self._end_of_block(content := self._read_on(content)):
                items = self._regular(content[:cut], root)
                if items is not None:
                    self._count += len(items)
                    yield items
                elif _is_well_formed(document := opening + content[:cut] + self._frame.tail):
                    yield from self._parsed(BytesIO(document))
                else:
                    break
                content = content[cut:]
        yield from self._parsed(_Joined(opening + content, self._part))

    def _end_of_block(self, content: bytes) -> int:
        """Where the last end tag of an item ends; 0 if there is none."""
        begin = content.rfind(self._end)
        return begin + len(self._end) if begin >= 0 else 0

    def _read_on(self, content: bytes) -> bytes:
        """The content and more, with the end of an item if one comes soon."""
        pieces = [content]
        length = len(content)
        while chunk := self._part.read(_CHUNK):
            pieces.append(chunk)
            length += len(chunk)
            if self._end in chunk or length > _LONGEST:
                break
        return b"".join(pieces)

    def _opening(self, head: re.Match[bytes] | None) -> bytes:
        """The start tags around the items; none if the head is not as it should be."""
        if head is None:
            return b""
        frame = self._frame
        try:
            root = fromstring(head[0] + frame.tail)  # noqa: S314 - a head without a document type
        except ParseError:
            return b""
        held = [root, root[-1]] if frame.holder else [root]
        names = [f"{{{SHEET_MAIN_NS}}}{name}" for name in (frame.root, frame.holder) if name]
        if [element.tag for element in held] != names or len(list(root.iter(names[-1]))) > 1:
            return b""
        return head["root"] + (f"<{frame.holder}>".encode() if frame.holder else b"")

    def _regular(self, block: bytes, root: str) -> Sequence[_Item] | None:
        try:
            return self._reading.regular(block.decode(), root)
        except UnicodeDecodeError:
            return None

    def _parsed(self, part: Readable) -> Iterator[Sequence[_Item]]:
        for item in self._reading.parsed(Metered(part, self._limits, self._name, self._count)):
            self._count += 1
            yield (item,)


class _Joined:
    """Bytes that were read from a part, and then its rest."""

    def __init__(self, begin: bytes, part: IO[bytes]) -> None:
        self._begin = BytesIO(begin)
        self._part = part

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`."""
        return self._begin.read(size) or self._part.read(size)


def _is_well_formed(document: bytes) -> bool:
    try:
        ParserCreate(namespace_separator=" ").Parse(document, True)
    except ExpatError:
        return False
    return True
