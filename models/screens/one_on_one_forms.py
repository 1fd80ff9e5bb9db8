"""Loaders of the one-on-ones' modals. They refuse as the rules would, before anything is typed."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from models.access import Act, coach_of, coached_by, require_coach, require_one_of
from models.coaching import focus_areas_for
from models.days import DAY
from models.deals import Deal, stages
from models.next_actions import NextAction, open_actions
from models.one_on_ones import (
    FreeSlot,
    OneOnOne,
    check_change,
    check_run,
    current_note,
    current_sitting,
    current_standing,
    free_slots,
    free_times,
    get,
    has_begun,
    next_owners,
    open_points,
    places_of,
    reviewable_deals,
    rotation_of,
    standing_zone,
)
from models.people import Person, get_person, people_by_id, standards
from models.schedule import local_date, next_monday
from models.screens.one_on_ones import PointShown, Side, other_id, points_shown, side_of
from models.screens.pieces import next_shown, who_shown
from models.screens.shown import NextShown, Who
from models.screens.standings import (
    LeftOutShown,
    StandingShown,
    left_out_shown,
    standing_shown,
    until_then,
)
from models.standards import Standards

_LEAST_MINUTES = 5  # Start and Finish closer together: Start was pressed late
_PRESET_TIME = time(10)


@dataclass(frozen=True)
class FinishDeal:
    """An open deal to go through. `next_owner`: who does what is next; `due_on`: a preset."""

    id: int
    name: str
    stage: str
    next_action: NextShown | None
    next_owner: Who
    due_on: date


@dataclass(frozen=True)
class FinishForm:
    """What Finish asks. `deals`: those without a next action first; `needs_deals`: at least one.

    `today` is where the session is dated; `minutes`, `notes` and `next_on`, the day of the next
    step, are presets.
    """

    one_on_one_id: int
    person: Who
    starts_at: datetime
    zone: str  # the coach's
    today: date
    minutes: int
    notes: str | None
    deals: tuple[FinishDeal, ...]
    needs_deals: bool
    due_most: date
    next_on: date
    points: tuple[PointShown, ...]
    focus_areas: tuple[str, ...]
    feedback_characters: int  # at least


def finish_form(session: Session, actor: Person, one_on_one_id: int, now: datetime) -> FinishForm:
    """Raises `UnknownOneOnOne`, `Refused`, `AlreadySettled`, `NotYet`."""
    one_on_one = get(session, one_on_one_id)
    check_run(session, actor, one_on_one, now)
    person = get_person(session, one_on_one.person_id)
    rules, today = standards(session), local_date(now, one_on_one.zone)
    deals = reviewable_deals(session, person)
    due = _due(today, rules)
    note = current_note(session, one_on_one.id)
    return FinishForm(
        one_on_one_id=one_on_one.id,
        person=who_shown(person),
        starts_at=current_sitting(session, one_on_one.id).starts_at,
        zone=actor.zone,
        today=today,
        minutes=_minutes(one_on_one, now),
        notes=None if note is None else note.text,
        deals=_deals(session, one_on_one, deals, due),
        needs_deals=any(deal.owner_id == person.id for deal in deals),
        due_most=due.most,
        next_on=due.preset,
        points=points_shown(session, open_points(session, person.id, actor.id)),
        focus_areas=focus_areas_for(rules, person),
        feedback_characters=rules.feedback_characters,
    )


def _minutes(one_on_one: OneOnOne, now: datetime) -> int:
    """Since Start, where that can be how long they sat together; else as planned."""
    if one_on_one.started_at is None:
        return one_on_one.minutes
    since = round((now - one_on_one.started_at).total_seconds() / 60)
    return since if _LEAST_MINUTES <= since <= 2 * one_on_one.minutes else one_on_one.minutes


@dataclass(frozen=True)
class _Due:
    """Within what a next action is due, and the day that is proposed."""

    least: date
    most: date
    preset: date


def _due(today: date, rules: Standards) -> _Due:
    most = today + rules.next_action_days * DAY
    return _Due(today, most, min(today + rules.next_action_preset_days * DAY, most))


def _deals(
    session: Session, one_on_one: OneOnOne, deals: list[Deal], due: _Due
) -> tuple[FinishDeal, ...]:
    """Those without a next action first, else in their order."""
    names = {stage.id: stage.name for stage in stages(session)}
    actions = open_actions(session, [deal.id for deal in deals])
    owners = {action.owner_id for action in actions.values()}
    people = people_by_id(session, owners | {deal.owner_id for deal in deals})
    shown = []
    for deal in deals:
        action = actions.get(deal.id)
        fits = action is not None and due.least <= action.due_on <= due.most
        shown.append(
            FinishDeal(
                id=deal.id,
                name=deal.name,
                stage=names[deal.stage_id],
                next_action=None if action is None else next_shown(action, people, due.least),
                next_owner=who_shown(people[_next_owner_id(session, one_on_one, deal, action)]),
                due_on=action.due_on if action is not None and fits else due.preset,
            )
        )
    return tuple(sorted(shown, key=lambda one: one.next_action is not None))


def _next_owner_id(
    session: Session, one_on_one: OneOnOne, deal: Deal, action: NextAction | None
) -> int:
    """Who does it now goes on, where that may be; else the deal's owner."""
    if action is None or action.owner_id == deal.owner_id:
        return deal.owner_id
    allowed = {person.id for person in next_owners(session, one_on_one, deal)}
    return action.owner_id if action.owner_id in allowed else deal.owner_id


# --- moving, cancelling


@dataclass(frozen=True)
class ChangeForm:
    """A session to be moved or cancelled. `zone`: the reader's; `free`: times to choose from."""

    one_on_one_id: int
    other: Who
    side: Side  # the reader's
    zone: str
    starts_at: datetime
    minutes: int
    free: tuple[datetime, ...]


def cancel_form(session: Session, actor: Person, one_on_one_id: int, now: datetime) -> ChangeForm:
    """Raises `UnknownOneOnOne`, `Refused`, `AlreadySettled`, `AlreadyStarted`."""
    one_on_one = get(session, one_on_one_id)
    check_change(session, actor, one_on_one, now)
    return ChangeForm(
        one_on_one_id=one_on_one.id,
        other=_other(session, one_on_one, actor),
        side=side_of(one_on_one, actor.id),
        zone=actor.zone,
        starts_at=current_sitting(session, one_on_one.id).starts_at,
        minutes=one_on_one.minutes,
        free=(),
    )


def move_form(session: Session, actor: Person, one_on_one_id: int, now: datetime) -> ChangeForm:
    """As `cancel_form`, with the next free times."""
    shown = cancel_form(session, actor, one_on_one_id, now)
    return replace(shown, free=tuple(free_times(session, one_on_one_id, now)))


def _other(session: Session, one_on_one: OneOnOne, actor: Person) -> Who:
    return who_shown(get_person(session, other_id(one_on_one, side_of(one_on_one, actor.id))))


# --- talking points, notes


@dataclass(frozen=True)
class PointsForm:
    """The open talking points of a pair; one's own may be dropped."""

    one_on_one_id: int
    other: Who
    mine: tuple[PointShown, ...]
    others: tuple[PointShown, ...]


def points_form(session: Session, actor: Person, one_on_one_id: int) -> PointsForm:
    """Raises `UnknownOneOnOne`, `Refused`."""
    one_on_one = get(session, one_on_one_id)
    both = (one_on_one.coach_id, one_on_one.person_id)
    require_one_of(actor, Act.CHANGE_ONE_ON_ONE, *both)
    points = points_shown(session, open_points(session, one_on_one.person_id, one_on_one.coach_id))
    return PointsForm(
        one_on_one_id=one_on_one.id,
        other=_other(session, one_on_one, actor),
        mine=tuple(point for point in points if point.by.id == actor.id),
        others=tuple(point for point in points if point.by.id != actor.id),
    )


@dataclass(frozen=True)
class NotesForm:
    """The coach's notes for next time, as they stand."""

    one_on_one_id: int
    person: Who
    text: str | None


def notes_form(session: Session, actor: Person, one_on_one_id: int) -> NotesForm:
    """For the coach alone. Raises `UnknownOneOnOne`, `Refused`."""
    one_on_one = get(session, one_on_one_id)
    require_one_of(actor, Act.RUN_ONE_ON_ONE, one_on_one.coach_id)
    note = current_note(session, one_on_one.id)
    person = who_shown(get_person(session, one_on_one.person_id))
    return NotesForm(one_on_one.id, person, None if note is None else note.text)


# --- standing schedules


@dataclass(frozen=True)
class StandingRow:
    """`is_ahead`: the schedule's first day is to come; `earlier`: what holds until then.

    `left_out_in`: the week (its Monday) in which this person is left out next, where there are
    more people than places; `times`: how often that is so this quarter, those ahead included.
    """

    person: Who
    standing: StandingShown | None
    is_ahead: bool = False
    earlier: StandingShown | None = None
    left_out_in: date | None = None
    times: int = 0


@dataclass(frozen=True)
class StandingsForm:
    """Everybody whom this person coaches, by name, each with their standing one-on-one if any.

    `own`: this person's own, with whom; the coach is None where nobody coaches them. `zone`,
    `today`: the reader's. `places`: how many one-on-ones fit a week; with more people than that
    the span is too wide. `left_out`: by week, where some are in rotation.
    """

    zone: str
    today: date
    rows: tuple[StandingRow, ...]
    coach: Who | None
    own: StandingShown | None
    places: int = 9
    left_out: tuple[LeftOutShown, ...] = ()


def standings_form(session: Session, actor: Person, now: datetime) -> StandingsForm:
    coach, today = coach_of(session, actor), local_date(now, actor.zone)
    turns = rotation_of(session, actor.id, today)
    rows = [_row(session, person, now) for person in coached_by(session, actor)]
    if turns is not None:
        rows = [
            replace(
                row,
                left_out_in=turns.coming.get(row.person.id),
                times=turns.times.get(row.person.id, 0),
            )
            for row in rows
        ]
    return StandingsForm(
        zone=actor.zone,
        today=today,
        rows=tuple(rows),
        coach=None if coach is None else who_shown(coach),
        own=_standing(session, actor.id),
        places=places_of(standards(session)),
        left_out=() if turns is None else left_out_shown(session, turns),
    )


def _row(session: Session, person: Person, now: datetime) -> StandingRow:
    found = current_standing(session, person.id)
    if found is None or has_begun(found, now):
        return StandingRow(who_shown(person), None if found is None else standing_shown(found))
    earlier = until_then(session, found)
    return StandingRow(who_shown(person), standing_shown(found), is_ahead=True, earlier=earlier)


def _standing(session: Session, person_id: int) -> StandingShown | None:
    found = current_standing(session, person_id)
    return None if found is None else standing_shown(found)


@dataclass(frozen=True)
class StandingForm:
    """A person's standing one-on-one to be set: the presets, within what, and what is free.

    `weekdays`: ISO digits of the days it may be on. The time is local in `standing.zone`; of one
    in rotation it is what would be proposed, and `in_rotation` says so. `may_rotate`: the coach has
    more people (`people`) than `places`.
    """

    person: Who
    is_new: bool
    standing: StandingShown
    weekdays: str
    minutes_least: int
    minutes_most: int
    free: tuple[FreeSlot, ...]
    in_rotation: bool = False
    may_rotate: bool = False
    people: int = 0
    places: int = 9


def standing_form(session: Session, actor: Person, person_id: int, now: datetime) -> StandingForm:
    """Preset: as it stands, else the first free slot; from next Monday, or from the first day
    where that is ahead. Raises `Refused`."""
    person = get_person(session, person_id)
    require_coach(session, actor, person)
    rules, current = standards(session), current_standing(session, person.id)
    zone = standing_zone(session, actor, person)
    minutes = rules.one_on_one_minutes if current is None else current.minutes
    free = tuple(free_slots(session, actor, person, minutes, now))
    first = next_monday(local_date(now, zone))
    if current is not None and not has_begun(current, now):
        first = current.active_from
    slot = free[0] if free else FreeSlot(int(rules.one_on_one_days[0]), _PRESET_TIME)
    weekday, at = (current and current.slot) or (slot.weekday, slot.local_time)
    people, places = len(coached_by(session, actor)), places_of(rules)
    in_rotation = current is not None and current.slot is None
    return StandingForm(
        person=who_shown(person),
        is_new=current is None,
        standing=StandingShown(
            weekday=weekday,
            local_time=at,
            minutes=minutes,
            zone=zone,
            active_from=first,
        ),
        weekdays=rules.one_on_one_days,
        minutes_least=rules.one_on_one_minutes_least,
        minutes_most=rules.one_on_one_minutes_most,
        free=free,
        in_rotation=in_rotation,
        may_rotate=in_rotation or people > places,
        people=people,
        places=places,
    )
