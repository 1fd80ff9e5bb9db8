"""What managers are measured by: coverage conversations kept the same day."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.coaching import CoverageTalk, TalkState
from models.trial import counts

_COUNTS = counts(CoverageTalk.person_id, CoverageTalk.day)


@dataclass(frozen=True)
class KeptRate:
    """Kept rate = kept ÷ due; `due`: asked and over, without the `excused`."""

    kept: int
    due: int
    excused: int


def kept_rates(
    session: Session, manager_ids: Collection[int], first: date, last: date
) -> dict[int, KeptRate]:
    """Of the conversations that each of these people was asked for between two dates, included.

    Those still open count as nothing yet, and those of a trial never.
    """
    rows = session.execute(
        select(CoverageTalk.asked_id, CoverageTalk.state, func.count())
        .where(
            CoverageTalk.asked_id.in_(manager_ids),
            CoverageTalk.day.between(first, last),
            CoverageTalk.state != TalkState.OPEN,
            _COUNTS,
        )
        .group_by(CoverageTalk.asked_id, CoverageTalk.state)
    )
    number: dict[int, Counter[TalkState]] = {each: Counter() for each in manager_ids}
    for asked_id, state, found in rows:
        number[asked_id][state] = found
    return {
        asked_id: KeptRate(
            states[TalkState.KEPT],
            states.total() - states[TalkState.EXCUSED],
            states[TalkState.EXCUSED],
        )
        for asked_id, states in number.items()
    }
