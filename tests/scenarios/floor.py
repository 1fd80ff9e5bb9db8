"""A sales floor at work: the whole bot in a Slack workspace on this machine, and its database."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from bot.app import Bot, build
from bot.delivery import Pace, Post
from bot.http import Gate, HttpServer
from bot.scheduler import run_due
from bot.socket import Socket
from bot.tokens import find_installation
from handlers import MESSAGES
from handlers.ids import Id
from models.agenda import PROMPTS
from models.base import Database
from models.deals import Deal
from models.delivery import Received
from models.pipeline_review import Review, ReviewState
from sandbox import App, Channel, Clock, Person, Server, Team, Workspace, serve
from sandbox.person import ActingPerson, Seen, SeenMessage, SeenView
from tests.reading import plain, read
from tests.reviews import decide, entry_of, hold
from tests.world import NOW, World, a_deal

T = TypeVar("T")

# seconds: what people do is tested here, not how busy this machine is (benchmarks measure that)
PATIENCE: dict[str, Any] = {"ack_seconds": 15.0, "trigger_seconds": 15.0}

APP, BOT, WEST, LOBBY = "A0CADENCE", "U0BOT", "C0WEST", "C0LOBBY"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
MANIFEST: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "manifest.json").read_text(encoding="utf-8")
)

PEOPLE = {
    "max": "U0MAX",
    "lea": "U0LEA",
    "ana": "U0ANA",
    "ben": "U0BEN",
    "cleo": "U0CLEO",
    "ada": "U0ADA",
    "guest": "U0GUEST",  # in Slack, unknown to the bot
}


@dataclass
class Floor:
    """Who acts, what they see, and what the database holds. Business time stands until moved."""

    server: Server
    database: Database
    world: World
    bot: Bot
    post: Post
    people: dict[str, ActingPerson]

    def __getattr__(self, name: str) -> ActingPerson:
        """`floor.max`: a person by first name."""
        try:
            return self.__dict__["people"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None

    def now(self) -> datetime:
        return self.server.clock.now()

    def work(self) -> int:
        """Works on dropped files, as the scheduler's thread does, and brings out the answers."""
        self.server.settled()
        handled = self.bot.importer.run_once()
        self.deliver()
        return handled

    def deliver(self) -> int:
        """Brings out what is owed, as the post does."""
        handled = self.post.run_once()
        self.server.settled()
        return handled

    def later(self, moment: datetime | timedelta) -> None:
        """Business time goes on; what comes due is carried out and posted."""
        if isinstance(moment, timedelta):
            self.server.clock.advance(moment)
        else:
            self.server.clock.advance_to(moment)
        run_due(self.database, PROMPTS, self.now)
        self.deliver()

    # What stands in the channel

    def channel(self, who: ActingPerson | None = None, channel: str = WEST) -> list[SeenMessage]:
        return (who or self.max).messages(channel)

    def parent(self) -> SeenMessage:
        """The newest parent message of a review."""
        return [one for one in self._posted() if "Pipeline review ·" in one.text][-1]

    def card(self, deal: str) -> SeenMessage:
        """The newest card of a deal."""
        return [one for one in self._posted() if one.text.startswith(deal)][-1]

    def _posted(self) -> list[SeenMessage]:
        return [one for one in self.channel() if not one.is_ephemeral]

    def whispered(self, who: ActingPerson, channel: str = WEST) -> str:
        """The newest thing that only this person sees in the channel."""
        return seen(who.ephemerals(channel)[-1])

    def thread(self, deal: str) -> list[str]:
        """What stands in the thread of a deal's card."""
        card = self.card(deal)
        return [seen(one) for one in self.max.messages(WEST, card.ts)[1:]]

    def dm(self, who: ActingPerson) -> list[SeenMessage]:
        return who.messages(who.dm_with(BOT))

    def rows(self, table: type[T], *conditions: Any) -> list[T]:
        """Rows of the database, oldest first."""
        with self.database.transaction(self.world.workspace_id) as session:
            asked = select(table).where(*conditions).order_by(table.id)  # type: ignore[attr-defined]
            return list(session.scalars(asked))

    def received(self) -> list[Received]:
        """What came in and was carried out."""
        with self.database.transaction(self.world.workspace_id) as session:
            return list(session.scalars(select(Received)))

    # What people do

    def press(self, who: ActingPerson, where: Seen, button: str, value: Any = None) -> None:
        assert who.click(where, button, value)["ok"], who.notices()

    def opened(self, who: ActingPerson, where: Seen, button: str, value: Any = None) -> SeenView:
        """Presses something that opens a modal."""
        self.press(who, where, button, value)
        modal = who.modal
        assert modal is not None, who.notices()
        return modal

    def chose(self, who: ActingPerson, deal: str, kind: str) -> SeenView:
        """Opens a deal's Decide and chooses; what the modal asks then."""
        modal = self.opened(who, self.card(deal), "Decide")
        return self.opened(who, modal, Id.CHOOSE_DECISION, kind)

    def decide(self, who: ActingPerson, deal: str, kind: str, **values: Any) -> None:
        """Decides and sees it on the card."""
        self.chose(who, deal, kind)
        outcome = who.submit(values)
        assert outcome["ok"], outcome
        self.deliver()

    def hold_all(self, *deals: str) -> None:
        """Max has held these deals (all six), by the rules alone."""
        with self.database.transaction(self.world.workspace_id) as session:
            review = session.scalars(select(Review).where(Review.state == ReviewState.OPEN)).one()
            named = select(Deal).where(Deal.name.in_(deals or SIX))
            for deal in session.scalars(named).all():
                entry = entry_of(session, review, deal)
                held = hold(self.world, due_on=self.now().date() + timedelta(days=7))
                decide(session, self.world.max, entry.id, held, self.now())
        self.deliver()


@contextmanager
def at_work(
    database: Database,
    transport: str,
    world: World,
    *,
    start: datetime = NOW,
    calendars: bool = True,
    **terms: Any,
) -> Iterator[Floor]:
    """The workspace, the bot connected to it by `socket` or `http`, and both stopped at the end."""
    clock = Clock(start=start, frozen=True)
    with serve(workspace(clock), rate_limits=False, **PATIENCE | terms) as server:
        tokens = find_installation("xoxb-cadence", server.api_url)
        bot = build(database, tokens, server.clock.now, calendars=calendars)
        pace = Pace(interval=timedelta(0))
        post = Post(database, MESSAGES, server.clock.now, tokens.client_for, pace=pace)
        with connected(server, bot, transport):
            people = {name: server.as_person(slack_id) for name, slack_id in PEOPLE.items()}
            yield Floor(server, database, world, bot, post, people)


@contextmanager
def connected(server: Server, bot: Bot, transport: str) -> Iterator[None]:
    if transport == "http":
        http = HttpServer(Gate(bot.bolt, SECRET, lambda: None), host="127.0.0.1", port=0)
        http.start()
        try:
            server.set_request_url(APP, f"http://127.0.0.1:{http.port}/slack/events")
            yield
        finally:
            http.stop()
        return
    socket = Socket(bot.bolt, "xapp-cadence", server.api_url)
    socket.start()
    try:
        server.wait(lambda: server.connected(APP))
        yield
    finally:
        socket.stop()


def workspace(clock: Clock) -> Workspace:
    """North's workspace in Slack, with the bot installed."""
    people = [
        Person(slack_id, name, real_name=name.capitalize(), email=f"{name}@example.com",
               tz="America/New_York")
        for name, slack_id in PEOPLE.items()
    ]  # fmt: skip
    everybody = [*PEOPLE.values(), BOT]
    return Workspace(
        team=Team("T0NORTH", "North", domain="north"),
        people=people,
        channels=[
            Channel(WEST, "west", members=everybody),
            Channel(LOBBY, "lobby", members=everybody),
        ],
        apps=[
            App(
                APP,
                manifest=MANIFEST,
                bot_user_id=BOT,
                bot_token="xoxb-cadence",
                app_token="xapp-cadence",
                signing_secret=SECRET,
            )
        ],
        clock=clock,
    )


def at_once(work: list[Callable[[], Any]]) -> list[Any]:
    """Does it all at the same moment, each in a thread; what each brought."""
    gate, found = threading.Barrier(len(work)), [None] * len(work)

    def do(number: int) -> None:
        gate.wait()
        found[number] = work[number]()

    threads = [threading.Thread(target=do, args=(n,)) for n in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


SIX = ("Nexus Corp", "Orbit", "Halcyon", "Tern", "Vale", "Quill")


def six_deals(floor: Floor) -> list[int]:
    """Six open deals of Ana and Ben by turns in Proposal, worth less and less."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        owners = (floor.world.ana, floor.world.ben)
        made = [
            a_deal(session, owners[n % 2], "Proposal", name=name, amount_minor=(9 - n) * 20_000_00)
            for n, name in enumerate(SIX)
        ]
        return [deal.id for deal in made]


def seen(what: Seen) -> str:
    """What somebody reads on a message, modal or Home."""
    return read(what.blocks) or plain(str(what.json.get("text", "")))
