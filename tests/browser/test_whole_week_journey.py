"""A manager's week from entry to entry of the demo's clock, as the README tells it."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bot.demo import APP_ID
from tests.browser.harborline import (
    ON_PHONE,
    Floor,
    form,
    message,
    nothing_owed,
    pick,
    press,
    shoot,
)
from tests.browser.page import Opens
from tests.sampled import MONDAY

pytestmark = pytest.mark.browser

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NINE = MONDAY + 45 * MINUTE
DM = f"app={APP_ID}&tab=messages"


def move(floor: Floor, to: timedelta) -> None:
    """Business time goes on from Monday, 09:00, and everything due is posted."""
    floor.server.clock.advance_to(NINE + to)
    floor.server.wait(lambda: nothing_owed(floor))


def test_monday_and_tuesday(floor: Floor, visits: Opens) -> None:
    move(floor, timedelta())
    west, max_ = visits("U0MAX", "channel=C0WEST"), visits("U0MAX", DM)
    check = message(west, "Pipeline health check · West · Mon 23 Nov")
    expect(check).to_contain_text("Put right since Mon 16 Nov")
    expect(check).to_contain_text("of remaining quota")
    shoot(west, "health-desk")
    shoot(visits("U0ANA", "channel=C0WEST", **ON_PHONE), "week-health-phone")
    talks = message(max_, "4 of 4 reps under 3×")
    shoot(max_, "week-talks-desk")
    shoot(visits("U0MAX", DM, **ON_PHONE), "talks-phone")
    talks.get_by_role("button", name="Log it").first.click()
    log = form(max_, "Log coaching")
    pick(log, "Focus area", "prospecting")
    log.get_by_label("What you told them").fill(
        "Two deals carry your quarter: we named four companies to call this week."
    )
    log.get_by_label("Next step").fill("Call the four companies")
    log.get_by_label("By when").fill("2026-12-01")
    shoot(max_, "week-log-it-desk")
    press(log, "Log")
    expect(log).to_be_hidden()
    expect(talks).to_contain_text("logged it")
    talks.get_by_role("button", name="Schedule it today").first.click()
    times = max_.get_by_role("dialog")
    shoot(max_, "week-schedule-desk")
    press(times, "Close")
    move(floor, 7 * HOUR)
    shoot(max_, "week-reminder-desk")
    move(floor, DAY + 5 * HOUR)
    expect(message(max_, "the pick — 7 deals")).to_be_visible()
    shoot(max_, "week-pick-desk")
    shoot(visits("U0MAX", DM, **ON_PHONE), "week-pick-phone")


def test_friday_and_the_monday_after(floor: Floor, visits: Opens) -> None:
    max_ = visits("U0MAX", DM)
    for step in (DAY + 6 * HOUR, 2 * DAY + HOUR, 4 * DAY + 6 * HOUR):
        move(floor, step)
    card = message(max_, "Friday forecast · West · Fri 27 Nov")
    expect(card).to_contain_text("0 of 4")
    shoot(visits("U0MAX", DM, **ON_PHONE), "week-forecast-phone")
    press(card, "Start")
    flow = max_.get_by_role("dialog")
    expect(flow).to_be_visible()
    shoot(max_, "forecast-desk")
    for number in (2, 3, 4):
        press(flow, "Next")
        expect(flow).to_contain_text(f"{number} of 4")
        shoot(max_, f"week-forecast-{number}-desk")
    flow.get_by_label("For Monday's health check").fill("Ask Ben about Redwood")
    press(flow, "Done")
    expect(flow).to_contain_text("Done in 1 minute")
    flow.get_by_text("Close", exact=True).click()
    expect(flow).to_be_hidden()
    expect(card).to_contain_text("Done in")
    shoot(max_, "week-forecast-done-desk")
    move(floor, 4 * DAY + 7 * HOUR)
    ana = visits("U0ANA", DM, **ON_PHONE)
    expect(message(ana, "Before Monday, in the CRM")).to_be_visible()
    shoot(ana, "week-put-right-phone")
    # what Friday put on the agenda stands on top
    move(floor, 7 * DAY)
    west = visits("U0MAX", "channel=C0WEST")
    check = message(west, "Pipeline health check · West · Mon 30 Nov")
    expect(check).to_contain_text("Ask Ben about Redwood")
    check.scroll_into_view_if_needed()
    shoot(west, "week-next-monday-desk")


def test_days_off_that_came_too_late(floor: Floor, visits: Opens) -> None:
    """Ana says on Tuesday at noon that she is away; Lea takes it, hours after the one-on-one."""
    move(floor, timedelta())
    move(floor, DAY + 3 * HOUR)
    ana = visits("U0ANA", f"app={APP_ID}&tab=home", **ON_PHONE)
    press(ana.locator("main"), "Days off")
    days = form(ana, "Days off")
    days.get_by_label("First day off").fill("2026-11-24")
    press(days, "Add")
    expect(days).to_contain_text("what had begun counts, unless @Lea Lindqvist accepts them")
    shoot(ana, "late-days-off-phone")
    move(floor, DAY + 3 * HOUR + MINUTE)
    lea = visits("U0LEA", DM)
    asked = message(lea, "Days off entered late")
    expect(asked).to_contain_text("one-on-one with @Max Okafor")
    shoot(lea, "late-days-off-desk")
    press(asked, "Accept")
    floor.server.wait(lambda: nothing_owed(floor))
    expect(asked).to_contain_text("Accepted by @Lea Lindqvist")
    shoot(visits("U0LEA", DM, **ON_PHONE), "late-days-off-accepted-phone")
