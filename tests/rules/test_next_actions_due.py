"""Next actions that fall due: asked in the morning, answered, changed, renewed, shown again."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.access import Refused
from models.base import Database
from models.days import digest_key
from models.deals import set_stage
from models.delivery import Delivery, Kind, owe
from models.next_actions import (
    ActionOver,
    ActionStands,
    ActionState,
    DueOutOfRange,
    EmptyPhrase,
    NextAction,
    NextActionAnswer,
    Outcome,
    end_open_action,
    open_actions,
    set_next_action,
)
from models.people import get_person
from models.pipeline_review import answer_action, renew_action, review_deals
from models.screens import deal_card, home, renew_form
from models.screens.digest import digest_of
from tests.reviews import a_review, some_deals
from tests.world import NOW, TODAY, World, a_deal, an_import, stage_named

DAY = timedelta(days=1)
MORNING = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)  # Tuesday 08:30 in New York
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


def an_action(
    session: Session, world: World, due_on: date = TODAY, *, owner: str = "ana", text: str = ""
) -> NextAction:
    """Of a new deal of Ana's, set by Max two weeks ago."""
    deal = a_deal(session, world.ana, "Proposal")
    return set_next_action(
        session, deal.id, text or "Send the price", getattr(world, owner), due_on, world.max,
        MORNING - 14 * DAY,
    )  # fmt: skip


def morning(
    session: Session, world: World, day: date = TODAY, now: datetime = MORNING, who: str = "ana"
) -> dict[int, tuple[ActionState, bool]]:
    """What a person's digest of that day says of next actions, by id: state, and renewable."""
    person = get_person(session, getattr(world, who))
    shown = digest_of(session, person, day, MORNING + (day - TODAY), now)
    return {each.action_id: (each.state, each.renewable) for each in shown.actions}


def say(
    session: Session, world: World, action: NextAction, outcome: Outcome, who: str = "ana"
) -> NextAction:
    person = get_person(session, getattr(world, who))
    return answer_action(session, person, action.id, outcome, NOW)


def test_it_is_asked_on_its_day_and_once_more(session: Session, world: World) -> None:
    """Due on Friday: Friday's digest, and Monday's. After that only Home has it."""
    action = an_action(session, world, FRIDAY)
    asked = {
        day: bool(morning(session, world, day))
        for day in (FRIDAY - DAY, FRIDAY, MONDAY, TODAY, TODAY + DAY)
    }
    assert list(asked.values()) == [False, True, True, False, False]
    [due] = home(session, get_person(session, world.ana), NOW).due
    assert (due.action_id, due.overdue) == (action.id, True)


def test_due_on_a_day_off_it_is_asked_the_next_working_day(session: Session, world: World) -> None:
    saturday = an_action(session, world, FRIDAY + DAY)
    assert list(morning(session, world, MONDAY)) == [saturday.id]
    put_absence(session, get_person(session, world.ana), MONDAY, MONDAY, NOW - 9 * DAY)
    assert list(morning(session, world)) == [saturday.id]


def test_it_is_its_owners(session: Session, world: World) -> None:
    action = an_action(session, world, owner="max")
    assert morning(session, world) == {}
    assert list(morning(session, world, who="max")) == [action.id]


def test_done_stays_in_that_mornings_digest_and_offers_what_is_next(
    session: Session, world: World
) -> None:
    action = an_action(session, world)
    say(session, world, action, Outcome.DONE)
    assert morning(session, world, now=NOW) == {action.id: (ActionState.DONE, True)}
    assert morning(session, world, TODAY + DAY, NOW + DAY) == {}  # said: not asked once more
    [due] = home(session, get_person(session, world.ana), NOW).due
    assert due.state is ActionState.DONE
    assert home(session, get_person(session, world.ana), NOW + DAY).due == ()


def digest_stands(session: Session, world: World) -> Callable[[], int]:
    """Today's digest of Ana's is owed; how often what it shows has changed since, to be asked."""
    owe(
        session, Kind.DIGEST, 1, dedupe_key=digest_key(world.ana, TODAY), due_at=MORNING,
        person_id=world.ana,
    )  # fmt: skip
    revision = select(Delivery.revision).where(Delivery.kind == Kind.DIGEST)
    return lambda: session.scalars(revision).one() - 1


def test_the_digest_that_stands_is_refreshed(session: Session, world: World) -> None:
    action = an_action(session, world)
    changes = digest_stands(session, world)
    say(session, world, action, Outcome.DONE)
    assert changes() == 1
    renew_action(session, get_person(session, world.ana), action.id, "Call Dana", TODAY + DAY, NOW)
    assert changes() == 2


def test_days_off_that_are_entered_afterwards_freeze_no_digest(
    session: Session, world: World
) -> None:
    action = an_action(session, world, MONDAY)
    changes = digest_stands(session, world)
    put_absence(session, get_person(session, world.ana), TODAY, TODAY + DAY, NOW)
    say(session, world, action, Outcome.DONE)
    assert changes() == 1


def test_what_a_decision_replaces_leaves_the_digest_too(session: Session, world: World) -> None:
    action = an_action(session, world)
    changes = digest_stands(session, world)
    set_next_action(session, action.deal_id, "Call Dana", world.ana, TODAY + DAY, world.max, NOW)
    assert changes() == 1
    end_open_action(session, action.deal_id, NOW)  # not named in that morning's
    assert changes() == 1


@pytest.mark.parametrize("who", ["ana", "max", "lea"])
def test_its_owner_and_who_decides_may_say(session: Session, world: World, who: str) -> None:
    action = an_action(session, world)
    assert say(session, world, action, Outcome.NOT_DONE, who).state is ActionState.NOT_DONE


@pytest.mark.parametrize("who", ["ben", "ada"])
def test_nobody_else_may(session: Session, world: World, who: str) -> None:
    action = an_action(session, world)
    with pytest.raises(Refused) as refused:
        say(session, world, action, Outcome.DONE, who)
    assert refused.value.allowed == (world.ana, world.max)
    with pytest.raises(Refused):
        renew_form(session, get_person(session, getattr(world, who)), action.id, NOW)


def test_it_can_be_said_otherwise_and_every_word_stays(session: Session, world: World) -> None:
    action = an_action(session, world)
    for outcome in (Outcome.DONE, Outcome.DONE, Outcome.NOT_DONE):
        say(session, world, action, outcome)
    trail = session.scalars(select(NextActionAnswer.state).order_by(NextActionAnswer.id)).all()
    assert trail == [Outcome.DONE, Outcome.NOT_DONE]
    assert action.state is ActionState.NOT_DONE


def test_what_was_replaced_or_dropped_is_over(session: Session, world: World) -> None:
    action = an_action(session, world)
    set_next_action(session, action.deal_id, "Call Dana", world.ana, TODAY + DAY, world.max, NOW)
    with pytest.raises(ActionOver) as refused:
        say(session, world, action, Outcome.DONE)
    assert refused.value.state is ActionState.REPLACED
    assert morning(session, world, now=NOW) == {}


def test_of_a_deal_that_was_closed_nothing_is_asked(session: Session, world: World) -> None:
    action = an_action(session, world)
    deal = session.get_one(type(a_deal(session, world.ana)), action.deal_id)
    won = stage_named(session, "Closed Won")
    set_stage(session, deal, won, NOW, import_id=an_import(session).id)
    assert morning(session, world) == {}
    assert home(session, get_person(session, world.ana), NOW).due == ()
    say(session, world, action, Outcome.DONE)
    with pytest.raises(ActionOver):
        renew_form(session, get_person(session, world.ana), action.id, NOW)


def test_what_comes_next(session: Session, world: World) -> None:
    ana, action = get_person(session, world.ana), an_action(session, world)
    with pytest.raises(ActionStands) as refused:
        renew_form(session, ana, action.id, NOW)
    assert refused.value.action_id == action.id
    say(session, world, action, Outcome.NOT_DONE)
    form = renew_form(session, ana, action.id, NOW)
    assert (form.text, form.done, form.owner.name, form.due) == (
        "Send the price",
        False,
        "Ana",
        TODAY + 7 * DAY,
    )
    with pytest.raises(EmptyPhrase):
        renew_action(session, ana, action.id, "follow up", TODAY, NOW)
    with pytest.raises(DueOutOfRange):
        renew_action(session, ana, action.id, "Send the price", TODAY + 15 * DAY, NOW)
    made = renew_action(session, ana, action.id, "Send the price", TODAY + DAY, NOW)
    assert open_actions(session, [action.deal_id]) == {action.deal_id: made}
    assert (made.owner_id, made.set_by_id) == (world.ana, world.ana)
    assert morning(session, world, now=NOW) == {action.id: (ActionState.NOT_DONE, False)}
    with pytest.raises(ActionStands):
        renew_action(session, ana, action.id, "Send it again", TODAY + DAY, NOW)


@pytest.mark.parametrize(
    ("due_on", "outcome", "last"),
    [
        (MONDAY, Outcome.DONE, ("Send the price", Outcome.DONE)),
        (MONDAY, Outcome.NOT_DONE, ("Send the price", Outcome.NOT_DONE)),
        (MONDAY, None, ("Send the price", None)),
        (TODAY + DAY, None, None),  # not due yet: it stands as the next action
    ],
)
def test_the_next_reviews_card_says_what_became_of_it(
    session: Session,
    world: World,
    due_on: date,
    outcome: Outcome | None,
    last: tuple[str, Outcome | None] | None,
) -> None:
    action = an_action(session, world, due_on)
    if outcome is not None:
        say(session, world, action, outcome)
    deal_id = action.deal_id
    rest = some_deals(session, world, 4)
    mine = session.get_one(type(rest[0]), deal_id)
    review = a_review(session, world, [mine, *rest])
    card = deal_card(session, review_deals(session, review.id)[0].id, NOW)
    assert card is not None
    found = card.last_action
    assert (None if found is None else (found.text, found.outcome)) == last
    assert (card.next_action is None) is (last is not None)


def test_double_clicks_at_once_are_one_word(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        action_id = an_action(session, world).id
    for who in (world.ana, world.max):
        with database.transaction(world.workspace_id) as session:
            answer_action(session, get_person(session, who), action_id, Outcome.DONE, NOW)
    with database.transaction(world.workspace_id) as session:
        said = session.scalars(select(NextActionAnswer)).all()
        assert [(each.state, each.by_id) for each in said] == [(Outcome.DONE, world.ana)]
