"""`cadence demo`: the bot and a local Slack workspace with a sample team, in one process.

The bot is the one that `cadence run` starts: it speaks to the workspace through Socket Mode and
the Web API. Only business time is handed over directly, since the page moves it.
"""

import json
import os
import secrets
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bot.app import build
from bot.migrate import upgrade
from bot.sample import CHANNELS, COMPANY, HOME_ZONE, load_sample, sample_deals, sample_people
from bot.settings import SettingsError
from bot.socket import Socket
from bot.tokens import find_installation
from handlers.notices import PROMPTS
from models.base import Database
from models.delivery import Delivery, DeliveryState, Kind
from models.one_on_ones import OneOnOne, Sitting, State
from models.people import Person, Team
from models.pipeline_review import Review, ReviewKind, ReviewState
from models.schedule import Occurrence, OccurrenceState, Schedule, next_instant
from sandbox import App, Channel, Clock, Mark, Server, Workspace, serve
from sandbox import Person as SlackPerson
from sandbox import Team as SlackTeam

MANIFEST = Path(__file__).parent.parent / "manifest.json"
WORKSPACE_ID, APP_ID, BOT_USER_ID = "T0HARBOR", "A0CADENCE", "U0CADENCE"
PEOPLE = {person.key: person.slack_id for person in sample_people()}
MANAGER, ADMIN = "max", "lea"  # whose eyes the page has first
CONNECT_SECONDS = 20.0
FEW = 3  # of each kind of moment in a one-on-one


def demo(port: int, stop: Event, *, first_run: bool = False) -> None:
    """Serves the page, the workspace and the bot until `stop` is set. `first_run`: nobody is set
    up yet, and the deals wait in a file to be dropped.

    All that is left afterwards is the database file, whose place it prints. Raises SettingsError
    when the port cannot be used.
    """
    folder = Path(tempfile.mkdtemp(prefix="cadence-demo-"))
    url = f"sqlite:///{folder / 'cadence.sqlite3'}"
    upgrade(url)
    database = Database(url)
    first = ADMIN if first_run else MANAGER
    workspace = sample_workspace(lambda now: upcoming(database, now), first)
    begin = _first_run if first_run else _sample
    try:
        with serve(workspace, port) as server:
            said = begin(database, folder, server.clock.now())
            _live(server, workspace.apps[0], database, said, stop)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise SettingsError(
            f"Port {port} cannot be used ({why}): choose another with --port."
        ) from None
    finally:
        database.dispose()


def _sample(database: Database, _folder: Path, now: datetime) -> tuple[str, ...]:
    """The sample team in the middle of its work; what is said then."""
    load_sample(database, WORKSPACE_ID, now, PEOPLE)
    return (
        "You are Max, who manages West; it is Monday, 08:15.",
        "Move the clock on, entry by entry, to 10 minutes before Max and Ana.",
        "Or type /pipeline-review in #west.",
    )


def _first_run(_database: Database, folder: Path, now: datetime) -> tuple[str, ...]:
    deals = folder / "deals.csv"
    deals.write_text(sample_deals(now, "West"), encoding="utf-8")
    return (
        "You are Lea, an admin of this Slack; nobody is set up yet.",
        "Type /cadence setup in any conversation, and follow the steps.",
        f"Deals to drop into Cadence's messages: {deals}",
    )


def _live(server: Server, app: App, database: Database, said: tuple[str, ...], stop: Event) -> None:
    bot = build(database, find_installation(app.bot_token, server.api_url), server.clock.now)
    socket = Socket(bot.bolt, app.app_token, server.api_url)
    bot.scheduler.start()
    socket.start()
    try:
        server.wait(lambda: server.connected(APP_ID), CONNECT_SECONDS)
        typer.echo(f"Open {server.url}. {said[0]}")
        for line in said[1:]:
            typer.echo(line)
        typer.echo(f"Every record is in {database.engine.url.database}. Ctrl+C ends the demo.")
        stop.wait()
    finally:
        socket.stop()
        bot.scheduler.stop()


def sample_workspace(marks: Callable[[datetime], list[Mark]], first: str = MANAGER) -> Workspace:
    """A Slack workspace of the sample team, on a Monday at 08:15 in the first manager's zone.
    `first`: whose eyes the page has at the beginning."""
    people = sorted(sample_people(), key=lambda person: person.key != first)
    clock = Clock(monday_morning(datetime.now(ZoneInfo(HOME_ZONE))))
    clock.marks = lambda: marks(clock.now())
    return Workspace(
        team=SlackTeam(WORKSPACE_ID, COMPANY, domain=COMPANY.casefold()),
        people=[
            SlackPerson(
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
    """The Monday of this week or, at the weekend, of the next, just before the morning digest."""
    days = 7 - real.weekday() if real.weekday() >= 5 else -real.weekday()
    return datetime.combine(real.date() + timedelta(days=days), time(8, 15), real.tzinfo)


def upcoming(database: Database, now: datetime) -> list[Mark]:
    """What the page offers to move its clock to, soonest first: prompts, digests, one-on-ones."""
    with database.everywhere() as session:
        marks = [
            *_prompts(session, now),
            *_reminders(session, now),
            *_deciding(session, now),
            *_digests(session, now),
            *_one_on_ones(session, now),
        ]
    return sorted(marks, key=lambda mark: mark.at)


def _prompts(session: Session, now: datetime) -> Iterator[Mark]:
    """The next of each team's schedules, and what is to come whatever they say by now."""
    of_teams = select(Schedule, Team.name).join(Team, Team.id == Schedule.team_id)
    for schedule, name in session.execute(of_teams.where(Schedule.is_on)):
        yield Mark(_named(schedule, name), next_instant(schedule, now))
    promised = of_teams.add_columns(Occurrence.due_at).join(
        Occurrence, Occurrence.schedule_id == Schedule.id
    )
    waits = (Occurrence.state == OccurrenceState.DUE) & (Occurrence.due_at > now)
    for schedule, name, at in session.execute(promised.where(waits)):
        if not schedule.is_on or at != next_instant(schedule, now):
            yield Mark(_named(schedule, name), at)


def _named(schedule: Schedule, team_name: str) -> str:
    what = PROMPTS.get(schedule.prompt, schedule.prompt)
    return f"{what[0].upper()}{what[1:]} · {team_name}"


def _reminders(session: Session, now: datetime) -> Iterator[Mark]:
    """On Monday afternoon, of coverage conversations."""
    coming = select(Delivery.due_at).where(
        Delivery.kind == Kind.HEALTH_REMINDER,
        Delivery.state == DeliveryState.OWED,
        Delivery.due_at > now,
    )
    for at in sorted(set(session.scalars(coming))):
        yield Mark("Reminder: who was not spoken with", at)


def _deciding(session: Session, now: datetime) -> Iterator[Mark]:
    """Of reviews that were started by hand for later."""
    found = select(Review.decide_from, Team.name).join(Team, Team.id == Review.team_id)
    by_hand = found.where(Review.kind == ReviewKind.AD_HOC, Review.state == ReviewState.OPEN)
    for at, name in session.execute(by_hand.where(Review.decide_from > now)):
        yield Mark(f"Deciding begins · {name}", at)


def _digests(session: Session, now: datetime) -> Iterator[Mark]:
    """The next morning of each team's reps."""
    mornings: dict[str, datetime] = {}
    of_reps = (
        select(Schedule, Team.name)
        .join(Person, Person.id == Schedule.person_id)
        .join(Team, Team.id == Person.team_id)
    )
    for schedule, name in session.execute(of_reps.where(Schedule.is_on)):
        at = next_instant(schedule, now)
        mornings[name] = min(at, mornings.get(name, at))
    for name, at in mornings.items():
        yield Mark(f"Morning digest · {name}", at)


def _one_on_ones(session: Session, now: datetime) -> Iterator[Mark]:
    """The first few of each: the reminder before a session, its start, the question after it."""
    coach, person = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Sitting, coach.name, person.name)
        .join(OneOnOne, OneOnOne.id == Sitting.one_on_one_id)
        .join(coach, coach.id == OneOnOne.coach_id)
        .join(person, person.id == OneOnOne.person_id)
        .where(Sitting.is_current, Sitting.ends_at > now - timedelta(days=1))
        .where(OneOnOne.state.not_in((State.CANCELLED, State.EXCUSED)))
        .order_by(Sitting.starts_at, Sitting.id)
    )
    named = {sitting.id: (sitting, _first(one), _first(other)) for sitting, one, other in rows}
    owed = _owed(session, set(named), now)
    for sitting_id, due_at in owed[Kind.ONE_ON_ONE_COACH][:FEW]:
        sitting, one, other = named[sitting_id]
        minutes = (sitting.starts_at - due_at) // timedelta(minutes=1)
        yield Mark(f"{minutes} minutes before: {one} and {other}", due_at)
    to_come = [each for each in named.values() if each[0].starts_at > now]
    for sitting, one, other in to_come[:FEW]:
        yield Mark(f"One-on-one: {one} and {other}", sitting.starts_at)
    for sitting_id, due_at in owed[Kind.ONE_ON_ONE_RATING][:FEW]:
        yield Mark(f"Rating asked: {named[sitting_id][2]}", due_at)


def _owed(
    session: Session, sitting_ids: set[int], now: datetime
) -> dict[Kind, list[tuple[int, datetime]]]:
    """When which of these sittings' messages go out, soonest first."""
    found: dict[Kind, list[tuple[int, datetime]]] = defaultdict(list)
    coming = select(Delivery).where(
        Delivery.kind.in_((Kind.ONE_ON_ONE_COACH, Kind.ONE_ON_ONE_RATING)),
        Delivery.state == DeliveryState.OWED,
        Delivery.due_at > now,
    )
    for delivery in session.scalars(coming.order_by(Delivery.due_at, Delivery.id)):
        if delivery.subject_id in sitting_ids:
            found[delivery.kind].append((delivery.subject_id, delivery.due_at))
    return found


def _first(name: str) -> str:
    return name.split()[0]
