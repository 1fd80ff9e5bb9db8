"""The workspace's page in a real browser: writing and reading messages."""

import re
from html import escape

import pytest
from playwright.sync_api import expect

from sandbox import Server, Workspace
from tests.browser.page import Opens, message, open_more_actions, send
from tests.browser.page_app import START, PageApp
from tests.browser.page_forms import quotes, rating, section

pytestmark = pytest.mark.browser

# --- writing


def test_a_slash_offers_the_commands_and_tab_takes_one(app: PageApp, opens: Opens) -> None:
    page = opens()
    box = page.get_by_label("Message #west")
    box.press_sequentially("/")
    commands = page.get_by_role("listbox", name="Commands").get_by_role("option")
    expect(commands).to_have_count(8)  # with the shortcut
    expect(commands.first).to_contain_text("/decide [deal]")
    expect(commands.first).to_contain_text("Record what becomes of a deal")
    expect(commands.first).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(commands.nth(1)).to_have_attribute("aria-selected", "true")
    box.press("ArrowUp")
    box.press("Tab")
    expect(box).to_have_value("/decide ")
    expect(commands).to_have_text([re.compile("/decide")])  # what it takes stays in sight
    box.press("Enter")
    expect(page.get_by_role("dialog", name="Decide · Nexus Corp")).to_be_visible()
    expect(box).to_have_value("")


def test_enter_sends_and_shift_enter_breaks_the_line(app: PageApp, opens: Opens) -> None:
    page = opens()
    box = page.get_by_label("Message #west")
    box.fill("*Nexus* is <b>ours</b> :tada:")
    box.press("Shift+Enter")
    box.press_sequentially("says @ana & I")
    box.press("Enter")
    said = message(page, "is <b>ours</b> 🎉")
    expect(said).to_contain_text("says @Ana Ruiz & I")
    expect(said.locator("strong")).to_have_text("Nexus")
    expect(said.locator(".mention")).to_have_text("@Ana Ruiz")


def test_a_failed_command_says_why_and_keeps_what_was_typed(app: PageApp, opens: Opens) -> None:
    page = opens()
    send(page, "/silent please")
    expect(page.get_by_role("alert")).to_contain_text("did not answer within 3 seconds")
    expect(page.locator("#compose")).to_have_value("/silent please")
    send(page, "/nonsense")
    expect(page.get_by_role("alert")).to_contain_text("/nonsense is not a valid command")
    page.get_by_role("button", name="Send it as a message").click()
    expect(message(page, "/nonsense")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_an_empty_channel_says_what_to_do_and_an_archived_one_why_not(
    app: PageApp, opens: Opens
) -> None:
    page = opens(where="channel=C0EMPTY")
    expect(page.get_by_text("Type / to see commands")).to_be_visible()
    page.get_by_role("navigation").get_by_role("button", name="old").click()
    expect(page.get_by_text("an archived channel")).to_be_visible()
    expect(page.locator("#compose")).to_have_count(0)


# --- messages


def test_an_ephemeral_message_is_seen_by_one_and_goes_when_dismissed(
    app: PageApp, opens: Opens
) -> None:
    max_, ana = opens("U0MAX"), opens("U0ANA")
    send(max_, "/whisper")
    whispered = message(max_, "Two deals have no decision yet.")
    expect(whispered).to_contain_text("Only visible to you")
    send(max_, "now")
    expect(message(ana, "now")).to_be_visible()
    expect(message(ana, "Two deals")).to_have_count(0)
    whispered.get_by_role("button", name="Dismiss", exact=True).click()
    expect(whispered).to_have_count(0)
    max_.reload()
    expect(message(max_, "now")).to_be_visible()
    expect(whispered).to_have_count(0)


def test_a_thread_opens_beside_the_channel(app: PageApp, opens: Opens) -> None:
    app.say("Nexus Corp")
    max_, ana = opens("U0MAX"), opens("U0ANA")
    message(max_, "Nexus Corp").hover()
    message(max_, "Nexus Corp").get_by_role("button", name="Reply in thread").click()
    thread = max_.get_by_role("complementary", name="Thread")
    box = thread.get_by_label("Reply…")
    box.fill("Who signs?")
    box.press("Enter")
    expect(thread.get_by_text("1 reply", exact=True)).to_be_visible()
    expect(thread.get_by_role("article")).to_have_count(2)
    expect(message(max_, "Who signs?")).to_have_count(0)
    summary = ana.get_by_role("button", name=re.compile("1 reply last reply today at 10:0"))
    summary.click()
    there = ana.get_by_role("complementary", name="Thread")
    expect(there.get_by_role("article").last).to_contain_text("Who signs?")
    there.get_by_label("Reply…").press_sequentially("/decide")
    expect(there.get_by_text("no slash commands in threads")).to_be_visible()
    there.get_by_label("Reply…").press("Escape")
    ana.keyboard.press("Escape")
    expect(there).to_have_count(0)


def test_what_one_does_the_other_sees_at_once(app: PageApp, opens: Opens) -> None:
    max_, ana = opens("U0MAX"), opens("U0ANA", "channel=C0EMPTY")
    send(max_, "/rate")
    asked = message(max_, "Did it help you?")
    unread = ana.get_by_role("navigation").get_by_role("button", name="west 1 unread")
    expect(unread).to_be_visible()
    expect(ana).to_have_title(re.compile(r"\(1\)"))
    unread.click()
    expect(ana.get_by_role("button", name="west", exact=True)).to_be_visible()
    expect(asked.get_by_role("button", name="4 🙂")).to_be_visible()
    message(ana, "Did it help you?").get_by_role("button", name="3 😐").click()
    for page in (max_, ana):
        expect(message(page, "@Ana Ruiz gave 3 😐")).to_be_visible()
        # Slack says "(edited)" of texts alone, not of blocks
        expect(message(page, "@Ana Ruiz gave 3 😐")).not_to_contain_text("(edited)")
        expect(message(page, "Did it help you?")).to_have_count(0)


def test_a_confirm_dialog_holds_a_button_back(app: PageApp, opens: Opens) -> None:
    app.say("Did it help you?", rating())
    page = opens()
    press = page.get_by_role("button", name="It did not happen")
    press.click()
    asked = page.get_by_role("alertdialog", name="Did it really not happen?")
    expect(asked).to_contain_text("Your manager is told.")
    expect(asked.get_by_role("button", name="It did not")).to_be_focused()
    page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(press).to_be_focused()
    assert app.clicked == []
    press.click()
    asked.get_by_role("button", name="It did not").click()
    expect(message(page, "@Max Weber gave It did not happen")).to_be_visible()
    assert [click["action_id"] for click in app.clicked] == ["rate_0"]


def test_an_overflow_menu_works_by_keyboard(app: PageApp, opens: Opens) -> None:
    app.say("Rated", rating("Rated"))
    page = opens()
    page.get_by_role("button", name="More actions").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Change it")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("1 reply")).click()
    expect(page.get_by_text("Chosen: Add a comment")).to_be_visible()


def test_an_apps_shortcut_is_used_on_a_message(app: PageApp, opens: Opens) -> None:
    page = opens()
    send(page, "The buyer said yes")
    open_more_actions(message(page, "The buyer said yes"))
    page.get_by_role("menuitem", name="Count as evidence").click()
    page.get_by_role("button", name=re.compile("1 reply")).click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("Counted: The buyer said yes")).to_be_visible()


def test_what_is_new_is_marked_and_never_pulls_the_reader_down(app: PageApp, opens: Opens) -> None:
    app.say("Seen")
    page = opens()
    expect(message(page, "Seen")).to_be_visible()
    page.get_by_role("button", name="empty").click()
    expect(page.get_by_label("Message #empty")).to_be_focused()
    for n in range(40):
        app.say(f"Deal {n}", [section("s", f"Deal {n}")])
    page.get_by_role("button", name="west 40 unread").click()
    expect(page.get_by_role("separator", name="New")).to_have_count(1)
    expect(message(page, "Deal 39")).to_be_in_viewport()
    page.get_by_role("log").hover()
    page.mouse.wheel(0, -9999)
    expect(message(page, "Seen")).to_be_in_viewport()
    app.say("One more")
    page.get_by_role("button", name="New messages").click()
    expect(message(page, "One more")).to_be_in_viewport()
    expect(page.get_by_role("button", name="New messages")).to_have_count(0)


def test_unknown_blocks_are_shown_and_markup_stays_text(
    app: PageApp, opens: Opens, northwind: Workspace
) -> None:
    evil = '<img src=x onerror="alert(1)">'
    words = f"{escape(evil, quote=False)} <javascript:alert(1)|here> <!date^0^{{time}}|then>"
    blocks = [
        {"type": "hologram", "block_id": "h", "depth": evil},
        section("s", words),
        {"type": "header", "block_id": "t", "text": {"type": "plain_text", "text": evil}},
    ]
    northwind.post(
        northwind.channels["C0WEST"], "U0BOT", "odd", blocks=blocks, app=northwind.apps[0]
    )
    page = opens()
    page.get_by_text("Unknown block: hologram").click()
    expect(page.get_by_text('"depth": "<img')).to_be_visible()
    expect(page.get_by_role("heading", name=evil)).to_be_visible()
    expect(message(page, f"{evil} here 01:00")).to_be_visible()
    expect(page.get_by_role("link", name="here")).to_have_count(0)
    expect(page.locator("main img")).to_have_count(0)


def test_quotes_code_and_dates_are_drawn_as_such(app: PageApp, opens: Opens) -> None:
    at = int(START.timestamp())
    tokens = f"<!date^{at}^{{date_short_pretty}} at {{time}}|then>"
    app.say("Words", [*quotes(), section("d", f"It was {tokens}, <!date^{at}^{{ago}}|then>")])
    page = opens("U0ANA")
    expect(page.locator("blockquote")).to_have_text("She asked, then waited.")
    expect(page.locator("pre")).to_have_text("ask();\nwait();")
    expect(message(page, "It was today at 10:00, 1 minute ago")).to_be_visible()


def test_a_permalink_jumps_to_its_message(app: PageApp, opens: Opens) -> None:
    app.say("The first of all")
    wanted = app.say("Nexus Corp")
    for n in range(30):
        app.say(f"Deal {n}", [section(f"s{n}", f"*Deal {n}*\nand\nmore\nlines")])
    answer = app.client.chat_getPermalink(channel="C0WEST", message_ts=wanted)
    app.say(f"See <{answer['permalink']}|that deal>")
    page = opens()
    expect(message(page, "Deal 29")).to_be_in_viewport()
    expect(message(page, "Nexus Corp")).not_to_be_in_viewport()
    page.get_by_role("link", name="that deal").click()
    expect(message(page, "Nexus Corp")).to_be_in_viewport()
    expect(message(page, "Nexus Corp")).to_be_focused()
    page.goto(str(answer["permalink"]))
    expect(message(page, "Nexus Corp")).to_have_class(re.compile("target"))
    expect(message(page, "Nexus Corp")).to_be_in_viewport()


def test_a_link_to_a_message_is_copied(app: PageApp, opens: Opens, server: Server) -> None:
    ts = app.say("Nexus Corp")
    page = opens(permissions=["clipboard-read", "clipboard-write"])
    message(page, "Nexus Corp").hover()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{server.url}/?channel=C0WEST&ts={ts}"
