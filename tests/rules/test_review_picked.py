"""The pick that waits for its cards: when it comes, who adjusts it, what the cards take of it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.access import Refused
from models.agenda import PROMPTS, missed
from models.base import Database
from models.deals import Deal
from models.delivery import Delivery, DeliveryState, Kind, find
from models.people import Role, get_person, put_workspace, team
from models.pipeline_review import (
    Gone,
    Pick,
    PickChanged,
    PickOver,
    PickVersion,
    TooFewDeals,
    UnknownReview,
    adjust_pick,
    current_version,
    deals_of,
    make_pick,
    open_review,
    owe_pick,
    review_deals,
    show_changed_deals,
    show_changed_people,
    versions,
    waiting_pick,
)
from models.schedule import Lateness, Occurrence, OccurrenceState, Schedule, materialise, settle
from models.screens import PickDm, adjust_form, pick_dm, review_status
from models.setup import ReviewTimes, WeekTime, put_times
from models.standards import Standards
from models.week import CARDS, PICK, keep, unkept
from tests.reviews import a_review, some_deals
from tests.world import NOW, TODAY, World, a_deal, a_person, a_rep, a_team

SENT = NOW - timedelta(hours=1)  # Tuesday, 14:00 in New York
MONDAY = date(2026, 11, 23)
WEEK_BEFORE = NOW - timedelta(days=6)


def _timed(session: Session, world: World, cards: WeekTime | None = None) -> None:
    times = ReviewTimes() if cards is None else ReviewTimes(cards=cards)
    put_times(session, team(session, world.team), times, WEEK_BEFORE, MONDAY)


def _schedule(session: Session, prompt: str) -> Schedule:
    return session.scalars(select(Schedule).where(Schedule.prompt == prompt)).one()


def _run(session: Session, now: datetime) -> dict[str, Occurrence]:
    """Carries out what is due, as the scheduler does; each by its prompt."""
    materialise(session, now)
    due = session.execute(
        select(Occurrence, Schedule.prompt)
        .join(Schedule, Schedule.id == Occurrence.schedule_id)
        .where(Occurrence.state == OccurrenceState.DUE)
        .order_by(Occurrence.due_at, Occurrence.id)
    ).all()
    for occurrence, prompt in due:
        PROMPTS[prompt](session, occurrence, now)
        settle(occurrence, now)
    session.flush()
    return {prompt: occurrence for occurrence, prompt in due}


def _picked(session: Session, world: World) -> Pick:
    pick = waiting_pick(session, world.team)
    assert pick is not None
    return pick


def _ids(session: Session, pick: Pick) -> list[int]:
    return [one.deal_id for one in deals_of(session, current_version(session, pick.id).id)]


def _adjust(session: Session, who: int, pick: Pick, deals: list[int], seen: int) -> PickVersion:
    return adjust_pick(session, get_person(session, who), pick.id, deals, SENT, seen=seen)


def _seen(session: Session, pick: Pick) -> int:
    return current_version(session, pick.id).id


def _shown(session: Session, pick: Pick, now: datetime = SENT) -> PickDm:
    """The message as it stands in Slack."""
    message = find(session, Kind.REVIEW_PICK, pick.id)
    assert message is not None
    message.state, message.ts, message.posted_channel = DeliveryState.POSTED, "1.0", "D0MAX"
    shown = pick_dm(session, pick.id, now)
    assert shown is not None
    return shown


# --- when


@pytest.mark.parametrize(
    ("cards", "weekday", "at", "lateness"),
    [
        (WeekTime(2, time(15)), "2", time(14), Lateness.UNTIL_TIME),
        (WeekTime(2, time(1)), "2", time(0), Lateness.UNTIL_TIME),
        (WeekTime(2, time(0, 30)), "1", time(23, 30), Lateness.NEXT_DAY_TIME),
        (WeekTime(1, time(0)), "7", time(23), Lateness.NEXT_DAY_TIME),
    ],
)
def test_it_comes_an_hour_before_the_cards(
    session: Session, world: World, cards: WeekTime, weekday: str, at: time, lateness: Lateness
) -> None:
    _timed(session, world, cards)
    pick = _schedule(session, PICK)
    assert (pick.weekdays, pick.local_time, pick.lateness) == (weekday, at, lateness)
    assert (pick.late_until, pick.zone, pick.is_on) == (cards.at, "America/New_York", True)
    put_times(session, team(session, world.team), ReviewTimes(cards=cards, is_on=False), NOW)
    assert not pick.is_on


def test_cards_in_the_first_hour_of_a_day_take_the_pick_of_the_evening_before(
    session: Session, world: World
) -> None:
    _timed(session, world, WeekTime(2, time(0, 30)))
    deals = some_deals(session, world, 6)
    evening = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)  # Monday, 23:30 in New York
    assert _run(session, evening)[PICK].local_date == MONDAY
    pick = _picked(session, world)
    assert pick.cards_on == TODAY
    kept = [deal.id for deal in deals[1:]]
    _adjust(session, world.max, pick, kept, _seen(session, pick))
    _run(session, evening + timedelta(hours=1))
    review = open_review(session, world.team)
    assert review is not None
    assert [one.deal_id for one in review_deals(session, review.id)] == kept


def test_a_team_that_has_cards_gets_its_pick(session: Session, world: World) -> None:
    _timed(session, world)
    session.delete(_schedule(session, PICK))
    session.flush()
    assert unkept(session, SENT, ()) == {world.workspace_id}
    assert keep(session, NOW, ()) == 1
    # its cards of today are out: none is due for them any more
    assert _schedule(session, PICK).active_from == TODAY + timedelta(days=1)
    assert unkept(session, NOW, ()) == set()
    session.delete(_schedule(session, PICK))
    session.flush()
    assert keep(session, SENT, ()) == 1
    assert _schedule(session, PICK).active_from == TODAY


# --- to whom, and whether at all


def test_whoever_decides_there_gets_it(session: Session, world: World) -> None:
    _timed(session, world)
    some_deals(session, world, 9)
    put_absence(session, get_person(session, world.max), TODAY, TODAY, WEEK_BEFORE)
    assert _run(session, SENT)[PICK].state is OccurrenceState.RAN
    message = find(session, Kind.REVIEW_PICK, _picked(session, world).id)
    assert message is not None
    assert (message.person_id, message.due_at) == (world.lea, SENT)
    shown = pick_dm(session, message.subject_id, SENT)
    assert shown is not None
    assert (len(shown.deals), shown.cards_at) == (7, NOW)
    assert (shown.amount.minor, shown.team_open.minor) == (42 * 10_000_00, 45 * 10_000_00)


def test_nobody_there_is_told_nothing_and_the_cards_come(session: Session, world: World) -> None:
    _timed(session, world)
    some_deals(session, world, 6)
    for person_id in (world.max, world.lea):
        put_absence(session, get_person(session, person_id), TODAY, TODAY, WEEK_BEFORE)
    pick = _run(session, SENT)[PICK]
    assert (pick.state, pick.reason) == (OccurrenceState.SKIPPED, "day_off")
    assert session.scalars(select(Delivery)).all() == []
    _run(session, NOW)
    assert open_review(session, world.team) is not None


@pytest.mark.parametrize("why", ["no_deals", "no_channel", "no_decider", "review_open"])
def test_where_no_cards_can_come_none_is_sent(session: Session, world: World, why: str) -> None:
    _timed(session, world)
    of_team = team(session, world.team)
    if why == "review_open":
        a_review(session, world, started_at=SENT, decide_from=NOW + timedelta(days=1))
    elif why != "no_deals":
        some_deals(session, world)
    if why == "no_channel":
        of_team.channel_id = None
    if why == "no_decider":
        of_team.manager_id = None
    pick = _run(session, SENT)[PICK]
    assert (pick.state, pick.reason) == (OccurrenceState.SKIPPED, why)
    assert waiting_pick(session, world.team) is None
    kinds = set(session.scalars(select(Delivery.kind)))
    assert not kinds & {Kind.REVIEW_PICK, Kind.SCHEDULE_SKIPPED}


def test_an_open_review_that_will_make_way_hinders_no_pick(session: Session, world: World) -> None:
    _timed(session, world)
    yesterday = SENT - timedelta(days=1)
    a_review(session, world, started_at=yesterday, decide_from=yesterday)
    assert _run(session, SENT)[PICK].state is OccurrenceState.RAN


# --- adjusting


def test_adjusted_it_is_what_the_cards_take(session: Session, world: World) -> None:
    _timed(session, world)
    deals = some_deals(session, world, 9)
    _run(session, SENT)
    pick = _picked(session, world)
    wanted = [deal.id for deal in (deals[8], *deals[:5])]
    made = _adjust(session, world.max, pick, wanted, _seen(session, pick))
    best_first = [deal.id for deal in (*deals[:5], deals[8])]
    assert _ids(session, pick) == best_first
    assert (made.made_by_id, made.made_at) == (world.max, SENT)
    assert [one.is_current for one in versions(session, pick.id)] == [False, True]
    adjusted = _shown(session, pick).adjusted
    assert adjusted is not None
    assert (adjusted.by.name, adjusted.added, adjusted.dropped) == (
        "Max", ("Customer 9",), ("Customer 6", "Customer 7"),
    )  # fmt: skip

    _run(session, NOW)

    review = open_review(session, world.team)
    assert review is not None
    entries = review_deals(session, review.id)
    assert [one.deal_id for one in entries] == best_first
    assert [one.why["by_hand"] for one in entries] == [False] * 5 + [True]
    assert (pick.ended_for, pick.review_id) == ("started", review.id)
    assert len(versions(session, pick.id)) == 2
    shown = _shown(session, pick, NOW)
    assert (shown.started, shown.left_out, shown.filled) == (True, (), ())


def test_it_is_frozen_when_it_is_sent(session: Session, world: World) -> None:
    """What came to weigh more meanwhile changes nothing: what was seen is what comes."""
    _timed(session, world)
    deals = some_deals(session, world, 7)
    _run(session, SENT)
    a_deal(session, world.ben, "Proposal", amount_minor=10**10, close_on=TODAY)
    _run(session, NOW)
    review = open_review(session, world.team)
    assert review is not None
    entries = review_deals(session, review.id)
    assert [one.deal_id for one in entries] == [deal.id for deal in deals]
    assert not any(one.why["by_hand"] for one in entries)


def test_the_same_again_changes_nothing_and_what_was_not_seen_is_not_changed(
    session: Session, world: World
) -> None:
    _timed(session, world)
    deals = [deal.id for deal in some_deals(session, world, 9)]
    _run(session, SENT)
    pick = _picked(session, world)
    first = _seen(session, pick)
    made = _adjust(session, world.lea, pick, deals[:5], first)
    assert _adjust(session, world.lea, pick, deals[:5], first) is made  # a double click
    with pytest.raises(PickChanged) as changed:
        _adjust(session, world.max, pick, deals[:6], first)
    assert (changed.value.by_id, changed.value.at) == (world.lea, SENT)
    assert _ids(session, pick) == deals[:5]
    assert adjust_form(session, get_person(session, world.max), pick.id, SENT).version_id == made.id


def test_who_may_and_how_many(session: Session, world: World) -> None:
    _timed(session, world)
    deals = [deal.id for deal in some_deals(session, world, 9)]
    _run(session, SENT)
    pick = _picked(session, world)
    with pytest.raises(Refused):
        _adjust(session, world.ana, pick, deals[:5], _seen(session, pick))
    with pytest.raises(TooFewDeals):
        _adjust(session, world.max, pick, deals[:4], _seen(session, pick))
    of_team = team(session, world.team)
    for who, offered in ((world.lea, pick.id), (world.ana, None)):
        status = review_status(session, get_person(session, who), of_team, SENT)
        assert status.pick_id == offered


def test_once_the_cards_are_out_it_is_over(session: Session, world: World) -> None:
    _timed(session, world)
    deals = [deal.id for deal in some_deals(session, world, 9)]
    _run(session, SENT)
    pick = _picked(session, world)
    _run(session, NOW)
    with pytest.raises(PickOver) as over:
        _adjust(session, world.max, pick, deals[:5], _seen(session, pick))
    assert over.value.review_id == pick.review_id is not None
    with pytest.raises(PickOver):
        adjust_form(session, get_person(session, world.max), pick.id, NOW)


# --- what happens in between


def test_what_closed_or_left_is_left_out_and_the_next_best_fill_up(
    session: Session, world: World
) -> None:
    _timed(session, world)
    deals = some_deals(session, world, 9)
    _run(session, SENT)
    pick = _picked(session, world)
    ids = [deal.id for deal in deals]
    _adjust(session, world.max, pick, [*ids[:2], *ids[3:6]], _seen(session, pick))
    deals[0].stage_id = world.stages["Closed Won"]
    eli = a_rep(session, a_team(session, "East"), "U0ELI", "Eli")
    deals[1].owner_id = eli.id
    session.flush()
    show_changed_deals(session, ids[:2], SENT)
    before = _shown(session, pick)
    assert [one.gone for one in before.deals[:3]] == [Gone.CLOSED, Gone.LEFT, None]

    _run(session, NOW)

    review = open_review(session, world.team)
    assert review is not None
    entries = review_deals(session, review.id)
    # Customer 3 and 7, which Max dropped, would come last of all
    assert [one.deal_id for one in entries] == [*ids[3:6], ids[7], ids[8]]
    assert not any(one.why["by_hand"] for one in entries)
    shown = _shown(session, pick, NOW)
    assert shown.left_out == (("Customer 1", Gone.CLOSED), ("Customer 2", Gone.LEFT))
    assert shown.filled == ("Customer 8", "Customer 9")
    assert [one.made_by_id for one in versions(session, pick.id)] == [None, world.max, None]


def test_a_review_started_by_hand_meanwhile_goes_on(session: Session, world: World) -> None:
    _timed(session, world)
    deals = some_deals(session, world, 6)
    _run(session, SENT)
    pick = _picked(session, world)
    review = a_review(session, world, deals[:5], started_at=SENT, decide_from=SENT)
    assert _run(session, NOW)[CARDS].reason == "review_open"
    assert open_review(session, world.team) is review
    assert (pick.ended_for, pick.review_id) == ("review_open", None)
    shown = _shown(session, pick, NOW)
    assert (shown.started, shown.ended) == (False, "review_open")
    with pytest.raises(PickOver):
        _adjust(session, world.max, pick, [deal.id for deal in deals], _seen(session, pick))


def test_cards_that_were_missed_end_it_and_the_next_one_begins_anew(
    session: Session, world: World
) -> None:
    _timed(session, world)
    some_deals(session, world, 6)
    _run(session, SENT)
    first = _picked(session, world)
    materialise(session, NOW)
    cards = session.scalars(
        select(Occurrence).where(Occurrence.schedule_id == _schedule(session, CARDS).id)
    ).one()
    missed(session, cards, NOW + timedelta(days=2))
    assert (first.ended_for, waiting_pick(session, world.team)) == ("late", None)
    next_ = make_pick(session, team(session, world.team), TODAY + timedelta(days=7), NOW)
    again = make_pick(session, team(session, world.team), TODAY + timedelta(days=7), NOW)
    assert (next_.ended_for, waiting_pick(session, world.team)) == ("replaced", again)


def test_a_smaller_standard_meanwhile_cuts_it(session: Session, world: World) -> None:
    _timed(session, world)
    some_deals(session, world, 9)
    _run(session, SENT)
    less = Standards(review_deals=5, review_deals_most=6)
    put_workspace(session, world.workspace_id, now=SENT, standards=less)
    _run(session, NOW)
    review = open_review(session, world.team)
    assert review is not None
    assert len(review_deals(session, review.id)) == 6


def test_a_manager_replaced_meanwhile_hands_it_over(session: Session, world: World) -> None:
    _timed(session, world)
    deals = [deal.id for deal in some_deals(session, world, 9)]
    _run(session, SENT)
    pick = _picked(session, world)
    owe_pick(session, pick, get_person(session, world.max), SENT)  # again: the same message
    eva = a_person(session, "U0EVA", "Eva", Role.MANAGER, reports_to_id=world.lea)
    team(session, world.team).manager_id = eva.id
    session.flush()
    show_changed_people(session, SENT)
    told = session.scalars(select(Delivery).where(Delivery.kind == Kind.REVIEW_PICK)).all()
    assert {(one.person_id, one.state) for one in told} == {
        (world.max, DeliveryState.DROPPED), (eva.id, DeliveryState.OWED),
    }  # fmt: skip
    with pytest.raises(Refused):
        _adjust(session, world.max, pick, deals[:5], _seen(session, pick))
    _adjust(session, eva.id, pick, deals[:5], _seen(session, pick))
    assert _shown(session, pick).adjusted is not None


def test_two_teams_of_one_manager_on_one_day(session: Session, world: World) -> None:
    north = a_team(session, "Upper", manager_id=world.max, channel_id="C0UPPER")
    rep = a_rep(session, north, "U0ELI", "Eli")
    for of_team in (team(session, world.team), north):
        put_times(session, of_team, ReviewTimes(), WEEK_BEFORE, MONDAY)
    some_deals(session, world, 5)
    for number in range(5):
        a_deal(session, rep.id, name=f"Upper {number}")
    materialise(session, NOW + timedelta(hours=19))
    for now in (SENT, NOW, NOW + timedelta(hours=19)):
        due = session.scalars(
            select(Occurrence)
            .where(Occurrence.state == OccurrenceState.DUE, Occurrence.due_at <= now)
            .order_by(Occurrence.id)
        ).all()
        assert len(due) == 2
        for occurrence in due:
            prompt = session.get_one(Schedule, occurrence.schedule_id).prompt
            PROMPTS[prompt](session, occurrence, now)
            settle(occurrence, now)
    told = session.scalars(select(Delivery).where(Delivery.person_id == world.max)).all()
    assert sorted(one.kind for one in told) == sorted(
        [Kind.REVIEW_PICK] * 2 + [Kind.REVIEW_DECIDING] * 2
    )
    assert {deal.owner_id for deal in session.scalars(select(Deal))} == {
        world.ana, world.ben, rep.id,
    }  # fmt: skip


def test_no_other_workspace_sees_it(database: Database, world: World, south: World) -> None:
    with database.transaction(south.workspace_id) as session:
        some_deals(session, south, 6)
        pick_id = make_pick(session, team(session, south.team), TODAY, NOW).id
    with database.transaction(world.workspace_id) as session:
        assert waiting_pick(session, world.team) is None
        with pytest.raises(UnknownReview):
            adjust_form(session, get_person(session, world.max), pick_id, NOW)
