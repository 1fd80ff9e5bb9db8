"""What managers are measured by: coverage conversations kept the same day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.coaching import CoverageTalk, TalkState
from models.tallies import tally
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
    number = tally(
        session,
        CoverageTalk.asked_id,
        CoverageTalk.state,
        manager_ids,
        CoverageTalk.day.between(first, last),
        CoverageTalk.state != TalkState.OPEN,
        _COUNTS,
    )
    return {
        asked_id: KeptRate(
            states[TalkState.KEPT],
            states.total() - states[TalkState.EXCUSED],
            states[TalkState.EXCUSED],
        )
        for asked_id, states in number.items()
    }
