"""One-on-ones on the floor: Max and Ana sit together on Wednesdays at 10:00 in New York."""

import html
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from models.delivery import Delivery, Kind
from models.one_on_ones import OneOnOne, put_standing
from models.people import get_person
from sandbox.person import ActingPerson, SeenMessage, SeenView
from tests.scenarios.floor import BOT, Floor, seen

WED = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # the first one: 10:00 in New York
CHANGED = (Kind.ONE_ON_ONE_CHANGED, Kind.ONE_ON_ONE_CHANGED_COACH)
MENU = "one_on_one.menu"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
COACHING = {
    "focus": "negotiation",
    "feedback": "Name the price, then let silence work",
    "next_step": "Two calls without filling the pause",
    "next_on": "2026-12-01",
}


def stand(
    floor: Floor,
    name: str = "ana",
    *,
    coach: str = "max",
    weekday: int = 3,
    at: time = time(10),
    minutes: int = 30,
) -> None:
    """The coach has set this person's standing one-on-one, from this week on."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        put_standing(
            session,
            get_person(session, getattr(floor.world, coach)),
            get_person(session, getattr(floor.world, name)),
            weekday=weekday,
            local_time=at,
            minutes=minutes,
            active_from=date(2026, 11, 23),
            now=floor.now(),
        )
    floor.deliver()


def newest(floor: Floor, who: ActingPerson, *kinds: Kind) -> SeenMessage:
    """The newest message of these kinds that this person has, as it stands now."""
    posted = floor.rows(Delivery, Delivery.kind.in_(kinds), Delivery.ts.is_not(None))
    by_ts = {one.ts: one for one in floor.dm(who)}
    return [by_ts[one.ts] for one in posted if one.ts in by_ts][-1]


def card(floor: Floor, who: ActingPerson) -> SeenMessage:
    """The newest card of this person, of either side."""
    return newest(floor, who, Kind.ONE_ON_ONE_COACH, Kind.ONE_ON_ONE_PERSON)


def reads(floor: Floor, who: ActingPerson) -> str:
    """What the newest card says."""
    floor.deliver()
    return seen(card(floor, who)).replace("\u00a0", " ")


def told(floor: Floor, who: ActingPerson) -> str:
    """What the newest news of a change says."""
    floor.deliver()
    return seen(newest(floor, who, *CHANGED)).replace("\u00a0", " ")


def whispered(floor: Floor, who: ActingPerson) -> str:
    return floor.whispered(who, who.dm_with(BOT))


def session_of(floor: Floor, number: int = 0) -> OneOnOne:
    """The first one that was planned, or a later one."""
    return floor.rows(OneOnOne)[number]


def chosen(floor: Floor, who: ActingPerson, choice: str) -> SeenView:
    """Opens one of what ⋯ of the newest card offers."""
    return floor.opened(who, card(floor, who), MENU, choice)


def finishing(floor: Floor, *deals: str) -> SeenView:
    """Max opens Finish and chooses these deals; what the modal asks then."""
    modal = floor.opened(floor.max, card(floor, floor.max), "Finish")
    if not deals:
        return modal
    return floor.opened(floor.max, modal, "one_on_one.choose_deals", list(options(modal, *deals)))


def options(modal: SeenView, *deals: str) -> list[str]:
    """The values of the deals that are called so."""
    found = {html.unescape(one["text"]["text"]): one for one in _options(modal, "deals")}
    by_name = {text.split(" · ")[0]: str(one["value"]) for text, one in found.items()}
    return [by_name[deal] for deal in deals]


def offered(modal: SeenView, field: str) -> list[str]:
    """What a field offers to choose from, as it is read."""
    return [html.unescape(one["text"]["text"]) for one in _options(modal, field)]


def _options(modal: SeenView, field: str) -> list[dict[str, Any]]:
    (block,) = [one for one in modal.blocks if one.get("block_id") == field]
    return list(block["element"]["options"])


def nexts(modal: SeenView, **by_deal: str) -> dict[str, Any]:
    """What is next on each deal, by the modal's fields."""
    texts = {label: name for name, label in modal.fields.items()}
    return {texts[f"{deal}: next action"]: text for deal, text in by_deal.items()}
