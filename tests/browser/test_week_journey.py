"""What the week asks for by itself, lived through the page: the deputy, next actions, the end."""

import re
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
    parent,
    pick,
    press,
    shoot,
)
from tests.browser.page import Opens
from tests.sampled import MONDAY

pytestmark = pytest.mark.browser

DAY = timedelta(days=1)


def test_a_week_by_itself(floor: Floor, visits: Opens) -> None:
    ana = visits("U0ANA", f"app={APP_ID}", **ON_PHONE)
    home = ana.get_by_role("main")
    expect(home).to_contain_text("Get the liability cap in writing from Ruth Castellan")
    home.get_by_role("button", name="Not done", exact=True).first.click()
    expect(home).to_contain_text("— not done")
    shoot(ana, "due-phone")
    home.get_by_role("button", name="New date").first.click()
    again = form(ana, "Next action")
    expect(again.get_by_label("Next action")).to_have_value(re.compile("liability cap"))
    shoot(ana, "renew-phone")
    press(again, "Save")
    expect(home).not_to_contain_text("New date")

    max_ = visits("U0MAX", f"app={APP_ID}")
    press(max_.get_by_role("main"), "Deputy")
    deputy = form(max_, "Deputy")
    pick(deputy, "Deputy of West", "Cleo")
    shoot(max_, "deputy-desk")
    press(deputy, "Save")
    expect(deputy).to_be_hidden()
    shoot(max_, "home-desk")

    # Tuesday's cards, an hour before deciding, and a week later: what nobody decided is abandoned
    clock = floor.server.clock
    west = visits("U0MAX", "channel=C0WEST")
    clock.advance_to(MONDAY + DAY + timedelta(hours=7))
    expect(parent(west, "West")).to_be_visible()
    floor.server.wait(lambda: nothing_owed(floor))
    clock.advance_to(MONDAY + 2 * DAY + timedelta(hours=1))
    cleo = visits("U0CLEO", f"app={APP_ID}&tab=messages", **ON_PHONE)
    expect(message(cleo, "your answers are missing")).to_be_visible()
    expect(message(cleo, "named you deputy of West")).to_be_visible()
    shoot(cleo, "nudge-phone")
    clock.advance_to(MONDAY + 8 * DAY + timedelta(hours=7))
    expect(message(west, "Abandoned")).to_be_visible()
    floor.server.wait(lambda: nothing_owed(floor))
    message(west, "Abandoned").scroll_into_view_if_needed()
    shoot(west, "abandoned-desk")
    shoot(visits("U0MAX", f"app={APP_ID}&tab=messages"), "told-desk")
