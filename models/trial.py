"""The first week of a team is a trial, in which nothing is missed (product.md, "First run").

What lies before it is one as well. A person's trial is that of their home team; who has none has
no trial.
"""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.people import Person, Team, home_team, home_team_id, team

TRIAL_DAYS = 7


def covers(of_team: Team, day: date) -> bool:
    """Whether a local date lies in the team's trial, or before it."""
    return of_team.trial_ends_on is None or day <= of_team.trial_ends_on


def starts_on(of_team: Team) -> date | None:
    """The first day of the team's first week; None: it has not started."""
    last = of_team.trial_ends_on
    return None if last is None else last - timedelta(days=TRIAL_DAYS - 1)


def begin(of_team: Team, first: date) -> None:
    """The team's first week begins on that day."""
    of_team.trial_ends_on = first + timedelta(days=TRIAL_DAYS - 1)


def is_in_trial(session: Session, person_id: int, day: date) -> bool:
    """Whether a local date lies in this person's trial."""
    team_id = home_team_id(session, person_id)
    return team_id is not None and covers(team(session, team_id), day)


def counts(
    person: InstrumentedAttribute[int], day: InstrumentedAttribute[date]
) -> ColumnElement[bool]:
    """The condition that a day lies in no trial of the person."""
    in_trial = (
        select(literal(1))
        .select_from(Person)
        .join(Team, and_(Team.id == home_team(), Team.workspace_id == Person.workspace_id))
        .where(
            Person.id == person,
            or_(Team.trial_ends_on.is_(None), day <= Team.trial_ends_on),
        )
    )
    return ~in_trial.exists()
