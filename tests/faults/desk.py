"""A desk for tests of the post: owes messages, posts them, looks at what Slack shows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery import Pace, Post
from bot.importing import Importer
from handlers.message import Message, Rendered
from models.base import Database
from models.delivery import Delivery, DeliveryState, Kind, refresh
from sandbox import App, Channel, Clock, Person, Server, Team, Workspace
from sandbox.faults import Fault
from sandbox.person import SeenMessage
from tests.owing import owe
from tests.world import NOW, World

TOKEN = "xoxb-faults"
APP = "A0CADENCE"
BOT = "U0BOT"
PEOPLE = ("LEA", "MAX", "ANA", "BEN", "CLEO", "ADA")
SCOPES = (
    "chat:write", "im:write", "users:read", "channels:read", "channels:history", "im:history",
)  # fmt: skip
SECOND = timedelta(seconds=1)


def a_slack(
    *,
    clock: Clock | None = None,
    channels: Iterable[str] = ("C0WEST", "C0EAST"),
    scopes: Iterable[str] = SCOPES,
) -> Workspace:
    """A workspace with the people of tests.world; everybody and the bot are in every channel."""
    ids = [f"U0{name}" for name in PEOPLE]
    manifest = {
        "display_information": {"name": "Cadence"},
        "features": {"bot_user": {"display_name": "Cadence", "always_online": True}},
        "oauth_config": {"scopes": {"bot": [*scopes]}},
    }
    return Workspace(
        team=Team("T0NORTH", "North", domain="north"),
        people=[Person(id_, id_[2:].lower(), tz="America/New_York") for id_ in ids],
        channels=[Channel(id_, id_.lower(), members=[*ids, BOT]) for id_ in channels],
        apps=[
            App(
                APP,
                manifest=manifest,
                bot_user_id=BOT,
                bot_token=TOKEN,
                app_token="xapp-faults",
                signing_secret="faults",
            )
        ],
        clock=clock or Clock(),
    )


class Client(WebClient):
    """A client that repeats nothing by itself and knows no proxy. Tells of every call before it
    goes out: then its process may stand still, for instance.
    """

    def __init__(
        self, api_url: str, timeout: int = 10, before: Callable[[str], None] = lambda _method: None
    ) -> None:
        super().__init__(TOKEN, base_url=api_url, timeout=timeout, retry_handlers=[])
        self.proxy = None
        self._before = before

    def api_call(self, api_method: str, **more: Any) -> SlackResponse:
        self._before(api_method)
        return super().api_call(api_method, **more)


def loads(kind: Kind) -> Callable[[Session, int, datetime], tuple[int, int] | None]:
    """Any subject is wanted, unless its number is negative; what it shows is its revision."""

    def load(session: Session, subject_id: int, _now: datetime) -> tuple[int, int] | None:
        if subject_id < 0:
            return None
        found = select(Delivery.revision).where(
            Delivery.kind == kind, Delivery.subject_id == subject_id
        )
        return subject_id, max(session.scalars(found))

    return load


def render(shown: tuple[int, int]) -> Rendered:
    """For example: message 7 as of 2."""
    text = f"message {shown[0]} as of {shown[1]}"
    section = {"type": "section", "text": {"type": "plain_text", "text": text}}
    return Rendered(text, [section])


MESSAGES = {kind: Message(loads(kind), render) for kind in Kind}


def is_a_post(message: SeenMessage) -> bool:
    """Whether the bot wrote it (not Slack, about the bot)."""
    return message.user == BOT and "subtype" not in message.json


class Moving:
    """Real time for tests: it stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def __call__(self) -> datetime:
        return self._at

    def move(self, by: timedelta) -> None:
        self._at += by


@dataclass
class Desk:
    """Owing and posting on one database, before one Slack."""

    database: Database
    world: World
    server: Server
    real: Moving = field(default_factory=lambda: Moving(NOW + timedelta(days=400)))
    crashed: list[str] = field(default_factory=list)
    at_point: dict[str, Callable[[], None]] = field(default_factory=dict)
    at_call: dict[str, Callable[[], object]] = field(default_factory=dict)
    _subjects: Any = field(default_factory=lambda: count(1))

    def owe(
        self,
        *,
        kind: Kind = Kind.REVIEW_CARD,
        subject_id: int | None = None,
        channel_id: str | None = None,
        person_id: int | None = None,
        due_at: datetime = NOW,
        after: Delivery | None = None,
    ) -> Delivery:
        """One more message, to the team's channel unless said otherwise."""
        subject = next(self._subjects) if subject_id is None else subject_id
        if person_id is None and channel_id is None:
            channel_id = self.world.channel
        with self.database.transaction(self.world.workspace_id) as session:
            return owe(
                session,
                kind,
                subject,
                dedupe_key=f"{kind}/{subject}",
                due_at=due_at,
                channel_id=channel_id,
                person_id=person_id,
                after=after,
            )

    def refresh(self, delivery: Delivery) -> None:
        """What the message shows has changed."""
        with self.database.transaction(self.world.workspace_id) as session:
            refresh(session, delivery.kind, delivery.subject_id, self.server.clock.now())

    def post(self, messages: dict[Kind, Message[Any]] | None = None, **pace: timedelta) -> Post:
        """A post like the bot's, whose crash points are this desk's."""
        return Post(
            self.database,
            messages or MESSAGES,
            self.server.clock.now,
            lambda _workspace: Client(self.server.api_url, before=self._call),
            crash=self._point,
            pace=Pace(**pace),
            real=self.real,
        )

    def importer(self) -> Importer:
        """One like the bot's, whose crash points are this desk's."""
        return Importer(
            self.database,
            self.server.clock.now,
            lambda _workspace: Client(self.server.api_url),
            crash=self._point,
            real=self.real,
        )

    def deliver(self, seconds: int = 0) -> int:
        """Posts what may go out now, and then once in each of the next seconds of real time."""
        handled = self.post().run_once()
        for _ in range(seconds):
            self.real.move(SECOND)
            handled += self.post().run_once()
        return handled

    def row(self, delivery: Delivery) -> Delivery:
        """The delivery as it is now."""
        with self.database.transaction(self.world.workspace_id) as session:
            return session.scalars(select(Delivery).where(Delivery.id == delivery.id)).one()

    def state(self, delivery: Delivery) -> DeliveryState:
        return self.row(delivery).state

    def of_kind(self, kind: Kind) -> list[Delivery]:
        with self.database.transaction(self.world.workspace_id) as session:
            of_kind = select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)
            return [*session.scalars(of_kind)]

    def shown(self, channel: str = "C0WEST", thread_ts: str | None = None) -> list[str]:
        """The bot's messages that people see, oldest first."""
        seen = self.server.as_person("U0MAX").messages(channel, thread_ts=thread_ts)
        return [message.fallback for message in seen if is_a_post(message)]

    def dm(self, person: str) -> list[str]:
        """What the bot wrote to somebody."""
        reader = self.server.as_person(person)
        seen = reader.messages(reader.dm_with(BOT))
        return [message.fallback for message in seen if is_a_post(message)]

    def calls(self, method: str) -> int:
        """How often Slack was asked this, whatever it answered."""
        traffic = self.server.traffic()
        return sum(1 for e in traffic if e["kind"] == "api" and e["name"] == method)

    def fault(self, kind: Any, method: str = "chat.postMessage", **more: Any) -> int:
        """Switches on a fault, once unless said otherwise."""
        return self.server.faults.add(Fault(kind, method, **{"times": 1, **more}))

    def _point(self, name: str) -> None:
        self.crashed.append(name)
        action = self.at_point.pop(name, None)
        if action is not None:
            action()

    def _call(self, method: str) -> None:
        action = self.at_call.pop(method, None)
        if action is not None:
            action()
