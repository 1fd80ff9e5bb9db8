"""Two people side by side, what one is notified of, and how the page looks."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox import Channel, Person, Server, Team, Workspace, serve
from tests.browser.elsewhere import elsewhere
from tests.browser.harborline import shoot
from tests.browser.page import DESK, PHONE, Opens, fits, message, on_each, send
from tests.browser.page_app import PageApp, workspace
from tests.browser.page_forms import section

pytestmark = pytest.mark.browser


def _bell(page: Page) -> Any:
    return page.get_by_role("button", name="Notifications")


@on_each
def test_one_is_notified_of_what_is_not_in_view(
    app: PageApp, opens: Opens, server: Server, size: dict[str, Any]
) -> None:
    width = "phone" if "has_touch" in size else "desk"
    max_, ana = server.as_person("U0MAX"), server.as_person("U0ANA")
    mine = max_.say("C0WEST", "Who signs?")
    page = opens("U0MAX", "channel=C0EMPTY", **size)
    expect(page.get_by_label("Message #empty")).to_be_visible()
    shown = page.locator(".news").get_by_role("button")
    ana.say("C0EMPTY", "@max, this is in view")
    ana.say("C0WEST", "For nobody in particular")
    ana.say("C0WEST", "@max should *know* of <https://guide.test|the guide>")
    expect(shown.first).to_have_text("Ana Ruiz in #west@Max Weber should know of the guide")
    ana.say("C0WEST", "The buyer does", thread_ts=mine)
    app.client.chat_postMessage(channel="U0MAX", text="Your week", blocks=[section("s", "*Your*")])
    expect(shown.filter(has_text="Fieldbook")).to_have_text("FieldbookYour week")
    # with what dismisses each; on a phone one after the other, over the top bar
    expect(shown).to_have_count(6 if width == "desk" else 2)
    expect(page).to_have_title(re.compile(r"^\(3\)"))
    shoot(page, f"notified-{width}")
    if width == "phone":
        fits(page, page.locator(".news-item").last)
        shown.and_(page.get_by_label("Dismiss")).click()
    shown.filter(has_text="The buyer does").click()
    expect(page.get_by_role("complementary", name="Thread")).to_contain_text("The buyer does")
    if width == "phone":
        shown.and_(page.get_by_label("Dismiss")).click()
    _bell(page).click()
    listed = page.get_by_role("menu", name="Notifications").get_by_role("menuitem")
    expect(listed.filter(has=page.locator(".menu-detail"))).to_have_count(3)
    shoot(page, f"notifications-{width}")
    listed.filter(has_text="should know").click()
    expect(message(page, "should know")).to_be_in_viewport()
    expect(message(page, "should know")).to_have_class(re.compile("target"))
    if width == "desk":
        page.emulate_media(color_scheme="dark")
        mute = {"channel": "U0MAX", "blocks": [section("s", "*Mute*")]}
        app.client.api_call("chat.postMessage", json=mute)
        expect(shown.filter(has_text="has no text")).to_be_visible()
        shoot(page, "notified-desk-dark")
    _bell(page).click()
    page.get_by_role("menuitem", name="Do not disturb for an hour").click()
    expect(_bell(page).locator(".icon-bell-off")).to_be_visible()
    app.client.chat_postMessage(channel="U0MAX", text="Hush")
    _bell(page).click()
    expect(listed.filter(has_text="Hush")).to_be_visible()
    expect(page.locator(".news-item")).to_have_count(0)
    page.get_by_role("menuitem", name="Notify me again").click()
    expect(_bell(page).locator(".icon-bell")).to_be_visible()


def test_two_people_are_side_by_side(app: PageApp, opens: Opens, server: Server) -> None:
    page = opens("U0MAX", "channel=C0WEST")
    page.get_by_role("button", name="You are Max Weber").click()
    shoot(page, "people-menu")
    page.get_by_role("menuitem", name="Ana Ruiz beside Max Weber").click()
    left, right = page.frame_locator("#left"), page.frame_locator("#right")
    right.get_by_role("navigation").get_by_role("button", name="west").click()
    left.get_by_label("Message #west").fill("Shall we?")
    left.get_by_label("Message #west").press("Enter")
    expect(right.get_by_role("article").filter(has_text="Shall we?")).to_be_visible()
    shoot(page, "side-by-side")
    right.get_by_role("button", name="Back to the list").click()
    left.get_by_label("Message #west").fill("@ana?")
    left.get_by_label("Message #west").press("Enter")
    expect(right.get_by_role("button", name="west 1 unread")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/side\?left=U0MAX&right=U0ANA&left_at=channel%3DC0WEST"))
    page.reload()
    expect(left.get_by_label("Message #west")).to_be_visible()
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Ana Ruiz 1 unread").click()
    expect(right.get_by_role("button", name="west 1 unread")).to_be_visible()
    shoot(page, "side-by-side-phone")
    page.set_viewport_size(DESK)
    right.get_by_role("button", name="Close this side").click()
    expect(page).to_have_url(re.compile(r"/\?as=U0MAX&channel=C0WEST"))


def test_one_goes_to_another_workspace(browser: Browser) -> None:
    south = Workspace(
        team=Team("T0SOUTH", "Southwind", domain="southwind"),
        people=[Person("U0SUE", "sue", real_name="Sue Park")],
        channels=[Channel("C0SOUTH", "south", members=["U0SUE"])],
        apps=[],
    )
    with elsewhere(serve([workspace(), south], rate_limits=False)) as server:
        page = browser.new_page()
        page.goto(server.url)
        page.get_by_role("button", name="Northwind Sales: menu").click()
        page.get_by_role("menuitemradio", name="Southwind").click()
        expect(page).to_have_url(re.compile("team=T0SOUTH&as=U0SUE&channel=C0SOUTH"))
        send(page, "Anybody here?")
        expect(message(page, "Anybody here?")).to_be_visible()
        page.reload()
        expect(message(page, "Anybody here?")).to_be_visible()
        page.close()


def test_the_page_is_dark_when_one_wants_it(opens: Opens) -> None:
    page = opens(color_scheme="dark")
    paper = "getComputedStyle(document.querySelector('.pane')).backgroundColor"
    dark = page.evaluate(paper)
    page.get_by_role("button", name="Northwind Sales: menu").click()
    page.get_by_role("menuitemradio", name="Light").click()
    assert page.evaluate(paper) == "rgb(255, 255, 255)" != dark
    page.reload()
    expect(page.get_by_role("banner")).to_be_visible()
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
