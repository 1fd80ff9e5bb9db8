"""The bot at work in a Slack workspace on this machine: moved from one moment to the next, thrown
away and built anew over the same database, sometimes in the middle of what it does.

Nothing of it is replaced: `bot.app.build`, `run_due` with the product's prompts and chores, the
post with its crash points, signed requests over HTTP. Only the threads that would call them on an
interval are left out: whoever plays calls them at each moment at which anything is due.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from bot.app import Bot, build
from bot.channels import Channels
from bot.delivery import Pace, Post
from bot.http import Gate, HttpServer
from bot.scheduler import run_due
from bot.tokens import find_installation
from handlers import MESSAGES
from models.agenda import CHORES, PROMPTS
from models.base import Database
from models.coaching import CoverageTalk, TalkState
from models.deals import Import
from models.delivery import Delivery, DeliveryState, Kind
from models.forecast import Forecast
from models.one_on_ones import Sitting, Standing
from models.pipeline_review import Review, ReviewState
from models.schedule import Occurrence, OccurrenceState, Schedule
from sandbox import App, Channel, Clock, Person, Server, Team, Workspace, serve
from sandbox.channel import Message
from sandbox.person import SeenMessage, SeenView
from tests.quarter.events import Event
from tests.quarter.team import CHANNEL, PLACES, SET_UP, WORKSPACE, SetUp, set_up, slack_id
from tests.reading import plain, read
from tests.scenarios.floor import APP, BOT, MANIFEST, PATIENCE, SECRET

MINUTE = timedelta(minutes=1)
TOKEN = "xoxb-quarter"


class Killed(BaseException):
    """The process ended between two steps, or inside a transaction."""


@dataclass(frozen=True)
class Posted:
    """A message of the bot's as it was first seen. `to`: a person's name, or empty: the channel.
    `thread`: the `ts` of the message in whose thread it stands, or empty."""

    at: datetime
    to: str
    channel: str
    ts: str
    key: str
    kind: Kind
    subject_id: int
    text: str  # of the notification
    words: str  # all that can be read on it
    thread: str


class Office:
    """Who is there, what Slack shows, and the bot while it is up."""

    def __init__(self, server: Server, workspace: Workspace, database: Database) -> None:
        self.server, self.database = server, database
        self._workspace = workspace
        self.people = {name: server.as_person(slack_id(name)) for name in PLACES}
        self.dms = {name: workspace.im(slack_id(name), BOT).id for name in PLACES}
        self._names = {channel: name for name, channel in self.dms.items()}
        self.events: list[Event] = []
        self.posted: list[Posted] = []
        self._read: defaultdict[str, int] = defaultdict(int)
        self._real = datetime.now(UTC)
        self._tokens = find_installation(TOKEN, server.api_url)
        self._doom: list[tuple[str, int]] = []
        self._bot: Bot | None = None
        self._prompts = {name: self._mortal("prompt", do) for name, do in PROMPTS.items()}
        self._chores = [replace(one, do=self._mortal("chore", one.do)) for one in CHORES]
        self._start()
        with database.transaction(WORKSPACE) as session:
            self.ids: SetUp = set_up(session)

    def now(self) -> datetime:
        return self.server.clock.now()

    # --- the bot comes and goes

    @property
    def is_up(self) -> bool:
        return self._bot is not None

    def go_down(self) -> None:
        """Nobody answers, and nothing is done, until it is up again."""
        self._stop()
        self.events.append(Event(self.now(), "down"))

    def come_up(self) -> None:
        self._start()
        self.events.append(Event(self.now(), "up"))

    def doom(self, point: str, passes: int) -> None:
        """It ends when it passes that point for the so-manieth time from now on."""
        self._doom.append((point, passes))

    def _start(self) -> None:
        now = self.server.clock.now
        self._bot = build(self.database, self._tokens, now)
        self._post = Post(
            self.database,
            MESSAGES,
            now,
            self._tokens.client_for,
            channels=Channels(),
            crash=self._point,
            pace=Pace(interval=timedelta(0)),
            real=lambda: self._real,
        )
        gate = Gate(self._bot.bolt, SECRET, lambda: None)
        self._http = HttpServer(gate, host="127.0.0.1", port=0)
        self._http.start()
        self.server.set_request_url(APP, f"http://127.0.0.1:{self._http.port}/slack/events")

    def _stop(self) -> None:
        self._http.stop()
        self._bot = None
        self.database.dispose()

    def _point(self, name: str) -> None:
        for number, (point, passes) in enumerate(self._doom):
            if point == name:
                self._doom[number] = (point, passes - 1)
        if (name, 0) in self._doom:
            self._doom.remove((name, 0))
            self.events.append(Event(self.now(), "killed", whom=name))
            raise Killed(name)

    def _mortal(self, what: str, do: Callable[..., Any]) -> Callable[..., Any]:
        """What may end when all is done, before it is committed."""

        def done(*given: Any) -> Any:
            outcome = do(*given)
            self._point(what)
            return outcome

        return done

    def take_in(self, by: str) -> None:
        """Somebody imports the CRM's export, whether the bot is up or not: nothing changed there
        since the last one."""
        with self.database.transaction(WORKSPACE) as session:
            session.add(
                Import(
                    file_name="deals.csv",
                    sha256="0" * 64,
                    imported_at=self.now(),
                    imported_by_id=self.ids.people[by],
                    added=0,
                    changed=0,
                    unchanged=len(self.ids.deals),
                    mapping={},
                )
            )
        self.events.append(Event(self.now(), "import", by))

    # --- it does what is due

    def work(self) -> None:
        """All that is due at this moment, however often it has to be begun anew."""
        while True:
            try:
                run_due(self.database, self._prompts, self.now, chores=self._chores)
                self._deliver()
            except Killed:
                self._stop()
                self._start()
                continue
            return

    def deliver(self) -> None:
        """All that is owed at this moment."""
        try:
            self._deliver()
        except Killed:
            self._stop()
            self._start()
            self.work()

    def _deliver(self) -> None:
        self._post.run_once()
        for _ in range(50):
            if not self._is_owed():
                return
            self._real += 2 * MINUTE  # what a lease or a failure held back
            self._post.run_once()
        raise AssertionError("something is owed and does not go out")

    def _is_owed(self) -> bool:
        """Aside from what waits for the message that it replies to, held back by hours."""
        owed = (Delivery.state == DeliveryState.OWED) & (Delivery.due_at <= self.now())
        with self.database.everywhere() as session:
            parent = aliased(Delivery)
            waits = exists().where(parent.id == Delivery.after_id, parent.ts.is_(None))
            return session.scalar(select(Delivery.id).where(owed, ~waits).limit(1)) is not None

    def next_due(self) -> datetime | None:
        """The next moment at which the bot has anything to do."""
        now = self.now()
        ahead = [
            select(func.min(column)).where(column > now, *which) for column, which in _DUE.items()
        ]
        with self.database.everywhere() as session:
            found = [at for asked in ahead if (at := session.scalar(asked)) is not None]
        return min(found, default=None)

    # --- what Slack shows

    def news(self) -> list[Posted]:
        """What the bot has posted since this was last asked, oldest first."""
        new = []
        for channel in [*self._workspace.channels.values()]:
            for message in channel.messages[self._read[channel.id] :]:
                self._read[channel.id] += 1
                if message.metadata is not None:
                    new.append((channel.id, message))
        if not new:
            return []
        keys = [_key(message) for _, message in new]
        asked = select(Delivery.key, Delivery.kind, Delivery.subject_id)
        with self.database.everywhere() as session:
            rows = session.execute(asked.where(Delivery.key.in_(keys))).all()
        by_key = {key: (kind, subject_id) for key, kind, subject_id in rows}
        found = [self._as_posted(channel, message, by_key) for channel, message in new]
        found.sort(key=lambda one: one.ts)
        self.posted += found
        return found

    def _as_posted(
        self, channel: str, message: Message, by_key: dict[str, tuple[Kind, int]]
    ) -> Posted:
        kind, subject_id = by_key[_key(message)]
        return Posted(
            at=datetime.fromtimestamp(int(message.ts.partition(".")[0]), UTC),
            to=self._names.get(channel, ""),
            channel=channel,
            ts=message.ts,
            key=_key(message),
            kind=kind,
            subject_id=subject_id,
            text=words(plain(message.text)),
            words=words(read(message.blocks or [])),
            thread=message.thread_ts or "" if message.is_reply else "",
        )

    def seen(self, posted: Posted) -> SeenMessage:
        """The message as it stands now."""
        message = self._workspace.channels[posted.channel].find(posted.ts)
        assert message is not None, posted
        return SeenMessage({"ts": posted.ts}, message.blocks or [], posted.channel)

    def modal(self, who: str) -> SeenView | None:
        """What this person has before them."""
        stack = self._workspace.views.stack(slack_id(who))
        if not stack:
            return None
        content = stack[-1].content
        return SeenView({**content, "id": stack[-1].id}, content["blocks"], {}, {})

    def standing(self) -> list[tuple[str, str]]:
        """Where, and with which key, each message of the bot stands now."""
        return [
            (channel.id, _key(message))
            for channel in self._workspace.channels.values()
            for message in channel.messages
            if message.metadata is not None
        ]

    def whispers(self, channel: str) -> int:
        return len(self._workspace.channels[channel].whispers)

    def rows(self, *asked: Any, where: tuple[Any, ...] = ()) -> list[Any]:
        with self.database.transaction(WORKSPACE) as session:
            return [*session.execute(select(*asked).where(*where)).all()]


_DUE: dict[Any, tuple[Any, ...]] = {
    Schedule.look_at: (Schedule.is_on,),
    Occurrence.due_at: (Occurrence.state == OccurrenceState.DUE,),
    Delivery.due_at: (Delivery.state == DeliveryState.OWED,),
    Sitting.settle_by: (),
    Standing.plan_at: (Standing.ended_at.is_(None),),
    Review.look_at: (Review.state == ReviewState.OPEN,),
    CoverageTalk.ends_at: (CoverageTalk.state == TalkState.OPEN,),
    Forecast.look_at: (),
}
"""Columns that say when something is to be done, with what makes them count."""


def words(said: str) -> str:
    """With people by name, wherever the test's own names are not known to whoever reads."""
    for name in PLACES:
        said = said.replace(f"<@{slack_id(name)}>", f"@{name}").replace(
            f"@{slack_id(name)}", f"@{name}"
        )
    return said.replace("\u00a0", " ")


def _key(message: Message) -> str:
    payload = (message.metadata or {})["event_payload"]
    return str(next(iter(payload.values())))


@contextmanager
def at_work(database: Database) -> Iterator[Office]:
    """The workspace on the day before the first Monday, and the bot in it."""
    clock = Clock(start=SET_UP, frozen=True)
    workspace = _workspace(clock)
    with serve(workspace, rate_limits=False, **PATIENCE) as server:
        office = Office(server, workspace, database)
        try:
            yield office
        finally:
            if office.is_up:
                office._stop()


def _workspace(clock: Clock) -> Workspace:
    return Workspace(
        team=Team(WORKSPACE, "Quarter", domain="quarter"),
        people=[
            Person(slack_id(name), name.lower(), name, f"{name.lower()}@example.com", tz=zone)
            for name, zone in PLACES.items()
        ],
        channels=[Channel(CHANNEL, "west", members=[*map(slack_id, PLACES), BOT], kind="private")],
        apps=[
            App(
                APP,
                manifest=MANIFEST,
                bot_user_id=BOT,
                bot_token=TOKEN,
                app_token="xapp-quarter",
                signing_secret=SECRET,
            )
        ],
        clock=clock,
    )
