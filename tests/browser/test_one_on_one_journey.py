"""A one-on-one from the morning before it to its rating, lived through the page.

Max manages West and sits at a desk; Ana, whom Max coaches, and Lea, who leads, have their phones.
On the way each makes the mistakes of a long day.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.demo import APP_ID
from tests.browser.harborline import (
    ON_PHONE,
    REQUIRED,
    Floor,
    choose,
    described,
    form,
    later,
    message,
    nothing_owed,
    pick,
    press,
    shoot,
    with_room,
)
from tests.browser.one_on_one_rows import assert_what_the_rows_say
from tests.browser.page import PHONE, Opens

pytestmark = pytest.mark.browser

MESSAGES, HOME = f"app={APP_ID}&tab=messages", f"app={APP_ID}"
FEEDBACK = "You named the price and waited: they asked what the second depot would cost."


def test_a_one_on_one_as_three_people_live_it(floor: Floor, visits: Opens) -> None:
    with_room(floor)
    max_ = visits("U0MAX", HOME)
    ana = visits("U0ANA", MESSAGES, **ON_PHONE)
    set_a_fourth_on_a_day(max_)
    read_the_digest(max_, ana)
    move_onto_a_day_off(max_)
    cancel_without_a_reason(max_)
    be_reminded(max_, ana)
    prepare(max_, ana)
    move_within_the_day(max_, ana)
    start_while_the_other_cancels(max_, ana)
    finish_with_nothing_filled_in(max_)
    finish_with_half_of_it_wrong(max_)
    finish_at_last(max_)
    say_that_it_is_right(ana)
    rate_twice_at_once(max_, ana)
    think_again(ana)
    comment_for_oneself_first(max_, ana)
    lea = visits("U0LEA", MESSAGES, **ON_PHONE)
    one_level_up(max_, lea)
    rate_from_home(max_, ana)
    floor.server.wait(lambda: nothing_owed(floor))
    assert_what_the_rows_say(floor.database)


# --- what stands on the page


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def row(page: Page, words: str) -> Locator:
    """The first line of Home that says this, with its menu: what is next with somebody."""
    home = page.get_by_role("tabpanel", name="Home")
    return home.locator(".section").filter(has_text=words).first


def card(page: Page, other: str) -> Locator:
    """The newest card of the one-on-one with somebody: the digest has a title above."""
    said = message(page, f"One-on-one with @{other} at")
    return said.filter(has_not_text="Your morning").last


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


# --- the day before


def set_a_fourth_on_a_day(page: Page) -> None:
    """Three a day at most: the fourth is refused, and the free times are named."""
    home = page.get_by_role("tabpanel", name="Home")
    expect(home.get_by_role("heading", name="Your next one-on-ones")).to_be_visible()
    expect(row(page, "@Ana Silva")).to_contain_text("Tue 24 Nov, 10:00 · 30 min")
    shoot(page, "home-desk")
    press(home, "One-on-ones")
    listed = form(page, "One-on-ones")
    shoot(page, "standings-desk")
    listed.get_by_role("button", name="Change").nth(2).click()
    set_standing(page, "Cleo Park", "Tuesdays", "15:00")
    expect(listed).to_contain_text("@Cleo Park: Tuesdays 15:00, 30 min")
    listed.get_by_role("button", name="Change").nth(3).click()
    set_standing(page, "Dev Rao", "Tuesdays", "16:00")
    standing = form(page, "Standing one-on-one")
    full = "Tuesdays are full: Ana Silva, Ben Carter, Cleo Park. Free: Wed 14:30 · Wed 15:00"
    described(standing.get_by_role("radiogroup"), full)
    expect(standing.get_by_label("At")).to_have_value("16:00")
    shoot(page, "standing-full-desk")
    standing.get_by_label("Wednesdays").check()
    press(standing, "Change")
    described(standing.get_by_label("At"), "Max Okafor and Lea Lindqvist have theirs then: Wed")
    standing.get_by_label("At").fill("14:30")
    press(standing, "Change")
    expect(listed).to_contain_text("@Dev Rao: Wednesdays 14:30, 30 min")
    listed.get_by_text("Close", exact=True).click()
    expect(listed).to_have_count(0)


def set_standing(page: Page, who: str, weekday: str, at: str) -> None:
    standing = form(page, "Standing one-on-one")
    expect(standing).to_contain_text(f"With @{who}")
    standing.get_by_label(weekday).check()
    standing.get_by_label("At").fill(at)
    standing.get_by_label("From").fill("2026-12-01")
    press(standing, "Change")


def read_the_digest(max_: Page, ana: Page) -> None:
    """Both have tomorrow's in their morning, with what to prepare."""
    later(max_, "Morning digest · West")
    tab(max_, "Messages")
    for page, other in ((max_, "Ana Silva"), (ana, "Max Okafor")):
        morning = message(page, "Your morning, Mon 23 Nov")
        expect(morning).to_contain_text("Tomorrow, Tue 24 Nov")
        expect(morning).to_contain_text(f"One-on-one with @{other} at 10:00 · 30 min")
        expect(morning).to_contain_text("Last time: objection handling — “Let the silence work")
        expect(morning).to_contain_text("1 deal lacks a next action: Pinewood Press")
    shoot(max_, "digest-desk")
    shoot(ana, "digest-phone")


def move_onto_a_day_off(page: Page) -> None:
    """Thanksgiving is nobody's working day; what was chosen stays to be changed."""
    tab(page, "Home")
    choose(page, row(page, "@Dev Rao"), "Reschedule")
    moving = form(page, "Reschedule")
    at = moving.get_by_label("Another time")
    at.fill("2026-11-26T10:00")
    press(moving, "Reschedule")
    described(at, "Thu 26 Nov is a day off of")
    described(at, "Thanksgiving")
    expect(at).to_have_value("2026-11-26T10:00")
    shoot(page, "move-day-off-desk")
    at.fill("2026-11-25T14:00")
    press(moving, "Reschedule")
    expect(moving).to_have_count(0)
    expect(row(page, "@Dev Rao")).to_contain_text("Wed 25 Nov, 14:00 · 30 min")


def cancel_without_a_reason(page: Page) -> None:
    choose(page, row(page, "@Ben Carter"), "Cancel")
    cancelling = form(page, "Cancel one-on-one")
    press(cancelling, "Cancel it")
    why = cancelling.get_by_label("Why")
    described(why, REQUIRED)
    why.fill("n/a")
    press(cancelling, "Cancel it")
    described(why, "“n/a” says nothing. Why does it not take place?")
    shoot(page, "cancel-desk")
    press(cancelling, "Keep it")
    expect(cancelling).to_have_count(0)
    expect(row(page, "@Ben Carter")).to_contain_text("Tue 24 Nov, 13:30 · 45 min")


# --- ten minutes before


def be_reminded(max_: Page, ana: Page) -> None:
    later(max_, "10 minutes before: Max and Ana")
    tab(max_, "Messages")
    reminder = card(max_, "Ana Silva")
    expect(reminder).to_contain_text("at 10:00 · 30 min · held 4 of 4 this quarter")
    expect(reminder).to_contain_text("Your notes from last time: “Look at the silence again")
    expect(card(ana, "Max Okafor")).to_contain_text("Last time: objection handling")
    expect(card(ana, "Max Okafor")).not_to_contain_text("Look at the silence again")
    reminder.scroll_into_view_if_needed()
    shoot(max_, "card-desk")
    card(ana, "Max Okafor").scroll_into_view_if_needed()
    shoot(ana, "card-phone")
    press(reminder, "What drives Ana")
    drives = form(max_, "What drives Ana Silva")
    expect(drives).to_contain_text("Open-water swimming, and a very old sailing boat.")
    shoot(max_, "drives-desk")
    drives.get_by_text("Close", exact=True).click()


def prepare(max_: Page, ana: Page) -> None:
    """An empty point is none; what Ana writes stands on the card of both."""
    choose(ana, card(ana, "Max Okafor"), "Talking points")
    points = form(ana, "Talking points")
    press(points, "Save")
    described(points.get_by_label("Add a point"), "Nothing to save yet: write a point.")
    points.get_by_label("Add a point").fill("May I call Juniper's board myself?")
    shoot(ana, "points-phone")
    press(points, "Save")
    expect(points).to_have_count(0)
    expect(card(ana, "Max Okafor")).to_contain_text("May I call Juniper's board myself?")
    expect(card(max_, "Ana Silva")).to_contain_text("May I call Juniper's board myself?")


def move_within_the_day(max_: Page, ana: Page) -> None:
    """Ana's card says who moved it, and has nothing left to press."""
    old = card(ana, "Max Okafor")
    choose(max_, card(max_, "Ana Silva"), "Reschedule")
    moving = form(max_, "Reschedule")
    moving.get_by_label("Tue 24 Nov, 10:30").check()
    shoot(max_, "move-desk")
    press(moving, "Reschedule")
    expect(moving).to_have_count(0)
    expect(old).to_contain_text("Moved by @Max Okafor")
    expect(old).to_contain_text("to Tue 24 Nov, 10:30")
    expect(old.get_by_role("button", name="More actions")).to_have_count(0)
    told = message(ana, "moved your one-on-one of")
    expect(told).to_contain_text("to Tue 24 Nov, 10:30.")
    shoot(ana, "moved-phone")
    later(max_, "10 minutes before: Max and Ana")
    for page, other in ((max_, "Ana Silva"), (ana, "Max Okafor")):
        expect(card(page, other)).to_contain_text("at 10:30 · 30 min")


def start_while_the_other_cancels(max_: Page, ana: Page) -> None:
    """The first click wins; the other side is told who and when."""
    choose(ana, card(ana, "Max Okafor"), "Cancel")
    cancelling = form(ana, "Cancel one-on-one")
    cancelling.get_by_label("Why").fill("Juniper wants to talk right now")
    press(card(max_, "Ana Silva"), "Start")
    expect(card(max_, "Ana Silva")).to_contain_text("Under way since 10:2")
    press(cancelling, "Cancel it")
    described(cancelling.get_by_label("Why"), "It is under way: started by Max Okafor")
    expect(cancelling.get_by_label("Why")).to_have_value("Juniper wants to talk right now")
    shoot(ana, "cancel-too-late-phone")
    press(cancelling, "Keep it")
    expect(card(ana, "Max Okafor")).to_contain_text("Under way since 10:2")


# --- finishing


def finish_with_nothing_filled_in(page: Page) -> None:
    later(page, "One-on-one: Max and Ana")
    press(card(page, "Ana Silva"), "Finish")
    finish = form(page, "Finish one-on-one")
    expect(finish.get_by_label("May I call Juniper's board myself?")).to_be_checked()
    press(finish, "Finish")
    for label in ("Deals you went through", "Focus area", "What you told them", "Next step"):
        described(finish.get_by_label(label), REQUIRED)
    expect(finish.get_by_label("Deals you went through")).to_be_focused()
    shoot(page, "finish-empty-desk")


def finish_with_half_of_it_wrong(page: Page) -> None:
    """Each fault stands at its field, and all that was typed stays."""
    finish = form(page, "Finish one-on-one")
    finish.get_by_label("Notes for next time").fill("Ask how the second depot went")
    choose_deals(page, finish, "Pinewood", "Juniper")
    finish.get_by_label("Pinewood Press: next action").fill("Follow up")
    finish.get_by_label("Pinewood Press: due").fill("2027-03-01")
    finish.get_by_label("A close plan for Copperfield Clinics").uncheck()
    pick(finish, "Focus area", "Negot")
    finish.get_by_label("What you told them").fill("Good job")
    finish.get_by_label("Next step").fill("Name the price in the first five minutes on Thursday")
    finish.get_by_label("By when").fill("2026-11-20")
    finish.get_by_label("Minutes").fill("0")
    press(finish, "Finish")
    described(finish.get_by_label("Pinewood Press: next action"), "“Follow up” says nothing.")
    described(finish.get_by_label("What you told them"), "“Good job” says nothing.")
    described(finish.get_by_label("By when"), "Choose a day from Tue 24 Nov")
    described(finish.get_by_label("Minutes"), "Between 1 and 480 minutes.")
    expect(finish.get_by_label("Notes for next time")).to_have_value(
        "Ask how the second depot went"
    )
    expect(finish.get_by_label("Focus area")).to_have_value("Negotiation")
    expect(finish.get_by_label("Juniper Freight: next action")).to_have_value(
        "Go through the proposal with the operations lead"
    )
    expect(finish.get_by_label("A close plan for Copperfield Clinics")).not_to_be_checked()
    shoot(page, "finish-wrong-desk")


def choose_deals(page: Page, finish: Locator, *deals: str) -> None:
    """Each deal's next action is asked for as soon as the deal is chosen."""
    found = finish.get_by_role("combobox", name="Deals you went through")
    for deal in deals:
        with page.expect_response(lambda got: "choose_deals" in (got.request.post_data or "")):
            found.fill(deal)
            found.press("Enter")
        expect(finish.get_by_label(re.compile(f"{deal}.*: next action"))).to_be_visible()
    found.press("Escape")


def finish_at_last(page: Page) -> None:
    finish = form(page, "Finish one-on-one")
    finish.get_by_label("Pinewood Press: next action").fill("Ask Pinewood who signs for print")
    finish.get_by_label("What you told them").fill(FEEDBACK)
    finish.get_by_label("By when").fill("2026-11-30")
    finish.get_by_label("Minutes").fill("25")
    press(finish, "Finish")
    due = finish.get_by_label("Pinewood Press: due")
    described(due, "Choose a day from Tue 24 Nov to Tue 8 Dec.")
    due.fill("2026-12-01")
    press(finish, "Finish")
    expect(finish).to_have_count(0)
    held = card(page, "Ana Silva")
    expect(held).to_contain_text("Held · recorded today, 10:3")
    expect(held).to_contain_text("2 deals with a next action")
    for button in ("Start", "Finish"):
        expect(held.get_by_role("button", name=button, exact=True)).to_have_count(0)
    shoot(page, "held-desk")


def say_that_it_is_right(page: Page) -> None:
    """Ana reads all of it before she answers, and sees that Max sees the answer."""
    coached = message(page, "logged coaching with you: negotiation")
    expect(coached).to_contain_text(FEEDBACK)
    expect(coached).to_contain_text("by Mon 30 Nov")
    expect(coached).to_contain_text("@Max Okafor sees which one you press.")
    coached.scroll_into_view_if_needed()
    shoot(page, "coached-phone")
    press(coached, "That's right")
    expect(coached).to_contain_text("You said: that's right")


# --- the rating


def rate_twice_at_once(max_: Page, ana: Page) -> None:
    """One session, one rating, however often it is clicked."""
    later(max_, "Rating asked: Ana")
    asked = message(ana, "Did it happen? How useful was it?")
    expect(asked).to_contain_text("Counted monthly, never shown one by one.")
    fits(ana)
    asked.scroll_into_view_if_needed()
    shoot(ana, "rating-phone")
    asked.get_by_role("button", name="4 🙂").dblclick()
    expect(message(ana, "You gave 4 🙂")).to_have_count(1)
    expect(asked).to_have_count(0)


def think_again(page: Page) -> None:
    rated = message(page, "You gave")
    press(rated, "Change")
    changing = form(page, "Change your rating")
    expect(changing.get_by_label("4 🙂")).to_be_checked()
    changing.get_by_label("5 🤩").check()
    shoot(page, "rating-change-phone")
    press(changing, "Save")
    expect(changing).to_have_count(0)
    expect(rated).to_contain_text("You gave 5 🤩")
    expect(rated).to_contain_text("You can change it until")


def comment_for_oneself_first(max_: Page, ana: Page) -> None:
    """Max reads a comment only once Ana has ticked who reads it."""
    rated, said = message(ana, "You gave 5 🤩"), "The silence was the best advice so far"
    press(rated, "Add a comment")
    comment = form(ana, "Comment")
    comment.get_by_label("Comment", exact=True).fill(said)
    expect(comment.get_by_label("Send to Max Okafor, with my name")).not_to_be_checked()
    press(comment, "Save")
    expect(comment).to_have_count(0)
    expect(rated).to_contain_text(f"Your comment, for you alone: “{said}”")
    expect(message(max_, said)).to_have_count(0)
    press(rated, "Edit the comment")
    comment.get_by_label("Send to Max Okafor, with my name").check()
    shoot(ana, "comment-phone")
    press(comment, "Save")
    expect(rated).to_contain_text(f"Sent to @Max Okafor with your name: “{said}”")
    expect(message(max_, said)).to_contain_text("@Ana Silva about your one-on-one")
    expect(message(max_, "You gave")).to_have_count(0)
    rated.scroll_into_view_if_needed()
    shoot(ana, "rated-phone")


# --- one level up


def one_level_up(max_: Page, lea: Page) -> None:
    """Lea coaches Max with the same cards, in what managers are coached in."""
    breach = message(lea, "One-on-ones of @Max Okafor with @Dev Rao")
    expect(breach).to_contain_text("By @Max Okafor: 1 cancelled, 1 moved")
    shoot(lea, "breach-phone")
    later(max_, "10 minutes before: Max and Cleo")
    expect(card(max_, "Cleo Park")).to_contain_text("at 11:30")
    later(max_, "10 minutes before: Lea and Max")
    own = card(lea, "Max Okafor")
    expect(own).to_contain_text("at 16:00 · 45 min")
    own.scroll_into_view_if_needed()
    shoot(lea, "leader-card-phone")
    press(own, "Start")
    expect(own).to_contain_text("Under way since 15:5")
    press(own, "Finish")
    finish = form(lea, "Finish one-on-one")
    expect(finish).to_contain_text("One-on-one with @Max Okafor")
    shoot(lea, "finish-phone")
    pick(finish, "Focus area", "Accountab")
    finish.get_by_label("What you told them").fill("You moved Dev twice: what does Dev learn?")
    finish.get_by_label("Next step").fill("Hold the session with Dev, whatever else comes up")
    finish.get_by_label("By when").fill("2026-12-02")
    press(finish, "Finish")
    expect(finish).to_have_count(0)
    expect(own).to_contain_text("Held · recorded today, 15:5")
    fits(lea)


def rate_from_home(max_: Page, ana: Page) -> None:
    """What waits for Max goes away with the click; Ana's Home shows what was coached."""
    later(max_, "Rating asked: Max")
    tab(max_, "Home")
    home = max_.get_by_role("tabpanel", name="Home")
    expect(home).to_contain_text("accountability")
    asked = home.get_by_text("Your one-on-one with @Lea Lindqvist")
    expect(asked).to_contain_text("today, 16:00. Did it happen? How useful was it?")
    press(home, "3 😐")
    expect(asked).to_have_count(0)
    shoot(max_, "home-later-desk")
    tab(ana, "Home")
    expect(ana.get_by_role("tabpanel", name="Home")).to_contain_text("negotiation")
    fits(ana)
    shoot(ana, "home-phone")
