"""What is unread on the page: bold names, badges, the line "New", and for whom there is news."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox import Server
from tests.browser.page import Opens, fits, message, on_each
from tests.browser.page_app import PageApp

pytestmark = pytest.mark.browser

BOLD = re.compile(r"\bunread\b")


def entry(page: Page, name: str) -> Locator:
    """A conversation in the list on the left."""
    return page.get_by_role("navigation").get_by_role("button", name=name)


def badge(page: Page, name: str) -> Locator:
    """The number beside it."""
    return entry(page, name).locator(".count")


def switcher(page: Page) -> Locator:
    """What shows who one is, and opens the menu of people."""
    return page.get_by_role("button", name="Switch person")


def to_dm(app: PageApp, user: str, words: str) -> dict[str, Any]:
    """Has the app write to somebody."""
    answer = app.client.chat_postMessage(channel=user, text=words)
    return {"channel": answer["channel"], "ts": answer["ts"]}


@on_each
def test_the_bot_writes_to_several_people(app: PageApp, opens: Opens, size: dict[str, Any]) -> None:
    page = opens("U0MAX", "channel=C0EMPTY", **size)
    expect(switcher(page)).to_have_accessible_name("You are Max Weber. Switch person")
    for user in ("U0ANA", "U0ANA", "U0BEN"):
        to_dm(app, user, "Your one-on-one is tomorrow")
    expect(switcher(page)).to_have_accessible_name(re.compile("others have unread messages"))
    switcher(page).click()
    menu = page.get_by_role("menu", name="Switch person")
    fits(page, menu)
    expect(menu.get_by_role("menuitemradio", name="Ana Ruiz")).to_contain_text("2 unread")
    expect(menu.get_by_role("menuitemradio", name="Ben Okafor")).to_contain_text("1 unread")
    expect(menu.get_by_role("menuitemradio", name="Max Weber")).not_to_contain_text("unread")
    menu.get_by_role("menuitemradio", name="Ana Ruiz").click()
    expect(switcher(page)).to_have_accessible_name(re.compile("You are Ana Ruiz"))
    if "has_touch" in size:
        page.get_by_role("button", name="Back to the list").click()
    expect(badge(page, "Fieldbook 2 unread")).to_have_text("2")
    expect(entry(page, "Fieldbook")).to_have_class(BOLD)
    entry(page, "Fieldbook").click()
    expect(page.get_by_role("separator", name="New")).to_have_count(1)
    expect(page.get_by_text("Your one-on-one is tomorrow")).to_have_count(2)
    switcher(page).click()
    expect(menu.get_by_role("menuitemradio", name="Ana Ruiz")).not_to_contain_text("unread")
    expect(menu.get_by_role("menuitemradio", name="Ben Okafor")).to_contain_text("1 unread")


def test_a_channel_is_bold_and_counts_only_mentions(
    app: PageApp, opens: Opens, server: Server
) -> None:
    page = opens(where="channel=C0EMPTY")
    expect(entry(page, "west")).not_to_have_class(BOLD)
    server.as_person("U0ANA").say("C0WEST", "For whom it concerns")
    expect(entry(page, "west 1 unread")).to_have_class(BOLD)
    expect(badge(page, "west")).to_have_count(0)
    server.as_person("U0ANA").say("C0WEST", "@max should know")
    expect(entry(page, "west 2 unread")).to_be_visible()
    expect(badge(page, "west")).to_have_text("1")
    entry(page, "west").click()
    expect(entry(page, "west")).not_to_have_class(BOLD)
    expect(badge(page, "west")).to_have_count(0)


def test_new_stands_where_one_had_read_to_until_one_leaves(
    app: PageApp, opens: Opens, server: Server
) -> None:
    max_ = server.as_person("U0MAX")
    app.say("Seen before")
    max_.read("C0WEST")
    app.say("Said since")
    page = opens()
    line = page.get_by_role("separator", name="New")
    expect(message(page, "Said since")).to_be_visible()
    server.wait(lambda: max_.unread("C0WEST") == 0)
    app.say("Said while one looks")
    expect(message(page, "Said while one looks")).to_be_visible()
    expect(line).to_have_count(1)
    above = page.locator(".log > :has(+ [aria-label=New])")
    expect(above).to_contain_text("Seen before")
    entry(page, "empty").click()
    expect(page.get_by_label("Message #empty")).to_be_visible()
    expect(line).to_have_count(0)
    entry(page, "west").click()
    expect(message(page, "Said while one looks")).to_be_visible()
    expect(line).to_have_count(0)


def test_a_message_that_changes_is_drawn_in_its_place_and_not_new(
    app: PageApp, opens: Opens
) -> None:
    asked = to_dm(app, "U0MAX", "Shall we talk?")
    page = opens(where="app=A0FIELD&tab=messages")
    said = page.get_by_role("article")
    expect(said).to_contain_text("Shall we talk?")
    app.client.chat_update(text="You talked.", **asked)
    expect(said).to_contain_text("You talked.")
    expect(said).to_have_count(1)
    entry(page, "empty").click()
    expect(page.get_by_label("Message #empty")).to_be_visible()
    app.client.chat_update(text="You talked for an hour.", **asked)
    to_dm(app, "U0MAX", "And now?")  # what comes after shows that the change was heard of
    expect(badge(page, "Fieldbook")).to_have_text("1")
    entry(page, "Fieldbook").click()
    expect(said.first).to_contain_text("You talked for an hour.")
    expect(page.locator(".log > :has(+ [aria-label=New])")).to_contain_text("for an hour")


def test_read_in_one_window_is_read_in_the_other(app: PageApp, opens: Opens) -> None:
    one, other = (opens(where="channel=C0EMPTY") for _ in range(2))
    to_dm(app, "U0MAX", "Shall we talk?")
    for page in (one, other):
        expect(badge(page, "Fieldbook")).to_have_text("1")
    entry(one, "Fieldbook").click()
    for page in (one, other):
        expect(badge(page, "Fieldbook")).to_have_count(0)


def test_the_first_message_comes_while_one_looks(app: PageApp, opens: Opens) -> None:
    """The Messages tab is open before there is a conversation."""
    page = opens("U0ANA", "app=A0FIELD&tab=messages")
    expect(page.get_by_text("This is the very beginning")).to_be_visible()
    to_dm(app, "U0ANA", "Your one-on-one is tomorrow")
    expect(message(page, "Your one-on-one is tomorrow")).to_be_visible()
