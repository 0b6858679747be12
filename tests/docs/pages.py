"""The pages that people read, taken apart: headings, links, commands, blocks of code."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from make_reference import anchor

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_PICTURE = re.compile(r'!\[([^\]]*)\]\(([^)\s]+)\)|<img alt="([^"]*)" src="([^"]+)"')
_SOURCE = re.compile(r'<(?:source|img)\b[^>]* (?:src|srcset)="([^"]+)"')
_CODE = re.compile(r"`([^`\n]+)`")
_COMMAND = re.compile(r"(?:^|(?<=[\s/\\]))campaign(?:\.exe)? (?=[a-z-])")
_ENDS = {"|", "||", "&&", ";", ">", ">>", "2>", "2>>", "&"}


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code: its language, its text, and the line it begins in."""

    language: str
    text: str
    line: int


class Page:
    """One page."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.relative_to(ROOT).as_posix()
        self.text = path.read_text(encoding="utf-8")

    def blocks(self, *languages: str) -> list[Block]:
        """The blocks of these languages, or all."""
        found = [
            Block(match[1], match[2], self.text.count("\n", 0, match.start()) + 1)
            for match in _FENCE.finditer(self.text)
        ]
        return [block for block in found if not languages or block.language in languages]

    def prose(self) -> str:
        """The page without its blocks of code."""
        return _FENCE.sub("", self.text)

    def anchors(self) -> set[str]:
        """The places on the page that a link can name: headings, and those that are named by hand."""
        headings = re.findall(r"^#+ (.+)$", self.prose(), re.MULTILINE)
        return {anchor(heading) for heading in headings} | set(re.findall(r"<a id='([^']+)'>", self.text))

    def links(self) -> list[str]:
        """Where its links and pictures lead."""
        return _LINK.findall(self.prose()) + _SOURCE.findall(self.prose())

    def pictures(self) -> list[tuple[str, str]]:
        """Its pictures: what they say to those who can't see them, and where they lie."""
        return [(first or other, one or another) for first, one, other, another in _PICTURE.findall(self.prose())]

    def section(self, heading: str) -> str:
        """What stands under a heading, up to the next of its rank or above."""
        rank = heading.split(" ")[0]
        after = self.text.split(f"\n{heading}\n", 1)[1]
        return re.split(rf"^#{{1,{len(rank)}}} ", after, maxsplit=1, flags=re.MULTILINE)[0]

    def commands(self) -> Iterator[tuple[list[str], bool]]:
        """The words of every `campaign ...` that can be typed, without the first; and whether it is whole, as in a block of
        code, or named in a sentence, where arguments may be left out."""
        for block in self.blocks("sh", "bat", "cron", "ini", "yaml", "text"):
            if block.language == "text" and "[OPTIONS]" in block.text:  # a usage line: no command
                continue
            for line in block.text.replace("\\\n", " ").splitlines():
                if not line.lstrip().startswith("#"):
                    yield from ((words, True) for words in _words(line))
        for code in _CODE.findall(self.prose()):
            yield from ((words, False) for words in _words(code.replace("\\|", "|")))


def _words(line: str) -> Iterator[list[str]]:
    for match in _COMMAND.finditer(line):
        lexer = shlex.shlex(line[match.end() :], posix=True, punctuation_chars="|&;>")
        lexer.whitespace_split, lexer.escape = True, ""  # a backslash is part of a Windows path
        words: list[str] = []
        for word in lexer:
            if word in _ENDS:
                break
            words.append(word)
        yield words[:-1] if words[-1:] == ["2"] else words  # of `2>> file`


def table(text: str) -> list[list[str]]:
    """The rows of every table in a text, without head and rule."""
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in text.splitlines() if line[:1] == "|"
    ]
    rules = [number for number, row in enumerate(rows) if all(set(cell) <= set("-: ") for cell in row)]
    return [row for number, row in enumerate(rows) if number not in rules and number + 1 not in rules]


PAGES = [Page(path) for path in (ROOT / "README.md", *sorted(DOCS.rglob("*.md")), ROOT / "sample_data" / "README.md")]
WRITTEN = [page for page in PAGES if "reference" not in page.path.parts]
"""All but those that are made from the code."""
