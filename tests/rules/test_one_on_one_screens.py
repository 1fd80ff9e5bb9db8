"""What each side of a one-on-one is shown, and when nothing is: on both databases."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Refused
from models.coaching import CoachingKind, How, LogInput, confirm_log, current_entry, log_coaching
from models.deals import Field
from models.delivery import Delivery, DeliveryState
from models.flags import FlagCode
from models.next_actions import set_next_action
from models.one_on_ones import (
    AlreadySettled,
    AlreadyStarted,
    Breach,
    NotYet,
    OneOnOne,
    Sitting,
    add_point,
    cancel,
    current_sitting,
    end_standing,
    follow_people,
    move,
    put_standing,
    start,
    write_notes,
)
from models.people import Person, get_person, team
from models.roster import put_team
from models.screens import (
    HeldShown,
    Side,
    breach_told,
    cancel_form,
    finish_form,
    move_form,
    notes_form,
    one_on_one_changed_coach,
    one_on_one_coach,
    one_on_one_person,
    one_on_one_row,
    points_form,
    preparation,
    standing_form,
    standing_told,
    standings_form,
)
from tests.world import NOW, World, a_change, a_deal

WED = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # 10:00 in New York
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
REMINDED = WED - 10 * MINUTE


@dataclass(frozen=True)
class Pair:
    """Max and Ana, who sit together on Wednesday at 10:00."""

    max: Person
    ana: Person
    one_on_one: OneOnOne
    sitting: Sitting

    @property
    def id(self) -> int:
        return self.one_on_one.id


@pytest.fixture
def pair(session: Session, world: World) -> Pair:
    max_, ana = get_person(session, world.max), get_person(session, world.ana)
    put_standing(
        session, max_, ana, weekday=3, local_time=time(10), minutes=30,
        active_from=date(2026, 11, 23), now=NOW,
    )  # fmt: skip
    first = session.scalars(select(OneOnOne).order_by(OneOnOne.week)).first()
    assert first is not None
    return Pair(max_, ana, first, current_sitting(session, first.id))


def posted(session: Session, subject_id: int) -> None:
    """Slack shows the messages about this subject."""
    rows = session.scalars(select(Delivery).where(Delivery.subject_id == subject_id)).all()
    for number, row in enumerate(rows):
        row.state, row.ts, row.posted_channel = DeliveryState.POSTED, f"17.{number}", "D1"
    session.flush()


def logged(session: Session, pair: Pair, now: datetime = NOW) -> int:
    given = LogInput(
        focus="negotiation",
        feedback="Name the price, then let silence work",
        next_step="Two calls without filling the pause",
        next_on=date(2026, 12, 1),
        held_on=date(2026, 11, 23),
        kind=CoachingKind.CALL_REVIEW,
        how=How.ADVICE,
        minutes=20,
    )
    return log_coaching(session, pair.max, pair.ana, given, now).id


# --- preparing


def test_what_the_coach_prepares_with_and_the_person_does_not_see(
    session: Session, pair: Pair
) -> None:
    log_id = logged(session, pair)
    earlier = session.scalars(select(OneOnOne).where(OneOnOne.id != pair.id)).one()
    write_notes(session, pair.max, pair.id, "Ask about the move", NOW)
    cancel(session, pair.max, pair.id, "The board wants numbers", NOW)
    add_point(session, pair.ana, earlier.id, "pricing for Orbit", NOW)
    later = current_sitting(session, earlier.id)

    assert preparation(session, earlier, later, Side.COACH, NOW).held is None  # due tomorrow
    coachs = preparation(session, earlier, later, Side.COACH, NOW + DAY)
    assert coachs.held == HeldShown(0, 1)
    assert coachs.notes == "Ask about the move"
    assert [(one.by.id, one.text) for one in coachs.points] == [(pair.ana.id, "pricing for Orbit")]
    assert coachs.last is not None
    assert (coachs.last.focus, coachs.last.agrees) == ("negotiation", None)

    persons = preparation(session, earlier, later, Side.PERSON, NOW)
    assert (persons.held, persons.notes) == (None, None)
    assert (persons.last, persons.points) == (coachs.last, coachs.points)

    entry = current_entry(session, log_id)
    confirm_log(session, pair.ana, entry.id, NOW)
    answered = preparation(session, earlier, later, Side.COACH, NOW).last
    assert answered is not None
    assert answered.agrees is True


def test_the_newest_flags_stand_first(session: Session, pair: Pair) -> None:
    quiet = a_deal(session, pair.ana.id, name="Quiet", last_activity_on=date(2026, 11, 1))
    past = a_deal(session, pair.ana.id, name="Past", close_on=date(2026, 11, 22))
    pushed = a_deal(session, pair.ana.id, name="Pushed", close_on=date(2026, 12, 20))
    a_change(session, pushed, Field.CLOSE, "2026-12-01", "2026-12-20", NOW - 5 * DAY)
    a_deal(session, pair.ana.id, name="Bare", amount_minor=None)
    set_next_action(
        session, quiet.id, "Call the CFO", pair.ana.id, date(2026, 11, 30), pair.ana.id, NOW
    )
    shown = preparation(session, pair.one_on_one, pair.sitting, Side.PERSON, NOW)
    assert [(one.deal, one.flag.code) for one in shown.flagged] == [
        ("Past", FlagCode.CLOSE_PAST),  # 2 days ago
        ("Pushed", FlagCode.CLOSE_PUSHED),  # 5
        ("Quiet", FlagCode.QUIET),  # 9: quiet for 23 days, 14 of which raise nothing
    ]
    assert past.name in shown.without_next
    assert quiet.name not in shown.without_next


# --- the cards


def test_nobody_is_reminded_who_switched_it_off(session: Session, pair: Pair) -> None:
    pair.max.reminded_at_start = False
    assert one_on_one_coach(session, pair.sitting.id, REMINDED) is None
    assert one_on_one_person(session, pair.sitting.id, REMINDED) is not None


def test_after_the_start_only_the_coach_is_still_reminded(session: Session, pair: Pair) -> None:
    late = one_on_one_coach(session, pair.sitting.id, WED)
    assert late is not None
    assert late.late
    assert one_on_one_person(session, pair.sitting.id, WED) is None
    posted(session, pair.sitting.id)
    again = one_on_one_coach(session, pair.sitting.id, WED + HOUR)
    assert again is not None
    assert not again.late
    assert one_on_one_person(session, pair.sitting.id, WED + HOUR) is not None


def test_what_was_moved_before_the_reminder_needs_none(session: Session, pair: Pair) -> None:
    after = move(session, pair.ana, pair.id, WED + 2 * DAY, NOW)
    assert one_on_one_coach(session, pair.sitting.id, REMINDED) is None
    assert one_on_one_person(session, pair.sitting.id, REMINDED) is None
    assert one_on_one_coach(session, after.id, REMINDED) is not None


def test_a_posted_card_says_what_became_of_it(session: Session, pair: Pair) -> None:
    posted(session, pair.sitting.id)
    move(session, pair.ana, pair.id, WED + 2 * DAY, NOW)
    card = one_on_one_coach(session, pair.sitting.id, NOW)
    assert card is not None
    assert card.moved is not None
    assert (card.moved.by and card.moved.by.id, card.moved.to) == (pair.ana.id, WED + 2 * DAY)
    assert (card.preparation, card.settled, card.may_change) == (None, None, False)

    # what becomes of it later is said on the card of where it was moved to
    cancel(session, pair.max, pair.id, "The board wants numbers", NOW)
    card = one_on_one_coach(session, pair.sitting.id, NOW)
    assert card is not None
    assert card.settled is None


def test_once_started_the_person_may_not_change_it(session: Session, pair: Pair) -> None:
    start(session, pair.max, pair.id, REMINDED)
    coachs = one_on_one_coach(session, pair.sitting.id, REMINDED)
    persons = one_on_one_person(session, pair.sitting.id, REMINDED)
    assert coachs is not None
    assert persons is not None
    assert (coachs.may_change, persons.may_change) == (True, False)
    assert coachs.started is not None
    assert coachs.started.at == REMINDED


def test_who_lost_the_person_sees_no_more_of_them(
    session: Session, world: World, pair: Pair
) -> None:
    start(session, pair.max, pair.id, REMINDED)
    west = team(session, world.team)
    put_team(session, west.name, currency="USD", zone=west.zone, manager_id=world.lea)
    follow_people(session, [world.ana], REMINDED)
    card = one_on_one_coach(session, pair.sitting.id, REMINDED)
    assert card is not None
    assert card.preparation is None


@pytest.mark.parametrize("gone", ["max", "ana"])
def test_who_is_gone_reads_nothing(session: Session, pair: Pair, gone: str) -> None:
    getattr(pair, gone).active = False
    session.flush()
    load = one_on_one_coach if gone == "max" else one_on_one_person
    assert load(session, pair.sitting.id, REMINDED) is None


def test_each_in_their_own_zone(session: Session, pair: Pair) -> None:
    pair.ana.zone = "Asia/Tokyo"
    card = one_on_one_person(session, pair.sitting.id, REMINDED)
    assert card is not None
    assert (card.zone, card.today) == ("Asia/Tokyo", date(2026, 11, 25))


def test_the_coach_runs_it_from_midnight_on(session: Session, pair: Pair) -> None:
    midnight = WED - 10 * HOUR
    for now, runs in ((midnight - MINUTE, False), (midnight, True)):
        mine = one_on_one_row(session, pair.one_on_one, pair.sitting, pair.max.id, now)
        theirs = one_on_one_row(session, pair.one_on_one, pair.sitting, pair.ana.id, now)
        assert (mine.may_run, theirs.may_run) == (runs, False)
        assert mine.may_change
        assert theirs.may_change
    late = one_on_one_row(session, pair.one_on_one, pair.sitting, pair.max.id, WED + HOUR)
    assert late.unrecorded


# --- what the other side is told


def test_the_next_one_after_a_cancellation(session: Session, pair: Pair) -> None:
    cancel(session, pair.ana, pair.id, "A customer calls", NOW)
    told = one_on_one_changed_coach(session, pair.sitting.id, NOW)
    assert told is not None
    assert told.other.id == pair.ana.id
    assert told.next_at == WED + 7 * DAY


def test_a_standing_one_on_one_that_ended_before_it_was_told(session: Session, pair: Pair) -> None:
    standing_id = pair.one_on_one.standing_id
    told = standing_told(session, standing_id, NOW)
    assert told is not None
    assert (told.standing.weekday, told.earlier, told.ended) == (3, None, False)
    changed, _ = put_standing(
        session, pair.max, pair.ana, weekday=4, local_time=time(14), minutes=45,
        active_from=date(2026, 11, 30), now=NOW + HOUR,
    )  # fmt: skip
    assert standing_told(session, standing_id, NOW + HOUR) is None
    told = standing_told(session, changed.id, NOW + HOUR)
    assert told is not None
    assert told.earlier is not None
    assert told.earlier.weekday == 3
    end_standing(session, pair.max, pair.ana, NOW + 2 * HOUR)
    assert standing_told(session, changed.id, NOW + 2 * HOUR) is None


def test_a_breach_while_both_are_here(session: Session, pair: Pair) -> None:
    later = session.scalars(select(OneOnOne.id).where(OneOnOne.id != pair.id)).one()
    for one_on_one_id in (pair.id, later):
        cancel(session, pair.max, one_on_one_id, "The board wants numbers", NOW)
    breach = session.scalars(select(Breach)).one()
    told = breach_told(session, breach.id, NOW)
    assert told is not None
    assert (told.changes.coach_cancelled, told.first, told.last) == (
        2, date(2026, 10, 1), date(2026, 12, 31),
    )  # fmt: skip
    pair.ana.active = False
    assert breach_told(session, breach.id, NOW) is None


# --- the modals


def test_finish_lists_deals_without_a_next_action_first(
    session: Session, world: World, pair: Pair
) -> None:
    orbit = a_deal(session, pair.ana.id, name="Orbit")
    late = a_deal(session, pair.ana.id, name="Late")
    a_deal(session, pair.ana.id, name="Tern")
    a_deal(session, world.ben, name="Ben's")
    a_deal(session, pair.ana.id, "Closed Won", name="Done")
    for deal, owner, due_on in (
        (orbit, pair.max.id, date(2026, 12, 3)),
        (late, pair.ana.id, date(2026, 11, 20)),
    ):
        set_next_action(session, deal.id, "Send the paper", owner, due_on, owner, NOW)
    shown = finish_form(session, pair.max, pair.id, WED)
    assert [(one.name, one.next_owner.id, one.due_on) for one in shown.deals] == [
        ("Tern", pair.ana.id, date(2026, 12, 2)),  # a week ahead
        ("Late", pair.ana.id, date(2026, 12, 2)),  # what is overdue is proposed anew
        ("Orbit", pair.max.id, date(2026, 12, 3)),  # as it stands
    ]
    assert shown.needs_deals
    assert shown.due_most == date(2026, 12, 9)
    assert "negotiation" in shown.focus_areas


@pytest.mark.parametrize(
    ("started", "now", "minutes"),
    [
        (None, WED, 30),
        (WED, WED + 41 * MINUTE, 41),
        (WED, WED + 2 * MINUTE, 30),  # Start was pressed at the end
        (WED, WED + 7 * HOUR, 30),  # Finish was pressed in the evening
    ],
)
def test_minutes_are_those_since_start_where_that_can_be(
    session: Session, pair: Pair, started: datetime | None, now: datetime, minutes: int
) -> None:
    if started is not None:
        start(session, pair.max, pair.id, started)
    assert finish_form(session, pair.max, pair.id, now).minutes == minutes


def test_modals_refuse_before_anything_is_typed(session: Session, world: World, pair: Pair) -> None:
    ben = get_person(session, world.ben)
    for refused in (
        lambda: finish_form(session, pair.ana, pair.id, WED),
        lambda: notes_form(session, pair.ana, pair.id),
        lambda: move_form(session, ben, pair.id, WED),
        lambda: cancel_form(session, ben, pair.id, WED),
        lambda: points_form(session, ben, pair.id),
        lambda: standing_form(session, ben, pair.ana.id, WED),
    ):
        with pytest.raises(Refused):
            refused()
    with pytest.raises(NotYet):
        finish_form(session, pair.max, pair.id, NOW)
    start(session, pair.max, pair.id, REMINDED)
    with pytest.raises(AlreadyStarted):
        move_form(session, pair.ana, pair.id, REMINDED)
    cancel(session, pair.max, pair.id, "The board wants numbers", REMINDED)
    for settled in (finish_form, move_form, cancel_form):
        with pytest.raises(AlreadySettled):
            settled(session, pair.max, pair.id, REMINDED)


def test_points_are_shown_by_person(session: Session, pair: Pair) -> None:
    add_point(session, pair.ana, pair.id, "pricing for Orbit", NOW)
    add_point(session, pair.max, pair.id, "close plan", NOW)
    shown = points_form(session, pair.max, pair.id)
    assert [one.text for one in shown.mine] == ["close plan"]
    assert [one.text for one in shown.others] == ["pricing for Orbit"]
    assert shown.other.id == pair.ana.id


def test_standing_one_on_ones_of_those_whom_one_coaches(
    session: Session, world: World, pair: Pair
) -> None:
    shown = standings_form(session, pair.max, NOW)
    assert [(row.person.name, row.standing is not None) for row in shown.rows] == [
        ("Ana", True), ("Ben", False), ("Cleo", False),
    ]  # fmt: skip
    assert shown.coach is not None
    assert (shown.coach.id, shown.own) == (world.lea, None)
    ben = standing_form(session, pair.max, world.ben, NOW)
    assert ben.is_new
    assert ben.standing.active_from == date(2026, 11, 30)
    assert ben.standing.zone == "America/New_York"
    ana = standing_form(session, pair.max, world.ana, NOW)
    assert (ana.is_new, ana.standing.weekday, ana.standing.local_time) == (False, 3, time(10))
