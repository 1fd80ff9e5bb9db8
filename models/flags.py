"""Flags: what about a deal deserves a question, each with the facts that raised it.

product.md, "Monday pipeline health check". Ages are whole days of the deal's team's local date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.activities import StageContact, stage_contacts
from models.deals import Deal, DealChange, Field, Stage, StageKind, changes, not_in_crm, stages
from models.next_actions import NextAction, open_actions
from models.people import zones
from models.standards import Standards


class FlagCode(StrEnum):
    """What was noticed. The order here is the order in which a card says them."""

    STAGE_UNLOGGED = "stage_unlogged"  # {"days"}: since the change without a logged activity
    CLOSE_PAST = "close_past"  # {"days"}: since the close date
    CLOSE_PUSHED = "close_pushed"  # {"times", "days"}: from the first close date to today's
    QUIET = "quiet"  # {"days"}: since the last activity
    TOO_OLD = "too_old"  # {"days", "limit"}: in this stage
    NO_NEXT_ACTION = "no_next_action"  # {}
    NEXT_ACTION_OVERDUE = "next_action_overdue"  # {"days"}
    NO_AMOUNT = "no_amount"  # {}
    NO_CLOSE = "no_close"  # {}
    NOT_IN_CRM = "not_in_crm"  # what the CRM says instead: {"stage_id"} and {"close_on"}, ISO or ""


@dataclass(frozen=True)
class Flag:
    """One flag and its facts: numbers of days and times, ids, ISO dates."""

    code: FlagCode
    facts: dict[str, int | str]


def flags(
    session: Session, deals: Iterable[Deal], now: datetime, today: date, standards: Standards
) -> dict[int, list[Flag]]:
    """The flags of each deal, by deal id, in the order of `FlagCode`; a deal without any has [].

    `today` is the team's local date. A deal that is won or lost has only `not_in_crm`. Where
    nobody ever told of an activity, nobody is accused of silence, nor of a stage change without
    one (models.activities).
    """
    deals = list(deals)
    ids = [deal.id for deal in deals]
    by_id = {stage.id: stage for stage in stages(session)}
    moved = changes(session, ids, Field.CLOSE)
    actions = open_actions(session, ids)
    places = zones(session, {deal.owner_id for deal in deals})
    contacts = stage_contacts(session, deals, standards)
    found: dict[int, list[Flag]] = {}
    for deal in deals:
        stage = by_id[deal.stage_id]
        raised: list[Flag | None] = []
        if stage.kind is StageKind.OPEN:
            raised = [
                _stage_unlogged(contacts.get(deal.id), today),
                _close_past(deal, today),
                _close_pushed(deal, moved[deal.id]),
                _quiet(deal, today, standards),
                _too_old(deal, stage, now, places[deal.owner_id]),
                _next_action(actions.get(deal.id), today),
                Flag(FlagCode.NO_AMOUNT, {}) if deal.amount_minor is None else None,
                Flag(FlagCode.NO_CLOSE, {}) if deal.close_on is None else None,
            ]
        raised.append(_crm(deal))
        found[deal.id] = [flag for flag in raised if flag is not None]
    return found


def _stage_unlogged(contact: StageContact | None, today: date) -> Flag | None:
    if contact is None or contact.logged is not False:
        return None
    return Flag(FlagCode.STAGE_UNLOGGED, {"days": (today - contact.changed_on).days})


def _close_past(deal: Deal, today: date) -> Flag | None:
    if deal.close_on is None or deal.close_on >= today:
        return None
    return Flag(FlagCode.CLOSE_PAST, {"days": (today - deal.close_on).days})


def _close_pushed(deal: Deal, moves: list[DealChange]) -> Flag | None:
    """Pushed: later than it first was. A slip that was put right again counts as nothing."""
    first: date | None = None
    known: date | None = None
    times = 0
    for move in moves:
        before, after = _day(move.before), _day(move.after)
        known = before or known
        first = first or known or after
        if after is not None:
            times += known is not None and after > known
            known = after
    if first is None or deal.close_on is None or deal.close_on <= first:
        return None
    days = (deal.close_on - first).days
    return Flag(FlagCode.CLOSE_PUSHED, {"times": max(times, 1), "days": days})


def _day(iso: str | None) -> date | None:
    return None if iso is None else date.fromisoformat(iso)


def _quiet(deal: Deal, today: date, standards: Standards) -> Flag | None:
    if deal.last_activity_on is None:
        return None
    days = (today - deal.last_activity_on).days
    return Flag(FlagCode.QUIET, {"days": days}) if days >= standards.quiet_days else None


def _too_old(deal: Deal, stage: Stage, now: datetime, place: ZoneInfo) -> Flag | None:
    if stage.age_days is None:
        return None
    entered_on = deal.stage_entered_at.astimezone(place).date()
    days = (now.astimezone(place).date() - entered_on).days
    if days <= stage.age_days:
        return None
    return Flag(FlagCode.TOO_OLD, {"days": days, "limit": stage.age_days})


def _next_action(action: NextAction | None, today: date) -> Flag | None:
    if action is None:
        return Flag(FlagCode.NO_NEXT_ACTION, {})
    if action.due_on >= today:
        return None
    return Flag(FlagCode.NEXT_ACTION_OVERDUE, {"days": (today - action.due_on).days})


def _crm(deal: Deal) -> Flag | None:
    if not not_in_crm(deal):
        return None
    facts: dict[str, int | str] = {}
    if deal.stage_id != deal.crm_stage_id:
        facts["stage_id"] = deal.crm_stage_id
    if deal.close_on != deal.crm_close_on:
        facts["close_on"] = "" if deal.crm_close_on is None else deal.crm_close_on.isoformat()
    return Flag(FlagCode.NOT_IN_CRM, facts)
