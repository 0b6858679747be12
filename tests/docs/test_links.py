"""Every link leads somewhere, and every picture stands on a page."""

from __future__ import annotations

import re

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


def test_every_page_can_be_found() -> None:
    """From the index of docs."""
    index = next(page for page in PAGES if page.path == DOCS / "README.md")
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in index.links()}
    assert {page.path for page in PAGES if page.path.is_relative_to(DOCS)} - linked == {index.path}


def test_every_picture_is_drawn_by_the_script_and_stands_on_a_page() -> None:
    """None that is left over, and none that nobody can draw anew."""
    script = (DOCS / "pictures" / "make.py").read_text(encoding="utf-8")
    drawn = set(re.findall(r'^    "([a-z-]+)": ', script, re.MULTILINE))
    lying = {path.stem for path in (DOCS / "pictures").glob("*.png")}
    shown = {(page.path.parent / link).resolve() for page in PAGES for link in page.links()}
    assert lying == drawn
    assert set(DOCS.rglob("*.png")) <= shown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_picture_says_in_words_what_it_shows(page: Page) -> None:
    """To those who can't see it: a sentence, not a file name."""
    links = [link for link in page.links() if link.endswith(".png")]
    pictures = page.pictures()
    assert {link for _, link in pictures} <= set(links)
    assert len(links) - len(pictures) == page.text.count("<source ")
    assert all(len(words.split()) >= 5 for words, _ in pictures)


def test_pictures_are_small_enough_for_a_page() -> None:
    """Ten of them stand on one."""
    assert not [path.name for path in DOCS.rglob("*.png") if path.stat().st_size >= 200_000]
