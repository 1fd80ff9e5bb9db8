"""Sessions about which nothing was recorded are missed, at the end of the next working day; in the
trial of a team they are excused."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.one_on_ones.diary import settle_by
from models.one_on_ones.reading import current_sitting
from models.one_on_ones.sitting import settle
from models.one_on_ones.tables import Excuse, OneOnOne, Sitting, State
from models.people import get_person
from models.trial import is_in_trial


def overdue(session: Session, now: datetime) -> set[str]:
    """The workspaces with sessions about which nothing was recorded in time."""
    return set(session.scalars(select(Sitting.workspace_id).where(Sitting.settle_by <= now)))


def settle_missed(session: Session, now: datetime) -> int:
    """Whatever nobody recorded by the end of the coach's next working day is missed; how many.

    The coach's days off count as they are known now. A session that somebody holds, to finish it
    for one, waits for the next round.
    """
    late = (
        select(OneOnOne)
        .join(Sitting, Sitting.one_on_one_id == OneOnOne.id)
        .where(Sitting.settle_by <= now, OneOnOne.state == State.DUE)
        .order_by(OneOnOne.id)
        .with_for_update(of=OneOnOne, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    missed = 0
    for one_on_one in session.scalars(late).all():
        sitting = current_sitting(session, one_on_one.id)
        session.refresh(sitting)
        coach = get_person(session, one_on_one.coach_id)
        limit = settle_by(session, coach, sitting.local_date, one_on_one.zone)
        if limit > now:
            sitting.settle_by = limit
            continue
        if is_in_trial(session, one_on_one.person_id, one_on_one.first_due_on):
            settle(session, one_on_one, sitting, State.EXCUSED, now, excuse=Excuse.TRIAL)
            continue
        settle(session, one_on_one, sitting, State.MISSED, now)
        missed += 1
    session.flush()
    return missed
