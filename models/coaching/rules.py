"""What a coaching log must hold (product.md, "Coaching"): all that is wrong is said at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.coaching.refusals import (
    DealUnfit,
    EmptyFeedback,
    EmptyNextStep,
    FeedbackTooLong,
    FeedbackTooShort,
    HeldInFuture,
    HeldTooLongAgo,
    HeldWithOneOnOne,
    KindOfOneOnOne,
    LogFault,
    LogUnfit,
    MinutesUnfit,
    NextOnUnfit,
    NextStepTooLong,
    UnknownFocus,
)
from models.coaching.tables import CoachingEntry, CoachingKind, How
from models.deals import Deal, Stage, StageKind
from models.people import Person, Role, Team, owned_by_team, standards, team
from models.standards import Standards, is_empty_phrase

MINUTES = (1, 480)
MOST_FEEDBACK = 3000
MOST_NEXT_STEP = 500


@dataclass(frozen=True)
class LogInput:
    """What a coach logs. `held_on` is the coach's local date, `next_on` the next step's."""

    focus: str
    feedback: str
    next_step: str
    next_on: date
    held_on: date
    kind: CoachingKind
    how: How
    minutes: int
    deal_id: int | None = None


def focus_areas_for(standards: Standards, person: Person) -> tuple[str, ...]:
    """What this person may be coached in: a rep's focus areas, or a manager's."""
    return standards.focus_areas if person.role is Role.REP else standards.manager_focus_areas


def check_log(
    session: Session,
    person: Person,
    given: LogInput,
    today: date,
    *,
    before: CoachingEntry | None = None,
    logged_on: date | None = None,
    of_one_on_one: bool = False,
) -> None:
    """Raises `LogUnfit` with everything that is wrong about a log of this person's coaching.

    `today` is the coach's local date. An edit gives the version `before` it, of which focus, deal
    and next date may stay whatever has become of them, and the day it was `logged_on`, from which
    it counts how long ago it was held; a one-on-one's log keeps its day and kind.
    """
    rules = standards(session)
    faults = [
        *_focus_faults(person, given, rules, before),
        *_feedback_faults(given.feedback, rules),
        *_next_step_faults(given, today, rules, before),
        *_held_faults(given.held_on, logged_on or today, rules),
        *(_one_on_one_faults(given, before) if before is not None and of_one_on_one else ()),
        *_other_faults(session, person, given, before),
    ]
    if faults:
        raise LogUnfit(tuple(faults))


def _focus_faults(
    person: Person, given: LogInput, rules: Standards, before: CoachingEntry | None
) -> Iterator[LogFault]:
    areas = focus_areas_for(rules, person)
    if given.focus not in areas and (before is None or given.focus != before.focus):
        yield UnknownFocus(areas)


def _feedback_faults(feedback: str, rules: Standards) -> Iterator[LogFault]:
    text = feedback.strip()
    if is_empty_phrase(text, rules.empty_phrases):
        yield EmptyFeedback(text)
    elif len(text) < rules.feedback_characters:
        yield FeedbackTooShort(rules.feedback_characters)
    elif len(text) > MOST_FEEDBACK:
        yield FeedbackTooLong(MOST_FEEDBACK)


def _next_step_faults(
    given: LogInput, today: date, rules: Standards, before: CoachingEntry | None
) -> Iterator[LogFault]:
    text = given.next_step.strip()
    if is_empty_phrase(text, rules.empty_phrases):
        yield EmptyNextStep(text)
    elif len(text) > MOST_NEXT_STEP:
        yield NextStepTooLong(MOST_NEXT_STEP)
    is_kept = before is not None and given.next_on == before.next_on
    most = today + timedelta(days=rules.coaching_next_step_days)
    if not is_kept and not today <= given.next_on <= most:
        yield NextOnUnfit(today, most)


def _held_faults(held_on: date, logged_on: date, rules: Standards) -> Iterator[LogFault]:
    least = logged_on - timedelta(days=rules.coaching_oldest_days)
    if held_on > logged_on:
        yield HeldInFuture(logged_on)
    elif held_on < least:
        yield HeldTooLongAgo(least)


def _one_on_one_faults(given: LogInput, before: CoachingEntry) -> Iterator[LogFault]:
    if given.held_on != before.held_on:
        yield HeldWithOneOnOne(before.held_on)
    if given.kind is not before.kind:
        yield KindOfOneOnOne()


def _other_faults(
    session: Session, person: Person, given: LogInput, before: CoachingEntry | None
) -> Iterator[LogFault]:
    least, most = MINUTES
    if not least <= given.minutes <= most:
        yield MinutesUnfit(least, most)
    is_kept = before is not None and given.deal_id == before.deal_id
    if given.deal_id is not None and not is_kept and not _may_be_about(session, person, given):
        yield DealUnfit(given.deal_id)


def _may_be_about(session: Session, person: Person, given: LogInput) -> bool:
    found = session.scalars(
        select(Deal.id).where(Deal.id == given.deal_id, _around(session, person))
    )
    return found.one_or_none() is not None


def _around(session: Session, person: Person) -> ColumnElement[bool]:
    """A deal of this person, or of a team that this person sells for or manages."""
    return or_(
        Deal.owner_id == person.id,
        *(owned_by_team(Deal.owner_id, team_id) for team_id in _team_ids(session, person)),
    )


def _team_ids(session: Session, person: Person) -> set[int]:
    managed = session.scalars(select(Team.id).where(Team.manager_id == person.id))
    return {*managed} | ({team(session, person.team_id).id} if person.team_id else set())


def open_deals_of(session: Session, person: Person) -> list[Deal]:
    """The open deals that coaching of this person may be about, by name: a rep's own; a manager's
    own and those of the teams that this person manages."""
    mine = Deal.owner_id == person.id if person.role is Role.REP else _around(session, person)
    found = (
        select(Deal)
        .join(Stage, Stage.id == Deal.stage_id)
        .where(Stage.kind == StageKind.OPEN, mine)
        .order_by(Deal.name, Deal.id)
    )
    return list(session.scalars(found))
