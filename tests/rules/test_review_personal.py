"""What one person asks for: the review's status, a deal's history, Home."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from models.access import Refused
from models.deals import Field, UnknownDeal, set_amount, set_owner
from models.delivery import DeliveryState, Kind, find
from models.next_actions import set_next_action
from models.people import get_person, team
from models.pipeline_review import DecisionKind, Grade, review_deals
from models.schedule import Lateness, put_schedule
from models.screens import Money, StageShown, Who, history, home, review_status
from tests.reviews import (
    a_review,
    close,
    decide,
    demote,
    entry_of,
    hold,
    hold_all,
    re_date,
    some_deals,
)
from tests.world import NOW, TODAY, World, a_deal, an_import, prove

TOMORROW = NOW + timedelta(hours=19)


def _schedule(session: Session, world: World) -> None:
    for prompt, weekdays, at in (
        ("review.cards", "2", time(15)),
        ("review.deciding", "3", time(10)),
    ):
        put_schedule(
            session,
            world.team,
            prompt,
            weekdays=weekdays,
            local_time=at,
            zone="America/New_York",
            lateness=Lateness.MIDNIGHT,
            active_from=TODAY,
        )


# --- status


def test_status_before_anything(session: Session, world: World) -> None:
    _schedule(session, world)

    boss, rep = (
        review_status(session, get_person(session, person), team(session, world.team), NOW)
        for person in (world.max, world.ana)
    )

    assert (boss.review, boss.mine, boss.decides, boss.may_start) == (None, (), True, True)
    assert (rep.decides, rep.may_start, rep.last) == (False, False, None)
    assert boss.next_cards == NOW + timedelta(days=7)
    assert boss.next_deciding == TOMORROW


def test_status_names_what_waits_for_me(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    prove(session, deals[0])
    review = a_review(session, world, deals)
    decide(session, world.max, entry_of(session, review, deals[2]).id, hold(world))

    shown = {
        person: review_status(
            session, get_person(session, getattr(world, person)), team(session, world.team), NOW
        )
        for person in ("ana", "ben", "cleo", "max")
    }

    mine = {person: [line.deal.name for line in each.mine] for person, each in shown.items()}
    assert mine == {
        "ana": ["Customer 5"],
        "ben": ["Customer 2", "Customer 4"],
        "cleo": [],
        "max": ["Customer 1", "Customer 2", "Customer 4", "Customer 5"],
    }
    assert not shown["max"].may_start
    assert shown["max"].review is not None


def test_nothing_waits_for_a_decision_before_deciding(session: Session, world: World) -> None:
    a_review(session, world, decide_from=TOMORROW)

    status = review_status(session, get_person(session, world.max), team(session, world.team), NOW)

    assert status.mine == ()


def test_status_after_a_closed_review(session: Session, world: World) -> None:
    review = a_review(session, world)
    hold_all(session, world, review)
    close(session, world, review)

    status = review_status(session, get_person(session, world.ana), team(session, world.team), NOW)

    assert status.review is None
    assert status.last is not None
    assert (status.last.grade, status.last_day) == (Grade.BELOW_STANDARD, TODAY)


def test_status_links_to_the_parent(session: Session, world: World) -> None:
    review = a_review(session, world)
    message = find(session, Kind.REVIEW_PARENT, review.id)
    assert message is not None
    message.state, message.ts, message.posted_channel = DeliveryState.POSTED, "7.7", world.channel
    session.flush()

    status = review_status(session, get_person(session, world.ana), team(session, world.team), NOW)

    assert status.parent is not None
    assert (status.parent.channel_id, status.parent.ts) == (world.channel, "7.7")


# --- history


def test_history_shows_changes_and_the_trail(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    taken = an_import(session).id
    earlier = NOW - timedelta(days=1)
    set_amount(session, deal, 90_000_00, earlier, import_id=taken)
    set_owner(session, deal, world.ben, earlier + timedelta(minutes=1), import_id=taken)
    entry = entry_of(session, a_review(session, world, [deal]), deal)
    first = decide(session, world.max, entry.id, demote(world))
    later = NOW + timedelta(minutes=5)
    second = decide(session, world.lea, entry.id, re_date(world), later)

    shown = history(session, get_person(session, world.ana), deal.id, later)

    said = [(each.field, each.before, each.after, each.by) for each in shown.changes]
    proposal = StageShown(world.stages["Proposal"], "Proposal")
    discovery = StageShown(world.stages["Discovery"], "Discovery")
    lea, boss = Who(world.lea, "U0LEA", "Lea"), Who(world.max, "U0MAX", "Max")
    assert said == [
        (Field.CLOSE, date(2026, 12, 15), date(2027, 1, 29), lea),
        (Field.STAGE, discovery, proposal, lea),
        (Field.STAGE, proposal, discovery, boss),
        (Field.OWNER, Who(world.ana, "U0ANA", "Ana"), Who(world.ben, "U0BEN", "Ben"), None),
        (
            Field.AMOUNT,
            Money(100_000_00, "USD", "en_US"),
            Money(90_000_00, "USD", "en_US"),
            None,
        ),
    ]
    assert [(each.decision.id, each.is_current, each.day) for each in shown.decisions] == [
        (second.id, True, TODAY),
        (first.id, False, TODAY),
    ]
    assert [each.decision.kind for each in shown.decisions] == [
        DecisionKind.RE_DATE,
        DecisionKind.DEMOTE,
    ]
    assert [each.decision.replaced for each in shown.decisions] == [1, 0]
    assert [each.decision.not_in_crm for each in shown.decisions] == [True, False]


def test_history_is_for_the_team_and_those_above(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    stranger = get_person(session, world.cleo)
    stranger.team_id = None
    session.flush()

    for person in (world.ben, world.max, world.lea, world.ada):
        assert history(session, get_person(session, person), deal.id, NOW).changes == ()
    with pytest.raises(Refused):
        history(session, stranger, deal.id, NOW)
    with pytest.raises(UnknownDeal):
        history(session, get_person(session, world.max), 999_999, NOW)


def test_a_deal_of_no_team_has_no_history_here(session: Session, world: World) -> None:
    deal = a_deal(session, world.ada, "Proposal")

    with pytest.raises(UnknownDeal):
        history(session, get_person(session, world.max), deal.id, NOW)


# --- Home


def test_a_reps_home(session: Session, world: World) -> None:
    deals = some_deals(session, world, 5)
    set_next_action(session, deals[1].id, "Send it", world.ana, TODAY, world.max, NOW)
    due = TODAY - timedelta(days=1)
    set_next_action(session, deals[3].id, "Call legal", world.ana, due, world.max, NOW)
    a_review(session, world, deals)
    _schedule(session, world)

    shown = home(session, get_person(session, world.ana), NOW)

    [mine] = shown.reviews
    assert [line.deal.name for line in mine.mine] == ["Customer 1", "Customer 3", "Customer 5"]
    assert not mine.decides
    assert shown.can_start == ()
    assert [(each.text, each.overdue) for each in shown.due] == [
        ("Call legal", True),
        ("Send it", False),
    ]
    assert shown.actions == ()
    assert [(each.prompt, each.at) for each in shown.upcoming] == [
        ("review.deciding", TOMORROW),
        ("review.cards", NOW + timedelta(days=7)),
    ]
    assert shown.parked == ()


def test_a_managers_home(session: Session, world: World) -> None:
    boss = get_person(session, world.max)
    assert [each.name for each in home(session, boss, NOW).can_start] == ["West"]

    review = a_review(session, world)

    shown = home(session, boss, NOW)
    assert shown.can_start == ()
    assert [each.review.review_id for each in shown.reviews] == [review.id]
    assert len(shown.reviews[0].mine) == len(review_deals(session, review.id))


def test_home_says_how_fresh_the_deals_are(session: Session, world: World) -> None:
    boss = get_person(session, world.max)
    never = home(session, boss, NOW)
    assert (never.deals_as_of, never.deals_stale) == (None, True)

    an_import(session, NOW - timedelta(days=3, seconds=1))
    assert home(session, boss, NOW).deals_stale

    an_import(session, NOW - timedelta(days=3))
    fresh = home(session, boss, NOW)
    assert (fresh.deals_as_of, fresh.deals_stale) == (NOW - timedelta(days=3), False)


def test_only_admins_see_what_is_parked(session: Session, world: World) -> None:
    review = a_review(session, world)
    message = find(session, Kind.REVIEW_PARENT, review.id)
    assert message is not None
    message.state, message.error = DeliveryState.PARKED, "is_archived"
    session.flush()

    assert home(session, get_person(session, world.max), NOW).parked == ()
    [parked] = home(session, get_person(session, world.ada), NOW).parked
    assert (parked.delivery_id, parked.error) == (message.id, "is_archived")


def test_an_admin_without_a_role_here_may_start_nothing(session: Session, world: World) -> None:
    shown = home(session, get_person(session, world.ada), NOW)

    assert (shown.can_start, shown.reviews) == ((), ())
