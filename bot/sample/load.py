"""Loading the sample team: a month played through the real importer and the real rules."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from importlib.resources import files
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.sample.events import Event, play
from bot.sample.month import read_month
from bot.sample.past import month_events
from bot.sample.people import CHANNELS, DOMAIN, HOME_ZONE, SampleDirectory, sample_people
from bot.sample.story import Story, play_actions, play_answers, play_review, read_story
from bot.sample.weeks import week_events
from bot.setup.apply import set_up
from bot.setup.form import TeamFile
from bot.setup.resolve import resolve
from crm.import_file import read_file
from crm.known import load_known
from crm.mapping import Reading
from crm.taking_in import take_in
from crm.toml_file import parse_toml
from handlers.setup.directory import Installation
from models.base import Database
from models.deals import Deal
from models.delivery import Delivery, DeliveryState
from models.people import teams
from models.schedule import Occurrence, OccurrenceState, materialise
from models.trial import begin
from models.week import keep_team

IMPORTED_DAYS_AGO = (28, 14, 7, 4, 0)
IMPORTED_AT = time(6, 30)  # UTC
DATES = ("close_date", "created_date", "closed_date", "stage_since", "last_activity")
PAST = ("closed_date", "stage_since", "last_activity")


def load_sample(
    database: Database,
    workspace_id: str,
    now: datetime,
    people: Mapping[str, str],
    channels: Mapping[str, str] | None = None,
) -> bool:
    """Sets the sample team up and plays its last four weeks, up to `now`; all of it or nothing.

    `people`: the Slack ids by key (see `sample_people`); `channels`: the channel ids by name, where
    they are not those of `CHANNELS`. Its Monday is that of the week of `now` in `HOME_ZONE`, and
    its schedules start in that week. False, and nothing is done, where deals are here already.
    """
    today = now.astimezone(ZoneInfo(HOME_ZONE)).date()
    monday = today - timedelta(days=today.weekday())
    in_slack = channels or {channel.name: channel.id for channel in CHANNELS}
    directory = SampleDirectory(Installation(workspace_id), people, in_slack)
    wanted = resolve(parse_toml(_team_file(monday), "team.toml", TeamFile), directory)
    with database.transaction(workspace_id) as session:
        if session.scalars(select(Deal.id).limit(1)).first() is not None:
            return False
        set_up(session, wanted, now)
        for team in teams(session):  # their first weeks are long over
            begin(team, monday - timedelta(weeks=8))
            keep_team(session, team, now, since=monday)
        story = read_story()
        weeks = week_events(session, story.fridays, monday)
        play(session, [*_events(story, monday, now), *weeks], now)
        _had_their_turn(session, now)
        _never_post(session, now)
    return True


def _events(story: Story, monday: date, now: datetime) -> list[Event]:
    """Everything of the past four weeks."""
    events = [
        Event(min(_moment(monday, -days), now), partial(_import, monday=monday, days_ago=days))
        for days in IMPORTED_DAYS_AGO
    ]
    told = partial(_import_activities, monday=monday)
    events.append(Event(min(_moment(monday, 0), now), told))
    for answers in story.answers:
        at = _moment(monday, answers.day, time(12))
        events.append(Event(at, partial(play_answers, answers=answers, monday=monday)))
    for action in story.actions:
        at = _moment(monday, action.day, time(13))
        events.append(Event(at, partial(play_actions, action=action, monday=monday)))
    for review in story.reviews:
        at = _moment(monday, -6, time(14))
        events.append(Event(at, partial(play_review, review=review, monday=monday)))
    return [*events, *month_events(read_month(), monday)]


def _moment(monday: date, day: int, at: time = IMPORTED_AT) -> datetime:
    return datetime.combine(monday + timedelta(days=day), at, UTC)


def _team_file(monday: date) -> str:
    quarter = (monday.month - 1) // 3
    later = monday.year + (quarter + 1) // 4
    return (
        _text("team.toml")
        .replace("NEXT_QUARTER", f"{later}-Q{(quarter + 1) % 4 + 1}")
        .replace("QUARTER", f"{monday.year}-Q{quarter + 1}")
        .replace("MONTH", f"{monday:%Y-%m}")
        .replace("MONDAY", f"{monday}")
    )


def _text(name: str) -> str:
    return files("bot.sample").joinpath(name).read_text(encoding="utf-8")


# --- imports


def _import(session: Session, at: datetime, *, monday: date, days_ago: int) -> None:
    """What the CRM's file said so many days before that Monday, through the importer."""
    _take_in(session, at, "deals.csv", _export(monday, days_ago))


def _import_activities(session: Session, at: datetime, *, monday: date) -> None:
    """The contacts that the CRM has, told after the deals."""
    rows = _rows("activities.csv")
    dated = [row | {"on": str(monday + timedelta(days=int(row["on"])))} for row in rows]
    _take_in(session, at, "activities.csv", dated)


def sample_deals(now: datetime, team: str) -> str:
    """A sample team's deals as a CRM would export them now, to drop into Slack."""
    today = now.astimezone(ZoneInfo(HOME_ZONE)).date()
    owners = {person.email for person in sample_people() if person.team == team}
    found = _export(today - timedelta(days=today.weekday()), 0)
    return _csv([row for row in found if row["owner"] in owners])


def _csv(rows: list[dict[str, str]]) -> str:
    written = io.StringIO()
    out = csv.DictWriter(written, fieldnames=list(rows[0]), lineterminator="\n")
    out.writeheader()
    out.writerows(rows)
    return written.getvalue()


def _take_in(session: Session, at: datetime, name: str, rows: list[dict[str, str]]) -> None:
    opened = io.BytesIO(_csv(rows).encode())
    file = read_file(opened, Reading(), load_known(session), at)
    take_in(session, file, at, file_name=name)


def _export(monday: date, days_ago: int) -> list[dict[str, str]]:
    said = _said_then(days_ago)
    return [
        _as_of(row | said.get(row["id"], {}), monday, days_ago)
        for row in _rows("deals.csv")
        if int(row["created_date"]) <= -days_ago
    ]


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_text(name))))


def _said_then(days_ago: int) -> dict[str, dict[str, str]]:
    """What was different, by deal and column: each value held until so many days ago."""
    said: dict[str, dict[str, str]] = {}
    for row in sorted(_rows("history.csv"), key=lambda row: int(row["until"])):
        if int(row["until"]) <= days_ago:
            said.setdefault(row["id"], {})[row["column"]] = row["value"]
    return said


def _as_of(row: dict[str, str], monday: date, days_ago: int) -> dict[str, str]:
    """A row with real dates; what had not happened yet by then is empty."""
    dated = {**row, "owner": f"{row['owner']}@{DOMAIN}"}
    for column in DATES:
        if not row[column] or (column in PAST and int(row[column]) > -days_ago):
            dated[column] = ""
        else:
            dated[column] = str(monday + timedelta(days=int(row[column])))
    return dated


def _had_their_turn(session: Session, now: datetime) -> None:
    """The prompts of this Monday whose time has come already, where it is later in the day."""
    materialise(session, now)
    came = update(Occurrence).where(Occurrence.state == OccurrenceState.DUE)
    session.execute(came.values(state=OccurrenceState.RAN, settled_at=now))


def _never_post(session: Session, now: datetime) -> None:
    """The past's messages are history: nobody gets them now. What is still to come stays owed."""
    owed = update(Delivery).where(Delivery.state == DeliveryState.OWED, Delivery.due_at <= now)
    session.execute(owed.values(state=DeliveryState.DROPPED))
