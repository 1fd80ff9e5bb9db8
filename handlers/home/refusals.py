"""What the rules about days off, working time and deputies refuse, in words."""

from typing import Any

from sqlalchemy.orm import Session

from handlers import words
from handlers.refusal import Refusal, Refusals, Reserved, only, says
from models.access import Act
from models.days import AbsenceUnfit, UnknownAbsence, UnknownCalendar
from models.deputies import DeputyUnfit, Unfit
from models.people import get_person
from models.roster import UnknownZone


def _unfit(_session: Session, error: Any, _zone: str) -> Refusal:
    if error.in_order:
        return Refusal(
            ("A year at most. Enter the days after that as a second time off.",), ("ends_on",)
        )
    return Refusal(("This is before the first day off.",), ("ends_on",))


_UNFIT = {
    Unfit.INACTIVE: "{name} is no longer active here.",
    Unfit.MANAGER: "{name} is this team's manager. Choose somebody else to stand in.",
    Unfit.OTHER_TEAM: "{name} sells for another team. Choose a rep of this one, or a manager.",
}


def _deputy(session: Session, error: Any, _zone: str) -> Refusal:
    name = words.said(get_person(session, error.person_id).name)
    return Refusal((_UNFIT[error.why].format(name=name),), (f"deputy_{error.team_id}",))


RESERVED: Reserved = {Act.NAME_DEPUTY: only("names the deputy here", "Ask there.")}
REFUSALS: Refusals = {
    AbsenceUnfit: _unfit,
    UnknownZone: says("Choose a time zone from the list.", "zone"),
    UnknownCalendar: says("Choose a country, or a part of one, from the list.", "holidays"),
    DeputyUnfit: _deputy,
    UnknownAbsence: says("These days were taken back already."),
}
