"""Weekly commitments of a team's reps: what was agreed on a Friday, and what the data say of it.

Decided by the data alone. An activity is a logged contact with a customer on a deal that was the
rep's on that day. A conversion is a deal that stands at a later stage after the week than before
it, won included, and was the rep's when it moved last; what a correction took back is none.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.activities import Activity, told_of_team
from models.days import DAY, days_off
from models.deals import Deal, DealChange, Field, StageKind, latest_import, stages
from models.forecast.reading import get_forecast
from models.forecast.refusals import CommitmentUnfit
from models.forecast.running import at_work, own_entries, step_done
from models.forecast.tables import Forecast, Step, WeeklyCommitment
from models.people import Person, Team, members
from models.schedule import instant

WEEK = timedelta(days=7)
MOST = 999
_FRIDAY = 4 * DAY  # after the Monday


class Result(StrEnum):
    """What the data say of one number of a commitment."""

    HIT = "hit"
    MISSED = "missed"  # as the data stand: later ones may still make it a hit
    NOT_CHECKED = "not_checked"  # nobody told of the whole week
    OFF = "off"  # the rep worked on no day of the week


@dataclass(frozen=True)
class Numbers:
    """What is committed to; None: none was agreed."""

    activities: int | None
    conversions: int | None


@dataclass(frozen=True)
class Checked:
    """`done` of `committed`, as far as the data tell."""

    committed: int
    done: int
    result: Result


@dataclass(frozen=True)
class WeekResult:
    """Both numbers of one rep's week; None where none was agreed."""

    activities: Checked | None
    conversions: Checked | None


def save_commitments(
    session: Session,
    actor: Person,
    forecast_id: int,
    given: Mapping[int, Numbers],
    now: datetime,
    seen: Mapping[int, int] | None = None,
) -> tuple[int, ...]:
    """What these reps commit to for the week after; who of them is no longer the team's, and was
    left out.

    The same numbers again change nothing; others replace them, and the trail keeps both. `seen`: as
    in `own_entries`. The step is done once every rep has an entry. Only for the manager and those
    above. Raises `Refused`, `ForecastClosed`, `RunByOther`, `ChangedMeanwhile`, `CommitmentUnfit`.
    """
    team_id = get_forecast(session, forecast_id).team_id
    access.require(session, actor, Act.SET_COMMITMENTS, team_id=team_id)
    forecast = at_work(session, actor, forecast_id, now)
    here = {rep.id for rep in members(session, forecast.team_id)}
    week = forecast.week + WEEK
    before = committed(session, here, week)
    for person_id, numbers in given.items():
        _check(person_id, numbers)
    own = own_entries(session, WeeklyCommitment, numbers_of, given, before, seen)
    for person_id, numbers in own.items():
        if person_id in here:
            _put(session, forecast, person_id, numbers, before.get(person_id), actor, now)
    session.flush()
    if here <= before.keys() | given.keys():
        step_done(session, forecast, Step.COMMITMENTS, actor, now)
    return tuple(person_id for person_id in given if person_id not in here)


def _check(person_id: int, numbers: Numbers) -> None:
    for what in ("activities", "conversions"):
        number = getattr(numbers, what)
        if number is not None and not 1 <= number <= MOST:
            raise CommitmentUnfit(person_id, what, MOST)


def _put(
    session: Session,
    forecast: Forecast,
    person_id: int,
    numbers: Numbers,
    before: WeeklyCommitment | None,
    actor: Person,
    now: datetime,
) -> None:
    if before is not None:
        if numbers_of(before) == numbers:
            return
        before.is_current = False
        session.flush()  # before the new one: only one may be current
    session.add(
        WeeklyCommitment(
            forecast_id=forecast.id,
            person_id=person_id,
            week=forecast.week + WEEK,
            activities=numbers.activities,
            conversions=numbers.conversions,
            set_by_id=actor.id,
            set_at=now,
        )
    )


def committed(
    session: Session, person_ids: Collection[int], week: date
) -> dict[int, WeeklyCommitment]:
    """What stands for a week (its Monday) of each of these people."""
    return {one.person_id: one for one in _standing(session, person_ids, [week])}


def _standing(
    session: Session, person_ids: Collection[int], weeks: Collection[date]
) -> Sequence[WeeklyCommitment]:
    found = select(WeeklyCommitment).where(
        WeeklyCommitment.person_id.in_(person_ids),
        WeeklyCommitment.week.in_(weeks),
        WeeklyCommitment.is_current,
    )
    return session.scalars(found).all()


def numbers_of(commitment: WeeklyCommitment) -> Numbers:
    return Numbers(commitment.activities, commitment.conversions)


def all_commitments(session: Session, forecast_id: int) -> list[WeeklyCommitment]:
    """Everything that was set on that Friday, oldest first: the trail."""
    found = select(WeeklyCommitment).where(WeeklyCommitment.forecast_id == forecast_id)
    return list(session.scalars(found.order_by(WeeklyCommitment.id)))


# --- what the data say


def results(
    session: Session, of_team: Team, people: Iterable[Person], week: date
) -> dict[int, WeekResult]:
    """What became of these reps' commitments of a week (its Monday); who has none is left out."""
    return results_by_week(session, of_team, people, [week])[week]


def results_by_week(
    session: Session, of_team: Team, people: Iterable[Person], weeks: Collection[date]
) -> dict[date, dict[int, WeekResult]]:
    """The same of several weeks, asked for at once.

    A number that was reached is hit, whatever else is known. Otherwise it is missed only if the
    whole of Monday to Friday was told: for activities by files of activities in which the team
    occurs, for conversions by a file of deals of that Friday or later.
    """
    reps = {person.id: person for person in people}
    found: dict[date, dict[int, WeekResult]] = {week: {} for week in weeks}
    commitments = _standing(session, reps, weeks)
    if not commitments:
        return found
    agreed = sorted({one.week for one in commitments})
    off = days_off(session, reps.values(), agreed[0], agreed[-1] + _FRIDAY)
    done = _Done(session, of_team, {one.person_id for one in commitments}, agreed)
    last = latest_import(session)
    working_days = 5
    for week in agreed:
        friday = week + _FRIDAY
        told = told_of_team(session, of_team.id, week, friday)
        seen = last is not None and last.imported_at >= instant(friday, time(), of_team.zone)
        activities, conversions = done.activities(week), done.conversions(week)
        for one in commitments:
            if one.week == week:
                days = [day for day in off[one.person_id] if week <= day <= friday]
                is_off = len(days) >= working_days
                found[week][one.person_id] = WeekResult(
                    _checked(one.activities, activities[one.person_id], told, is_off),
                    _checked(one.conversions, conversions[one.person_id], seen, is_off),
                )
    return found


def _checked(number: int | None, done: int, is_told: bool, is_off: bool) -> Checked | None:
    if number is None:
        return None
    if done >= number:
        result = Result.HIT
    elif is_off:
        result = Result.OFF
    else:
        result = Result.MISSED if is_told else Result.NOT_CHECKED
    return Checked(number, done, result)


class _Done:
    """How many activities and conversions of a week are whose, by person; of `weeks`, in order."""

    def __init__(
        self, session: Session, of_team: Team, ids: Collection[int], weeks: Sequence[date]
    ) -> None:
        self._zone = of_team.zone
        first = instant(weeks[0], time(), self._zone)
        handed = select(DealChange.deal_id).where(
            DealChange.field == Field.OWNER,
            DealChange.changed_at >= first,
            DealChange.before.in_([str(each) for each in ids]),
        )
        theirs = or_(Deal.owner_id.in_(ids), Deal.id.in_(handed))
        self._owner_now = dict(session.execute(select(Deal.id, Deal.owner_id).where(theirs)).all())
        moved = select(DealChange).where(
            DealChange.deal_id.in_(self._owner_now),
            DealChange.field.in_((Field.OWNER, Field.STAGE)),
            DealChange.changed_at >= first,
        )
        rows = session.scalars(moved.order_by(DealChange.changed_at, DealChange.id)).all()
        self._owners = [row for row in rows if row.field is Field.OWNER]
        self._moves = [row for row in rows if row.field is Field.STAGE]
        told = select(Activity.deal_id, Activity.on_day).where(
            Activity.deal_id.in_(self._owner_now),
            Activity.on_day.between(weeks[0], weeks[-1] + 6 * DAY),
        )
        self._contacts = session.execute(told).all()
        self._stages = {str(stage.id): stage for stage in stages(session)}

    def _owner_at(self, deal_id: int, moment: datetime) -> int:
        """Whose a deal was: who the first change after that moment took it from, else whose it
        is."""
        later = (row for row in self._owners if row.deal_id == deal_id and row.changed_at >= moment)
        first = next(later, None)
        taken_from = None if first is None else first.before
        return self._owner_now[deal_id] if taken_from is None else int(taken_from)

    def activities(self, week: date) -> Counter[int]:
        found: Counter[int] = Counter()
        for deal_id, on in self._contacts:
            if week <= on < week + WEEK:
                end_of_day = datetime.combine(on + DAY, time(), ZoneInfo(self._zone))
                found[self._owner_at(deal_id, end_of_day)] += 1
        return found

    def conversions(self, week: date) -> Counter[int]:
        first, last = (instant(day, time(), self._zone) for day in (week, week + WEEK))
        ends: dict[int, tuple[str | None, DealChange]] = {}
        for move in self._moves:
            if first <= move.changed_at < last:
                before, _ = ends.get(move.deal_id, (move.before, move))
                ends[move.deal_id] = before, move
        found: Counter[int] = Counter()
        for deal_id, (before, final) in ends.items():
            was = self._stages.get(before or "")
            is_now = self._stages.get(final.after or "")
            if was is None or is_now is None or is_now.kind is StageKind.LOST:
                continue
            if was.kind is StageKind.OPEN and is_now.position > was.position:
                found[self._owner_at(deal_id, final.changed_at)] += 1
        return found
