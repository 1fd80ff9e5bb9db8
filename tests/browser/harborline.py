"""The sample team at work behind the page: the bot as the demo runs it, on a Monday of its own."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError, expect
from sqlalchemy import select

from bot.app import build
from bot.delivery import Pace, Post
from bot.demo import APP_ID, WORKSPACE_ID, sample_workspace, upcoming
from bot.scheduler import Scheduler
from bot.socket import Socket
from bot.tokens import find_installation
from handlers import MESSAGES
from models.base import Database
from models.delivery import Delivery, DeliveryState
from models.people import workspace
from sandbox import Clock, Server, serve
from tests.browser.page import PHONE
from tests.sampled import MONDAY

SHOTS = os.environ.get("CADENCE_SHOTS")
"""The directory that the screenshots are written to; none are taken where it is not set."""
ON_PHONE = {"size": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 1.5}
"""What the fixture `visits` takes for somebody on a phone; a screenshot is sharp enough to read."""
REQUIRED = "Please complete this required field."
"""What Slack itself says at a field that was left empty."""


@dataclass(frozen=True)
class Floor:
    """The served workspace, and the database of the bot in it."""

    server: Server
    database: Database


@contextmanager
def at_work(url: str) -> Iterator[Floor]:
    """The workspace with its bot connected through Socket Mode, and all of it stopped at the end.

    As in the demo, but for the day, which is always the same, and the pace of posting: messages
    come at once, not one a second.
    """
    database = Database(url)
    workspace = sample_workspace(lambda _now: [])
    workspace.clock = Clock(MONDAY, marks=lambda: upcoming(database, workspace.clock.now()))
    app, now = workspace.apps[0], workspace.clock.now
    with serve(workspace, rate_limits=False, ack_seconds=15, trigger_seconds=15) as server:
        tokens = find_installation(app.bot_token, server.api_url)
        bot = build(database, tokens, now)
        post = Post(database, MESSAGES, now, tokens.client_for, pace=Pace(interval=timedelta(0)))
        scheduler = Scheduler(database, now, post, importer=bot.importer)
        socket = Socket(bot.bolt, app.app_token, server.api_url)
        scheduler.start()
        socket.start()
        try:
            server.wait(lambda: server.connected(APP_ID))
            yield Floor(server, database)
        finally:
            socket.stop()
            scheduler.stop()
            database.dispose()


def nothing_owed(floor: Floor) -> bool:
    """Whether Slack shows everything that is due by now: nothing waits, and nothing is parked."""
    open_ = Delivery.state.not_in((DeliveryState.POSTED, DeliveryState.DROPPED))
    due = select(Delivery.id).where(open_, Delivery.due_at <= floor.server.clock.now())
    with floor.database.transaction(WORKSPACE_ID) as session:
        return session.scalars(due.limit(1)).first() is None


def with_room(floor: Floor) -> None:
    """Nobody's day is full: a journey of minutes has the messages of many days."""
    with floor.database.transaction(WORKSPACE_ID) as session:
        here = workspace(session)
        here.standards = here.standards | {"messages_rep": 50, "messages_manager": 50}


def after_the_digests(floor: Floor) -> None:
    """Monday's are out: what may wait for one comes at once."""
    floor.server.clock.advance_to(MONDAY + timedelta(minutes=15))
    floor.server.wait(lambda: nothing_owed(floor))


# --- what stands on the page


def message(page: Page, words: str | re.Pattern[str]) -> Locator:
    """The message in the conversation that says this."""
    return page.locator("main").get_by_role("article").filter(has_text=words)


def parent(page: Page, team: str) -> Locator:
    """The message of a team's review."""
    return message(page, re.compile(rf"Pipeline review · {team} · \w+ \d+ \w+ —"))


def card(page: Page, deal: str) -> Locator:
    """The card of a deal, by its name: no other message says it beside an amount."""
    return message(page, re.compile(rf"{re.escape(deal)} · (\$|€|no amount)"))


def form(page: Page, title: str) -> Locator:
    """The modal with this title."""
    return page.get_by_role("dialog", name=title)


def described(field: Locator, words: str) -> None:
    """Expects these words at a field, be they its hint or what is wrong with it."""
    expect(field).to_have_accessible_description(re.compile(re.escape(words)))


# --- what people do with it


def press(where: Locator, button: str) -> None:
    where.get_by_role("button", name=button, exact=True).click()


def choose(page: Page, where: Locator, item: str) -> None:
    """Chooses from the menu of a message; anew, where what came meanwhile has moved it away."""
    chosen = page.get_by_role("menuitem", name=item)
    for _ in range(5):
        where.evaluate("it => it.scrollIntoView({block: 'center'})")  # so that the menu has room
        press(where, "More actions")
        try:
            chosen.click(timeout=3_000)
        except TimeoutError:
            page.keyboard.press("Escape")
            continue
        return
    raise AssertionError(f"{item} is out of reach")


def pick(where: Locator, field: str, typed: str) -> None:
    """Chooses in a list by what is typed: the first that fits."""
    found = where.get_by_role("combobox", name=field)
    found.fill(typed)
    found.press("Enter")


def go_to(page: Page, place: str) -> None:
    """A channel, or the app, from the list on the left."""
    page.get_by_role("navigation").get_by_role("button", name=place).click()


def become(page: Page, was: str, name: str) -> None:
    """Looks at the workspace as another person."""
    page.get_by_role("button", name=f"You are {was}").click()
    page.get_by_role("menuitemradio", name=name).click()
    expect(page.get_by_role("button", name=f"You are {name}")).to_be_visible()


def later(page: Page, mark: str) -> None:
    """Moves business time to a moment that the clock's menu offers."""
    page.get_by_role("button", name="Business time").click()
    page.get_by_role("menuitem", name=mark).click()


def shoot(page: Page, name: str) -> None:
    """Keeps what the page shows as a picture, where pictures are wanted."""
    if SHOTS:
        page.mouse.move(0, 0)  # no row looks pointed at
        page.screenshot(path=Path(SHOTS) / f"{name}.png", animations="disabled", caret="hide")
