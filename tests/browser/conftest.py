"""A browser, and the page of a served workspace: with a little Bolt app behind it, or the bot."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, ViewportSize, expect, sync_playwright

from sandbox import Server, Workspace, serve
from tests.browser.elsewhere import elsewhere
from tests.browser.harborline import Floor, at_work
from tests.browser.page import DESK, Opens
from tests.browser.page_app import PageApp, workspace
from tests.chromium import chromium

expect.set_options(timeout=45_000)  # patience costs nothing where all is well
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """An installed Chromium; it keeps pages that were left, as a person's does."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium(),
            args=ARGS,
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield opened
        opened.close()


@pytest.fixture
def northwind() -> Workspace:
    """The workspace, before it is served."""
    return workspace()


@pytest.fixture
def server(northwind: Workspace) -> Iterator[Server]:
    """The workspace, served without rate limits; apps have two seconds to answer."""
    with elsewhere(serve(northwind, rate_limits=False, ack_seconds=2)) as served:
        yield served


@pytest.fixture
def app(server: Server) -> Iterator[PageApp]:
    """The little app, connected."""
    with PageApp(server) as connected:
        yield connected


@pytest.fixture
def opens(server: Server, browser: Browser) -> Iterator[Opens]:
    """Opens a page as somebody; whatever goes wrong in its scripts fails the test."""
    with _pages(browser, server.url) as opened:
        yield opened


# --- the sample team, with the bot


@pytest.fixture
def floor(sqlite_sampled: Path, tmp_path: Path) -> Iterator[Floor]:
    """The sample team and the bot."""
    url = f"sqlite:///{shutil.copyfile(sqlite_sampled, tmp_path / 'sampled.sqlite3')}"
    with elsewhere(at_work(url)) as at:
        yield at


@pytest.fixture
def visits(floor: Floor, browser: Browser) -> Iterator[Opens]:
    """As `opens`, for the sample team."""
    with _pages(browser, floor.server.url) as opened:
        yield opened


@contextmanager
def _pages(browser: Browser, url: str) -> Iterator[Opens]:
    wrong: list[str] = []
    with ExitStack() as stack:

        def _open(
            user: str = "U0MAX",
            where: str = "channel=C0WEST",
            size: ViewportSize = DESK,
            **more: Any,
        ) -> Page:
            context = browser.new_context(viewport=size, reduced_motion="reduce", **more)
            stack.callback(context.close)
            page = context.new_page()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("dialog", lambda dialog: _refuse(dialog, wrong))
            page.goto(f"{url}/?as={user}&{where}")
            expect(page.get_by_role("banner")).to_be_visible()
            return page

        yield _open
    assert wrong == []


def _refuse(dialog: Dialog, wrong: list[str]) -> None:
    wrong.append(f"a browser dialog opened: {dialog.message}")
    dialog.dismiss()
