"""The review's prompts: its pick, its cards, then deciding (product.md, "The week")."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import pipeline_review
from models.agenda.skipping import Skipped, team_is_off, tell_skipped
from models.days import next_ordinary_day
from models.people import Person, Team, team, today_of
from models.pipeline_review import NoChannel, NoDeals, Review, ReviewKind
from models.schedule import (
    Occurrence,
    Schedule,
    local_date,
    next_instant,
    promise_next,
    put_off,
    schedule_of,
    skip,
    team_id_of,
)
from models.week import CARDS, DECIDING

_WHY_NOT = {NoChannel: Skipped.NO_CHANNEL, NoDeals: Skipped.NO_DEALS}


def review_pick(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """An hour before the cards: what they will be about, to who decides there that day.

    It is kept as it is sent, and the cards take it. Where nobody is there, or no cards can come of
    it, it is skipped; then they pick by themselves, or say why none come. So it is on a day off of
    the whole team.
    """
    of_team = team(session, team_id_of(session, occurrence))
    reason = _pick(session, of_team, now)
    if reason is not None:
        skip(occurrence, reason, now)


def _pick(session: Session, of_team: Team, now: datetime) -> Skipped | None:
    cards_at = next_due(session, of_team.id, CARDS, now)
    if cards_at is None:
        return Skipped.NO_CARDS
    cards_on = today_of(of_team, cards_at)
    running = pipeline_review.open_review(session, of_team.id)
    if running is not None and today_of(of_team, running.decide_from) >= cards_on:
        return Skipped.REVIEW_OPEN
    if any(team_is_off(session, of_team, day) for day in {today_of(of_team, now), cards_on}):
        return Skipped.TEAM_OFF
    if of_team.channel_id is None:
        return Skipped.NO_CHANNEL
    if pipeline_review.first_decider(session, of_team.id) is None:
        return Skipped.NO_DECIDER
    decider = pipeline_review.decider_at(session, of_team.id, now)
    if decider is None:
        return Skipped.DAY_OFF
    try:
        pick = pipeline_review.make_pick(session, of_team, cards_on, now)
    except NoDeals:
        return Skipped.NO_DEALS
    pipeline_review.owe_pick(session, pick, decider, now)
    return None


def review_cards(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Tuesday 15:00: start the team's review, of the pick that waits for it, else of what the score
    picks now; deciding is from the next Wednesday 10:00 (on a day off of the whole team: put off at
    once), which its owners are told and which stays, whatever becomes of the team's times
    meanwhile.

    The last one ends, if it is still open; one that decides today or later is left as it is. Then,
    and without open deals, a channel, or anybody who decides, the team's manager and the admins
    are told that nothing was started. On a day on which nobody of the team works it is skipped, and
    nobody is told.
    """
    of_team = team(session, team_id_of(session, occurrence))
    if team_is_off(session, of_team, occurrence.local_date):
        pipeline_review.end_pick(session, of_team.id, Skipped.TEAM_OFF, now)
        skip(occurrence, Skipped.TEAM_OFF, now)
        return
    reason = _start(session, of_team, occurrence.local_date, now)
    if reason is not None:
        pipeline_review.end_pick(session, of_team.id, reason, now)
        skip(occurrence, reason, now)
        tell_skipped(session, occurrence, now)


def _start(session: Session, of_team: Team, cards_on: date, now: datetime) -> Skipped | None:
    """Starts the scheduled review, or says why not."""
    if pipeline_review.make_way(session, of_team, now) is not None:
        return Skipped.REVIEW_OPEN
    first = pipeline_review.first_decider(session, of_team.id)
    if first is None:
        return Skipped.NO_DECIDER
    try:
        deciding = _switched_on(session, of_team.id, DECIDING)
        decide_from = now if deciding is None else _promise(session, of_team, deciding, first, now)
        pipeline_review.start_picked(session, of_team, decide_from, now, cards_on)
    except (NoChannel, NoDeals) as refused:
        return _WHY_NOT[type(refused)]
    return None


def _promise(
    session: Session, of_team: Team, deciding: Schedule, first: Person, now: datetime
) -> datetime:
    """When deciding comes next, written down. Known to be a day off of the whole team it is put off
    already, as on the day itself: there the schedule's own has nothing to do any more."""
    day = local_date(next_instant(deciding, now), deciding.zone)
    if team_is_off(session, of_team, day):
        return put_off(session, deciding, next_ordinary_day(session, first, day))
    return promise_next(session, deciding, now)


def review_deciding(session: Session, occurrence: Occurrence, now: datetime) -> None:
    """Wednesday 10:00: the parent says so, and whoever decides gets what still lacks a decision.

    That is the manager; if out that day the deputy, else the nearest leader who is there. Where
    nobody is, or nobody of the team works, a scheduled review is put off by one working day, once,
    and then it is over.
    """
    team_id = team_id_of(session, occurrence)
    review = pipeline_review.held_open_review(session, team_id)
    day, of_team = occurrence.local_date, team(session, team_id)
    is_off = not occurrence.slot and team_is_off(session, of_team, day)
    reason = _nothing_to_decide(session, review, now)
    if is_off and reason is Skipped.DECIDES_LATER:
        reason = Skipped.TEAM_OFF  # that it was put off is said since its cards
    if review is None or reason is not None:
        skip(occurrence, reason or Skipped.NO_REVIEW, now)
        return
    decider = pipeline_review.decider_at(session, team_id, now)
    if is_off:
        decider = None  # who leads from elsewhere does not decide alone
    if decider is None and review.kind is ReviewKind.AD_HOC:
        decider = pipeline_review.first_decider(session, team_id)
    if decider is not None:
        pipeline_review.show_deciding(session, review, decider, now)
        return
    _without_decider(session, occurrence, review, now, is_off=is_off)


def _nothing_to_decide(session: Session, review: Review | None, now: datetime) -> Skipped | None:
    if review is None:
        return Skipped.NO_REVIEW
    if review.decide_from > now:
        return Skipped.DECIDES_LATER
    if pipeline_review.deciding_was_told(session, review.id):
        return Skipped.UNDER_WAY
    return None if pipeline_review.undecided_deals(session, review.id) else Skipped.ALL_DECIDED


def _without_decider(
    session: Session, occurrence: Occurrence, review: Review, now: datetime, *, is_off: bool
) -> None:
    first = pipeline_review.first_decider(session, review.team_id)
    if first is None:
        skip(occurrence, Skipped.NO_DECIDER, now)
        tell_skipped(session, occurrence, now)
    elif occurrence.slot:
        skip(occurrence, Skipped.NOT_HELD, now)
        pipeline_review.not_held(session, review, now)
    else:
        day = next_ordinary_day(session, first, occurrence.local_date)
        later = put_off(session, schedule_of(session, occurrence), day)
        pipeline_review.put_off_deciding(session, review, later, now)
        skip(occurrence, Skipped.TEAM_PUT_OFF if is_off else Skipped.PUT_OFF, now)
        tell_skipped(session, occurrence, now)


def next_due(session: Session, team_id: int, prompt: str, now: datetime) -> datetime | None:
    """When the team's prompt comes due next, after now; None where it is off or never was on."""
    found = _switched_on(session, team_id, prompt)
    return None if found is None else next_instant(found, now)


def _switched_on(session: Session, team_id: int, prompt: str) -> Schedule | None:
    mine = (Schedule.team_id == team_id) & (Schedule.prompt == prompt)
    return session.scalar(select(Schedule).where(mine, Schedule.is_on))
