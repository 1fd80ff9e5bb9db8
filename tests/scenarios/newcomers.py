"""A workspace in which Cadence was installed a minute ago: nobody is set up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.app import build
from bot.channels import Channels
from bot.delivery import Pace, Post
from bot.tokens import find_installation
from handlers import MESSAGES
from models.base import Database
from sandbox import App, Channel, Clock, Person, Team, Workspace, serve
from sandbox.person import ActingPerson, SeenMessage
from tests.scenarios.floor import APP, BOT, MANIFEST, PATIENCE, SECRET, Floor, connected
from tests.world import NOW, World

PEOPLE = {
    "sid": "U0SID",  # owns the Slack workspace
    "max": "U0MAX",
    "lea": "U0LEA",
    "ana": "U0ANA",
    "ben": "U0BEN",
    "guest": "U0GUEST",
}
WEST, OPEN, SHARED = "C0WEST", "C0OPEN", "C0SHARED"
NOWHERE = World("T0NORTH", 0, 0, 0, 0, 0, 0, 0, WEST, {})


@contextmanager
def installed(database: Database, transport: str, *, start: datetime = NOW) -> Iterator[Floor]:
    """The bot runs on an empty database, and was invited to #west."""
    slack = _workspace(Clock(start=start, frozen=True))
    with serve(slack, rate_limits=False, **PATIENCE) as server:
        tokens = find_installation("xoxb-cadence", server.api_url)
        bot = build(database, tokens, server.clock.now)
        pace = Pace(interval=timedelta(0))
        now, look = server.clock.now, Channels()
        post = Post(database, MESSAGES, now, tokens.client_for, channels=look, pace=pace)
        with connected(server, bot, transport):
            people = {name: server.as_person(slack_id) for name, slack_id in PEOPLE.items()}
            yield Floor(server, database, NOWHERE, bot, post, people)


def _workspace(clock: Clock) -> Workspace:
    people = [
        Person(slack_id, name, real_name=name.capitalize(), email=f"{name}@example.com",
               tz="America/New_York", is_owner=name == "sid", is_restricted=name == "guest")
        for name, slack_id in PEOPLE.items()
    ]  # fmt: skip
    team = ["U0MAX", "U0LEA", "U0ANA", "U0BEN", BOT]
    return Workspace(
        team=Team("T0NORTH", "North", domain="north"),
        people=people,
        channels=[
            Channel(WEST, "west", members=[*team, "U0SID"], kind="private"),
            Channel(OPEN, "open", members=[*team, "U0SID"]),
            Channel(SHARED, "partners", members=[*team, "U0SID"], is_ext_shared=True),
        ],
        apps=[App(APP, MANIFEST, BOT, "xoxb-cadence", "xapp-cadence", SECRET)],
        clock=clock,
    )


def steps(floor: Floor, who: ActingPerson) -> SeenMessage:
    """The newest message with the steps."""
    floor.deliver()
    return [one for one in floor.dm(who) if one.fallback.startswith("Set up")][-1]


TEAM_WEST = {
    "name": "West",
    "manager": "U0MAX",
    "channel": WEST,
    "currency": "USD",
    "zone": "America/New_York",
    "locale": "en_US",
}
