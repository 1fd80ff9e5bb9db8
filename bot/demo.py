"""`cadence demo`: the bot and a local Slack workspace with a sample team, in one process.

The bot is the one that `cadence run` starts: it speaks to the workspace through Socket Mode and
the Web API. Only business time is handed over directly, since the page moves it.
"""

import json
import os
import secrets
import tempfile
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import select

from bot.app import build
from bot.migrate import upgrade
from bot.sample import CHANNELS, COMPANY, HOME_ZONE, load_sample, sample_people
from bot.settings import SettingsError
from bot.socket import Socket
from bot.tokens import find_installation
from models.base import Database
from models.people import Team
from models.schedule import Schedule, next_instant
from sandbox import App, Channel, Clock, Mark, Person, Server, Workspace, serve
from sandbox import Team as SlackTeam

MANIFEST = Path(__file__).parent.parent / "manifest.json"
WORKSPACE_ID, APP_ID, BOT_USER_ID = "T0HARBOR", "A0CADENCE", "U0CADENCE"
PEOPLE = {person.key: person.slack_id for person in sample_people()}
FIRST_SEEN = "max"  # whose eyes the page has first: the manager who types the command
CONNECT_SECONDS = 20.0
PROMPTS = {"review.cards": "Deal cards", "review.deciding": "Deciding"}


def demo(port: int, stop: Event) -> None:
    """Serves the page, the workspace and the bot until `stop` is set.

    All that is left afterwards is the database file, whose place it prints. Raises SettingsError
    when the port cannot be used.
    """
    folder = Path(tempfile.mkdtemp(prefix="cadence-demo-"))
    url = f"sqlite:///{folder / 'cadence.sqlite3'}"
    upgrade(url)
    database = Database(url)
    workspace = sample_workspace(lambda now: upcoming(database, now))
    try:
        with serve(workspace, port) as server:
            _live(server, workspace.apps[0], database, stop)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise SettingsError(
            f"Port {port} cannot be used ({why}): choose another with --port."
        ) from None
    finally:
        database.dispose()


def _live(server: Server, app: App, database: Database, stop: Event) -> None:
    now = server.clock.now
    load_sample(database, WORKSPACE_ID, now(), PEOPLE)
    bot = build(database, find_installation(app.bot_token, server.api_url), now)
    socket = Socket(bot.bolt, app.app_token, server.api_url)
    bot.scheduler.start()
    socket.start()
    try:
        server.wait(lambda: server.connected(APP_ID), CONNECT_SECONDS)
        typer.echo(f"Open {server.url} and type /pipeline-review in #west, as Max.")
        typer.echo(f"Every record is in {database.engine.url.database}. Ctrl+C ends the demo.")
        stop.wait()
    finally:
        socket.stop()
        bot.scheduler.stop()


def sample_workspace(marks: Callable[[datetime], list[Mark]]) -> Workspace:
    """A Slack workspace of the sample team, on a Monday at 08:45 in the first manager's zone."""
    people = sorted(sample_people(), key=lambda person: person.key != FIRST_SEEN)
    clock = Clock(monday_morning(datetime.now(ZoneInfo(HOME_ZONE))))
    clock.marks = lambda: marks(clock.now())
    return Workspace(
        team=SlackTeam(WORKSPACE_ID, COMPANY, domain=COMPANY.casefold()),
        people=[
            Person(
                one.slack_id,
                one.key,
                real_name=one.name,
                email=one.email,
                tz=one.zone,
                title=one.title,
                is_admin=one.is_admin,
            )
            for one in people
        ],
        channels=[
            Channel(one.id, one.name, members=[*one.members, BOT_USER_ID]) for one in CHANNELS
        ],
        apps=[
            App(
                APP_ID,
                manifest=json.loads(MANIFEST.read_text(encoding="utf-8")),
                bot_user_id=BOT_USER_ID,
                bot_token=f"xoxb-{secrets.token_hex(12)}",
                app_token=f"xapp-{secrets.token_hex(12)}",
                signing_secret=secrets.token_hex(16),
            )
        ],
        clock=clock,
    )


def monday_morning(real: datetime) -> datetime:
    """The Monday of this week or, at the weekend, of the next, at 08:45 local time."""
    days = 7 - real.weekday() if real.weekday() >= 5 else -real.weekday()
    return datetime.combine(real.date() + timedelta(days=days), time(8, 45), real.tzinfo)


def upcoming(database: Database, now: datetime) -> list[Mark]:
    """The next moment of each schedule: what the page offers to move its clock to."""
    with database.everywhere() as session:
        rows = session.execute(
            select(Schedule, Team.name)
            .join(Team, Team.id == Schedule.team_id)
            .where(Schedule.is_on)
        ).all()
    marks = [
        Mark(f"{PROMPTS.get(one.prompt, one.prompt)} · {name}", next_instant(one, now))
        for one, name in rows
    ]
    return sorted(marks, key=lambda mark: mark.at)
