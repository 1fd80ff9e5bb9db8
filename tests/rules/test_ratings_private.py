"""What Ana gave and wrote leaves no trace on anything that anybody else can open or is sent."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import MESSAGES
from models import screens
from models.base import RuleBroken
from models.coaching import current_entry
from models.delivery import Delivery
from models.next_actions import set_next_action
from models.one_on_ones import State
from models.people import Person, get_person, team
from models.pipeline_review import make_pick, review_deals
from models.ratings import comment, rate
from models.screens.digest import digest_of
from tests.coaching import a_log
from tests.health import a_check
from tests.reviews import a_review, some_deals
from tests.sittings import TEN, a_one_on_one, settle
from tests.world import NOW, TODAY, World, an_import

LATER = NOW + timedelta(hours=1)
SAID = "The role-play helped; the forecast part could be shorter"
OTHERS = ("max", "lea", "ada", "ben")


@dataclass(frozen=True)
class Known:
    """What the tests ask about, by the names that the loaders' parameters have."""

    one_on_one_id: int
    facts: dict[str, Any]


@pytest.fixture
def known(session: Session, world: World) -> Known:
    """Max's one-on-one with Ana and its log; Max's own with Lea; a review of Ana's deals."""
    a_one_on_one(session, world.lea, world.max, TEN + timedelta(hours=1))
    held = a_one_on_one(session, world.max, world.ana)
    settle(session, held, State.HELD, NOW)
    log = a_log(session, world)
    deals = some_deals(session, world, 5)
    review = a_review(session, world, deals)
    action = set_next_action(
        session, deals[0].id, "Send the price", world.ana, TODAY, world.max, NOW
    )
    an_import(session, NOW)
    [talk, *_] = a_check(session, world, TODAY, NOW)
    facts = {
        "session": session,
        "now": LATER,
        "one_on_one_id": held.id,
        "person_id": world.ana,
        "log_id": log.id,
        "entry_id": current_entry(session, log.id).id,
        "deal_id": deals[0].id,
        "action_id": action.id,
        "review_deal_id": review_deals(session, review.id)[0].id,
        "newest": True,
        "file_id": 0,  # nobody dropped one
        "of_team": team(session, world.team),
        "team_id": world.team,
        "check_id": talk.check_id,
        "talk_id": talk.id,
        "owner_id": None,
        "page": 0,
        "quarter": None,
        "forecast_id": 0,  # none was asked for
        "step": None,
        "pick_id": make_pick(session, team(session, world.team), TODAY, NOW).id,
    }
    return Known(held.id, facts)


def openers() -> Iterator[tuple[str, Callable[..., object], list[str]]]:
    """What people open: every loader that is told who asks."""
    for name in screens.__all__:
        loader = getattr(screens, name)
        if inspect.isfunction(loader):
            wanted = list(inspect.signature(loader).parameters)
            if "actor" in wanted:
                yield name, loader, wanted


def shown_to(session: Session, viewer: Person, known: Known) -> dict[str, str]:
    """Everything that this person can open (or how it is refused) and is sent."""
    facts = known.facts | {"actor": viewer}
    shown: dict[str, str] = {}
    for name, loader, wanted in openers():
        try:
            shown[name] = repr(loader(**{each: facts[each] for each in wanted}))
        except RuleBroken as refused:
            shown[name] = repr(refused)
    for owed in session.scalars(select(Delivery).where(Delivery.person_id == viewer.id)):
        message = MESSAGES[owed.kind]
        screen = message.load(session, owed.subject_id, LATER)
        said = None if screen is None else message.render(screen)
        shown[owed.dedupe_key] = f"{screen!r} {said!r}"
    for days in range(2):
        day = TODAY + timedelta(days=days)
        shown[f"digest of {day}"] = repr(digest_of(session, viewer, day, LATER, LATER))
    return shown


def all_shown(session: Session, world: World, known: Known) -> dict[str, dict[str, str]]:
    session.flush()
    people = {name: get_person(session, getattr(world, name)) for name in OTHERS}
    return {name: shown_to(session, viewer, known) for name, viewer in people.items()}


@pytest.mark.parametrize("score", [1, 5, None])
def test_nobody_else_sees_a_difference(
    session: Session, world: World, known: Known, score: int | None
) -> None:
    before = all_shown(session, world, known)
    ana = get_person(session, world.ana)
    mine = shown_to(session, ana, known)

    rate(session, ana, known.one_on_one_id, score, "click", NOW)
    comment(session, ana, known.one_on_one_id, SAID, NOW, send=False)

    assert all_shown(session, world, known) == before
    assert shown_to(session, ana, known) != mine  # the test would see one


def test_a_sent_comment_shows_itself_alone(session: Session, world: World, known: Known) -> None:
    before = all_shown(session, world, known)
    ana = get_person(session, world.ana)
    rate(session, ana, known.one_on_one_id, 1, "click", NOW)
    comment(session, ana, known.one_on_one_id, SAID, NOW, send=True)

    after = all_shown(session, world, known)
    for name in ("lea", "ada", "ben"):
        assert after[name] == before[name]
    [key] = after["max"].keys() - before["max"].keys()
    assert SAID in after["max"].pop(key)
    assert after["max"] == before["max"]
