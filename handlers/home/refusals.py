"""What the rules about days off, messages, working time and deputies refuse, in words."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers import words
from handlers.refusal import Refusal, Refusals, Reserved, only, says
from models.absences import AbsenceUnfit, UnknownAbsence
from models.access import Act
from models.attention import (
    BlockUnfit,
    NothingFree,
    QuietUnfit,
    SnoozeUnfit,
    TooManyBlocks,
    UnknownBlock,
)
from models.calendars import AddressUnfit, NoCalendar
from models.calendars import Unfit as NoAddress
from models.days import UnknownCalendar
from models.deputies import DeputyUnfit, Unfit
from models.people import get_person
from models.roster import UnknownZone


def _unfit(_session: Session, error: Any, _zone: str) -> Refusal:
    if error.in_order:
        return Refusal(
            ("A year at most. Enter the days after that as a second time off.",), ("ends_on",)
        )
    return Refusal(("This is before the first day off.",), ("ends_on",))


_NO_CALENDAR = {
    NoAddress.NOT_AN_ADDRESS: (
        "This is no address. Copy the iCal address whole: it begins with https:// or webcal://."
    ),
    NoAddress.NOT_HTTPS: "Only an address that begins with https:// or webcal:// is asked.",
    NoAddress.PRIVATE: (
        "This leads into a private network, where the bot does not go."
        " Give the address under which your calendar is published."
    ),
    NoAddress.PORT: "An address with a port of its own is not asked. Leave the number out.",
    NoAddress.CREDENTIALS: (
        "Leave out name and password: give the secret or published address, which needs none."
    ),
    NoAddress.TOO_LONG: "Longer than 1,000 characters. Copy the address alone.",
}


def _no_calendar(_session: Session, error: Any, _zone: str) -> Refusal:
    return Refusal((_NO_CALENDAR[error.why],), ("address",))


_UNFIT = {
    Unfit.INACTIVE: "{name} is no longer active here.",
    Unfit.MANAGER: "{name} is this team's manager. Choose somebody else to stand in.",
    Unfit.OTHER_TEAM: "{name} sells for another team. Choose a rep of this one, or a manager.",
}


def _deputy(session: Session, error: Any, _zone: str) -> Refusal:
    name = words.said(get_person(session, error.person_id).name)
    return Refusal((_UNFIT[error.why].format(name=name),), (f"deputy_{error.team_id}",))


def _block(_session: Session, error: Any, _zone: str) -> Refusal:
    if error.in_order:
        return Refusal(("Choose one day at least.",), ("selling_days",))
    said = "They end before they begin. Over midnight is two: until 23:59, and from 00:00."
    return Refusal((said,), ("selling_until",))


def _too_many(_session: Session, error: Any, _zone: str) -> Refusal:
    said = f"You have {error.most} already. Remove one first."
    return Refusal((said,), ("selling_days",))


def _nothing_free(_session: Session, error: Any, _zone: str) -> Refusal:
    minutes = error.least // timedelta(minutes=1)
    said = f"With this a day would have no time for messages: leave {minutes} minutes at least."
    return Refusal((said,), ("selling_until" if error.by_block else "quiet_until",))


def _snooze(_session: Session, error: Any, zone: str) -> Refusal:
    latest = words.moment(error.latest, zone)
    said = f"Choose a time to come, until {latest}. For longer, enter days off."
    return Refusal((said,), ("snooze_until",))


RESERVED: Reserved = {
    Act.NAME_DEPUTY: only("names the deputy here", "Ask there."),
    Act.ACCEPT_ABSENCE: only("accepts these days off", "What had begun counts as it is."),
}
REFUSALS: Refusals = {
    AbsenceUnfit: _unfit,
    UnknownZone: says("Choose a time zone from the list.", "zone"),
    UnknownCalendar: says("Choose a country, or a part of one, from the list.", "holidays"),
    DeputyUnfit: _deputy,
    AddressUnfit: _no_calendar,
    NoCalendar: says("The address was removed already."),
    QuietUnfit: says("From and until are the same: that would be all day.", "quiet_until"),
    BlockUnfit: _block,
    TooManyBlocks: _too_many,
    NothingFree: _nothing_free,
    SnoozeUnfit: _snooze,
    UnknownBlock: says("These hours were removed already."),
    UnknownAbsence: says("These days were taken back already."),
}
