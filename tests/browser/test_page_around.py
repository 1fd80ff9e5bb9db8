"""What is around the conversations: the app's page, the clock, the inspector, people, a phone."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from sandbox import Mark, Server, Workspace
from tests.browser.harborline import shoot
from tests.browser.page import PHONE, Opens, fits, message, on_each, send
from tests.browser.page_app import START, PageApp
from tests.browser.page_forms import overflow, rating, section

pytestmark = pytest.mark.browser


# --- the app's page, the clock, the inspector


def test_home_is_published_when_it_is_opened_and_updates(app: PageApp, opens: Opens) -> None:
    page = opens()
    page.get_by_role("navigation").get_by_role("button", name="Fieldbook").click()
    panel = page.get_by_role("tabpanel", name="Home")
    expect(panel.get_by_text("Two decisions are open.")).to_be_visible()
    expect(panel.get_by_role("heading")).to_have_text("📆 Today")
    panel.get_by_role("button", name="Look again").click()
    expect(panel.get_by_text("All is decided.")).to_be_visible()
    page.get_by_role("tab", name="Home").press("ArrowRight")
    expect(page.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_label("Message Fieldbook")).to_be_visible()


def test_a_page_that_was_left_gives_its_connection_back(opens: Opens, server: Server) -> None:
    """A browser holds six connections to a server, and keeps pages that one may go back to."""
    page = opens("U0MAX")
    for number in range(8):
        who = ("U0ANA", "U0MAX")[number % 2]
        page.goto(f"{server.url}/?as={who}&channel=C0WEST&n={number}")
        expect(page.get_by_role("banner")).to_be_visible()
    page.go_back(wait_until="commit")
    expect(page).to_have_url(re.compile("as=U0ANA"))
    send(opens("U0MAX"), "Is anybody here?")
    expect(message(page, "Is anybody here?")).to_be_visible()


def test_business_time_goes_forward_in_the_persons_zone(
    app: PageApp, opens: Opens, server: Server
) -> None:
    page = opens("U0ANA")
    clock = page.get_by_role("button", name="Business time")
    expect(clock).to_have_text(re.compile("Tue 24 Nov, 10:0"))
    clock.click()
    expect(page.get_by_text("it only goes forward")).to_be_visible()
    page.get_by_role("menuitem", name="+1 hour").click()
    expect(clock).to_have_text(re.compile("Tue 24 Nov, 11:0"))
    clock.click()
    page.get_by_role("menuitem", name="Next prompt: deciding opens").click()
    expect(clock).to_have_text(re.compile("Wed 25 Nov, 05:0"))
    clock.click()
    expect(page.get_by_role("menuitem", name="Next prompt")).to_have_count(0)
    page.get_by_role("menuitem", name="Monday 09:00").click()
    expect(clock).to_have_text(re.compile("Mon 30 Nov, 09:0"))
    clock.click()
    page.get_by_label("Go to a date and time").fill("2026-12-01T08:15")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(clock).to_have_text(re.compile("Tue 1 Dec, 08:1"))
    before = server.clock.now()
    clock.click()
    page.get_by_label("Go to a date and time").fill("2026-11-01T08:15")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_label("Go to a date and time")).to_be_visible()
    assert (server.clock.now() - before).total_seconds() < 60


def test_the_clock_moved_twice_in_a_hurry_is_moved_twice(app: PageApp, opens: Opens) -> None:
    page = opens("U0ANA")
    clock = page.get_by_role("button", name="Business time")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page.route("**/sandbox/clock", hold)
    for _ in range(2):
        clock.click()
        page.get_by_role("menuitem", name="+1 hour").click()
    page.unroute("**/sandbox/clock")  # what was held goes on
    expect(clock).to_have_text(re.compile("Tue 24 Nov, 12:0"))
    assert len(held) == 1


@on_each
def test_many_moments_are_grouped_by_day_and_all_within_reach(
    app: PageApp, opens: Opens, northwind: Workspace, server: Server, size: dict[str, Any]
) -> None:
    names = ("Prep", "Prompt for the team", "What nobody has talked about yet", "Closing")
    northwind.clock.marks = lambda: [
        Mark(f"{name} {day}", START + timedelta(days=day, hours=14 + n))
        for day in range(7)
        for n, name in enumerate(names)
    ]
    page = opens("U0ANA", **size)
    clock = page.get_by_role("button", name="Business time")
    clock.click()
    menu = page.get_by_role("menu", name="Business time")
    fits(page, menu)
    expect(menu.get_by_role("group")).to_have_count(7)
    tomorrow = menu.get_by_role("group", name="Tomorrow")
    expect(tomorrow.get_by_role("menuitem")).to_have_count(4)
    expect(tomorrow.get_by_role("menuitem").first).to_be_focused()
    expect(tomorrow.get_by_role("menuitem").first).to_contain_text("00:00")
    for name in ("+1 hour", "Monday 09:00"):
        expect(menu.get_by_role("menuitem", name=name)).to_be_in_viewport()
    expect(menu.get_by_role("button", name="Go")).to_be_in_viewport()
    last = menu.get_by_role("group", name="Tuesday, 1 December").get_by_role("menuitem").last
    expect(last).not_to_be_in_viewport()
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(last).to_be_focused()
    expect(last).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(clock).to_have_text(re.compile("Tue 1 Dec, 03:0"))


@on_each
def test_a_long_home_is_drawn_to_its_end(app: PageApp, opens: Opens, size: dict[str, Any]) -> None:
    blocks = [section(f"s{n}", f"Row {n}", accessory=overflow()) for n in range(100)]
    app.client.views_publish(user_id="U0BEN", view={"type": "home", "blocks": blocks})
    page = opens("U0BEN", "channel=C0WEST", **size)
    page.context.route("**/sandbox/home", lambda route: route.abort())  # nothing else is published
    page.goto(f"{page.url.split('?')[0]}?as=U0BEN&app=A0FIELD&tab=home")
    home = page.get_by_role("tabpanel", name="Home")
    expect(home.locator(".block")).to_have_count(100)
    home.get_by_role("button", name="More actions").last.click()
    fits(page, page.get_by_role("menu", name="More actions"))
    expect(home.get_by_text("Row 99")).to_be_in_viewport()


def test_a_status_stands_beside_the_name_until_it_ends(
    app: PageApp, opens: Opens, server: Server
) -> None:
    server.as_person("U0ANA").say("C0WEST", "I am off")
    page = opens()
    name = message(page, "I am off").locator(".byline")
    expect(name).to_have_text(re.compile("Ana Ruiz16:0"))
    end = int((START + timedelta(hours=1)).timestamp())
    leave = {"status_text": "On leave", "status_emoji": ":palm_tree:", "status_expiration": end}
    server.request("POST", "/sandbox/person", {"id": "U0ANA", **leave})
    expect(name.get_by_role("img", name="On leave")).to_have_text("🌴")
    page.get_by_role("button", name="Business time").click()
    page.get_by_role("menuitem", name="+1 hour").click()
    expect(name.get_by_role("img")).to_have_count(0)


def test_the_inspector_shows_what_the_app_and_slack_said(app: PageApp, opens: Opens) -> None:
    page = opens(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Inspector").click()
    panel = page.get_by_role("complementary", name="Inspector")
    send(page, "/unheard")
    wrong = panel.get_by_role("listitem").filter(has_text="reactions.imagine")
    expect(wrong).to_contain_text("unknown_method")
    wrong.locator("summary").first.click()
    expect(wrong.locator(".json").last).to_contain_text('"ok": false')
    wrong.get_by_role("button", name="Copy JSON").click()
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert copied["response"]["error"] == "unknown_method"
    wrong.get_by_role("button", name="Copy curl").click()
    curl = page.evaluate("navigator.clipboard.readText()")
    assert "/api/reactions.imagine" in curl
    assert '{"name":"tada"}' in curl
    shoot(page, "inspector")
    page.emulate_media(color_scheme="dark")
    shoot(page, "inspector-dark")
    rows = panel.get_by_role("list").first.locator(":scope > li")
    panel.get_by_label("Errors only").check()
    expect(rows).to_have_count(1)
    panel.get_by_label("Errors only").uncheck()
    panel.get_by_label("All kinds").select_option("command")
    expect(rows).to_have_count(1)
    panel.get_by_label("All kinds").select_option("")
    panel.get_by_label("Both ways").select_option("in")
    panel.get_by_label("Filter traffic").fill("TADA")
    expect(rows).to_have_text([re.compile("reactions.imagine")])
    panel.get_by_label("Filter traffic").fill("nothing like it")
    expect(panel.get_by_text("Nothing matches.")).to_be_visible()
    panel.get_by_label("Filter traffic").fill("")
    panel.get_by_role("button", name="Clear").click()
    expect(panel.get_by_text("No traffic yet.")).to_be_visible()
    panel.get_by_role("button", name="Pause").click()
    send(page, "/unheard")
    expect(panel.get_by_role("button", name="Go on")).to_contain_text("more")
    expect(panel.get_by_text("No traffic yet.")).to_be_visible()
    panel.get_by_role("button", name="Go on").click()
    expect(rows.filter(has_text="reactions.imagine")).to_have_count(1)


def test_another_person_is_one_click_away(app: PageApp, opens: Opens) -> None:
    app.say("Nexus Corp")
    page = opens("U0MAX")
    expect(message(page, "Nexus Corp")).to_contain_text("16:0")
    page.get_by_role("button", name="You are Max Weber").click()
    page.get_by_role("menuitemradio", name="Ana Ruiz").click()
    expect(page.get_by_role("button", name="You are Ana Ruiz")).to_be_visible()
    expect(page).to_have_url(re.compile("as=U0ANA"))
    expect(message(page, "Nexus Corp")).to_contain_text("10:0")


def test_after_a_lost_connection_the_page_catches_up(opens: Opens, server: Server) -> None:
    page = opens()
    page.context.route("**/sandbox/events*", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    expect(page.get_by_text("Type / to see commands")).to_be_visible()
    server.as_person("U0ANA").say("C0WEST", "said meanwhile")
    page.context.unroute("**/sandbox/events*")
    expect(message(page, "said meanwhile")).to_be_visible()
    expect(page.get_by_text("Reconnecting…")).to_have_count(0)


# --- everybody


def test_on_a_phone_one_thing_at_a_time_fills_the_screen(app: PageApp, opens: Opens) -> None:
    app.say("Nexus Corp", [section("s", "*Nexus Corp* · $180,000 · Proposal · " + "long " * 30)])
    page = opens(where="", size=PHONE, has_touch=True, is_mobile=True)
    page.get_by_role("navigation").get_by_role("button", name="west").click()
    expect(page.get_by_role("navigation")).to_have_count(0)
    message(page, "Nexus Corp").click()
    page.get_by_role("button", name="Reply in thread").click()
    expect(page.get_by_label("Reply…")).to_be_visible()
    expect(page.get_by_label("Message #west")).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("button", name="Back to the conversation").click()
    send(page, "/every-field")
    form = page.get_by_role("dialog", name="Every field")
    expect(form).to_be_visible()
    assert form.bounding_box() == {"x": 0, "y": 0, **PHONE}
    form.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Back to the list").click()
    expect(page.get_by_role("navigation")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Message #west")).to_be_visible()


NAMELESS = """() => [...document.querySelectorAll('button, input, textarea, a, [role=combobox]')]
    .filter((el) => el.checkVisibility() && !el.labels?.length && !el.textContent.trim()
        && !el.getAttribute('aria-label') && !el.getAttribute('aria-labelledby'))
    .map((el) => el.outerHTML)"""


def test_everything_one_can_use_has_a_name(app: PageApp, opens: Opens) -> None:
    app.say("Did it help you?", rating())
    page = opens()
    page.get_by_role("button", name="Inspector").click()
    expect(page.get_by_role("log", name="Messages in west")).to_be_visible()
    assert page.evaluate(NAMELESS) == []
    send(page, "/every-field")
    expect(page.get_by_role("dialog", name="Every field")).to_be_visible()
    assert page.evaluate(NAMELESS) == []


def test_the_keyboard_skips_to_the_conversation_and_walks_its_messages(
    app: PageApp, opens: Opens
) -> None:
    for name in ("Nexus Corp", "Orbit"):
        app.say(name, [section(name, name, accessory=rating("x")[0]["accessory"])])
    page = opens()
    expect(message(page, "Orbit")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the conversation")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#compose")).to_be_focused()
    message(page, "Orbit").focus()
    page.keyboard.press("ArrowUp")
    expect(message(page, "Nexus Corp")).to_be_focused()
