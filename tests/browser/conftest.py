"""The screen, really served, in a real browser over a folder of small published tables."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.serve import APP, command
from tests.unit.dashboard.published_builder import publish

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 60


@dataclass
class Screen:
    """A served screen: where it is, and the folder it shows."""

    url: str
    published: Path


@dataclass
class OpenPage:
    """A page in the browser, with every address it asked for, web sockets included."""

    page: Page
    requested: list[str] = field(default_factory=list)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait for Streamlit's own health address to answer."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"streamlit ended with {process.returncode}"
        try:
            with urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"streamlit did not answer within {START_SECONDS} s")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium from this machine; without one these tests are skipped."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        missing = f"no Chromium on PATH (looked for {', '.join(CHROMIUMS)})"
        if os.environ.get("LEADCYCLE_SOAK"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """The screen served over the usual tables."""
    port = free_port()
    url, published = f"http://127.0.0.1:{port}", tmp_path_factory.mktemp("published")
    environment = os.environ | {"LEADCYCLE_PUBLISHED": str(published)}
    process = subprocess.Popen(
        command(port), cwd=APP.parent.parent, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        wait_until_healthy(url, process)
        yield Screen(url, published)
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def opened(browser: Browser, screen: Screen, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """The screen, opened and drawn to its end, at 1280 x 900 or the size a test asks for."""
    publish(screen.published)
    width, height = getattr(request, "param", (1280, 900))
    page = browser.new_page(viewport={"width": width, "height": height})
    opened = OpenPage(page)
    page.on("request", lambda asked: opened.requested.append(asked.url))
    page.on("websocket", lambda asked: opened.requested.append(asked.url))
    page.goto(screen.url)
    page.get_by_text("Last sync into each CRM").wait_for(timeout=START_SECONDS * 1000)
    page.locator(".js-plotly-plot").nth(2).wait_for()
    yield opened
    page.close()
