"""Coaching logged from a command, a shortcut and a message, lived through the page.

Max manages West and sits at a desk; Ana, who is coached, has a phone.
"""

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.demo import APP_ID
from tests.browser.coaching_rows import assert_what_the_rows_say
from tests.browser.harborline import (
    ON_PHONE,
    REQUIRED,
    Floor,
    after_the_digests,
    choose,
    described,
    form,
    go_to,
    message,
    nothing_owed,
    pick,
    press,
    shoot,
    with_room,
)
from tests.browser.page import Opens, open_more_actions, send

pytestmark = pytest.mark.browser

MESSAGES = f"app={APP_ID}&tab=messages"
SEEN = "You asked who signs before you sent the price."
BETTER = "You asked who signs before you sent the price. Next, ask who can stop it."
STEP = "Ask Copperfield who can stop the order"
SAID = "Sent the price to Copperfield. Let's hope they like it :)"


def test_coaching_as_two_people_live_it(floor: Floor, visits: Opens) -> None:
    with_room(floor)
    after_the_digests(floor)
    max_ = visits("U0MAX", MESSAGES)
    ana = visits("U0ANA", MESSAGES, **ON_PHONE)
    type_the_command(max_)
    log_nothing(max_)
    log_it_all_wrong(max_)
    log_at_last(max_)
    see_it_differently(max_, ana)
    edit(max_)
    confirm(max_, ana)
    see_the_trail(max_)
    use_the_shortcut(max_, ana)
    withdraw(max_, ana)
    quote_a_message(max_, ana)
    quote_what_nobody_said(max_)
    be_refused(ana)
    floor.server.wait(lambda: nothing_owed(floor))
    assert_what_the_rows_say(floor.database)


# --- what stands on the page


def log(page: Page) -> Locator:
    return form(page, "Log coaching")


def own_copy(page: Page, focus: str) -> Locator:
    return message(page, f"Coaching logged with @Ana Silva: {focus}")


def received(page: Page, focus: str) -> Locator:
    return message(page, f"@Max Okafor logged coaching with you: {focus}")


# --- logging


def type_the_command(page: Page) -> None:
    box = page.get_by_label("Message Cadence")
    box.press_sequentially("/log")
    expect(
        page.get_by_role("option").filter(has_text="/log-coaching [@person | help]")
    ).to_be_visible()
    box.fill("/log-coaching")
    box.press("Enter")
    expect(log(page)).to_be_visible()


def log_nothing(page: Page) -> None:
    press(log(page), "Log")
    for label in ("Who", "Focus area", "What you told them", "Next step"):
        described(log(page).get_by_label(label, exact=True), REQUIRED)
    expect(log(page).get_by_label("Minutes")).to_have_value("30")
    expect(log(page).get_by_label("Date", exact=True)).to_have_value("2026-11-23")
    shoot(page, "log-empty-desk")


def log_it_all_wrong(page: Page) -> None:
    """The list has only those whom Max coaches; each fault stands at its field, all stays."""
    wrong = log(page)
    wrong.get_by_label("Who").fill("Emil")
    expect(page.get_by_role("option", name="No matches")).to_be_visible()
    with page.expect_response(lambda got: "choose_person" in (got.request.post_data or "")):
        pick(wrong, "Who", "Ana")
    expect(wrong.get_by_label("Deal")).to_be_visible()
    pick(wrong, "Focus area", "Closing")
    wrong.get_by_label("What you told them").fill("Good job")
    wrong.get_by_label("Next step").fill("Follow up")
    wrong.get_by_label("By when").fill("2026-11-20")
    wrong.get_by_label("Date", exact=True).fill("2026-11-24")
    wrong.get_by_label("Minutes").fill("500")
    press(wrong, "Log")
    described(wrong.get_by_label("What you told them"), "15 characters at least.")
    described(wrong.get_by_label("Next step"), "“Follow up” says nothing.")
    described(wrong.get_by_label("By when"), "Choose a day from Mon 23 Nov")
    described(wrong.get_by_label("Date", exact=True), "Only what has happened is logged")
    described(wrong.get_by_label("Minutes"), "Between 1 and 480 minutes.")
    expect(wrong.get_by_label("What you told them")).to_have_value("Good job")
    expect(wrong.get_by_label("Focus area")).to_have_value("Closing")
    shoot(page, "log-wrong-desk")
    wrong.get_by_label("Date", exact=True).fill("2026-08-20")
    press(wrong, "Log")
    described(wrong.get_by_label("Date", exact=True), "That is too long ago to be logged")


def log_at_last(page: Page) -> None:
    right = log(page)
    right.get_by_label("Date", exact=True).fill("2026-11-20")
    right.get_by_label("What you told them").fill(SEEN)
    right.get_by_label("Next step").fill(STEP)
    right.get_by_label("By when").fill("2026-11-27")
    right.get_by_label("Minutes").fill("20")
    pick(right, "How", "Role")
    pick(right, "Deal", "Copperfield")
    press(right, "Log")
    expect(right).to_have_count(0)
    own = own_copy(page, "closing")
    expect(own).to_contain_text(f"“{SEEN}”")
    expect(own).to_contain_text("Fri 20 Nov · skill session · role-play · 20 minutes")
    expect(own).to_contain_text("Copperfield Clinics")
    shoot(page, "logged-desk")


# --- the answer of who was coached


def see_it_differently(max_: Page, ana: Page) -> None:
    told = received(ana, "closing")
    expect(told).to_contain_text(f"“{SEEN}”")
    expect(told).to_contain_text("@Max Okafor sees which one you press.")
    shoot(ana, "received-phone")
    press(told, "I see it differently")
    dispute = form(ana, "I see it differently")
    dispute.get_by_label("How you see it").fill("I asked that in October, not on Friday")
    shoot(ana, "dispute-phone")
    press(dispute, "Send")
    expect(told).to_contain_text("You said: I see it differently: “I asked that in October")
    answered = message(max_, "About your coaching log on closing")
    expect(answered).to_contain_text("@Ana Silva: I see it differently: “I asked that in October")
    expect(own_copy(max_, "closing")).to_contain_text("@Ana Silva: I see it differently")
    shoot(max_, "disputed-desk")


def edit(page: Page) -> None:
    """What was logged is there to be put right; a wrong edit keeps the version that stands."""
    choose(page, own_copy(page, "closing"), "Edit")
    editing = form(page, "Edit coaching log")
    feedback = editing.get_by_label("What you told them")
    expect(feedback).to_have_value(SEEN)
    expect(editing.get_by_label("Deal")).to_have_value("Copperfield Clinics")
    feedback.fill("Good job")
    press(editing, "Save")
    described(feedback, "15 characters at least.")
    feedback.fill(BETTER)
    editing.get_by_label("Date", exact=True).fill("2026-11-19")
    press(editing, "Save")
    expect(editing).to_have_count(0)
    expect(own_copy(page, "closing")).to_contain_text(f"“{BETTER}”")
    expect(message(page, "About your coaching log on")).to_contain_text("You have edited it since.")


def confirm(max_: Page, ana: Page) -> None:
    """An edited log is asked about anew."""
    told = received(ana, "closing")
    expect(told).to_contain_text(f"“{BETTER}”")
    expect(told).not_to_contain_text("You said")
    press(told, "That's right")
    expect(told).to_contain_text("You said: that's right")
    expect(own_copy(max_, "closing")).to_contain_text("@Ana Silva: that's right")


def see_the_trail(page: Page) -> None:
    choose(page, own_copy(page, "closing"), "Trail")
    trail = form(page, "Trail")
    for words in ("Edited", BETTER, "that's right", "Logged", SEEN, "I see it differently"):
        expect(trail).to_contain_text(words)
    shoot(page, "trail-desk")
    trail.get_by_text("Close", exact=True).click()


# --- the shortcuts


def use_the_shortcut(max_: Page, ana: Page) -> None:
    """The global one, under the + of the composer."""
    max_.get_by_role("button", name="Shortcuts").click()
    max_.get_by_role("menuitem", name="Log coaching").click()
    with max_.expect_response(lambda got: "choose_person" in (got.request.post_data or "")):
        pick(log(max_), "Who", "Ana")
    pick(log(max_), "Focus area", "Negot")
    log(max_).get_by_label("What you told them").fill("You gave the discount away in the mail")
    log(max_).get_by_label("Next step").fill("Name what you want back before you give")
    log(max_).get_by_label("By when").fill("2026-11-30")
    press(log(max_), "Log")
    expect(log(max_)).to_have_count(0)
    expect(received(ana, "negotiation")).to_contain_text("You gave the discount away in the mail")


def withdraw(max_: Page, ana: Page) -> None:
    """Not without a reason; then nothing is left to press on either side."""
    choose(max_, own_copy(max_, "negotiation"), "Withdraw")
    withdrawing = form(max_, "Withdraw coaching log")
    press(withdrawing, "Withdraw")
    described(withdrawing.get_by_label("Why"), REQUIRED)
    withdrawing.get_by_label("Why").fill("It was Ben's mail, not Ana's")
    shoot(max_, "withdraw-desk")
    press(withdrawing, "Withdraw")
    expect(withdrawing).to_have_count(0)
    gone = message(ana, "@Max Okafor withdrew the coaching log with you on negotiation")
    expect(gone).to_contain_text("“It was Ben's mail, not Ana's”")
    expect(gone.get_by_role("button", name="That's right")).to_have_count(0)
    expect(message(ana, "You gave the discount away")).to_have_count(0)


def quote_a_message(max_: Page, ana: Page) -> None:
    """What Ana wrote in the channel is quoted and linked."""
    ana.get_by_role("button", name="Back to the list").click()
    go_to(ana, "west")
    send(ana, SAID)
    go_to(max_, "west")
    on_message(max_, SAID, "Log coaching")
    expect(log(max_)).to_contain_text(SAID)
    expect(log(max_).get_by_label("Who")).to_have_value("Ana Silva")
    expect(log(max_).get_by_label("Kind")).to_have_value("Call review")
    shoot(max_, "quote-desk")
    pick(log(max_), "Focus area", "Value")
    log(max_).get_by_label("What you told them").fill("Hope is no plan: what is it worth to them?")
    log(max_).get_by_label("Next step").fill("Write the value of one saved hour into the mail")
    log(max_).get_by_label("By when").fill("2026-11-25")
    press(log(max_), "Log")
    expect(log(max_)).to_have_count(0)
    ana.get_by_role("button", name="Back to the list").click()
    go_to(ana, "Cadence")
    ana.get_by_role("tab", name="Messages").click()
    told = received(ana, "value selling")
    expect(told).to_contain_text(SAID)
    shoot(ana, "quoted-phone")
    told.get_by_role("link", name="see the message").click()
    expect(message(ana, SAID)).to_be_visible()
    expect(ana.get_by_label("Message #west")).to_be_visible()


def quote_what_nobody_said(page: Page) -> None:
    """The bot's own messages are nobody's to coach about."""
    go_to(page, "Cadence")
    page.get_by_role("tab", name="Messages").click()
    on_message(page, "Coaching logged with @Ana Silva: closing", "Log coaching")
    expect(page.get_by_text("Only what a person wrote can be quoted.")).to_be_visible()
    expect(log(page)).to_have_count(0)


def on_message(page: Page, words: str, item: str) -> None:
    open_more_actions(message(page, words))
    page.get_by_role("menuitem", name=item).click()


def be_refused(page: Page) -> None:
    """Ana coaches nobody."""
    send(page, "/log-coaching")
    expect(message(page, "Only visible to you")).to_contain_text("You coach nobody here")
    shoot(page, "refused-phone")
