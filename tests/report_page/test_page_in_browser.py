"""The report as a person sees it, in a real browser: charts are drawn, on every screen; nothing runs and nothing is fetched."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, browser
from PIL import Image, ImageColor
from reported import ENDS, report

from campaign.core.lifecycle import State
from campaign.core.state_colours import COLOURS

pytestmark = pytest.mark.browser

CHARTS = """[...document.querySelectorAll('svg')].filter(svg => svg.getBoundingClientRect().width > 0).map(svg => {
  const box = svg.getBoundingClientRect();
  const letters = [...svg.querySelectorAll('text')].map(text => text.getBoundingClientRect().height);
  return {title: svg.querySelector('title').textContent, words: svg.querySelector('desc').textContent,
          box: {x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height}, smallest: Math.min(...letters)};
})"""
CORNER = {"x": 0.0, "y": 0.0, "width": 4.0, "height": 4.0}
TITLES = ["How far the rows came", "Outcomes over time", "Rate achieved and allowed", "Time until the answer"]


async def charts(page: Browser) -> dict[str, dict[str, Any]]:
    """The charts that are seen now, by their titles."""
    found = await page.ask(CHARTS)
    assert [chart["title"] for chart in found] == TITLES
    return {chart["title"]: chart for chart in found}


def colours(picture: Image.Image) -> Counter[object]:
    """How many pixels have which colour."""
    return Counter({colour: n for n, colour in picture.getcolors(picture.width * picture.height) or ()})


def bar(state: State) -> object:
    """The colour of a state's bars."""
    return ImageColor.getrgb(f"#{COLOURS[state].bar}")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("width", "least"), [(1280, 400), (768, 400), (360, 280)], ids=["wide", "tablet", "phone"])
async def test_charts_are_drawn_on_every_screen(tmp_path: Path, width: int, least: int, dark: bool) -> None:
    """In a size that can be read, with bars in the colours of their states, and nothing sticks out of the screen."""
    page_file = report(tmp_path)
    async with browser(tmp_path / "profile") as page:
        await page.open(page_file, width)
        await page.prefer(dark=dark)
        assert await page.ask("document.documentElement.scrollWidth") <= width
        for chart in (found := await charts(page)).values():
            assert chart["box"]["width"] >= least
            assert chart["box"]["height"] >= 130
            assert chart["smallest"] >= 8
        over_time = colours(await page.picture(found["Outcomes over time"]["box"]))
        areas = [over_time[bar(state)] for state in (State.ACCEPTED, State.REJECTED, State.FAILED, State.UNKNOWN)]
        assert min(areas) > 100
        share = ENDS.count(State.ACCEPTED) / len(ENDS)
        assert share - 0.12 < areas[0] / sum(areas) < share + 0.12  # edges are blended
        funnel = colours(await page.picture(found["How far the rows came"]["box"]))
        assert funnel[bar(State.ACCEPTED)] > 2_000
        [ground] = colours(await page.picture(CORNER))
        assert ground == ImageColor.getrgb("#12171d" if dark else "#f5f7f9")


async def test_nothing_runs_and_nothing_is_fetched(tmp_path: Path) -> None:
    """Scripts in cells, reasons, agents and dispositions are text; the page asks for itself and for nothing else."""
    page_file = report(tmp_path)
    async with browser(tmp_path / "profile") as page:
        await page.open(page_file)
        assert await page.ask("document.title") == "Campaign c1: leads.csv"
        assert await page.ask("document.scripts.length") == 0
        assert await page.ask("document.body.innerText.includes(\"<script>document.title = 'run'</script>\")")
        assert set(page.requested) - {"data:,"} == {page_file.as_uri()}


async def test_the_numbers_can_be_read_without_seeing(tmp_path: Path) -> None:
    """Every chart has a name and says what it shows; ids are the page's own."""
    page_file = report(tmp_path)
    async with browser(tmp_path / "profile") as page:
        await page.open(page_file)
        tree = await page.call("Accessibility.getFullAXTree")
        images = [
            node["name"]["value"] for node in tree["nodes"] if node.get("role", {}).get("value") in ("image", "img")
        ]
        assert [name for name in TITLES if any(image.startswith(name) for image in images)] == TITLES
        assert "Accepted: 162" in (await charts(page))["How far the rows came"]["words"]
        assert "Up to 5 were allowed." in (await charts(page))["Rate achieved and allowed"]["words"]
        ids = await page.ask("[...document.querySelectorAll('[id]')].map(element => element.id)")
        assert len(ids) == len(set(ids)) > 10


async def test_it_prints(tmp_path: Path) -> None:
    """On white paper whatever the screen is like, a few pages long, with the charts."""
    page_file = report(tmp_path)
    async with browser(tmp_path / "profile") as page:
        await page.open(page_file, 720)
        await page.prefer(dark=True, medium="print")
        found = await charts(page)
        assert set(colours(await page.picture(CORNER))) == {(255, 255, 255)}
        assert colours(await page.picture(found["Outcomes over time"]["box"]))[bar(State.ACCEPTED)] > 2_000
        printed = await page.call("Page.printToPDF", printBackground=True)
        assert len(printed["data"]) > 20_000


async def test_a_campaign_of_which_nothing_was_sent(tmp_path: Path) -> None:
    """Only the funnel is drawn; what there is nothing to say of is left out."""
    page_file = report(tmp_path, 20, send=False)
    async with browser(tmp_path / "profile") as page:
        await page.open(page_file)
        assert [chart["title"] for chart in await page.ask(CHARTS)] == TITLES[:1]
        assert await page.ask("document.body.innerText.includes('nothing was sent')")
