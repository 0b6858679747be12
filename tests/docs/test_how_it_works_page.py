"""docs/how-it-works.md against the program's folders."""

from __future__ import annotations

import re

from pages import DOCS, ROOT, Page, table

LAYERS = table(Page(DOCS / "how-it-works.md").section("## Layers"))


def test_every_layer_and_file_that_is_named_is_there() -> None:
    """Whoever begins to read where the page says finds something; a file stands in one of the folders of its line."""
    assert LAYERS
    for folders, _, files in LAYERS:
        places = [ROOT / place for place in re.findall(r"`([^`]+)`", folders)]
        assert all(place.exists() for place in places), folders
        for file in re.findall(r"`([^`]+)`", files):
            assert any((place / file).is_file() for place in (*places, ROOT / "campaign")), file


def test_every_layer_is_named() -> None:
    """All folders of the package that are layers."""
    named = set(re.findall(r"`campaign/(\w+)", " ".join(row[0] for row in LAYERS)))
    folders = {path.stem for path in (ROOT / "campaign").iterdir() if path.is_dir() or path.stem in ("api", "ports")}
    assert named >= folders - {"data", "__pycache__", "shipped"}
