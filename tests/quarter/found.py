"""What came of the quarter: what the database holds, in plain data, and what stands in Slack."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from models.coaching import CoverageTalk
from models.delivery import Delivery
from models.forecast import Forecast
from models.one_on_ones import Breach, OneOnOne, Sitting, held_rate
from models.pipeline_review import Review
from models.put_right import PutRight
from models.schedule import Occurrence, Schedule
from tests.quarter.calendars import local_date
from tests.quarter.events import Event
from tests.quarter.meetings import quarter_of
from tests.quarter.office import Office, Posted
from tests.quarter.team import LEADER, MANAGER, SET_UP, TEAM_ZONE, WORKSPACE


@dataclass(frozen=True)
class Found:
    """Occurrences by (prompt, whose, local date, put off): due, state, reason, settled. Sessions by
    (coach, person, week): state, excuse, start. Reviews: start, state, grade, end. Conversations by
    (person, day): state, excuse. Forecasts by day: who was asked, state, excuse. Lists by (owner,
    day): whether excused, and what was asked by deal."""

    events: list[Event]
    posted: list[Posted]
    standing: list[tuple[str, str]]
    unposted: Counter[str]  # by state
    keys: list[str]  # of every delivery that Slack has
    occurrences: dict[tuple[str, str, date, bool], tuple[Any, ...]]
    sessions: dict[tuple[str, str, date], tuple[Any, ...]]
    breaches: set[tuple[str, str, date]]
    reviews: list[tuple[Any, ...]]
    rates: dict[tuple[str, date], tuple[int, int, int]]
    conversations: dict[tuple[str, date], tuple[str, str | None]]
    forecasts: dict[date, tuple[str, str, str | None]]
    lists: dict[tuple[str, date], tuple[bool, dict[str, set[str]]]]


def found(office: Office) -> Found:
    names = {number: name for name, number in office.ids.people.items()}
    deals = {number: name for name, number in office.ids.deals.items()}
    with office.database.transaction(WORKSPACE) as session:
        due = session.execute(
            select(Schedule, Occurrence).join(Occurrence, Occurrence.schedule_id == Schedule.id)
        )
        occurrences = {}
        for schedule, one in due:
            who = "" if schedule.person_id is None else names[schedule.person_id]
            key = (schedule.prompt, who, one.local_date, one.slot == 1)
            assert key not in occurrences
            occurrences[key] = (one.due_at, one.state.value, one.reason, one.settled_at)
        set_to = session.execute(
            select(OneOnOne, Sitting)
            .join(Sitting, Sitting.one_on_one_id == OneOnOne.id)
            .where(Sitting.is_current)
        )
        sessions = {
            (names[one.coach_id], names[one.person_id], one.week): (
                one.state.value, one.excuse and one.excuse.value, sitting.starts_at,
            )
            for one, sitting in set_to
        }  # fmt: skip
        deliveries = session.scalars(select(Delivery)).all()
        periods = {quarter_of(local_date(at, TEAM_ZONE)) for at in (SET_UP, office.now())}
        return Found(
            events=office.events,
            posted=office.posted,
            standing=office.standing(),
            unposted=Counter(d.state.value for d in deliveries if d.ts is None),
            keys=[d.key for d in deliveries if d.ts is not None],
            occurrences=occurrences,
            sessions=sessions,
            breaches={
                (names[one.coach_id], names[one.person_id], one.quarter)
                for one in session.scalars(select(Breach))
            },
            reviews=[
                (one.started_at, one.state.value, one.grade and one.grade.value, one.closed_at)
                for one in session.scalars(select(Review).order_by(Review.id))
            ],
            rates={
                (coach, first): _rate(held_rate(session, office.ids.people[coach], first, last))
                for coach in (MANAGER, LEADER)
                for first, last in periods
            },
            conversations={
                (names[one.person_id], one.day): (one.state.value, one.excuse and one.excuse.value)
                for one in session.scalars(select(CoverageTalk))
            },
            forecasts={
                one.day: (names[one.asked_id], one.state.value, one.excuse and one.excuse.value)
                for one in session.scalars(select(Forecast))
            },
            lists={
                (names[one.person_id], one.day): (
                    one.excused,
                    {deals[int(each)]: {*codes} for each, codes in one.asked.items()},
                )
                for one in session.scalars(select(PutRight))
            },
        )


def _rate(rate: Any) -> tuple[int, int, int]:
    return rate.held, rate.due, rate.excused
