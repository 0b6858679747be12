"""Every link leads somewhere."""

from __future__ import annotations

import pytest
from pages import DOCS, PAGES, ROOT, Page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_and_anchor_leads_somewhere(page: Page) -> None:
    """Files that exist, and headings that are there."""
    for link in page.links():
        if link.startswith(("https://", "http://")):
            continue
        path, _, place = link.partition("#")
        target = (page.path.parent / path).resolve() if path else page.path
        assert target.exists(), f"{page.name}: {link}"
        assert target.is_relative_to(ROOT), f"{page.name}: {link}"
        if place:
            assert place in Page(target).anchors(), f"{page.name}: {link}"


def test_every_page_and_picture_can_be_found() -> None:
    """From the index of docs, and each picture on some page."""
    index = next(page for page in PAGES if page.path == DOCS / "README.md")
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in index.links()}
    assert {page.path for page in PAGES if page.path.is_relative_to(DOCS)} - linked == {index.path}
    shown = {(page.path.parent / link).resolve() for page in PAGES for link in page.links()}
    assert set(DOCS.rglob("*.png")) <= shown
