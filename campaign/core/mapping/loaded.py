"""A mapping together with the text it came from, so that every later error can name file and line."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from pathlib import PurePath

from campaign.core.mapping.document import Mapping

Path = tuple[str | int, ...]
"""The way to a value in the mapping: ("fields", "lc_number", "column")."""


@dataclass(frozen=True, slots=True)
class LoadedMapping:
    """A checked mapping. `folder` is where its relative paths start; `lines` has the line of every key, counted from 1."""

    mapping: Mapping
    name: str
    text: str
    folder: PurePath
    lines: MappingOf[Path, int] = field(default_factory=dict, repr=False)

    def where(self, path: Path) -> str:
        """File, line and key of `path`: `mapping.yaml, line 7, fields.lc_number`."""
        return where(self.name, self.lines, path)


def where(name: str, lines: MappingOf[Path, int], path: Path) -> str:
    """File, line and key of `path`; the line is that of the nearest key above it which stands in the file."""
    key = ".".join(str(part) for part in path)
    for end in range(len(path), -1, -1):
        if (line := lines.get(path[:end])) is not None:
            return f"{name}, line {line}{', ' + key if key else ''}"
    return f"{name}{', ' + key if key else ''}"
