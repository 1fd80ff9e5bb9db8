"""The workspace's page in a real browser, with a little Bolt app behind it."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from html import escape
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    Dialog,
    Locator,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from sandbox import Server, Workspace, serve
from tests.browser.page_app import START, PageApp, rating, section, workspace

pytestmark = pytest.mark.browser

DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
Opens = Callable[..., Page]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """An installed Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(found for name in names if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield opened
        opened.close()


@pytest.fixture
def northwind() -> Workspace:
    """The workspace, before it is served."""
    return workspace()


@pytest.fixture
def server(northwind: Workspace) -> Iterator[Server]:
    """The workspace, served without rate limits; apps have half a second to answer.

    Begun and ended in a thread of its own, since Playwright keeps an event loop in this one.
    """
    with ThreadPoolExecutor(1) as thread, ExitStack() as stack:
        served = serve(northwind, rate_limits=False, ack_seconds=0.5)
        yield thread.submit(stack.enter_context, served).result()
        thread.submit(stack.close).result()


@pytest.fixture
def app(server: Server) -> Iterator[PageApp]:
    """The little app, connected."""
    with PageApp(server) as connected:
        yield connected


@pytest.fixture
def opens(server: Server, browser: Browser) -> Iterator[Opens]:
    """Opens a page as somebody; whatever goes wrong in its scripts fails the test."""
    wrong: list[str] = []
    with ExitStack() as stack:

        def _open(
            user: str = "U0MAX",
            where: str = "channel=C0WEST",
            size: ViewportSize = DESK,
            **more: Any,
        ) -> Page:
            context = browser.new_context(viewport=size, **more)
            stack.callback(context.close)
            page = context.new_page()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("dialog", lambda dialog: _refuse(dialog, wrong))
            page.goto(f"{server.url}/?as={user}&{where}")
            expect(page.get_by_role("banner")).to_be_visible()
            return page

        yield _open
    assert wrong == []


def _refuse(dialog: Dialog, wrong: list[str]) -> None:
    wrong.append(f"a browser dialog opened: {dialog.message}")
    dialog.dismiss()


def send(page: Page, words: str) -> None:
    """Types into the channel's composer and sends it."""
    page.locator("#compose").fill(words)
    page.locator("#compose").press("Enter")


def message(page: Page, words: str) -> Locator:
    """The message in the channel that says this."""
    return page.locator("main").get_by_role("article").filter(has_text=words)


# --- writing


def test_a_slash_offers_the_commands_and_tab_takes_one(app: PageApp, opens: Opens) -> None:
    page = opens()
    box = page.get_by_label("Message #west")
    box.press_sequentially("/")
    commands = page.get_by_role("listbox", name="Commands").get_by_role("option")
    expect(commands).to_have_count(6)
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
    message(page, "The buyer said yes").hover()
    page.get_by_role("button", name="More message actions").click()
    page.get_by_role("menuitem", name="Count as evidence").click()
    page.get_by_role("button", name=re.compile("1 reply")).click()
    expect(page.get_by_text("Counted: The buyer said yes")).to_be_visible()


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


# --- modals


def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(app: PageApp, opens: Opens) -> None:
    page = opens()
    send(page, "/decide")
    form = page.get_by_role("dialog", name="Decide · Nexus Corp")
    advance, reason = form.get_by_label("Advance"), form.get_by_label("Reason")
    expect(advance).to_be_focused()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Please complete this required field.")).to_have_count(3)
    expect(advance).to_be_focused()
    expect(reason).to_have_attribute("aria-invalid", "true")
    form.get_by_label("Demote").check()
    reason.fill("too short")
    owner = form.get_by_role("combobox", name="Owner")
    owner.fill("ana")
    owner.press("Enter")
    form.get_by_role("button", name="Save").click()
    expect(reason).to_have_accessible_description(
        "Say it in three words at least. One sentence that makes sense in a month."
    )
    expect(reason).to_be_focused()
    expect(reason).to_have_value("too short")
    expect(owner).to_have_value("Ana Ruiz")
    expect(form.get_by_label("Demote")).to_be_checked()
    reason.fill("no buyer was ever met, which ends here with all its words")
    expect(form.get_by_text("3 left")).to_be_visible()
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    expect(message(page, "Demote by @Max Weber: no buyer was ever met")).to_be_visible()
    expect(page.locator("#compose")).to_be_focused()
    assert app.submitted[0]["owner"]["selected_user"] == "U0ANA"


def test_modals_stack_and_an_update_keeps_what_was_typed(app: PageApp, opens: Opens) -> None:
    page = opens()
    send(page, "/decide")
    form = page.get_by_role("dialog", name="Decide · Nexus Corp")
    form.get_by_label("Reason").fill("half a thought")
    form.get_by_role("button", name="Deeper").click()
    deeper = page.get_by_role("dialog", name="Deeper")
    expect(deeper.get_by_label("Why so (optional)")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form.get_by_role("button", name="Deeper")).to_be_focused()
    expect(form.get_by_label("Reason")).to_have_value("half a thought")
    form.get_by_role("button", name="Refresh").click()
    expect(form.get_by_text("✨ Refreshed")).to_be_visible()
    expect(form.get_by_label("Reason")).to_have_value("half a thought")
    form.get_by_role("button", name="Deeper").click()
    deeper.get_by_role("button", name="Close").click()  # the cross closes them all
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_selects_are_searched_and_chosen_by_keyboard(app: PageApp, opens: Opens) -> None:
    page = opens()
    send(page, "/every-field")
    form = page.get_by_role("dialog", name="Every field")
    deal = form.get_by_role("combobox", name="Deal (optional)")
    expect(deal).to_be_focused()
    page.keyboard.type("qu")
    options = form.get_by_role("listbox").get_by_role("option")
    expect(options).to_have_text([re.compile("📌 Quill")])
    expect(deal).to_have_attribute("aria-activedescendant", re.compile("option-0$"))
    page.keyboard.press("Enter")
    expect(deal).to_have_value("📌 Quill")
    page.keyboard.press("Tab")  # past what clears it
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(form.get_by_text("Closed", exact=True)).to_be_visible()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(form.get_by_role("combobox", name="Stage (optional)")).to_have_value("Lost")
    reviewed = form.get_by_role("combobox", name="Deals reviewed (optional)")
    reviewed.focus()
    for name in ("tern", "orb", "veg"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    expect(form.get_by_text("At most 3 can be chosen.")).to_be_visible()
    page.keyboard.press("Escape")  # the list only
    page.keyboard.press("Backspace")
    expect(form.locator(".chip")).to_have_text([re.compile("Tern"), re.compile("Orbit")])
    people = form.get_by_role("combobox", name="People (optional)")
    people.focus()
    for name in ("max", "ben"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    held = app.submitted[0]
    assert held["deal"]["selected_option"]["value"] == "Quill"
    assert held["stage"]["selected_option"]["value"] == "l"
    assert [o["value"] for o in held["deals"]["selected_options"]] == ["Tern", "Orbit"]
    assert held["people"]["selected_users"] == ["U0MAX", "U0BEN"]


def test_dates_and_times_are_picked_in_the_persons_zone(app: PageApp, opens: Opens) -> None:
    page = opens("U0ANA", timezone_id="Asia/Tokyo")  # where the browser is does not matter
    send(page, "/every-field")
    form = page.get_by_role("dialog", name="Every field")
    expect(form.get_by_label("Day")).to_have_value("2026-12-01")
    form.get_by_label("Day").fill("2026-12-03")
    form.get_by_label("Time").fill("09:30")
    form.get_by_label("Moment").fill("2026-12-02T15:00")
    form.get_by_label("Minutes").fill("half an hour")
    form.get_by_label("Still true").check()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("Minutes")).to_have_accessible_description(
        "Please enter a valid number."
    )
    expect(form.get_by_label("Minutes")).to_have_value("half an hour")
    form.get_by_label("Minutes").fill("30")
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    held = app.submitted[0]
    assert held["day"]["selected_date"] == "2026-12-03"
    assert held["time"]["selected_time"] == "09:30"
    assert held["moment"]["selected_date_time"] == int(START.timestamp()) + 8 * 86400 + 5 * 3600
    assert held["minutes"]["value"] == "30"
    assert [o["value"] for o in held["ticks"]["selected_options"]] == ["yes"]


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


def test_the_inspector_shows_what_the_app_and_slack_said(app: PageApp, opens: Opens) -> None:
    page = opens()
    page.get_by_role("button", name="Inspector").click()
    panel = page.get_by_role("complementary", name="Inspector")
    send(page, "/unheard")
    wrong = panel.get_by_role("listitem").filter(has_text="reactions.imagine")
    expect(wrong).to_contain_text("unknown_method")
    wrong.locator("summary").click()
    shown = wrong.locator("pre").last
    expect(shown).to_contain_text("unknown_method")
    assert json.loads(shown.inner_text())["ok"] is False
    panel.get_by_label("Errors only").check()
    expect(panel.get_by_role("listitem")).to_have_count(1)
    panel.get_by_label("Filter traffic").fill("nothing like it")
    expect(panel.get_by_text("Nothing matches.")).to_be_visible()


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
