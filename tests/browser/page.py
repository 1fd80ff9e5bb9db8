"""How the tests of the page look at it and write in it."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, ViewportSize

DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
SIZES = {"desk": {"size": DESK}, "phone": {"size": PHONE, "has_touch": True, "is_mobile": True}}
"""What the fixture `opens` takes for each."""
on_each = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
Opens = Callable[..., Page]
"""The fixture `opens`: opens a page as somebody (`user`), somewhere (`where`), in a `size`."""


def send(page: Page, words: str) -> None:
    """Types into the channel's composer and sends it."""
    page.locator("#compose").fill(words)
    page.locator("#compose").press("Enter")


def message(page: Page, words: str) -> Locator:
    """The message in the channel that says this."""
    return page.locator("main").get_by_role("article").filter(has_text=words)


def open_more_actions(said: Locator) -> None:
    """Opens the menu of a message.

    The focus shows its button, where the list moves under a mouse; a conversation that was just
    opened may still take the focus to where one writes.
    """
    button = said.get_by_role("button", name="More message actions")
    for seconds in (1, 2, 30):
        said.focus()
        with suppress(TimeoutError):
            return button.click(timeout=seconds * 1000)
    raise AssertionError("no menu opens at this message")


def fits(page: Page, seen: Locator) -> None:
    """Fails unless all of it is on the screen, and nothing makes the page wider than that."""
    box, size = seen.bounding_box(), page.viewport_size
    assert box
    assert size
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] + box["height"] <= size["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
