"""What is shown of coaching: the messages about a log, the modals that write one, its trail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from models.access import Act, coached_by, require_coach, require_one_of
from models.coaching import (
    CoachingAnswer,
    CoachingEntry,
    CoachingKind,
    CoachingLog,
    How,
    LogInput,
    LogWithdrawn,
    NobodyToCoach,
    answers,
    check_answer,
    current_answer,
    current_entry,
    entries,
    focus_areas_for,
    get_entry,
    get_log,
    may_log_coverage,
    open_deals_of,
    says,
)
from models.deals import Deal, get_deal
from models.delivery import Kind
from models.people import Person, get_person, standards
from models.schedule import local_date
from models.screens.pieces import active_addressee, author_shown, deal_names, is_posted, who_shown
from models.screens.review_shown import (
    Author,
)
from models.screens.shown import (
    Who,
)


@dataclass(frozen=True)
class EntryShown:
    """What a version of a log says. `is_late`: logged so late that it counts in no metric."""

    id: int
    focus: str
    feedback: str
    next_step: str
    next_on: date
    held_on: date
    kind: CoachingKind
    how: How
    minutes: int
    deal: str | None
    is_late: bool
    written_at: datetime


@dataclass(frozen=True)
class CoachingAnswered:
    """What the coached person says to a version."""

    agrees: bool
    text: str | None
    at: datetime


@dataclass(frozen=True)
class WithdrawnShown:
    at: datetime
    because: str


@dataclass(frozen=True)
class CoachingShown:
    """A log to one of its two sides, who reads it in `zone`, where it is `today`.

    `quote` is the message that it quotes, with its address and who wrote it (None: of before that
    was kept). `is_edited`: the entry is not the first version. `of_one_on_one`: it belongs to a
    session, so it cannot be withdrawn.
    """

    log_id: int
    coach: Who
    person: Who
    zone: str
    today: date
    entry: EntryShown
    quote: str | None
    quote_url: str | None
    is_edited: bool
    answer: CoachingAnswered | None
    withdrawn: WithdrawnShown | None
    of_one_on_one: bool
    quote_by: Author | None = None


@dataclass(frozen=True)
class DisputedShown:
    """To the coach: what the person said last to a version. `log` is as it is now."""

    log: CoachingShown
    answer: CoachingAnswered
    is_current: bool


@dataclass(frozen=True)
class DealChoice:
    id: int
    name: str


@dataclass(frozen=True)
class LogScreen:
    """What a coach may log. `areas` are those of the chosen `person`, else of all `people`;
    `minutes` and `next_on`, the day of the next step, are presets."""

    people: tuple[Who, ...]
    person: Who | None
    areas: tuple[str, ...]
    deals: tuple[DealChoice, ...]
    deal_id: int | None
    today: date
    minutes: int
    next_on: date
    feedback_least: int
    late_before: date  # what was held before that is late, and outside the metrics


@dataclass(frozen=True)
class EditScreen:
    """A log to be put right. `given`: what it says now."""

    form: LogScreen
    given: LogInput


@dataclass(frozen=True)
class DisputeScreen:
    """`before`: what the person has said so far to the version `entry`."""

    coach: Who
    today: date
    entry: EntryShown
    before: CoachingAnswered | None


@dataclass(frozen=True)
class VersionShown:
    entry: EntryShown
    answers: tuple[CoachingAnswered, ...]


@dataclass(frozen=True)
class CoachingTrail:
    """Every version of a log with what was said to it, oldest first."""

    person: Who
    zone: str
    today: date
    versions: tuple[VersionShown, ...]
    withdrawn: WithdrawnShown | None


# --- the messages


def coaching_person(session: Session, log_id: int, now: datetime) -> CoachingShown | None:
    """To who was coached. Withdrawn before it was posted, it is not wanted."""
    return _message(session, Kind.COACHING_PERSON, log_id, now)


def coaching_coach(session: Session, log_id: int, now: datetime) -> CoachingShown | None:
    """The coach's own copy; as above."""
    return _message(session, Kind.COACHING_COACH, log_id, now)


def coaching_disputed(session: Session, entry_id: int, now: datetime) -> DisputedShown | None:
    """To the coach: a version is seen differently. Not begun once it is not, or is changed."""
    to = active_addressee(session, Kind.COACHING_DISPUTED, entry_id)
    if to is None:
        return None
    message, coach = to
    entry = get_entry(session, entry_id)
    log = get_log(session, entry.log_id)
    said = [one for one in answers(session, log.id) if one.entry_id == entry_id]
    stands = entry.is_current and log.withdrawn_at is None
    if not said or not (is_posted(message) or (stands and not said[-1].agrees)):
        return None
    return DisputedShown(
        log=_shown(session, log, coach, now),
        answer=_answered(said[-1]),
        is_current=entry.is_current,
    )


def _message(session: Session, kind: Kind, log_id: int, now: datetime) -> CoachingShown | None:
    to = active_addressee(session, kind, log_id)
    if to is None:
        return None
    message, reader = to
    log = get_log(session, log_id)
    if log.withdrawn_at is not None and not is_posted(message):
        return None
    return _shown(session, log, reader, now)


def _shown(session: Session, log: CoachingLog, reader: Person, now: datetime) -> CoachingShown:
    entry = current_entry(session, log.id)
    answer = current_answer(session, log.id)
    return CoachingShown(
        log_id=log.id,
        coach=who_shown(get_person(session, log.coach_id)),
        person=who_shown(get_person(session, log.person_id)),
        zone=reader.zone,
        today=local_date(now, reader.zone),
        entry=_entry(session, entry),
        quote=log.quote,
        quote_url=log.quote_url,
        is_edited=entries(session, log.id)[0].id != entry.id,
        answer=None if answer is None else _answered(answer),
        withdrawn=_withdrawn(log),
        of_one_on_one=log.one_on_one_id is not None,
        quote_by=author_shown(session, log.quote_slack_id) if log.quote_slack_id else None,
    )


def _entry(session: Session, entry: CoachingEntry) -> EntryShown:
    about = () if entry.deal_id is None else deal_names(session, [entry.deal_id])
    return EntryShown(
        id=entry.id,
        focus=entry.focus,
        feedback=entry.feedback,
        next_step=entry.next_step,
        next_on=entry.next_on,
        held_on=entry.held_on,
        kind=entry.kind,
        how=entry.how,
        minutes=entry.minutes,
        deal=next(iter(about), None),
        is_late=entry.is_late,
        written_at=entry.written_at,
    )


def _answered(answer: CoachingAnswer) -> CoachingAnswered:
    return CoachingAnswered(answer.agrees, answer.text, answer.answered_at)


def _withdrawn(log: CoachingLog) -> WithdrawnShown | None:
    if log.withdrawn_at is None:
        return None
    return WithdrawnShown(log.withdrawn_at, log.withdrawn_because or "")


# --- the modals


def log_form(
    session: Session,
    actor: Person,
    now: datetime,
    person_id: int | None = None,
    deal_id: int | None = None,
) -> LogScreen:
    """What this person may log now, about somebody or (by a deal) its owner, if that is given.

    A deal of somebody else than the person given is left out.

    Raises `Refused` for somebody else's person, `NobodyToCoach`, `UnknownPerson`, `UnknownDeal`.
    """
    deal = None if deal_id is None else get_deal(session, deal_id)
    if person_id is None and deal is not None:
        person_id = deal.owner_id
    person = None if person_id is None else get_person(session, person_id)
    people = coached_by(session, actor)
    if person is not None and may_log_coverage(session, actor, person, now):
        people = list({one.id: one for one in (*people, person)}.values())
    elif person is not None:
        require_coach(session, actor, person)
    if not people:
        raise NobodyToCoach
    person = person or _only(people)
    is_theirs = deal is not None and person is not None and deal.owner_id == person.id
    return _form(session, actor, people, person, deal if is_theirs else None, now)


def edit_form(session: Session, actor: Person, log_id: int, now: datetime) -> EditScreen:
    """What a log says, to who wrote it. Raises `UnknownLog`, `Refused`, `LogWithdrawn`."""
    log = get_log(session, log_id)
    require_one_of(actor, Act.EDIT_COACHING, log.coach_id)
    if log.withdrawn_at is not None:
        raise LogWithdrawn(log.withdrawn_at)
    given = says(current_entry(session, log.id))
    person = get_person(session, log.person_id)
    deal = None if given.deal_id is None else get_deal(session, given.deal_id)
    form = _form(
        session, actor, [person], person, deal, now, kept=(given.focus,), logged_on=log.logged_on
    )
    return EditScreen(form, given)


def dispute_form(
    session: Session, actor: Person, entry_id: int, now: datetime, *, newest: bool = False
) -> DisputeScreen:
    """A version and what this person has said to it so far; `newest`: the one that it was changed
    into. Raises as `check_answer`."""
    log = get_log(session, get_entry(session, entry_id).log_id)
    entry = current_entry(session, log.id) if newest else get_entry(session, entry_id)
    check_answer(session, actor, entry.id)
    before = current_answer(session, log.id)
    return DisputeScreen(
        coach=who_shown(get_person(session, log.coach_id)),
        today=local_date(now, actor.zone),
        entry=_entry(session, entry),
        before=None if before is None else _answered(before),
    )


def _only(people: list[Person]) -> Person | None:
    return people[0] if len(people) == 1 else None


def _form(
    session: Session,
    actor: Person,
    people: list[Person],
    person: Person | None,
    deal: Deal | None,
    now: datetime,
    kept: tuple[str, ...] = (),
    logged_on: date | None = None,
) -> LogScreen:
    rules, today = standards(session), local_date(now, actor.zone)
    asked = people if person is None else [person]
    areas = [area for one in asked for area in focus_areas_for(rules, one)]
    return LogScreen(
        people=tuple(who_shown(one) for one in people),
        person=None if person is None else who_shown(person),
        areas=tuple(dict.fromkeys([*areas, *kept])),
        deals=() if person is None else _deals(session, person, deal),
        deal_id=None if deal is None else deal.id,
        today=today,
        minutes=rules.coaching_minutes,
        next_on=today + timedelta(days=rules.next_action_preset_days),
        feedback_least=rules.feedback_characters,
        late_before=(logged_on or today) - timedelta(days=rules.coaching_late_days),
    )


def _deals(session: Session, person: Person, deal: Deal | None) -> tuple[DealChoice, ...]:
    """The person's open deals, after the one that it is about, whatever has become of that."""
    about: Iterable[Deal] = () if deal is None else (deal,)
    found = {one.id: one for one in (*about, *open_deals_of(session, person))}
    return tuple(DealChoice(one.id, one.name) for one in found.values())


def coaching_trail(session: Session, actor: Person, log_id: int, now: datetime) -> CoachingTrail:
    """How a log came to say what it says, to who wrote it. Raises `UnknownLog`, `Refused`."""
    log = get_log(session, log_id)
    require_one_of(actor, Act.EDIT_COACHING, log.coach_id)
    said = answers(session, log.id)
    return CoachingTrail(
        person=who_shown(get_person(session, log.person_id)),
        zone=actor.zone,
        today=local_date(now, actor.zone),
        versions=tuple(
            VersionShown(
                _entry(session, entry),
                tuple(_answered(one) for one in said if one.entry_id == entry.id),
            )
            for entry in entries(session, log.id)
        ),
        withdrawn=_withdrawn(log),
    )
