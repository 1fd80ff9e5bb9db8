"""Shortcuts and overflow menus on the page, with a mouse, by keyboard and by touch."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox import Server
from tests.browser.page import Opens, fits, message, on_each, send
from tests.browser.page_app import PageApp
from tests.browser.page_forms import GUIDE, home, moment, overflow, rating, section, sure

pytestmark = pytest.mark.browser

Size = dict[str, Any]


def more(said: Locator) -> Locator:
    """What opens the menu of a message."""
    return said.get_by_role("button", name="More message actions")


def form(page: Page) -> Locator:
    """What the global shortcut opens."""
    return page.get_by_role("dialog", name="A coaching moment")


# --- global shortcuts


@on_each
def test_a_global_shortcut_is_under_the_plus(app: PageApp, opens: Opens, size: Size) -> None:
    page = opens(**size)
    plus = page.get_by_role("button", name="Shortcuts")
    plus.click()
    menu = page.get_by_role("menu", name="Shortcuts")
    fits(page, menu)
    expect(menu.get_by_role("menuitem")).to_contain_text("for the next one-on-one")
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(plus).to_be_focused()
    plus.click()
    menu.get_by_role("menuitem", name="Log a coaching moment").click()
    expect(form(page)).to_be_visible()
    form(page).get_by_role("button", name="Cancel").click()
    expect(plus).to_be_focused()


@on_each
def test_a_slash_finds_it_by_any_of_its_words(app: PageApp, opens: Opens, size: Size) -> None:
    page = opens(**size)
    box = page.get_by_label("Message #west")
    found = page.get_by_role("listbox", name="Commands and shortcuts").get_by_role("option")
    for typed in ("/coach", "/log a co"):
        box.press_sequentially(typed)
        expect(found).to_have_count(1)
        expect(found).to_contain_text("Log a coaching moment")
        expect(found).to_have_attribute("aria-selected", "true")
        box.press("Enter")
        expect(form(page)).to_be_visible()
        expect(box).to_have_value("")
        form(page).get_by_role("button", name="Cancel").click()
        expect(box).to_be_focused()
    box.press_sequentially("/decide a")  # a command that is whole, and what it takes
    expect(found).to_have_text([re.compile(r"/decide \[deal\]")])


def test_a_thread_has_global_shortcuts_too(app: PageApp, opens: Opens) -> None:
    ts = app.say("Nexus Corp")
    page = opens(where=f"channel=C0WEST&thread_ts={ts}")
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_role("button", name="Shortcuts").click()
    page.get_by_role("menuitem", name="Log a coaching moment").click()
    expect(form(page)).to_be_visible()


def test_a_shortcut_of_an_app_that_is_away_is_said_so(opens: Opens) -> None:
    page = opens()
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_role("menuitem", name="Log a coaching moment").click()
    expect(page.get_by_text("We had some trouble connecting. Try again?")).to_be_visible()


# --- on a message


@on_each
def test_every_message_has_its_menu_and_ephemeral_ones_none(
    app: PageApp, opens: Opens, server: Server, size: Size
) -> None:
    asked = app.say("Asked by the app", rating())
    server.as_person("U0ANA").say("C0WEST", "Said by Ana")
    server.as_person("U0ANA").say("C0WEST", "A reply", thread_ts=asked)
    app.client.chat_postEphemeral(channel="C0WEST", user="U0MAX", text="For you alone")
    page = opens(**size)
    expect(more(message(page, "For you alone"))).to_have_count(0)
    for words, replies in (("Did it help you?", "2 replies"), ("Said by Ana", "1 reply")):
        said = message(page, words)
        if "has_touch" not in size:
            said.hover()
        more(said).click()
        fits(page, page.get_by_role("menu", name="More message actions"))
        page.get_by_role("menuitem", name="Count as evidence").click()
        expect(said).to_contain_text(replies)
    message(page, "Did it help you?").get_by_text("2 replies").click()
    thread = page.get_by_role("complementary", name="Thread")
    reply = thread.get_by_role("article").filter(has_text="A reply").first
    if "has_touch" not in size:
        reply.hover()
    more(reply).click()
    expect(page.get_by_role("menuitem", name="Reply in thread")).to_have_count(0)
    page.get_by_role("menuitem", name="Count as evidence").click()
    expect(thread.get_by_text("Counted: A reply")).to_be_visible()


def test_its_menu_works_by_keyboard(app: PageApp, opens: Opens) -> None:
    app.say("Nexus Corp")
    page = opens()
    said = message(page, "Nexus Corp")
    expect(more(said)).not_to_be_visible()
    said.focus()
    page.keyboard.press("Tab")  # the time
    page.keyboard.press("Tab")
    expect(said.get_by_role("button", name="Add reaction")).to_be_focused()
    page.keyboard.press("Tab")
    expect(said.get_by_role("button", name="Reply in thread")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(more(said)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Reply in thread")).to_be_focused()
    page.keyboard.press("Escape")
    expect(more(said)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    expect(page.get_by_role("menuitem", name="Count as evidence")).to_be_focused()
    page.keyboard.press("Enter")
    expect(said).to_contain_text("1 reply")
    expect(more(said)).to_be_focused()


# --- overflow menus


@on_each
@pytest.mark.parametrize("where", ["message", "home", "modal"])
def test_an_overflow_menu_opens_and_closes(
    app: PageApp, opens: Opens, size: Size, where: str
) -> None:
    if where == "message":
        app.say("x", [section("s", "A long line " * 9, accessory=overflow())])
    page = opens(where="app=A0FIELD&tab=home" if where == "home" else "channel=C0WEST", **size)
    if where == "modal":
        page.get_by_role("button", name="Shortcuts").click()
        page.get_by_role("menuitem", name="Log a coaching moment").click()
    surface = form(page) if where == "modal" else page.locator("main")
    press = surface.get_by_role("button", name="More actions")
    menu = page.get_by_role("menu", name="More actions")
    press.click()
    fits(page, press)
    fits(page, menu)
    items = menu.get_by_role("menuitem")
    expect(items).to_have_count(3)
    expect(items.nth(1)).to_contain_text("Your manager and you can read it, nobody else")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(items.last).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(press).to_be_focused()
    if where == "modal":
        expect(form(page)).to_be_visible()
    press.click()
    expect(menu).to_be_visible()
    press.click()
    expect(menu).to_have_count(0)
    press.click()
    surface.get_by_role("heading").first.click()
    expect(menu).to_have_count(0)
    assert app.clicked == []


@on_each
def test_its_option_is_told_everywhere(app: PageApp, opens: Opens, size: Size) -> None:
    app.say("x", [{"type": "actions", "block_id": "a", "elements": [overflow()]}])
    app.client.views_publish(user_id="U0MAX", view=home("x"))
    page = opens(**size)
    for where in ("channel=C0WEST", "app=A0FIELD&tab=home"):
        page.goto(f"{page.url.split('?')[0]}?as=U0MAX&{where}")
        page.locator("main").get_by_role("button", name="More actions").click()
        page.get_by_role("menuitem", name="Add a comment").click()
        expect(page.get_by_role("menu")).to_have_count(0)
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
    wanted = overflow()["options"][1]
    assert [click["selected_option"] for click in app.clicked] == [wanted, wanted]
    assert [click["type"] for click in app.clicked] == ["overflow", "overflow"]


def test_an_option_may_lead_elsewhere(app: PageApp, opens: Opens) -> None:
    app.say("x", [section("s", "x", accessory=overflow())])
    page = opens()
    page.context.route(f"{GUIDE}*", lambda route: route.fulfill(body="How to coach"))
    page.get_by_role("button", name="More actions").click()
    with page.expect_popup() as opened:
        page.get_by_role("menuitem", name="How to coach").click()
    assert opened.value.url == GUIDE
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert [click["selected_option"]["value"] for click in app.clicked] == ["guide"]


def test_a_confirm_dialog_comes_between(app: PageApp, opens: Opens) -> None:
    app.say("x", [section("s", "x", accessory=overflow(sure()))])
    page = opens()
    asked = page.get_by_role("alertdialog", name="Are you sure?")
    for answer in ("No", "Yes"):
        page.get_by_role("button", name="More actions").click()
        page.get_by_role("menuitem", name="Change it").click()
        expect(asked).to_contain_text("It cannot be undone.")
        assert app.clicked == []
        asked.get_by_role("button", name=answer, exact=True).click()
        expect(asked).to_have_count(0)
    expect(message(page, "x")).to_contain_text("1 reply")
    assert [click["selected_option"]["value"] for click in app.clicked] == ["change"]


def test_a_confirm_dialog_stands_above_a_modal(app: PageApp, opens: Opens) -> None:
    page = opens()
    send(page, "/coach")
    form(page).get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Change it").click()
    asked = page.get_by_role("alertdialog", name="Are you sure?")
    asked.get_by_role("button", name="Yes", exact=True).click()
    expect(asked).to_have_count(0)
    expect(form(page)).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert [click["block_id"] for click in app.clicked] == [moment()["blocks"][0]["block_id"]]
