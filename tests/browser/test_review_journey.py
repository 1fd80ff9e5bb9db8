"""A pipeline review from the command to its closing card, lived through the page.

Max manages West and sits at a desk; Cleo, who owns deals, and Lea, who leads, have their phones.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.demo import APP_ID
from tests.browser.harborline import (
    ON_PHONE,
    Floor,
    after_the_digests,
    become,
    card,
    choose,
    form,
    go_to,
    later,
    message,
    nothing_owed,
    parent,
    pick,
    press,
    shoot,
    with_room,
)
from tests.browser.page import PHONE, Opens
from tests.browser.review_rows import REVIEWED, assert_what_the_rows_say

pytestmark = pytest.mark.browser

LEASE = "The lease of their cold store ends in March"


def test_a_review_as_three_people_live_it(floor: Floor, visits: Opens) -> None:
    with_room(floor)
    after_the_digests(floor)
    max_ = visits("U0MAX", "channel=C0WEST")
    start_with_other_deals(max_)
    cleo = visits("U0CLEO", f"app={APP_ID}", **ON_PHONE)
    answer_after_a_mistake(cleo)
    be_refused(cleo)
    read_the_answers(max_)
    answer_for_the_owner(max_)
    confirm_on_the_phone(cleo)
    use_a_message(cleo)
    propose_what_is_worth_copying(max_)
    demote_since_nothing_is_proved(max_)
    lea = visits("U0LEA", f"app={APP_ID}", **ON_PHONE)
    decide_from_home(lea)
    correct_the_decision(max_)
    close_too_early(max_)
    decide_the_rest(max_)
    close_at_last(max_)
    see_it_closed(cleo, lea)
    share_it(cleo, max_)
    the_next_review_comes_by_itself(max_)
    floor.server.wait(lambda: nothing_owed(floor))
    assert_what_the_rows_say(floor.database)


# --- the manager starts


def start_with_other_deals(page: Page) -> None:
    """Picked, one dropped and one added, live."""
    box = page.get_by_label("Message #west")
    box.press_sequentially("/pip")
    expect(page.get_by_role("option")).to_contain_text("/pipeline-review [status | help]")
    box.press("Tab")
    box.press("Enter")
    start = form(page, "Start a review")
    expect(start.get_by_role("checkbox")).to_have_count(7)
    expect(start.get_by_label("Copperfield Clinics")).to_have_accessible_description(
        re.compile("past by 4 days")
    )
    start.get_by_label("Bluepeak Hotels").uncheck()
    others = start.get_by_role("combobox", name="Add others")
    others.fill("oak")
    others.press("Enter")
    others.press("Escape")
    expect(start.get_by_label("Now, live")).to_be_checked()
    press(start, "Start")
    expect(start).to_have_count(0)
    for deal in REVIEWED:
        expect(card(page, deal)).to_have_count(1)
    expect(card(page, "Bluepeak Hotels")).to_have_count(0)
    expect(card(page, "Oakhurst Labs")).to_contain_text("Picked: added by hand")
    expect(parent(page, "West")).to_contain_text("7 deals, $1.5 M of $2.74 M open")
    expect(parent(page, "West")).to_contain_text("░░░░░░░ 0 of 7 decided")


# --- an owner answers, on a phone


def answer_after_a_mistake(page: Page) -> None:
    """From the direct message; what was typed survives what was wrong."""
    page.get_by_role("tab", name="Messages").click()
    told = message(page, "Pipeline review · West: your deals")
    expect(told).to_contain_text("Sable Robotics · no amount · Proposal")
    told.get_by_role("button", name="Answer").last.click()
    asked = form(page, "Sable Roboti… · Proposal")
    expect(asked).to_contain_text("1 of 3 proved. Answer what you know; the rest can wait.")
    expect(asked).to_contain_text("Their engineers would rather build it themselves")
    held, on = asked.get_by_label("Held"), asked.get_by_label("On (optional)")
    reply = asked.get_by_label("How do we answer that objection? (optional)")
    held.check()
    on.fill("2026-11-30")
    reply.fill("A week with their own engineers, who keep what they build")
    press(asked, "Save")
    expect(on).to_have_accessible_description(re.compile("That day is still to come."))
    expect(on).to_be_focused()
    expect(held).to_be_checked()
    expect(reply).to_have_value("A week with their own engineers, who keep what they build")
    on.fill("2026-11-20")
    press(asked, "Save")
    expect(asked).to_have_count(0)
    expect(told).to_contain_text("Evidence 3 of 3 proved")


def be_refused(page: Page) -> None:
    """Whoever does not decide is told who does, and what they can do."""
    page.get_by_role("button", name="Back to the list").click()
    go_to(page, "west")
    sable = card(page, "Sable Robotics")
    expect(sable).to_contain_text("Evidence 3 of 3 proved")
    press(sable, "Decide")
    refused = message(page, "Only visible to you")
    expect(refused).to_contain_text("decides here. You can still answer or comment in the thread.")
    expect(refused).to_contain_text("Only @Max Okafor or @Lea Lindqvist")
    expect(page.get_by_role("dialog")).to_have_count(0)


def confirm_on_the_phone(page: Page) -> None:
    """What Max answered for Cleo counts once Cleo says so."""
    page.get_by_role("button", name="Back to the list").click()
    go_to(page, "Cadence")
    page.get_by_role("tab", name="Messages").click()
    asked = message(page, "answered for you")
    expect(asked).to_contain_text("Their criteria: “Shelf life, then price”")
    shoot(page, "confirm-phone")
    press(asked, "That's right")
    expect(asked).to_contain_text("Nothing waits for you any more: Harvest Lane Foods.")
    page.get_by_role("button", name="Back to the list").click()


def use_a_message(page: Page) -> None:
    """What Cleo types in the thread counts only once it is used."""
    go_to(page, "west")
    harvest = card(page, "Harvest Lane Foods")
    expect(harvest).to_contain_text("Evidence 1 of 4 proved")
    harvest.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_label("Reply…").fill(LEASE)
    thread.get_by_label("Reply…").press("Enter")
    said = thread.get_by_role("article").filter(has_text=LEASE)
    said.get_by_role("button", name="More message actions").click()
    page.get_by_role("menuitem", name="Use as evidence").click()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text(f"{LEASE} — @Cleo Park")
    with page.expect_response(lambda got: "choose_question" in (got.request.post_data or "")):
        pick(asked, "Which question does it answer?", "What forces")
    expect(asked.get_by_label("What forces that date?")).to_have_value(LEASE)
    shoot(page, "evidence-phone")
    press(asked, "Save")
    expect(asked).to_have_count(0)
    expect(thread.get_by_role("article").last).to_contain_text("quoting @Cleo Park")
    press(page.locator("body"), "Back to the conversation")


# --- the manager decides


def read_the_answers(page: Page) -> None:
    card(page, "Sable Robotics").get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    said = thread.get_by_role("article").last
    expect(said).to_contain_text("@Cleo Park answered · evidence 3 of 3 proved")
    expect(said).to_contain_text("held on Fri 20 Nov — proves")
    thread.get_by_label("Reply…").fill("Good. Who of them was there?")
    thread.get_by_label("Reply…").press("Enter")
    expect(thread.get_by_text("2 replies")).to_be_visible()
    shoot(page, "thread-desk")
    press(thread, "Close thread")


def answer_for_the_owner(page: Page) -> None:
    press(card(page, "Harvest Lane Foods"), "Answer")
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("You answer for @Cleo Park: it only fills until")
    asked.get_by_label("By which criteria will they decide?").fill("Shelf life, then price")
    shoot(page, "answer-for-desk")
    press(asked, "Save")
    expect(asked).to_have_count(0)
    expect(card(page, "Harvest Lane Foods")).to_contain_text("their criteria (not confirmed yet)")


def propose_what_is_worth_copying(page: Page) -> None:
    choose(page, card(page, "Sable Robotics"), "Worth copying")
    asked = form(page, "Worth copying")
    asked.get_by_role("radio", name="A week with their own engineers").check()
    press(asked, "Ask")
    expect(asked).to_contain_text("@Cleo Park is asked.")
    asked.get_by_text("Close", exact=True).click()


def demote_since_nothing_is_proved(page: Page) -> None:
    """Advance is refused with what is open; an empty phrase is no next action."""
    press(card(page, "Copperfield Clinics"), "Decide")
    decide = form(page, "Copperfield Clinics")
    expect(decide).to_contain_text("0 of 2 proved. Open: the open terms, who approves the terms.")
    expect(decide.get_by_role("radio", checked=True)).to_have_count(0)
    incline(page, decide, "Advance: won")
    press(decide, "Record")
    expect(decide).to_contain_text(
        "Advance is not possible. Open: the open terms, who approves the terms. "
        "Demote it, or get the answers first."
    )
    incline(page, decide, "Demote")
    expect(decide.get_by_role("combobox", name="Back to")).to_have_value("Proposal")
    expect(decide.get_by_role("combobox", name="Who does it")).to_have_value("Ana Silva")
    expect(decide.get_by_label("Due")).to_have_value("2026-11-30")
    decide.get_by_label("Reason").fill("Nobody has seen the terms since October")
    decide.get_by_label("Next action").fill("Follow up")
    press(decide, "Record")
    expect(decide.get_by_label("Next action")).to_have_accessible_description(
        re.compile("“Follow up” says nothing.")
    )
    expect(decide.get_by_label("Reason")).to_have_value("Nobody has seen the terms since October")
    decide.get_by_label("Next action").fill("Ask Ruth Castellan for the two open clauses")
    press(decide, "Record")
    expect(decide).to_have_count(0)
    decided = card(page, "Copperfield Clinics")
    expect(decided).to_contain_text("Demoted to Proposal by @Max Okafor")
    expect(decided).to_contain_text("not yet in the CRM")
    expect(decided.get_by_role("button", name="Decide")).to_have_count(0)
    expect(parent(page, "West")).to_contain_text("▓░░░░░░ 1 of 7 decided")
    parent(page, "West").evaluate("row => row.scrollIntoView({block: 'start'})")
    shoot(page, "review-desk")


def correct_the_decision(page: Page) -> None:
    """A correction restores what was before, and says that it is one."""
    choose(page, card(page, "Copperfield Clinics"), "Correct the decision")
    correct = form(page, "Copperfield Clinics")
    expect(correct).to_contain_text("Demoted to Proposal by @Max Okafor")
    incline(page, correct, "Re-date")
    expect(correct.get_by_label("Reason")).to_have_value("Nobody has seen the terms since October")
    correct.get_by_label("New close date").fill("2026-12-14")
    press(correct, "Record")
    expect(correct).to_have_count(0)
    decided = card(page, "Copperfield Clinics")
    expect(decided).to_contain_text("Negotiation · closes Mon 14 Dec")
    expect(decided).to_contain_text("Re-dated to Mon 14 Dec by @Max Okafor")
    expect(decided).to_contain_text("corrected")


def close_too_early(page: Page) -> None:
    """Nothing is asked first: the answer is what is undecided."""
    press(parent(page, "West"), "Close review")
    refused = message(page, "Only visible to you")
    expect(refused).to_contain_text(
        "Five deals have no decision yet: Redwood Telecom, Harvest Lane Foods, Sable Robotics, "
        "Juniper Freight, Oakhurst Labs."
    )
    press(refused, "Dismiss")
    expect(refused).to_have_count(0)


def decide_the_rest(page: Page) -> None:
    decide(
        page,
        "Redwood Telecom",
        "Hold",
        {"Reason": "Their board meets on Thursday", "Next action": "Name who signs for the board"},
    )
    decide(
        page,
        "Harvest Lane Foods",
        "Re-date",
        {
            "New close date": "2026-12-18",
            "Reason": "It had no date, and they budget in December",
            "Next action": "Meet the head of procurement",
        },
    )
    decide(
        page, "Sable Robotics", "Advance to Negotiation", {"Next action": "Send the draft terms"}
    )
    decide(page, "Juniper Freight", "Advance to Negotiation", {"Next action": "Ask who signs"})
    decide(page, "Oakhurst Labs", "Advance: won", {})
    expect(card(page, "Sable Robotics")).to_contain_text("Advanced to Negotiation by @Max Okafor")
    expect(card(page, "Oakhurst Labs")).to_contain_text("Won by @Max Okafor")
    expect(parent(page, "West")).to_contain_text("▓▓▓▓▓▓▓ 7 of 7 decided")


def decide(page: Page, deal: str, kind: str, fields: dict[str, str]) -> None:
    """One decision: opened, filled in and recorded."""
    press(card(page, deal), "Decide")
    asked = form(page, deal)
    incline(page, asked, kind)
    for name, text in fields.items():
        asked.get_by_label(name).fill(text)
    press(asked, "Record")
    expect(asked).to_have_count(0)
    # once the card has changed nothing moves under the mouse any more
    expect(card(page, deal).get_by_role("button", name="Decide", exact=True)).to_have_count(0)


def incline(page: Page, asked: Locator, kind: str) -> None:
    """Chooses a decision, and waits until the modal has what it needs."""
    with page.expect_response(lambda answer: "choose_decision" in (answer.request.post_data or "")):
        asked.get_by_label(kind).check()


# --- the leader decides one, on a phone


def decide_from_home(page: Page) -> None:
    home = page.get_by_role("tabpanel", name="Home")
    expect(home.get_by_role("heading", name="What waits for you")).to_be_visible()
    tidewater = home.locator(".section").filter(has_text="Tidewater Marine")
    press(tidewater, "Decide")
    asked = form(page, "Tidewater Marine")
    incline(page, asked, "Demote")
    asked.get_by_label("Reason").fill("No meeting, and nobody has named an objection")
    shoot(page, "decide-phone")
    incline(page, asked, "Remove")
    asked.get_by_label("Disqualified").check()
    expect(asked.get_by_label("Reason")).to_have_value(
        "No meeting, and nobody has named an objection"
    )
    press(asked, "Record")
    expect(asked).to_have_count(0)
    expect(tidewater).to_have_count(0)
    page.get_by_role("button", name="Back to the list").click()
    go_to(page, "west")
    expect(card(page, "Tidewater Marine")).to_contain_text(
        "Removed: disqualified by @Lea Lindqvist"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    parent(page, "West").evaluate("row => row.scrollIntoView({block: 'start'})")
    shoot(page, "review-phone")


# --- closed


def close_at_last(page: Page) -> None:
    press(parent(page, "West"), "Close review")
    press(page.get_by_role("alertdialog", name="Close this review?"), "Close review")
    closing = message(page, "Review closed · decided")
    expect(closing).to_contain_text("3 advanced, 1 removed, 2 re-dated, 1 held")
    rows = closing.get_by_role("row")
    expect(rows).to_have_count(8)
    expect(rows.nth(1)).to_contain_text("Copperfield Clinics")
    expect(rows.nth(1)).to_contain_text("Re-dated to Mon 14 Dec")
    expect(closing).to_contain_text("of remaining quota")
    expect(closing).to_contain_text("November: won")
    expect(parent(page, "West")).to_contain_text("Closed by @Max Okafor")


def see_it_closed(*pages: Page) -> None:
    """Everybody sees the end without loading anything anew; nothing is left to press."""
    for page in pages:
        expect(message(page, "Review closed · decided")).to_have_count(1)
        expect(page.get_by_role("button", name="Decide")).to_have_count(0)
        expect(page.get_by_role("button", name="Close review")).to_have_count(0)


def share_it(page: Page, max_: Page) -> None:
    """Only now the closing card says whose words are worth copying."""
    closing = message(max_, "Review closed · decided")
    expect(closing).not_to_contain_text("Worth copying")
    page.get_by_role("button", name="Back to the list").click()
    go_to(page, "Cadence")
    page.get_by_role("tab", name="Messages").click()
    asked = message(page, "finds this worth copying")
    asked.scroll_into_view_if_needed()
    shoot(page, "practice-phone")
    press(asked, "Share it")
    expect(asked).to_contain_text("You share it")
    expect(closing).to_contain_text("Worth copying: @Cleo Park on Sable Robotics — “A week with")
    closing.scroll_into_view_if_needed()
    shoot(max_, "closing-desk")


# --- the week goes on


def the_next_review_comes_by_itself(page: Page) -> None:
    """Tuesday 15:00 in Berlin, by the page's own clock, seen by the other team's manager."""
    go_to(page, "Cadence")
    page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel", name="Home")
    expect(home.get_by_role("heading", name="Coaching you got")).to_be_visible()
    expect(home.get_by_role("button", name="Decide")).to_have_count(0)
    become(page, "Max Okafor", "Greta Sommer")
    go_to(page, "dach")
    later(page, "Deal cards · DACH")
    expect(page.get_by_role("button", name="Business time")).to_have_text(
        re.compile("Tue 24 Nov, 15:00")
    )
    expect(parent(page, "DACH")).to_contain_text("Pipeline review · DACH · Wed 25 Nov")
    expect(parent(page, "DACH")).to_contain_text("deciding begins tomorrow, 10:00")
    expect(message(page, "Picked:")).to_have_count(7)
    press(card(page, "Isar Logistik"), "Decide")
    expect(message(page, "Only visible to you")).to_contain_text(
        "Deciding begins Wed 25 Nov, 10:00. Until then the owners answer."
    )
