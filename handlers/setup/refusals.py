"""What the rules of setting up refuse, in words."""

from typing import Any

from sqlalchemy.orm import Session

from handlers import words
from handlers.lines import Line, with_code
from handlers.refusal import Refusal, Refusals, Reserved, named, says
from models.company_days import CompanyDayUnfit, UnknownCompanyDay
from models.people import Role, team
from models.roster import ChannelTaken, ReportingCircle
from models.setup import (
    AdminsHere,
    CurrencyStays,
    LeaderTaken,
    NameTaken,
    NotReady,
    NotTheirs,
    OutOfOrder,
    RoleTaken,
)
from models.week import PUT_RIGHT, WeekOutOfOrder


def _admins_here(session: Session, error: Any, _zone: str) -> Refusal:
    who = named(session, error.allowed)
    if not who:
        return Refusal(NOBODY)
    return Refusal(("Only ", *who, " can set things up here."))


NOBODY: Line = with_code(
    "Nobody is set up here yet. An admin or owner of this Slack workspace begins: `/cadence setup`."
)


def _role_taken(session: Session, error: Any, *fields: str) -> Refusal:
    name = words.said(error.name)
    if error.team_id is None:
        return Refusal((f"{name} leads managers here.",), fields)
    what = {Role.REP: "is a rep of", Role.MANAGER: "manages"}[error.role]
    of_team = words.said(team(session, error.team_id).name)
    way_out = "change that first, or choose somebody else"
    return Refusal((f"{name} {what} {of_team}: {way_out}.",), fields)


def _rep(session: Session, error: Any, _zone: str) -> Refusal:
    return _role_taken(session, error, "reps", "manager")


def _leader(session: Session, error: Any, _zone: str) -> Refusal:
    return _role_taken(session, error, "leader")


def _channel_taken(session: Session, error: Any, _zone: str) -> Refusal:
    other = words.said(team(session, error.team_id).name)
    return Refusal((f"This is the channel of {other}; each team needs its own.",), ("channel",))


def _currency(_session: Session, error: Any, _zone: str) -> Refusal:
    stays = f"The team has deals in {error.currency}; its currency cannot change any more."
    return Refusal((stays,), ("currency",))


def _company_day(_session: Session, error: Any, _zone: str) -> Refusal:
    if error.in_order:
        return Refusal(("A month at most. Enter the days after that as well.",), ("ends_on",))
    return Refusal(("This is before the first day.",), ("ends_on",))


def _not_ready(_session: Session, error: Any, _zone: str) -> Refusal:
    return Refusal((f"Still missing: {words.listed(error.missing)}. Then it can start.",))


def _week_order(_session: Session, error: WeekOutOfOrder, _zone: str) -> Refusal:
    if error.then == PUT_RIGHT:
        return Refusal(("It comes after the forecast, in the same week.",), ("put_right_day",))
    return Refusal(("It comes after the reminder to import, in the same week.",), ("health_day",))


REFUSALS: Refusals = {
    AdminsHere: _admins_here,
    NotTheirs: lambda _session, _error, _zone: Refusal(NOBODY),
    NameTaken: says("Another team has this name.", "name"),
    ChannelTaken: _channel_taken,
    CurrencyStays: _currency,
    LeaderTaken: _leader,
    RoleTaken: _rep,
    ReportingCircle: says("They would report to each other in a circle.", "leader"),
    CompanyDayUnfit: _company_day,
    UnknownCompanyDay: says("These company days were taken back already."),
    WeekOutOfOrder: _week_order,
    OutOfOrder: says("Deciding must come after the deal cards, in the same week.", "deciding_day"),
    NotReady: _not_ready,
}
RESERVED: Reserved = {}
