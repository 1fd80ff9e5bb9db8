"""Previews: every prompt of a team as it would look with its own data, and nothing is recorded.

The prompts are really carried out, inside a savepoint that is then rolled back. What is private to
two people is not shown: one-on-ones are rehearsed with somebody who has had none yet.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import forecast, pipeline_review, put_right
from models.access import coach_of
from models.agenda import keep_digest, morning_digest, next_due
from models.coaching import CoachingLog, CoverageAsk
from models.days import working_day_before
from models.delivery import Delivery, Kind, owe
from models.forecast import ForecastCard
from models.health_check import HealthCheck, check_team
from models.motivation import MotivationProfile
from models.one_on_ones import OneOnOne, Sitting, Standing, free_slots, plan, put_standing
from models.people import Person, Team, members, standards, team
from models.pipeline_review import (
    AlreadyOpen,
    DecisionInput,
    DecisionKind,
    NoChannel,
    NoDeals,
    Review,
    close_review,
    make_pick,
    owe_pick,
    record_decision,
    start_picked,
)
from models.schedule import Occurrence, OccurrenceState, Schedule, instant, local_date
from models.setup.admins import require_admin
from models.setup.tables import Preview
from models.week import DECIDING, DIGEST, FORECAST

_OF_CHECKS = (Kind.HEALTH_SUMMARY, Kind.HEALTH_FLAGS, Kind.HEALTH_TALKS)
_OF_REVIEWS = (Kind.REVIEW_PARENT, Kind.REVIEW_CARD, Kind.REVIEW_OWNER, Kind.REVIEW_DECIDING)
_OF_SITTINGS = (Kind.ONE_ON_ONE_COACH, Kind.ONE_ON_ONE_PERSON, Kind.ONE_ON_ONE_RATING)


@dataclass(frozen=True)
class Rehearsed:
    """A message that would be owed, and the moment at which it would be read.

    `first`: what happens before it, and would change what the others show.
    """

    kind: Kind
    subject_id: int
    at: datetime
    first: Callable[[], object] = lambda: None


@contextmanager
def rehearsal(session: Session, of_team: Team, now: datetime) -> Iterator[Iterator[Rehearsed]]:
    """The team's prompts, one of each message, carried out as they are asked for; undone at the
    end, whatever happens."""
    savepoint = session.begin_nested()
    parts = (_health, _pick, _review, _one_on_one, _friday, _put_right)
    try:
        yield chain.from_iterable(part(session, of_team, now) for part in parts)
    finally:
        savepoint.rollback()


def _health(session: Session, of_team: Team, now: datetime) -> Iterator[Rehearsed]:
    """As of today, also where one was made today: then that one is shown."""
    decider = pipeline_review.first_decider(session, of_team.id)
    if decider is None:
        return
    check = check_team(session, of_team, decider, local_date(now, of_team.zone), now)
    for kind in _OF_CHECKS:
        found = _owed(session, kind, _subjects(session, kind, check))
        if found is not None:
            yield Rehearsed(kind, found, now)


def _subjects(session: Session, kind: Kind, check: HealthCheck) -> list[int]:
    if kind is not Kind.HEALTH_TALKS:
        return [check.id]
    of_check = select(CoverageAsk.id).where(CoverageAsk.check_id == check.id)
    return list(session.scalars(of_check.order_by(CoverageAsk.id.desc())))


def _pick(session: Session, of_team: Team, now: datetime) -> Iterator[Rehearsed]:
    """As it would be sent now; one that really waits for its cards is shown as it stands."""
    decider = pipeline_review.first_decider(session, of_team.id)
    if decider is None:
        return
    pick = pipeline_review.waiting_pick(session, of_team.id)
    if pick is None:
        try:
            pick = make_pick(session, of_team, local_date(now, of_team.zone), now)
        except NoDeals:
            return
    owe_pick(session, pick, decider, now)
    yield Rehearsed(Kind.REVIEW_PICK, pick.id, now)


def _put_right(session: Session, of_team: Team, now: datetime) -> Iterator[Rehearsed]:
    """The first list of an owner who is there, of what is wrong in the CRM by now."""
    made = put_right.ask_owners(session, of_team, now)
    found = _owed(session, Kind.PUT_RIGHT, [one.id for one in made])
    if found is not None:
        yield Rehearsed(Kind.PUT_RIGHT, found, now)


def _review(session: Session, of_team: Team, now: datetime) -> Iterator[Rehearsed]:
    review = pipeline_review.open_review(session, of_team.id) or _started(session, of_team, now)
    if review is None:
        return
    decider = pipeline_review.first_decider(session, of_team.id)
    if decider is not None:
        pipeline_review.show_deciding(session, review, decider, now)
    entries = [entry.id for entry in pipeline_review.review_deals(session, review.id)]
    for kind in _OF_REVIEWS:
        about = entries if kind in (Kind.REVIEW_CARD, Kind.REVIEW_OWNER) else [review.id]
        found = _owed(session, kind, about)
        if found is not None:
            yield Rehearsed(kind, found, now)
    if decider is not None:
        at = max(now, review.decide_from)
        decide = partial(_closed, session, review, decider, at)
        yield Rehearsed(Kind.REVIEW_CLOSING, review.id, at, decide)


def _closed(session: Session, review: Review, decider: Person, now: datetime) -> None:
    """Every deal that has no decision is held, by way of example, and the review is closed."""
    undecided = pipeline_review.undecided_deals(session, review.id)
    for entry in pipeline_review.review_deals(session, review.id):
        if entry.deal_id in undecided:
            held = DecisionInput(
                DecisionKind.HOLD,
                reason="An example: their board meets next month",
                next_text="An example: ask Dana for the board's date",
                next_owner_id=decider.id,
                next_due_on=local_date(now, decider.zone) + timedelta(days=7),
            )
            record_decision(session, decider, entry.id, held, now, replacing=None)
    close_review(session, decider, review.id, now)


def _started(session: Session, of_team: Team, now: datetime) -> Review | None:
    deciding = next_due(session, of_team.id, DECIDING, now) or now + timedelta(days=1)
    try:
        return start_picked(session, of_team, deciding, now, None)
    except (AlreadyOpen, NoChannel, NoDeals):
        return None


def _one_on_one(session: Session, of_team: Team, now: datetime) -> Iterator[Rehearsed]:
    rep = next((one for one in members(session, of_team.id) if _is_new(session, one)), None)
    coach = None if rep is None else coach_of(session, rep)
    if rep is None or coach is None:
        return
    rules = standards(session)
    slot = next(iter(free_slots(session, coach, rep, rules.one_on_one_minutes, now)), None)
    if slot is None:
        return
    standing, _ = put_standing(
        session,
        None,
        rep,
        weekday=slot.weekday,
        local_time=slot.local_time,
        minutes=rules.one_on_one_minutes,
        active_from=local_date(now, of_team.zone) + timedelta(days=1),
        now=now,
    )
    plan(session, now)
    sitting = session.scalars(
        select(Sitting)
        .join(OneOnOne, OneOnOne.id == Sitting.one_on_one_id)
        .where(OneOnOne.standing_id == standing.id)
        .order_by(Sitting.starts_at)
    ).first()
    if sitting is None:
        return
    yield from _digest(session, rep, sitting, now)
    before = sitting.starts_at - timedelta(minutes=rules.reminder_minutes)
    after = sitting.ends_at + timedelta(minutes=rules.rating_minutes)
    for kind in _OF_SITTINGS:
        found = _owed(session, kind, [sitting.id])
        if found is not None:
            at = after if kind is Kind.ONE_ON_ONE_RATING else before
            yield Rehearsed(kind, found, at)


def _digest(session: Session, rep: Person, sitting: Sitting, now: datetime) -> Iterator[Rehearsed]:
    """The rep's morning on the working day before they sit together."""
    keep_digest(session, rep, now)
    mine = (Schedule.person_id == rep.id) & (Schedule.prompt == DIGEST)
    schedule = session.scalars(select(Schedule).where(mine)).one()
    day = working_day_before(session, rep, sitting.local_date)
    at = instant(day, standards(session).digest_at, rep.zone)
    on_that_day = (Occurrence.schedule_id == schedule.id) & (Occurrence.local_date == day)
    if session.scalar(select(Occurrence.id).where(on_that_day)) is not None:
        return  # it was really sent, and is theirs
    occurrence = Occurrence(
        schedule_id=schedule.id, local_date=day, due_at=at, state=OccurrenceState.DUE
    )
    session.add(occurrence)
    session.flush()
    morning_digest(session, occurrence, at)
    yield Rehearsed(Kind.DIGEST, occurrence.id, at)


def _friday(session: Session, of_team: Team, now: datetime) -> Iterator[Rehearsed]:
    """The coming Friday's message as it comes: before it is begun it holds no figures."""
    decider = pipeline_review.first_decider(session, of_team.id)
    if decider is None:
        return
    at = next_due(session, of_team.id, FORECAST, now) or now
    day = local_date(at, of_team.zone)
    opened = forecast.open_forecast(session, of_team, day, decider, at, now)
    if opened is not None:
        card = select(ForecastCard.id).where(ForecastCard.forecast_id == opened.id)
        yield Rehearsed(Kind.FORECAST_CARD, session.scalars(card).one(), now)


def _is_new(session: Session, rep: Person) -> bool:
    """Whether nothing is there that only this person and their coach may see."""
    return not any(
        session.scalar(select(table.id).where(table.person_id == rep.id).limit(1))
        for table in (Standing, OneOnOne, CoachingLog, MotivationProfile)
    )


def _owed(session: Session, kind: Kind, subject_ids: list[int]) -> int | None:
    of_these = (Delivery.kind == kind) & Delivery.subject_id.in_(subject_ids)
    return session.scalar(
        select(Delivery.subject_id).where(of_these).order_by(Delivery.id).limit(1)
    )


def ask_previews(session: Session, actor: Person, team_id: int, now: datetime) -> int:
    """Owes the admin a preview of each of the team's prompts; how many. Raises `AdminsHere`."""
    require_admin(session, actor)
    of_team = team(session, team_id)
    with rehearsal(session, of_team, now) as shown:
        count = sum(1 for _ in shown)
    for place in range(count):
        preview = Preview(person_id=actor.id, team_id=team_id, place=place, asked_at=now)
        session.add(preview)
        session.flush()
        owe(
            session,
            Kind.SETUP_PREVIEW,
            preview.id,
            dedupe_key=f"preview:{preview.id}",
            due_at=now,
            person_id=actor.id,
        )
    return count
