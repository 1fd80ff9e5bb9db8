"""Modals on the page: fields, errors, stacks, and forms that change while one fills them in."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.page import Opens, fits, message, on_each, send
from tests.browser.page_app import START, PageApp

pytestmark = pytest.mark.browser


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


# --- a form that changes while it is filled in


def coaching(page: Page) -> Locator:
    """The form, opened by its shortcut."""
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_role("menuitem", name="Log a coaching moment").click()
    return page.get_by_role("dialog", name="A coaching moment")


@on_each
def test_an_update_meanwhile_loses_nothing(
    app: PageApp, opens: Opens, size: dict[str, Any]
) -> None:
    form = coaching(opens(**size))
    note = form.get_by_label("Note")
    note.fill("half a thought")
    form.get_by_label("About a deal").check()
    expect(form.get_by_text("Told: kind")).to_be_visible()
    expect(form.get_by_label("About a deal")).to_be_focused()
    word = form.get_by_label("In a word")
    word.press_sequentially("She as")
    expect(form.get_by_text("Told: kind heading")).to_be_visible()
    word.press_sequentially("ked")  # on, where the caret was
    expect(form.get_by_text("Told: kind heading heading")).to_be_visible()
    expect(word).to_have_value("She asked")
    expect(word).to_be_focused()
    expect(note).to_have_value("half a thought")
    expect(form.get_by_label("About a deal")).to_be_checked()
    assert [click.get("value") for click in app.clicked[1:]] == ["She as", "She asked"]


@on_each
def test_several_are_chosen_up_to_the_most(
    app: PageApp, opens: Opens, size: dict[str, Any]
) -> None:
    page = opens(**size)
    form = coaching(page)
    form.get_by_role("combobox", name="Topics").click()
    options = form.get_by_role("listbox").get_by_role("option")
    fits(page, form.locator(".listbox-popup"))
    options.filter(has_text="Pricing").click()
    expect(form.get_by_text("Told: topics")).to_be_attached()
    options.filter(has_text="Closing").click()
    expect(form.get_by_text("At most 2 can be chosen.")).to_be_visible()
    expect(options.filter(has_text="Discovery")).to_be_disabled()
    expect(form.get_by_text("Told: topics topics")).to_be_attached()
    page.keyboard.press("Escape")
    expect(form).to_be_visible()
    form.get_by_role("button", name="Remove Pricing").click()
    expect(form.get_by_text("Told: topics topics topics")).to_be_attached()
    chosen = [[o["value"] for o in click["selected_options"]] for click in app.clicked]
    assert chosen == [["pricing"], ["pricing", "closing"], ["closing"]]


def test_what_is_chosen_before_the_app_has_answered_is_told_too(app: PageApp, opens: Opens) -> None:
    page = opens()
    form = coaching(page)
    held: list[Route] = []
    page.route("**/sandbox/click", lambda route: held.append(route))
    form.get_by_role("combobox", name="Topics").click()
    options = form.get_by_role("listbox").get_by_role("option")
    options.filter(has_text="Pricing").click()
    options.filter(has_text="Closing").click()
    expect(form.get_by_text("At most 2 can be chosen.")).to_be_visible()
    page.keyboard.press("Escape")
    form.get_by_role("button", name="Remove Pricing").click()
    assert app.clicked == []
    page.unroute("**/sandbox/click")  # what was held goes on
    expect(form.get_by_text("Told: topics topics topics")).to_be_attached()
    chosen = [[o["value"] for o in click["selected_options"]] for click in app.clicked]
    assert chosen == [["pricing"], ["pricing", "closing"], ["closing"]]
    assert len(held) == 1


@on_each
def test_pickers_tell_what_was_picked_in_the_persons_zone(
    app: PageApp, opens: Opens, size: dict[str, Any]
) -> None:
    page = opens("U0ANA", timezone_id="Asia/Tokyo", **size)
    form = coaching(page)
    form.get_by_label("Date", exact=True).fill("2026-12-03")
    expect(form.get_by_text("Told: plan", exact=True)).to_be_attached()
    form.get_by_label("Time", exact=True).fill("09:30")
    expect(form.get_by_text("Told: plan plan", exact=True)).to_be_attached()
    form.get_by_label("Date and time", exact=True).fill("2026-12-02T15:00")
    expect(form.get_by_text("Told: plan plan plan", exact=True)).to_be_attached()
    day, time, both = app.clicked
    assert (day["selected_date"], time["selected_time"]) == ("2026-12-03", "09:30")
    moment = int(START.timestamp()) + 8 * 86400 + 5 * 3600
    assert both["selected_date_time"] == moment
    form.get_by_label("About a deal").check()
    deal = form.get_by_role("combobox", name="Deal")
    deal.click()
    expect(form.get_by_text("Closed", exact=True)).to_be_visible()
    form.get_by_role("option", name="Vega").click()
    form.get_by_role("combobox", name="Topics").fill("disc")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    form.get_by_label("Note").fill("She asked, and he told")
    form.get_by_label("When").fill("2026-12-02T15:00")
    form.get_by_label("Minutes").fill("120")
    form.get_by_role("button", name="Save").click()
    minutes = form.get_by_label("Minutes")
    expect(minutes).to_have_accessible_description("Please enter a number that is 90 or less.")
    expect(minutes).to_be_focused()
    minutes.fill("45")
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    (held,) = app.submitted
    assert held["kind"]["selected_option"]["value"] == "deal"
    assert held["deal"]["selected_option"]["value"] == "v"
    assert [o["value"] for o in held["topics"]["selected_options"]] == ["discovery"]
    assert held["at"]["selected_date_time"] == moment
    assert (held["minutes"]["value"], held["heading"]["value"]) == ("45", None)


@on_each
def test_what_an_app_answers_to_a_submission(
    app: PageApp, opens: Opens, size: dict[str, Any]
) -> None:
    page = opens(**size)
    form = coaching(page)
    form.get_by_label("A habit").check()
    form.get_by_role("combobox", name="Topics").fill("disc")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")

    def save(note: str) -> None:
        form.get_by_label("Note").fill(note)
        form.get_by_role("button", name="Save").click()

    save("update")
    expect(form.get_by_text("Told: updated")).to_be_attached()
    expect(form.get_by_label("A habit")).to_be_checked()
    save("push")
    expect(form.get_by_text("Told: pushed")).to_be_attached()
    expect(form.get_by_label("A habit")).not_to_be_checked()
    form.get_by_role("button", name="Back to A coaching moment").click()
    expect(form.get_by_label("A habit")).to_be_checked()
    form.get_by_role("button", name="Another").click()
    expect(form.get_by_label("A habit")).not_to_be_checked()
    form.get_by_label("A habit").check()
    form.get_by_role("combobox", name="Topics").fill("disc")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    save("clear")
    expect(form).to_have_count(0)


def test_after_a_form_one_writes_on(app: PageApp, opens: Opens) -> None:
    page = opens()
    send(page, "/decide")
    form = page.get_by_role("dialog", name="Decide · Nexus Corp")
    form.get_by_label("Reason").fill("half a thought")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(page.locator("#compose")).to_be_focused()
    page.keyboard.type("Later then")
    page.keyboard.press("Enter")
    expect(message(page, "Later then")).to_be_visible()


def test_a_field_that_enter_sends_says_so(app: PageApp, opens: Opens) -> None:
    page = opens()
    send(page, "/decide")
    page.get_by_role("button", name="Deeper").click()
    form = page.get_by_role("dialog", name="Deeper")
    expect(form.get_by_text("Press Enter to send this")).to_be_visible()
    why = form.get_by_label("Why so")
    why.fill("Who signs?")
    why.press("Enter")
    expect(form.get_by_text("Asked: Who signs?")).to_be_visible()
    expect(why).to_have_value("Who signs?")
