"""The first ten minutes, lived through the page: from an empty database to a started team.

Sid owns the Slack workspace and sits at a desk; the steps are looked at on a phone as well.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from bot.scheduler import Scheduler
from models.base import Database
from models.people import Team
from sandbox import Server
from tests.browser.elsewhere import elsewhere
from tests.browser.harborline import ON_PHONE, form, message, pick, press, shoot
from tests.browser.page import Opens, send
from tests.scenarios.floor import APP, Floor
from tests.scenarios.newcomers import installed
from tests.scenarios.test_first_run import six

pytestmark = pytest.mark.browser

MESSAGES = f"app={APP}&tab=messages"


@pytest.fixture
def fresh(sqlite_url: str) -> Iterator[Floor]:
    database = Database(sqlite_url)
    with elsewhere(installed(database, "socket")) as floor:
        scheduler = Scheduler(database, floor.now, floor.post)
        scheduler.start()
        yield floor
        scheduler.stop()
    database.dispose()


@pytest.fixture
def server(fresh: Floor) -> Server:
    """What `opens` opens pages of."""
    return fresh.server


def test_from_nothing_to_a_started_team(fresh: Floor, opens: Opens) -> None:
    sid = opens("U0SID", MESSAGES)
    send(sid, "/cadence setup")
    first = message(sid, "Ten minutes, in steps that you can leave")
    shoot(sid, "first-run-begin")
    press(first, "Make the first team")
    team = form(sid, "A team")
    team.get_by_label("Name").fill("West")
    pick(team, "Manager", "max")
    pick(team, "Channel", "west")
    shoot(sid, "first-run-team")
    press(team, "Save")
    steps = message(sid, "Set up West")
    expect(steps.last).to_contain_text("pick the reps")
    press(steps.last, "Pick people")
    people = form(sid, "People of West")
    for name in ("ana", "ben"):
        pick(people, "Reps", name)
    pick(people, "Who leads the manager", "lea")
    press(people, "Save")
    expect(steps.last).to_contain_text("led by")
    six(fresh)
    press(steps.last, "Preview")
    expect(message(sid, "Preview: to the rep, alone, after each one-on-one")).to_be_visible()
    shoot(sid, "first-run-previews")
    phone = opens("U0SID", MESSAGES, **ON_PHONE)
    expect(message(phone, "Set up West").last).to_be_visible()
    message(phone, "Set up West").last.scroll_into_view_if_needed()
    shoot(phone, "first-run-phone")
    press(steps.last, "Start")
    press(sid.get_by_role("alertdialog"), "Start")
    expect(steps.last).to_contain_text("is a trial: nothing counts as missed")
    steps.last.scroll_into_view_if_needed()
    shoot(sid, "first-run-started")
    assert [one.name for one in fresh.rows(Team)] == ["West"]
