"""Finding: what completes a text, search, links to messages, emoji."""

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from sandbox import Server
from tests.browser.harborline import shoot
from tests.browser.page import Opens, message, on_each, send
from tests.browser.page_app import PageApp
from tests.browser.page_forms import section

pytestmark = pytest.mark.browser


@on_each
def test_people_channels_and_emoji_are_completed(
    app: PageApp, opens: Opens, size: dict[str, Any]
) -> None:
    app.say("Nexus Corp")
    page = opens("U0MAX", **size)
    box = page.get_by_label("Message #west")
    box.press_sequentially("See @an")
    offered = page.get_by_role("listbox").get_by_role("option")
    expect(offered).to_have_text([re.compile("Ana Ruiz")])
    offered.first.click()  # as one does on a phone
    box.press_sequentially("in #em")
    expect(offered).to_have_text(["empty"])
    box.press("Enter")
    expect(box).to_have_value("See @ana in #empty ")
    box.press_sequentially("@ch")
    expect(offered).to_have_text([re.compile("@channel")])
    shoot(page, f"completion-{'phone' if 'has_touch' in size else 'desk'}")
    box.press("Tab")
    box.press_sequentially(":tad")
    box.press("Enter")
    box.press("Enter")
    said = message(page, "See @Ana Ruiz in #empty @channel 🎉")
    expect(said.locator(".mention")).to_have_count(3)
    if "has_touch" in size:
        return
    page.get_by_role("button", name="Mention somebody").click()
    expect(offered.filter(has_text="Fieldbook")).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Emoji").click()
    page.get_by_label("Search emoji").fill("rocket")
    shoot(page, "emoji-picker")
    page.keyboard.press("Enter")
    expect(box).to_have_value("@:rocket: ")
    message(page, "Nexus Corp").hover()
    message(page, "Nexus Corp").get_by_role("button", name="Reply in thread").click()
    page.get_by_label("Reply…").press_sequentially("@be")
    expect(offered).to_have_text([re.compile("Ben Okafor")])
    page.keyboard.press("Tab")
    expect(page.get_by_label("Reply…")).to_have_value("@ben ")


@on_each
def test_search_leads_to_conversations_messages_and_links(
    app: PageApp, opens: Opens, server: Server, size: dict[str, Any]
) -> None:
    width = "phone" if "has_touch" in size else "desk"
    wanted = server.as_person("U0ANA").say("C0WEST", "The *buyer* of Nexus signs in May")
    inside = app.say("In the thread: paper is due", thread_ts=wanted)
    for n in range(25):
        app.say(f"Deal {n}", [section("s", f"Deal {n}\nmore")])
    link = app.client.chat_getPermalink(channel="C0WEST", message_ts=inside)["permalink"]
    page = opens("U0MAX", "channel=C0EMPTY", **size)
    expect(page.get_by_label("Message #empty")).to_be_visible()
    if width == "desk":
        page.keyboard.press("Control+k")
    else:
        page.get_by_role("button", name="Search").click()
    field = page.get_by_role("combobox", name="Search")
    found = page.get_by_role("dialog", name="Search").get_by_role("option")
    field.fill("we")
    expect(found.first).to_contain_text("west")
    field.fill("buyer nexus")
    expect(found.filter(has_text="Ana Ruiz")).to_contain_text("The buyer of Nexus signs in May")
    shoot(page, f"search-{width}")
    page.emulate_media(color_scheme="dark")
    shoot(page, f"search-{width}-dark")
    field.fill("paper")
    expect(found.filter(has_text="in a thread")).to_contain_text("In the thread: paper is due")
    field.fill("buyer nexus")
    field.press("Enter")
    expect(message(page, "The buyer of Nexus")).to_be_in_viewport()
    expect(message(page, "The buyer of Nexus")).to_have_class(re.compile("target"))
    page.keyboard.press("Control+k")
    field.fill(str(link))
    expect(found).to_have_text([re.compile("Go to the message in #west")])
    field.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("article").last).to_have_class(re.compile("target"))
    if width == "desk":
        send(page, f"See {link}")
        page.get_by_role("button", name="Close thread").click()
        message(page, "See http").get_by_role("link", name="archives").click()
        expect(thread.get_by_role("article").last).to_be_focused()


def test_search_knows_filters_and_ignores_late_answers(
    app: PageApp, opens: Opens, server: Server
) -> None:
    ana = server.as_person("U0ANA")
    ana.say("C0WEST", "The café signs in May")
    for n in range(32):
        app.say(f"Deal {n} of the café")
    page = opens("U0MAX")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Narrow it down with from:@name")).to_be_visible()
    shoot(page, "search-empty")
    field = page.get_by_role("combobox", name="Search")
    found = page.get_by_role("dialog", name="Search").get_by_role("option")
    late: list[Route] = []
    page.route(re.compile("/sandbox/search.*query=cafe$"), lambda route: late.append(route))
    with page.expect_request(re.compile("query=cafe$")):
        field.fill("cafe")
    expect(page.get_by_text("Searching…")).to_be_visible()
    field.fill("cafe from:@ana")
    expect(found).to_have_text([re.compile("Ana Ruiz.*The café signs in May")])
    expect(found.locator("mark")).to_have_text(["café"])
    late[0].continue_()
    page.unroute(re.compile("/sandbox/search.*query=cafe$"))
    field.fill("-from:@ana cafe")
    expect(page.get_by_text("The newest 30 of 32 messages")).to_be_visible()
    shoot(page, "search-filters")
    field.fill("in:#empty cafe")
    expect(page.get_by_text("Nothing found.")).to_be_visible()
