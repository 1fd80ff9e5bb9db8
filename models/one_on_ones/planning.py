"""Planning sessions from the standing schedules: this week's and the next's, once each.

Each pair has one session per week. A session that cannot be on its standing day goes to the nearest
free day of that week: Tuesday to Thursday, and where a public holiday of either lies inside these,
Monday and Friday too (product.md, "One-on-ones"). A week without any such day is excused; but if
the standing day is merely full, the session goes to a later week and still counts in its own; in
rotation its person is left out.
"""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.one_on_ones.ending import holds, lose, tell_new_coach
from models.one_on_ones.owed import show_standings
from models.one_on_ones.placing import WEEK, places, set_elsewhere, set_on_its_day
from models.one_on_ones.rotation import rotates, set_weeks
from models.one_on_ones.tables import BY_TIME, Standing
from models.people import Person
from models.schedule import instant, local_date, monday_of


def unplanned(session: Session, now: datetime) -> set[str]:
    """The workspaces with standing schedules that have to be planned further."""
    return set(
        session.scalars(
            select(Standing.workspace_id)
            .where(Standing.ended_at.is_(None), Standing.plan_at <= now)
            .distinct()
        )
    )


def plan(session: Session, now: datetime) -> int:
    """Sessions of this and the next week exist for every standing schedule; how many are new.

    Any number of processes may do this at once: whose people another one holds waits for the next
    round. Where some are in rotation all of a coach's people are planned together, or none.
    """
    due = (Standing.ended_at.is_(None), Standing.plan_at <= now)
    coach_ids = session.scalars(select(Standing.coach_id).where(*due).distinct()).all()
    new = 0
    for coach_id in sorted(coach_ids):
        in_turn = rotates(session, coach_id)
        of_coach = select(Standing).where(
            Standing.coach_id == coach_id, *(due[:1] if in_turn else due)
        )
        whose = set(session.scalars(of_coach.with_only_columns(Standing.person_id)))
        held = _hold_free(session, {coach_id, *whose})
        if coach_id not in held or (in_turn and not whose <= held.keys()):
            continue
        again = of_coach.order_by(*BY_TIME)
        standings = session.scalars(again.execution_options(populate_existing=True)).all()
        ours = [standing for standing in standings if standing.person_id in held]
        if all(standing.plan_at > now for standing in ours):
            continue  # another one has done it
        new += plan_standings(session, _that_hold(session, ours, held, now), held, now)
    return new


def _that_hold(
    session: Session, standings: Sequence[Standing], people: dict[int, Person], now: datetime
) -> list[Standing]:
    """Those whose coach still coaches their person; the others end."""
    lost = [each for each in standings if not holds(session, people[each.person_id], each.coach_id)]
    for standing in lost:
        lose(session, standing, now)
        tell_new_coach(session, people[standing.person_id], now)
    return [standing for standing in standings if standing not in lost]


def _hold_free(session: Session, person_ids: set[int]) -> dict[int, Person]:
    """Those of these people whom nobody else holds, held: it never waits, so it blocks nobody."""
    found = session.scalars(
        select(Person)
        .where(Person.id.in_(person_ids))
        .order_by(Person.id)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return {person.id: person for person in found}


def plan_standings(
    session: Session, standings: Sequence[Standing], people: dict[int, Person], now: datetime
) -> int:
    """As `plan`, for schedules whose `people` are held; those on their own day come first.

    A session that an earlier schedule of the pair made, that nobody has moved and that has not
    begun follows this one; so does one that was cancelled only because that schedule ended.
    """
    if not standings:
        return 0
    if rotates(session, standings[0].coach_id):
        return _plan_in_turn(session, standings, people, now)
    found = [
        place
        for standing in standings
        for place in places(session, standing, people, _weeks(_monday(standing, now)), now)
    ]
    elsewhere = [place for place in found if not set_on_its_day(session, place, now)]
    for place in elsewhere:
        set_elsewhere(session, place, now)
    for standing in standings:
        _planned(standing, _monday(standing, now))
    session.flush()
    return sum(place.made is None for place in found)


def _plan_in_turn(
    session: Session, standings: Sequence[Standing], people: dict[int, Person], now: datetime
) -> int:
    """Of a coach in whose team some are in rotation: the same weeks for all of them."""
    monday = max(_monday(standing, now) for standing in standings)
    found = [
        place
        for standing in standings
        for place in places(session, standing, people, _weeks(monday), now)
    ]
    new = set_weeks(session, found, now)
    for standing in standings:
        _planned(standing, monday)
    session.flush()
    show_standings(session, standings[0].coach_id, now)
    return new


def _weeks(monday: date) -> tuple[date, date]:
    return monday, monday + WEEK


def _planned(standing: Standing, monday: date) -> None:
    """This week and the next are: the one after is planned when the next begins."""
    standing.plan_at = instant(monday + WEEK, time(), standing.zone)


def _monday(standing: Standing, now: datetime) -> date:
    """The Monday of the week that it is where the schedule counts."""
    return monday_of(local_date(now, standing.zone))
