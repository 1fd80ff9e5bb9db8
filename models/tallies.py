"""How many rows of each person stand in which state: what rates are made of."""

from collections import Counter
from collections.abc import Collection
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

Word = TypeVar("Word", bound=StrEnum)


def tally(
    session: Session,
    who: InstrumentedAttribute[int],
    state: InstrumentedAttribute[Word],
    person_ids: Collection[int],
    *where: ColumnElement[bool],
) -> dict[int, Counter[Word]]:
    """The number of rows in each state, by person; of who has none an empty one."""
    rows = session.execute(
        select(who, state, func.count()).where(who.in_(person_ids), *where).group_by(who, state)
    )
    found: dict[int, Counter[Word]] = {person_id: Counter() for person_id in person_ids}
    for person_id, word, number in rows:
        found[person_id][word] = number
    return found
