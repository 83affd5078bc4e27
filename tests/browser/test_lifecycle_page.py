"""What a reader sees: figures drawn, figures redrawn, and no other host asked."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Screen
from tests.unit.dashboard.published_builder import publish
from tests.unit.dashboard.usual_tables import STAGES, stock, usual_tables

pytestmark = pytest.mark.browser

TRIES = 10


def traces(opened: OpenPage, chart: int) -> list[dict[str, Any]]:
    """The traces of the page's nth chart, as Plotly holds them in the browser."""
    drawn: list[dict[str, Any]] = opened.page.evaluate(
        """chart => document.querySelectorAll('.js-plotly-plot')[chart].data
            .map(({name, mode}) => ({name, mode}))""",
        chart,
    )
    return drawn


def test_the_bars_show_the_people_of_every_stage(opened: OpenPage) -> None:
    labels = opened.page.locator(".js-plotly-plot").first.locator(".bartext")

    assert labels.all_text_contents() == [f"{people:,}" for _, _, _, people, *_ in STAGES]


def test_the_bars_show_the_accounts_when_the_reader_asks_for_them(opened: OpenPage) -> None:
    opened.page.get_by_text("Accounts", exact=True).click()
    labels = opened.page.locator(".js-plotly-plot").first.locator(".bartext")

    expect(labels).to_have_text([f"{accounts:,}" for *_, accounts, _ in STAGES])


def test_the_bars_are_named_by_phase(opened: OpenPage) -> None:
    assert [trace["name"] for trace in traces(opened, 0)] == ["Attract", "Engage", "Close"]


def test_one_line_is_drawn_per_default_transition(opened: OpenPage) -> None:
    assert [trace["name"] for trace in traces(opened, 2) if "lines" in trace["mode"]] == [
        *("Friend → Name", "Name → Engaged", "Name → Lead", "Engaged → Target", "Target → Lead"),
        *("Lead → Sales Lead", "Sales Lead → Opportunity", "Opportunity → Customer"),
    ]


def test_the_median_is_drawn_when_the_reader_asks_for_it(opened: OpenPage) -> None:
    opened.page.get_by_text("Median", exact=True).click()
    chart = opened.page.locator(".js-plotly-plot").nth(2)

    expect(chart.locator(".ytitle")).to_have_text("Median days")


def test_a_hover_tells_moves_and_people_still_open(opened: OpenPage) -> None:
    chart = opened.page.locator(".js-plotly-plot").nth(2)
    told = chart.locator(".hovertext", has_text="still open in Friend")
    for _ in range(TRIES):
        # The chart may be drawn anew while the mouse is on its way, with another point under it.
        chart.locator(".trace").first.locator(".point").first.hover(force=True)
        with suppress(PlaywrightTimeoutError):
            told.wait_for(timeout=2_000)
            break

    expect(told).to_be_visible()


def test_the_next_publish_is_drawn_without_a_reload(opened: OpenPage, screen: Screen) -> None:
    tables = usual_tables() | {"marts.stage_stocks": [stock("name", 3, 4321)]}
    publish(screen.published, tables, snapshot="000013")

    expect(opened.page.get_by_text("snapshot 000013")).to_be_visible(timeout=30_000)
    expect(opened.page.locator("[data-testid=stMetricValue]").first).to_have_text("4,321")


def test_no_other_host_is_asked(opened: OpenPage, screen: Screen) -> None:
    opened.page.get_by_text("Median", exact=True).click()
    opened.page.wait_for_load_state("networkidle")

    asked = {urlsplit(url)[:2] for url in opened.requested}
    here = urlsplit(screen.url).netloc
    assert asked - {("data", ""), ("blob", "")} == {("http", here), ("ws", here)}


@pytest.mark.parametrize("opened", [(390, 844)], indirect=True)
def test_a_telephone_needs_no_sideways_scrolling(opened: OpenPage) -> None:
    width = opened.page.evaluate(
        "Math.max(...[...document.querySelectorAll('.js-plotly-plot, [data-testid=stMetric]')]"
        ".map(part => part.getBoundingClientRect().right))"
    )

    assert width <= 390
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 390
