"""Meridian's export (../shared/data) in a workspace of its people, with the bot set up on it.

What the files say is read here once more, by itself, so that figures can be held against it.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from freezegun import freeze_time
from typer.testing import CliRunner

from bot.app import build
from bot.cli import app as cadence
from bot.delivery import Pace, Post
from bot.socket import Socket
from bot.tokens import find_installation
from handlers import MESSAGES
from models.base import Database
from sandbox import App, Channel, Clock, Person, Server, Team, Workspace, serve
from sandbox.person import ActingPerson, SeenMessage
from tests.scenarios.floor import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT.parent / "shared" / "data" / "meridian-mit"
EXPORT = FILES / "deals.csv"
MANIFEST = ROOT / "manifest.json"
COLUMNS = (
    "id=deal_id,name=account_name,owner=rep_id,stage=stage,amount=deal_value,"
    "close_date=close_date,created_date=created_date"
)
WORKSPACE, APP, BOT, TOKEN = "T0MERIDIAN", "A0CADENCE", "U0CADENCE", "xoxb-meridian"
HEAD = "Head Of Sales"
REAL = ["slack_sdk", "sandbox", "aiohttp", "asyncio"]
"""What goes on in other threads while a command runs keeps real time."""
MORNING = datetime(2026, 3, 16, 13, 0, tzinfo=UTC)
"""Monday, 09:00 in New York: the day after the newest deal of the export was opened."""


@dataclass(frozen=True)
class Rep:
    """A line of reps.csv. The quota is that of the first quarter of 2026, in whole dollars."""

    id: str
    name: str
    segment: str
    manager: str
    quota: int


@dataclass(frozen=True)
class CrmDeal:
    """A line of deals.csv, the amount in whole dollars."""

    id: str
    name: str
    rep: str
    stage: str
    amount: int
    close: date

    @property
    def is_open(self) -> bool:
        return not self.stage.startswith("Closed")


def reps() -> list[Rep]:
    return [
        Rep(
            row["rep_id"],
            row["rep_name"],
            row["segment"],
            row["manager"],
            int(row["quota_q1_2026"]),
        )
        for row in _rows(FILES / "reps.csv")
    ]


def deals() -> list[CrmDeal]:
    return [
        CrmDeal(
            row["deal_id"],
            row["account_name"],
            row["rep_id"],
            row["stage"],
            int(row["deal_value"]),
            date.fromisoformat(row["close_date"]),
        )
        for row in _rows(EXPORT)
    ]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- the workspace


def email(name: str) -> str:
    return f"{name.casefold().replace(' ', '.')}@meridian.example"


def slack_id(name: str) -> str:
    return f"U0{name.upper().replace(' ', '')}"


def channel_id(segment: str) -> str:
    return f"C0{segment.upper().replace('-', '')}"


def managers() -> dict[str, str]:
    """Each manager's segment, which is the name of the team too."""
    return {rep.manager: rep.segment for rep in reps()}


def _workspace(clock: Clock) -> Workspace:
    names = [HEAD, *managers(), *(rep.name for rep in reps())]
    return Workspace(
        team=Team(WORKSPACE, "Meridian", domain="meridian"),
        people=[
            Person(slack_id(name), email(name).split("@")[0], name, email(name), "America/New_York")
            for name in names
        ],
        channels=[
            Channel(
                channel_id(segment),
                segment.casefold(),
                members=[slack_id(name) for name in _team(manager)] + [BOT],
                kind="private",
            )
            for manager, segment in managers().items()
        ],
        apps=[
            App(
                APP,
                manifest=json.loads(MANIFEST.read_text(encoding="utf-8")),
                bot_user_id=BOT,
                bot_token=TOKEN,
                app_token="xapp-meridian",
                signing_secret="meridian",
            )
        ],
        clock=clock,
    )


def _team(manager: str) -> Iterable[str]:
    return [HEAD, manager, *(rep.name for rep in reps() if rep.manager == manager)]


def team_file() -> str:
    """What an admin would write: a team for each manager, with the quotas of reps.csv."""
    lines = ['currency = "USD"', f'admins = ["{email(HEAD)}"]', "[[leaders]]"]
    lines.append(f'email = "{email(HEAD)}"')
    for manager, segment in managers().items():
        lines += ["[[teams]]", f'name = "{segment}"', f'channel = "#{segment.casefold()}"']
        lines.append('zone = "America/New_York"')
        lines.append(f'manager = {{ email = "{email(manager)}", reports_to = "{email(HEAD)}" }}')
        for rep in reps():
            if rep.manager == manager:
                lines += ["[[teams.reps]]", f'email = "{email(rep.name)}"']
                lines.append(f'quotas = [{{ quarter = "2026-Q1", amount = {rep.quota} }}]')
    return "\n".join(lines)


def owner_file() -> str:
    return "".join(f"{rep.id},{email(rep.name)}\n" for rep in reps())


# --- the bot at work


@dataclass
class Meridian:
    """Who acts, what the commands say, and what the database holds. Time stands until moved."""

    server: Server
    database: Database
    post: Post

    def person(self, name: str) -> ActingPerson:
        return self.server.as_person(slack_id(name))

    def command(self, *words: str) -> str:
        """`cadence …`, typed at this moment of business time; what it said."""
        with freeze_time(self.server.clock.now(), tick=True, real_asyncio=True, ignore=REAL):
            result = CliRunner().invoke(cadence, words)
        assert result.exit_code == 0, result.output
        return result.output

    def deliver(self) -> None:
        """Brings out what is owed."""
        self.post.run_once()
        self.server.settled()

    def later(self, **by: float) -> None:
        self.server.clock.advance(timedelta(**by))

    def said(self, manager: str) -> list[SeenMessage]:
        """What stands in the channel of a manager's team."""
        return self.person(manager).messages(channel_id(managers()[manager]))


@contextmanager
def at_work(database: Database) -> Iterator[Meridian]:
    """The workspace with the bot connected through Socket Mode."""
    with serve(_workspace(Clock(MORNING, frozen=True)), rate_limits=False, **PATIENCE) as server:
        now = server.clock.now
        tokens = find_installation(TOKEN, server.api_url)
        bot = build(database, tokens, now)
        post = Post(database, MESSAGES, now, tokens.client_for, pace=Pace(interval=timedelta(0)))
        socket = Socket(bot.bolt, "xapp-meridian", server.api_url)
        socket.start()
        try:
            server.wait(lambda: server.connected(APP))
            yield Meridian(server, database, post)
        finally:
            socket.stop()
