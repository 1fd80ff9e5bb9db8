"""Which deals a review takes: a score that explains itself (product.md, "Pipeline review")."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from statistics import median
from typing import Any

from sqlalchemy.orm import Session

from models import deals as pipeline
from models.deals import Deal, DealChange, Field, Stage
from models.flags import Flag, flags
from models.people import Team, standards, today_of
from models.pipeline_review.reading import last_closed

PAST_OR_WEEK = Fraction(1)
MONTH = Fraction(8, 10)
QUARTER = Fraction(5, 10)
LATER = Fraction(3, 10)


@dataclass(frozen=True)
class Candidate:
    """An open deal of the team, and why it would be picked.

    `why`, facts that JSON can hold: `share` of the team's open amount (0–1) · `without_amount` ·
    `days_to_close` (negative once past; None: no date) · `flags` [{code, facts}] · `advanced` since
    the last review · `score`.
    """

    deal_id: int
    owner_id: int
    score: Fraction
    advanced: bool
    why: dict[str, Any]


def pick(session: Session, team: Team, now: datetime) -> list[Candidate]:
    """The deals to review, best first: as many as the standard says (7), or all if there are fewer.

    Score = share of the team's open amount × (1 + number of flags) × closeness of the close date;
    a deal without amount counts with the team's median. At least one that advanced since the last
    review and two owners where possible; ties by deal id.
    """
    return choose(candidates(session, team, now), standards(session).review_deals)


def choose(found: Sequence[Candidate], wanted: int) -> list[Candidate]:
    """The `wanted` best, best first; the lowest give way to an advanced deal and a second owner."""
    ranked = sorted(found, key=rank)
    chosen, rest = ranked[:wanted], ranked[wanted:]
    advanced = [candidate for candidate in rest if candidate.advanced]
    if advanced and not any(candidate.advanced for candidate in chosen):
        chosen[-1] = advanced[0]
    owners = {candidate.owner_id for candidate in chosen}
    others = [candidate for candidate in rest if candidate.owner_id not in owners]
    if others and len(owners) == 1:
        _give_way(chosen, others[0])
    return sorted(chosen, key=rank)


def rank(candidate: Candidate) -> tuple[Fraction, int]:
    """By this, the best comes first."""
    return -candidate.score, candidate.deal_id


def _give_way(chosen: list[Candidate], newcomer: Candidate) -> None:
    """The lowest goes, but never the only one that advanced."""
    advanced = sum(candidate.advanced for candidate in chosen)
    for place in reversed(range(len(chosen))):
        if not chosen[place].advanced or advanced > 1 or newcomer.advanced:
            chosen[place] = newcomer
            return


def candidates(session: Session, team: Team, now: datetime) -> list[Candidate]:
    """Every open deal of the team with its score, by deal id."""
    found = sorted(pipeline.open_deals(session, team.id), key=lambda deal: deal.id)
    today = today_of(team, now)
    raised = flags(session, found, now, today, standards(session))
    last = last_closed(session, team.id)
    advanced = advanced_since(session, found, None if last is None else last.closed_at)
    shares = shares_of_open({deal.id: _amount(deal, team) for deal in found})
    return [
        _candidate(deal, shares[deal.id], raised[deal.id], deal.id in advanced, today)
        for deal in found
    ]


def _candidate(
    deal: Deal, share: Fraction, raised: Sequence[Flag], advanced: bool, today: date
) -> Candidate:
    score = share * (1 + len(raised)) * closeness(deal.close_on, today)
    why = {
        "share": float(share),
        "without_amount": deal.amount_minor is None,
        "days_to_close": None if deal.close_on is None else (deal.close_on - today).days,
        "flags": [{"code": flag.code.value, "facts": dict(flag.facts)} for flag in raised],
        "advanced": advanced,
        "score": float(score),
    }
    return Candidate(deal.id, deal.owner_id, score, advanced, why)


def _amount(deal: Deal, team: Team) -> int | None:
    """Minor units of the team's currency; what is in another one cannot be compared."""
    return deal.amount_minor if deal.currency == team.currency else None


def shares_of_open(amounts: Mapping[int, int | None]) -> dict[int, Fraction]:
    """Each deal's share of the sum of the known amounts, by deal id.

    Without amount: the median's share, so all shares may sum to more than one. Where no amount
    at all is known, every deal weighs the same.
    """
    known = [amount for amount in amounts.values() if amount is not None]
    total = sum(known)
    if total == 0:
        return {deal_id: Fraction(1, len(amounts)) for deal_id in amounts}
    middle = Fraction(median(known))
    return {
        deal_id: (middle if amount is None else Fraction(amount)) / total
        for deal_id, amount in amounts.items()
    }


def closeness(close_on: date | None, today: date) -> Fraction:
    """Past or within 7 days 1.0 · within 30 days 0.8 · this calendar quarter 0.5 · else 0.3."""
    if close_on is None:
        return LATER
    days = (close_on - today).days
    if days <= 7:
        return PAST_OR_WEEK
    if days <= 30:
        return MONTH
    return QUARTER if _quarter(close_on) == _quarter(today) else LATER


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def advanced_since(session: Session, found: Sequence[Deal], since: datetime | None) -> set[int]:
    """Those that stand in a later stage than they did then (None: than when first seen)."""
    stages = {stage.id: stage for stage in pipeline.stages(session)}
    moves = pipeline.changes(session, [deal.id for deal in found], Field.STAGE)
    return {deal.id for deal in found if _has_advanced(deal, moves[deal.id], since, stages)}


def _has_advanced(
    deal: Deal, moves: Sequence[DealChange], since: datetime | None, stages: dict[int, Stage]
) -> bool:
    after = [move for move in moves if since is None or move.changed_at > since]
    if not after:
        return False
    first = min(after, key=lambda move: (move.changed_at, move.id))
    then = stages.get(int(first.before)) if first.before is not None else None
    return then is not None and stages[deal.stage_id].position > then.position
