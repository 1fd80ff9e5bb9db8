"""Breaches: the coach cancelled or moved one person's sessions more than once in a quarter."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import insert_once
from models.one_on_ones.counting import changes, quarter_of
from models.one_on_ones.owed import owe_breach
from models.one_on_ones.reading import Held
from models.one_on_ones.refusals import UnknownOneOnOne
from models.one_on_ones.tables import Breach
from models.people import Person, chain_above, workspace_id_of
from models.schedule import local_date

ALLOWED = 1
"""How often a coach may cancel or move the same person's sessions in a quarter."""


def tell_breach(session: Session, held: Held, actor: Person, now: datetime) -> None:
    """After the coach changed a session: once it was too often, coach and leader are told, once.

    The quarter is that of the local date of the act, the leader the nearest active one above
    (product.md, "One-on-ones").
    """
    coach, person = held.coach, held.person
    if actor.id != coach.id:
        return
    today = local_date(now, held.one_on_one.zone)
    done = changes(session, coach.id, person.id, today)
    if done.coach_cancelled + done.coach_moved <= ALLOWED:
        return
    pair = {"coach_id": coach.id, "person_id": person.id, "quarter": quarter_of(today)[0]}
    values = {"workspace_id": workspace_id_of(session), "at": now, **pair}
    if insert_once(session, Breach, values, "workspace_id", *pair):
        breach = session.scalars(select(Breach).filter_by(**pair)).one()
        leader = next((above for above in chain_above(session, coach.id) if above.active), None)
        owe_breach(session, breach, None if leader is None else leader.id, now)


def get_breach(session: Session, breach_id: int) -> Breach:
    """The breach. Raises `UnknownOneOnOne`, also for another workspace's."""
    found = session.get(Breach, breach_id)
    if found is None:
        raise UnknownOneOnOne(breach_id)
    return found
