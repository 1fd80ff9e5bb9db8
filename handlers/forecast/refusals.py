"""What the Friday forecast refuses, in words: one line, with the way out."""

from typing import Any

from sqlalchemy.orm import Session

from handlers import words
from handlers.forecast.forms import LABELS, money_field, number_field
from handlers.lines import Moment, with_code
from handlers.refusal import Refusal, Refusals, Reserved, named, only, says
from models.access import Act
from models.forecast import (
    AgendaLineTooLong,
    AgendaTooLong,
    ChangedMeanwhile,
    CommitmentUnfit,
    FigureTooSmall,
    ForecastClosed,
    RunByOther,
    Tier,
    UnknownForecast,
)
from models.people import team

_BEFORE = {Tier.BEST_CASE: Tier.COMMIT, Tier.PIPELINE: Tier.BEST_CASE}


def _too_small(session: Session, error: Any, _zone: str) -> Refusal:
    """`Best case includes commit: $120,000 at least.`"""
    of_team = team(session, error.team_id)
    least = words.money(error.least_minor, of_team.currency, of_team.locale)
    tier = LABELS[error.tier].capitalize()
    said = f"{tier} includes {LABELS[_BEFORE[error.tier]]}: {least} at least."
    return Refusal((said,), (money_field(error.person_id, error.tier),))


def _closed(_session: Session, error: Any, zone: str) -> Refusal:
    rest = with_code(". `/cadence forecast` says when the next one comes.")
    return Refusal(("This forecast has been over since ", Moment(error.at, zone), *rest))


def _by_other(session: Session, error: Any, _zone: str) -> Refusal:
    by = named(session, (error.by_id,))
    said = " has taken this over. Take over in your message takes it back; what was saved stands."
    return Refusal((*by, said))


def _commitment(_session: Session, error: Any, _zone: str) -> Refusal:
    said = f"A whole number from 1 to {error.most}."
    return Refusal((said,), (number_field(error.person_id, error.what),))


def _agenda(_session: Session, error: Any, _zone: str) -> Refusal:
    return Refusal((f"{error.most} lines at most; these are {error.count}.",), ("agenda",))


def _line(_session: Session, error: Any, _zone: str) -> Refusal:
    said = f"Line {error.number} is too long: {error.most} characters at most."
    return Refusal((said,), ("agenda",))


def _changed(_session: Session, error: Any, _zone: str) -> Refusal:
    who = error.person_id
    entry = () if who is None else (money_field(who, Tier.COMMIT), number_field(who, "activities"))
    said = "Somebody else has changed this meanwhile."
    way_out = "Copy what you typed, close this, open it again and look."
    return Refusal((f"{said} {way_out}",), entry or ("agenda",))


RESERVED: Reserved = {
    Act.RUN_FORECAST: only("runs this forecast", "Your own line stands at Home."),
    Act.SET_COMMITMENTS: only("sets commitments here", "The other steps are yours."),
}
REFUSALS: Refusals = {
    ChangedMeanwhile: _changed,
    FigureTooSmall: _too_small,
    ForecastClosed: _closed,
    RunByOther: _by_other,
    CommitmentUnfit: _commitment,
    AgendaTooLong: _agenda,
    AgendaLineTooLong: _line,
    UnknownForecast: says("This is not there any more."),
}
