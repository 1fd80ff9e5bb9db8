"""What the rules about days off and working time refuse, in words."""

from typing import Any

from sqlalchemy.orm import Session

from handlers.refusal import Refusal, Refusals, Reserved, says
from models.days import AbsenceUnfit, UnknownAbsence, UnknownCalendar
from models.roster import UnknownZone


def _unfit(_session: Session, error: Any, _zone: str) -> Refusal:
    if error.in_order:
        return Refusal(("A year at most. Enter what follows by itself.",), ("ends_on",))
    return Refusal(("This is before the first day off.",), ("ends_on",))


RESERVED: Reserved = {}
REFUSALS: Refusals = {
    AbsenceUnfit: _unfit,
    UnknownZone: says("Choose a time zone from the list.", "zone"),
    UnknownCalendar: says("Choose a country, or a part of one, from the list.", "holidays"),
    UnknownAbsence: says("These days were taken back already."),
}
