"""`cadence doctor`: what is in order and what is not, a line each with what to do.

It changes nothing, works on an empty database, and looks at everything that it can reach: a token
that is refused does not keep it from looking at the database.
"""

import json
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.answers import NotDone, Refused, TokenRefused, ask
from bot.channels import Channels
from bot.clock import real_now
from bot.migrate import heads, scripts
from bot.settings import Settings, SettingsError
from bot.tokens import asking_client, slack_client
from handlers.setup.directory import Account, SlackDirectory, SlackRefused
from handlers.setup.messages import UNFIT
from models.base import Database
from models.channels import ChannelCheck, unfit
from models.deals import Import
from models.delivery import Delivery, DeliveryState
from models.people import Person, admins, standards, teams
from models.schedule import Schedule

MANIFEST = Path(__file__).resolve().parents[1] / "manifest.json"
SKEW = timedelta(seconds=30)
"""Slack's signatures hold five minutes; a clock this far off is worth a word before that."""


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, whether it is in order, and what to do where it is not."""

    what: str
    ok: bool
    says: str

    def line(self) -> str:
        return f"{'ok  ' if self.ok else 'FAIL'}  {self.what}: {self.says}"


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything, in the order in which it is set up."""
    client, workspace_id = None, ""
    try:
        client = asking_client(settings.bot_token(), settings.slack_api_url)
        workspace_id = yield from _slack(client)
    except SettingsError as wrong:
        yield Finding("bot token", False, str(wrong))
    yield _transport(settings)
    database = Database(settings.database_url)
    try:
        is_ready = yield from _database(database)
        if is_ready and client is not None and workspace_id:
            yield from _workspace(database, client, workspace_id)
    finally:
        database.dispose()


def _slack(client: WebClient) -> Generator[Finding, None, str]:
    """The id of the workspace; empty where the token is refused."""
    try:
        said = ask(client.auth_test)
    except NotDone as failure:
        yield Finding("bot token", False, _no(failure, "copy SLACK_BOT_TOKEN from Install App"))
        return ""
    yield Finding("bot token", True, f"of {said['team']}, as {said['user']}.")
    headers = {name.lower(): value for name, value in said.headers.items()}
    yield _scopes(str(headers.get("x-oauth-scopes", "")))
    if date := headers.get("date"):
        yield _skew("clock against Slack", parsedate_to_datetime(date))
    return str(said["team_id"])


def _no(failure: NotDone, way_out: str) -> str:
    """What to do about a call that Slack refused, or that never came to an answer."""
    if not isinstance(failure, (Refused, TokenRefused)):
        way_out = "see whether this machine reaches Slack (network, proxy, SLACK_API_URL)"
    return f"{failure.reason}: {way_out}."


def _scopes(granted: str) -> Finding:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    wanted = set(manifest["oauth_config"]["scopes"]["bot"])
    lacking = sorted(wanted - {scope.strip() for scope in granted.split(",")})
    if lacking:
        way_out = "paste this version's manifest.json under App Manifest, and install the app again"
        return Finding("scopes", False, f"missing {', '.join(lacking)}: {way_out}.")
    return Finding("scopes", True, f"all {len(wanted)} of manifest.json.")


def _skew(what: str, theirs: datetime) -> Finding:
    off = real_now() - theirs
    seconds = round(abs(off.total_seconds()))
    if abs(off) <= SKEW:
        return Finding(what, True, f"{seconds} s apart.")
    return Finding(what, False, f"{seconds} s apart: have this machine set its clock by NTP.")


def _transport(settings: Settings) -> Finding:
    token = settings.app_token()
    if token is not None:
        return _socket(settings, token)
    try:
        settings.signing_secret()
    except SettingsError as wrong:
        return Finding("transport", False, str(wrong))
    return Finding("transport", True, f"HTTP on port {settings.port}: Slack needs its address.")


def _socket(settings: Settings, token: str) -> Finding:
    client = slack_client(None, settings.slack_api_url)
    try:
        ask(lambda: client.apps_connections_open(app_token=token))
    except NotDone as failure:
        way_out = "make an app-level token with connections:write, and switch Socket Mode on"
        return Finding("app token", False, _no(failure, way_out))
    return Finding("app token", True, "Socket Mode.")


# --- the database


def _database(database: Database) -> Generator[Finding, None, bool]:
    """Whether it can be worked with."""
    try:
        with database.engine.connect() as connection:
            stands = heads(connection)
            at = connection.execute(text(_NOW[database.engine.dialect.name])).scalar_one()
    except SQLAlchemyError as error:
        way_out = "look at DATABASE_URL, and whether it runs"
        yield Finding("database", False, f"{type(error).__name__}: {way_out}.")
        return False
    yield Finding("database", True, f"{database.engine.dialect.name}.")
    yield _skew("clock against the database", _moment(at))
    newest = set(scripts().get_heads())
    if stands != newest:
        here = ", ".join(sorted(stands)) or "nothing"
        yield Finding("migrations", False, f"at {here}: run cadence migrate.")
        return False
    yield Finding("migrations", True, f"at {', '.join(sorted(newest))}.")
    return True


_NOW = {"sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')", "postgresql": "SELECT now()"}


def _moment(at: Any) -> datetime:
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    return moment.astimezone(UTC)


def _workspace(database: Database, client: WebClient, workspace_id: str) -> Iterator[Finding]:
    with database.transaction(workspace_id) as session:
        made = [(team.name, team.channel_id) for team in teams(session)]
        people = [
            (person.slack_id, person.name)
            for person in session.scalars(select(Person).where(Person.active))
        ]
        yield _admins(session)
        if not made:
            yield Finding("teams", False, "none yet: type /cadence setup in Slack.")
            return
        yield from _schedules(session)
        yield _deals(session)
        yield _parked(session)
    channels = Channels()
    for name, channel_id in made:
        yield _channel(database, client, channels, workspace_id, name, channel_id)
    yield _people(SlackDirectory(client), people)


def _admins(session: Session) -> Finding:
    names = [person.name for person in admins(session)]
    if not names:
        says = "none: an admin or owner of the Slack workspace types /cadence setup"
        return Finding("admins", False, f"{says}, or run cadence admin EMAIL.")
    return Finding("admins", True, f"{', '.join(names)}.")


def _schedules(session: Session) -> Iterator[Finding]:
    for team in teams(session):
        prompts = select(func.count(Schedule.id)).where(Schedule.team_id == team.id, Schedule.is_on)
        what = f"schedule of {team.name}"
        if team.trial_ends_on is None:
            yield Finding(what, False, "not started: press Start in /cadence setup.")
        elif not session.scalar(prompts):
            yield Finding(what, True, "switched off; /pipeline-review works all the same.")
        else:
            yield Finding(what, True, "runs.")


def _deals(session: Session) -> Finding:
    taken = session.scalar(select(func.max(Import.imported_at)))
    if taken is None:
        return Finding("deals", False, "none imported yet: cadence import deals.csv.")
    days = (real_now() - taken).days
    says = f"imported {days} {'day' if days == 1 else 'days'} ago"
    if days > standards(session).import_days:
        return Finding("deals", False, f"{says}: import a newer export.")
    return Finding("deals", True, f"{says}.")


def _parked(session: Session) -> Finding:
    parked = select(Delivery).where(Delivery.state == DeliveryState.PARKED)
    rows = session.scalars(parked.order_by(Delivery.due_at)).all()
    if not rows:
        return Finding("messages held back", True, "none.")
    oldest = rows[0]
    why = UNFIT[oldest.error][0] if oldest.error in UNFIT else oldest.error
    since = f"{oldest.due_at:%Y-%m-%d %H:%M} UTC"
    says = f"{len(rows)}, the oldest ({oldest.kind}) since {since}: {why}. Home says what to do."
    return Finding("messages held back", False, says)


def _channel(
    database: Database,
    client: WebClient,
    channels: Channels,
    workspace_id: str,
    name: str,
    channel_id: str | None,
) -> Finding:
    what = f"channel of {name}"
    if channel_id is None:
        return Finding(what, False, "none: choose one in /cadence setup.")
    try:
        channel = ask(lambda: client.conversations_info(channel=channel_id))["channel"]
        said = channels.said_of(client, workspace_id, channel)
    except NotDone as failure:
        return Finding(what, False, f"{channel_id}: {failure.reason}: invite the bot there.")
    if channel.get("is_archived"):
        return Finding(what, False, f"#{channel['name']} is archived: choose another.")
    if not channel.get("is_member"):
        return Finding(what, False, f"the bot is not in #{channel['name']}: /invite @Cadence.")
    with database.transaction(workspace_id) as session:
        check = ChannelCheck(channel_id=channel_id, checked_at=real_now(), **vars(said))
        wrong = unfit(session, check)
    if wrong is not None:
        why, way_out = UNFIT[wrong]
        return Finding(what, False, f"#{channel['name']}: {why}. {way_out}")
    return Finding(what, True, f"#{channel['name']}.")


def _people(slack: SlackDirectory, people: list[tuple[str, str]]) -> Finding:
    try:
        accounts = slack.people(slack_id for slack_id, _name in people)
    except SlackRefused as refused:
        return Finding("people", False, str(refused))
    unknown = [name for slack_id, name in people if accounts[slack_id] is None]
    if unknown:
        return Finding("people", False, f"unknown to Slack: {', '.join(unknown)}.")
    gone = [name for slack_id, name in people if _has_left(accounts[slack_id])]
    if gone:
        says = f"deactivated in Slack: {', '.join(gone)}. Take them out in /cadence setup"
        return Finding("people", False, f"{says}; give their deals a new owner.")
    return Finding("people", True, f"all {len(people)} are active in Slack.")


def _has_left(account: Account | None) -> bool:
    return account is not None and account.is_deactivated


Say = Callable[[str], object]


def doctor(settings: Settings, say: Say, *, as_json: bool) -> bool:
    """Says each finding; whether everything is in order."""
    found = []
    for one in examine(settings):
        found.append(one)
        if not as_json:
            say(one.line())
    if as_json:
        say(json.dumps([vars(one) for one in found]))
    return all(one.ok for one in found)
