"""The file that a mistyped name may mean."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path


def did_you_mean(path: Path, *endings: str) -> str:
    """`Did you mean leads.xlsx? ` where a file beside it has nearly that name, whatever its ending, as long as that is one of
    `endings` (maybe with `.gz` behind it); else ""."""
    try:
        beside = [other.name for other in path.parent.iterdir() if other.is_file()]
    except (OSError, ValueError):
        return ""
    stems = {name: name.partition(".")[0] for name in beside if name.lower().removesuffix(".gz").endswith(endings)}
    near = get_close_matches(path.name.partition(".")[0], stems.values(), n=1, cutoff=0.75)
    meant = get_close_matches(path.name, [name for name, stem in stems.items() if stem in near], n=1, cutoff=0)
    return f"Did you mean {path.with_name(meant[0])}? " if meant else ""
